// A DHCP server for one subnet (RFC 2131 section 4.3). Relayed requests are not served.
import type { Datagram, DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { hashText } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import { formatIp, formatMac, type Ip4, inPrefix, LIMITED_BROADCAST, MAC_BROADCAST, type Mac } from '../wire/addresses.ts'
import * as dhcp from '../wire/dhcp.ts'
import { DhcpFields } from './dhcp-fields.ts'
import { Pool, type PoolLease } from './dhcp-pool.ts'
import { Replies, type ReplyOptions } from './dhcp-replies.ts'
import type { DhcpTemplate } from './dhcp-template.ts'

export type DhcpServerOptions = {
  /** The server identifier. */
  readonly address: Ip4
  readonly first: Ip4
  readonly last: Ip4
  readonly prefixLength: number
  readonly leaseSeconds: number
  readonly routers: readonly Ip4[]
  readonly dnsServers: readonly Ip4[]
  readonly domain: string
  /** `name`: what the client is called, whatever it says. */
  readonly reservations: readonly { readonly mac: Mac; readonly ip: Ip4; readonly name?: string }[]
  readonly order: 'ascending' | 'by-mac'
  readonly component?: string
  readonly image?: string
  /** Listen at this address only, as Internet Connection Sharing does, which then holds port 68 of it as well. */
  readonly localIp?: Ip4
  readonly extra?: ReplyOptions['extra']
  /** Hears of every message and its answer. */
  readonly told?: (event: DhcpTold) => void
  /** Servers of networks that are reached by relays; this one has no socket of its own then. */
  readonly behindRelay?: boolean
  readonly relayed?: () => readonly DhcpServer[]
  readonly hooks?: {
    readonly leased: (mac: Mac, ip: Ip4, hostname: string, expiresAt: Micros) => void
    readonly freed: (mac: Mac, ip: Ip4) => void
  }
}

export type DhcpTold = {
  readonly message: 'DISCOVER' | 'OFFER' | 'REQUEST' | 'ACK' | 'NAK' | 'DECLINE' | 'RELEASE' | 'INFORM'
  readonly ip: Ip4
  readonly mac: Mac
  readonly hostname: string
  /** Why it was refused or not answered. */
  readonly why: string
  readonly xid: number
  readonly via: string
}

export type ServerLease = {
  readonly ip: Ip4
  readonly mac: Mac
  readonly hostname: string
  readonly expiresAt: Micros
  readonly state: PoolLease['state']
}

type StoredLease = readonly [ip: Ip4, mac: Mac, hostname: string, expiresAt: number | null, state: PoolLease['state']]
export type DhcpServerState = { readonly leases: readonly StoredLease[]; readonly expiryAt: number | null }

/** An offer is kept for the client this long. */
export const OFFER_TIME = 60 * SECOND
/** An address somebody else was found to use is set aside for as long. */
const DECLINE_TIME = 600 * SECOND
const INFINITE = 0xffffffff

export class DhcpServer implements Part, DatagramOwner {
  readonly kind = 'dhcp-server'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly stack: Stack
  private readonly via: Interface
  private readonly options: DhcpServerOptions
  private readonly pool: Pool
  private readonly replies: Replies
  private readonly message = new DhcpFields()
  private sockets: UdpSocket[] = []

  constructor(sim: Simulation, stack: Stack, via: Interface, options: DhcpServerOptions, state?: DhcpServerState) {
    this.sim = sim
    this.stack = stack
    this.via = via
    this.options = options
    this.name = `${stack.machine}/dhcp-server/${options.behindRelay ? formatIp(options.first) : via.name}`
    const { first, last, reservations, order, address, routers } = options
    const salt = hashText(this.name, sim.seed)
    this.pool = new Pool({ first, last, reservations, order, salt, excluded: [address, ...routers] })
    this.replies = new Replies(options)
    for (const [ip, mac, hostname, expiresAt, held] of state?.leases ?? []) {
      this.pool.put({ ip, mac, hostname, expiresAt: loadTime(expiresAt), state: held })
    }
    if (state) this.pool.expiryAt = loadTime(state.expiryAt)
    if (!options.behindRelay) this.open()
  }

  private open(): void {
    const { localIp, component, image } = this.options
    const ports = localIp === undefined ? [dhcp.SERVER_PORT] : [dhcp.SERVER_PORT, dhcp.CLIENT_PORT]
    for (const port of ports) {
      const socket = bindUdp(this.stack, this, { port, localIp, via: this.via, component, image })
      if (socket !== undefined) this.sockets.push(socket)
    }
  }

  /** Gives up its ports, before another server takes its place. */
  close(): void {
    for (const socket of this.sockets) closeUdp(this.stack, socket)
    this.sockets = []
  }

  leases(): ServerLease[] {
    return [...this.pool.byIp.values()].filter((lease) => lease.expiresAt > this.sim.now).map((lease) => ({ ...lease }))
  }

  freeAll(): void {
    for (const lease of [...this.pool.byIp.values()]) this.free(lease)
    this.sim.touch(this)
  }

  private free(lease: PoolLease): void {
    this.pool.delete(lease)
    if (lease.state === 'bound') this.options.hooks?.freed(lease.mac, lease.ip)
  }

  datagram(socket: UdpSocket, { payload }: Datagram): void {
    if (socket.port !== dhcp.SERVER_PORT) return
    const { message } = this
    const malformed = message.read(payload)
    if (malformed !== '') return this.stack.drop('malformed', malformed)
    if (message.op !== dhcp.BOOT_REQUEST) return this.stack.drop('ignored', 'DHCP: a reply, sent to the port of servers')
    if (message.giaddr !== 0) return this.fromRelay(message)
    this.serve(message)
  }

  private serve(message: DhcpFields): void {
    if (this.pool.expiryAt <= this.sim.now) this.expire()
    const refused = this.answer(message)
    if (refused !== '') this.stack.drop('ignored', `DHCP: ${refused}`)
    this.sim.touch(this)
  }

  /** RFC 2131 section 4.3.1: the network of a relayed message is that of the relay's address. */
  private fromRelay(message: DhcpFields): void {
    const servers: readonly DhcpServer[] = [this, ...(this.options.relayed?.() ?? [])]
    const server = servers.find(({ options }) => inPrefix(message.giaddr, options.first, options.prefixLength))
    if (server === undefined || (server === this && this.options.relayed === undefined))
      return this.stack.drop('ignored', `DHCP: no range for the network of the relay ${formatIp(message.giaddr)}`)
    server.relaySocket = this.sockets[0]
    server.serve(message)
  }

  private relaySocket: UdpSocket | undefined

  /** A lease that was written down before the server was started. */
  remember(ip: Ip4, mac: Mac, hostname: string, expiresAt: Micros): void {
    if (expiresAt > this.sim.now && this.pool.allows(ip, mac)) this.pool.put({ ip, mac, hostname, expiresAt, state: 'bound' })
    this.sim.touch(this)
  }

  private tell(message: DhcpTold['message'], fields: DhcpFields, ip: Ip4, why = ''): void {
    if (this.options.told === undefined) return
    const via = fields.giaddr !== 0 ? formatIp(fields.giaddr) : this.via.name
    const { chaddr: mac, xid } = fields
    this.options.told({ message, ip, mac, hostname: this.nameFor(fields), why, xid, via })
  }

  private nameFor(message: DhcpFields): string {
    return this.options.reservations.find(({ mac, name }) => mac === message.chaddr && name)?.name ?? message.hostName
  }

  /** Why there is no answer, or ''. */
  private answer(message: DhcpFields): string {
    switch (message.messageType) {
      case dhcp.DISCOVER:
        return this.discover(message)
      case dhcp.REQUEST:
        return this.request(message)
      case dhcp.DECLINE:
        return this.decline(message)
      case dhcp.RELEASE:
        return this.release(message)
      case dhcp.INFORM:
        this.tell('INFORM', message, message.ciaddr)
        this.send(message, this.replies.inform, message.ciaddr, 0)
        this.tell('ACK', message, message.ciaddr)
        return ''
      default:
        return 'no message type'
    }
  }

  private discover(message: DhcpFields): string {
    const mac = message.chaddr
    let lease = this.pool.byMac.get(mac)
    if (lease === undefined) {
      const ip = this.pool.choose(mac, message.requestedAddress ?? 0, (candidate) => this.inUse(candidate, mac))
      if (ip === 0) {
        this.tell('DISCOVER', message, 0, 'no address available')
        return 'no address is free'
      }
      lease = { ip, mac, hostname: '', expiresAt: this.sim.now + OFFER_TIME, state: 'offered' }
      this.pool.put(lease)
    } else if (lease.state === 'offered') {
      lease.expiresAt = this.sim.now + OFFER_TIME
    }
    this.tell('DISCOVER', message, message.requestedAddress ?? 0)
    this.tell('OFFER', message, lease.ip)
    this.send(message, this.replies.offer, 0, lease.ip)
    return ''
  }

  /** RFC 2131 section 4.3.2: what a request means depends on which of its fields are filled. */
  private request(message: DhcpFields): string {
    const mac = message.chaddr
    const server = message.serverId
    const held = this.pool.byMac.get(mac)
    if (server !== undefined && server !== this.options.address) {
      if (held?.state === 'offered') this.free(held)
      return `the client chose ${formatIp(server)}`
    }
    const ip = message.ciaddr !== 0 ? message.ciaddr : (message.requestedAddress ?? 0)
    if (ip === 0) return 'a request for no address'
    this.tell('REQUEST', message, ip)
    if (!inPrefix(ip, this.options.first, this.options.prefixLength)) return this.refuse(message, 'wrong network')
    if (server !== undefined && held?.ip !== ip) return this.refuse(message, 'not the address offered')
    // The only server of its subnet knows better than a client what is free, and takes over leases it has forgotten.
    if (held?.ip !== ip && (!this.pool.allows(ip, mac) || this.inUse(ip, mac))) return this.refuse(message, 'address in use')
    this.bind(message, ip, held)
    return ''
  }

  private bind(message: DhcpFields, ip: Ip4, held: PoolLease | undefined): void {
    const { leaseSeconds, hooks } = this.options
    const mac = message.chaddr
    const expiresAt = leaseSeconds === INFINITE ? NEVER : this.sim.now + leaseSeconds * SECOND
    const hostname = this.nameFor(message)
    if (held !== undefined && held.ip !== ip) this.free(held)
    if (held !== undefined && held.ip === ip) {
      held.state = 'bound'
      held.expiresAt = expiresAt
      held.hostname = hostname
      this.pool.noteExpiry(expiresAt)
    } else {
      this.pool.put({ ip, mac, hostname, expiresAt, state: 'bound' })
    }
    hooks?.leased(mac, ip, hostname, expiresAt)
    this.tell('ACK', message, ip)
    this.send(message, this.replies.ack, message.ciaddr, ip)
  }

  private refuse(message: DhcpFields, reason: string): string {
    const held = this.pool.byMac.get(message.chaddr)
    if (held?.state === 'offered') this.free(held)
    this.tell('NAK', message, message.ciaddr !== 0 ? message.ciaddr : (message.requestedAddress ?? 0), reason)
    // RFC 2131 section 4.1: a refusal goes to everybody, for the client has no address.
    const nak = this.replies.nak(reason)
    nak.set(message.xid, true, 0, 0, message.chaddr)
    nak.relay(message.giaddr)
    if (message.giaddr !== 0) return this.toRelay(nak, message.giaddr)
    this.sendTo(nak, LIMITED_BROADCAST, MAC_BROADCAST)
    return ''
  }

  private decline(message: DhcpFields): string {
    const ip = message.requestedAddress ?? 0
    const held = this.pool.byMac.get(message.chaddr)
    if (held === undefined || held.ip !== ip) return `${formatMac(message.chaddr)} declines what it was not given`
    this.tell('DECLINE', message, ip)
    this.free(held)
    this.pool.put({ ip, mac: message.chaddr, hostname: '', expiresAt: this.sim.now + DECLINE_TIME, state: 'declined' })
    return ''
  }

  private release(message: DhcpFields): string {
    const held = this.pool.byMac.get(message.chaddr)
    if (held === undefined || held.ip !== message.ciaddr) return `${formatMac(message.chaddr)} releases what it was not given`
    this.tell('RELEASE', message, held.ip)
    this.free(held)
    return ''
  }

  /** Somebody else was heard to use the address not long ago. */
  private inUse(ip: Ip4, mac: Mac): boolean {
    const entry = this.via.neighbors.get(ip)
    if (entry === undefined || entry.mac === mac) return false
    if (entry.state === 'permanent') return true
    return entry.state === 'reachable' && entry.reachableUntil >= this.sim.now
  }

  /** RFC 2131 section 4.1: to the address the client has; else to everybody if it asks so, else to its link address. */
  private send(message: DhcpFields, reply: DhcpTemplate, ciaddr: Ip4, yiaddr: Ip4): void {
    const { broadcast, chaddr } = message
    reply.set(message.xid, broadcast, ciaddr, yiaddr, chaddr)
    reply.relay(message.giaddr)
    if (message.giaddr !== 0) this.toRelay(reply, message.giaddr)
    else if (ciaddr !== 0) this.sendTo(reply, ciaddr, undefined)
    else if (broadcast) this.sendTo(reply, LIMITED_BROADCAST, MAC_BROADCAST)
    else this.sendTo(reply, yiaddr, chaddr)
  }

  /** RFC 2131 section 4.1: to the port of servers of the relay. */
  private toRelay({ bytes }: DhcpTemplate, relay: Ip4): string {
    const socket = this.relaySocket ?? this.sockets[0]
    if (socket !== undefined) sendUdp(this.stack, socket, relay, dhcp.SERVER_PORT, bytes, { source: this.options.address })
    return ''
  }

  private sendTo({ bytes }: DhcpTemplate, dst: Ip4, toMac: Mac | undefined): void {
    const socket = this.sockets[0]
    if (socket === undefined) return
    sendUdp(this.stack, socket, dst, dhcp.CLIENT_PORT, bytes, { via: this.via, source: this.options.address, toMac })
  }

  private expire(): void {
    for (const lease of this.pool.expire(this.sim.now)) {
      if (lease.state === 'bound') this.options.hooks?.freed(lease.mac, lease.ip)
    }
  }

  // Part

  pollAt(): Micros {
    return this.pool.expiryAt
  }

  transientAt(): Micros {
    return NEVER
  }

  poll(): void {
    this.expire()
  }

  save(): DhcpServerState & Json {
    return {
      leases: [...this.pool.byIp.values()].map(
        ({ ip, mac, hostname, expiresAt, state }) => [ip, mac, hostname, storeTime(expiresAt), state] as const,
      ),
      expiryAt: storeTime(this.pool.expiryAt),
    }
  }
}
