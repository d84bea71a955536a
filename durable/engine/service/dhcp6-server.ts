// A DHCPv6 server on one adapter (RFC 8415): settings for whoever asks (stateless), and addresses of a range where it has one.
import type { Datagram, DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, sendUdp } from '../ip/udp.ts'
import { joinGroup } from '../ip/v6/listener.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { StillPart } from '../sim/still-part.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { formatIp6, type Ip6, parseIp6 } from '../wire/addresses.ts'
import { hex, put16, put48 } from '../wire/bytes.ts'
import * as dhcpv6 from '../wire/dhcpv6.ts'

export type Dhcp6ServerOptions = {
  /** Undefined: it gives settings only. */
  readonly range: { readonly first: Ip6; readonly last: Ip6 } | undefined
  readonly leaseSeconds: number
  readonly dnsServers: readonly Ip6[]
  readonly domain: string
}

type Lease = { readonly duid: string; readonly iaid: number; readonly ip: Ip6; until: Micros }
export type Dhcp6ServerState = { readonly leases: readonly (readonly [string, number, string, Micros])[] }

/** A range may be of 2^64 addresses; nobody leases more than these. */
const MAX_LEASES = 1024

export class Dhcp6Server extends StillPart implements Part, DatagramOwner {
  readonly kind = 'dhcp6-server'
  readonly version = 1
  readonly name: string
  private readonly stack: Stack
  private readonly via: Interface
  private readonly options: Dhcp6ServerOptions
  private readonly socket: UdpSocket | undefined
  private leases: Lease[]

  constructor(stack: Stack, via: Interface, options: Dhcp6ServerOptions, state?: Dhcp6ServerState) {
    super()
    this.stack = stack
    this.via = via
    this.options = options
    this.name = `${stack.machine}/dhcp6-server/${via.name}`
    this.leases = (state?.leases ?? []).map(([duid, iaid, ip, until]) => ({ duid, iaid, ip: parseIp6(ip) ?? 0n, until }))
    this.socket = bindUdp(stack, this, { port: dhcpv6.SERVER_PORT, localIp: 0n, via, image: 'dnsmasq' })
  }

  /** The interface speaks: from now on its group is listened to. */
  listen(): void {
    const i6 = this.stack.ip6?.interfaces.get(this.via.index)
    if (i6?.running && !i6.groups.has(dhcpv6.ALL_SERVERS))
      joinGroup(this.stack.ip6 as NonNullable<Stack['ip6']>, i6, dhcpv6.ALL_SERVERS)
  }

  settled(i6: { readonly via: Interface }): void {
    if (i6.via === this.via) this.listen()
  }

  /** DUID-LL of this adapter (RFC 8415 section 11.4). */
  private get duid(): Uint8Array {
    const duid = new Uint8Array(10)
    put16(duid, 0, 3)
    put16(duid, 2, 1)
    put48(duid, 4, this.via.mac)
    return duid
  }

  datagram(_socket: UdpSocket, { src, srcPort, payload, via }: Datagram): void {
    const asked = dhcpv6.parse(payload, 0, payload.length)
    if (typeof asked === 'string') return this.stack.drop('malformed', asked)
    const client = dhcpv6.option(asked, 'client-id')
    const server = dhcpv6.option(asked, 'server-id')
    const own = hex(this.duid, 0, 10)
    // RFC 8415 section 16: a message for another server is not ours; only an information request may come without a client.
    if (server !== undefined && hex(server.duid, 0, server.duid.length) !== own)
      return this.stack.drop('ignored', 'DHCPv6: for another server')
    if (client === undefined && asked.message !== 'information-request')
      return this.stack.drop('ignored', 'DHCPv6: no client identifier')
    const answer = this.answer(asked, client === undefined ? '' : hex(client.duid, 0, client.duid.length))
    if (answer === undefined) return this.stack.drop('ignored', `DHCPv6: nothing to answer to ${asked.message}`)
    const options: dhcpv6.Option[] = [
      ...(client === undefined ? [] : [client]),
      { type: 'server-id', duid: this.duid },
      ...answer.options,
      ...this.settings(asked),
    ]
    const message: dhcpv6.Dhcpv6 = { message: answer.message, transaction: asked.transaction, options }
    const bytes = new Uint8Array(dhcpv6.len(message))
    dhcpv6.emit(message, bytes, 0)
    if (this.socket) sendUdp(this.stack, this.socket, src, srcPort, bytes, { via })
  }

  private answer(asked: dhcpv6.Dhcpv6, duid: string): Pick<dhcpv6.Dhcpv6, 'message' | 'options'> | undefined {
    const ia = dhcpv6.option(asked, 'ia-na')
    switch (asked.message) {
      case 'information-request':
        return { message: 'reply', options: [] }
      case 'solicit':
        return this.options.range === undefined || ia === undefined
          ? undefined
          : { message: 'advertise', options: [this.offer(ia, duid, false)] }
      case 'request':
      case 'renew':
      case 'rebind':
        return ia === undefined ? undefined : { message: 'reply', options: [this.offer(ia, duid, true)] }
      case 'release':
      case 'decline':
        this.leases = this.leases.filter((lease) => lease.duid !== duid || lease.iaid !== ia?.iaid)
        return { message: 'reply', options: [{ type: 'status', code: dhcpv6.SUCCESS, message: 'done' }] }
      default:
        return undefined
    }
  }

  private offer({ iaid }: Extract<dhcpv6.Option, { type: 'ia-na' }>, duid: string, keep: boolean): dhcpv6.Option {
    const { leaseSeconds } = this.options
    const ip = this.addressFor(duid, iaid, keep)
    if (ip === undefined) return { type: 'ia-na', iaid, t1: 0, t2: 0, addresses: [], status: dhcpv6.NO_ADDRESSES }
    const address = { ip, preferred: Math.floor(leaseSeconds * 0.625), valid: leaseSeconds, status: 0 }
    return {
      type: 'ia-na',
      iaid,
      t1: Math.floor(leaseSeconds / 2),
      t2: Math.floor(leaseSeconds * 0.8),
      addresses: [address],
      status: 0,
    }
  }

  private addressFor(duid: string, iaid: number, keep: boolean): Ip6 | undefined {
    const { range, leaseSeconds } = this.options
    const { now } = this.stack.sim
    if (range === undefined) return undefined
    this.leases = this.leases.filter((lease) => lease.until > now)
    const known = this.leases.find((lease) => lease.duid === duid && lease.iaid === iaid)
    if (known !== undefined) {
      if (keep) known.until = now + leaseSeconds * SECOND
      return known.ip
    }
    if (this.leases.length >= MAX_LEASES) return undefined
    const taken = new Set(this.leases.map((lease) => lease.ip))
    let ip = range.first
    while (taken.has(ip)) ip++
    if (ip > range.last) return undefined
    if (keep) this.leases.push({ duid, iaid, ip, until: now + leaseSeconds * SECOND })
    return ip
  }

  /** What the client asked for and there is. */
  private settings(asked: dhcpv6.Dhcpv6): dhcpv6.Option[] {
    const { dnsServers, domain } = this.options
    const codes = dhcpv6.option(asked, 'option-request')?.codes ?? []
    const options: dhcpv6.Option[] = []
    if (dnsServers.length > 0 && codes.includes(dhcpv6.DNS_SERVERS)) options.push({ type: 'dns-servers', servers: dnsServers })
    if (domain !== '' && codes.includes(dhcpv6.DOMAIN_LIST)) options.push({ type: 'domain-list', names: [domain] })
    return options
  }

  save(): Dhcp6ServerState & Json {
    const { now } = this.stack.sim
    return {
      leases: this.leases.filter((l) => l.until > now).map((l) => [l.duid, l.iaid, formatIp6(l.ip), l.until] as const),
    }
  }
}
