// A VPN connection by L2TP without IPsec, as rasdial makes it: the whole of IPv4 goes through the tunnel.
import type { Datagram, DatagramOwner, SendError, StackWatcher, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import { pathTo } from '../ip/output.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import { formatIp, type Ip4, type IpAddress } from '../wire/addresses.ts'
import * as l2tp from '../wire/l2tp.ts'
import { FAILURES, type VpnEvent } from './l2tp-events.ts'
import { addPppInterface, receivePacket } from './l2tp-interface.ts'
import type { PppState } from './l2tp-ppp.ts'
import { Tunnel, type TunnelEnd } from './l2tp-tunnel.ts'
import { loadTunnel, newTunnel, type StoredTunnel, storeTunnel, type TunnelState } from './l2tp-tunnel-state.ts'

export type { VpnEvent } from './l2tp-events.ts'

export type L2tpClientOptions = {
  /** Of the connection and its adapter. */
  readonly name: string
  /** As it was typed, a name or an address; whoever dials resolves it. */
  readonly server: string
  readonly user: string
  readonly password: string
  readonly suffix?: string
  readonly interfaceIndex: number
  readonly guid: string
  /** Of link type `raw-ip`. */
  readonly vantage: number
}

/** The way to the server when the tunnel was dialled: it must not lead through the tunnel. */
type Uplink = { readonly index: number; readonly source: Ip4; readonly gateway: Ip4 }

export type L2tpClientState = {
  readonly random: number
  readonly port: number
  readonly tunnel: StoredTunnel | null
  readonly uplink: Uplink | null
  readonly connected: boolean
}

/** The tunnel's default route must win against that of any uplink (Windows gives automatic metrics from 5 up). */
const METRIC = 1
export class L2tpClient implements Part, DatagramOwner, StackWatcher {
  readonly kind = 'l2tp-client'
  readonly version = 1
  readonly name: string
  readonly server: string
  /** Not stored: whoever listens subscribes again when it is restored. */
  readonly listeners = new Set<(event: Json) => void>()
  private readonly sim: Simulation
  private readonly stack: Stack
  private readonly options: L2tpClientOptions
  private readonly random: RandomStream
  private tunnel: Tunnel | undefined
  private socket: UdpSocket | undefined
  private uplink: Uplink | undefined
  private connected = false
  /** Set while the end is our own doing. */
  private leaving = false

  /** With a stored state: before the stack's own is loaded, so that the adapter is there to be filled. */
  constructor(sim: Simulation, stack: Stack, options: L2tpClientOptions, state?: L2tpClientState) {
    this.sim = sim
    this.stack = stack
    this.options = options
    this.server = options.server
    this.name = `${stack.machine}/l2tp-client/${options.name}`
    this.random = sim.random(this.name, state?.random ?? 0)
    stack.watchers.push(this)
    if (!state?.tunnel) return
    this.uplink = state.uplink ?? undefined
    this.connected = state.connected
    this.socket = this.bind(state.port)
    this.tunnel = this.tunnelOf(loadTunnel(state.tunnel))
    if (this.connected) this.addInterface()
  }

  get status(): 'Connected' | 'Connecting' | 'Disconnected' {
    if (this.connected) return 'Connected'
    return this.tunnel === undefined || this.ending(this.tunnel) ? 'Disconnected' : 'Connecting'
  }

  private ending(tunnel: Tunnel): boolean {
    return tunnel.state.phase === 'closing' || tunnel.state.phase === 'closed'
  }

  // Commands

  connect(server: Ip4): void {
    if (this.status !== 'Disconnected') return
    this.forget()
    this.tell({ kind: 'progress', step: 'connecting' })
    const path = pathTo(this.stack, server)
    if (typeof path === 'string' || path.local || !path.via.up) return this.tell({ kind: 'failed', ...FAILURES.unreachable })
    this.uplink = { index: path.via.index, source: path.source, gateway: path.nextHop === server ? 0 : path.nextHop }
    // RFC 2661 section 8.1: from port 1701 where it is free.
    this.socket = this.bind(l2tp.PORT) ?? this.bind(this.stack.takePort())
    this.tunnel = this.tunnelOf(
      newTunnel({
        peer: server,
        peerPort: l2tp.PORT,
        localTunnel: this.random.between(1, 0xffff),
        localSession: this.random.between(1, 0xffff),
        magic: this.random.next(),
        origin: this.sim.origin,
        address: 0,
        peerAddress: 0,
      }),
    )
    this.tunnel.dial()
    this.sim.touch(this)
  }

  disconnect(): void {
    if (this.status === 'Disconnected') return
    this.leaving = true
    this.tunnel?.close('terminated', 'user request')
    this.leaving = false
    this.settle()
  }

  private bind(port: number): UdpSocket | undefined {
    return bindUdp(this.stack, this, { port, image: 'System' })
  }

  private tunnelOf(state: TunnelState): Tunnel {
    return new Tunnel(
      state,
      { side: 'caller', user: this.options.user, password: this.options.password },
      {
        send: (bytes) => this.send(state.peer, bytes),
        entered: (phase) => this.entered(phase),
        packet: (bytes) => receivePacket(this.stack, this.options.interfaceIndex, bytes),
        ended: (why) => this.ended(why),
        drop: (detail) => this.stack.drop('ignored', detail),
        now: () => this.sim.now,
      },
      this.stack.machine,
    )
  }

  private send(server: Ip4, bytes: Uint8Array): void {
    const { uplink, socket, stack } = this
    const via = uplink && stack.interfaces.get(uplink.index)
    // Bound to the uplink: a packet to the server that took the tunnel would go round for ever.
    if (uplink && via && socket && this.uplinkStands)
      sendUdp(stack, socket, server, l2tp.PORT, bytes, { via, source: uplink.source })
  }

  private get uplinkStands(): boolean {
    const via = this.uplink && this.stack.interfaces.get(this.uplink.index)
    return via?.up === true && this.uplink !== undefined && via.has(this.uplink.source)
  }

  // What the tunnel tells

  private entered(phase: PppState['phase']): void {
    if (phase === 'authenticate') this.tell({ kind: 'progress', step: 'authenticating' })
    else if (phase === 'ipcp') this.tell({ kind: 'progress', step: 'registering' })
    else if (phase === 'open' && !this.connected) this.opened()
  }

  private opened(): void {
    const { tunnel, uplink, stack, options } = this
    if (tunnel === undefined || uplink === undefined) return
    const { address, dns } = tunnel.state.ppp
    this.connected = true
    const via = this.addInterface()
    stack.addAddress(via, address, 32, 'ppp')
    via.dnsServers = dns.filter((server) => server !== 0)
    via.dnsSuffix = options.suffix ?? ''
    const route = { metric: 0, origin: 'ppp', persistent: false } as const
    stack.routes.add({
      destination: tunnel.state.peer,
      prefixLength: 32,
      gateway: uplink.gateway,
      interface: uplink.index,
      ...route,
    })
    stack.routes.add({ destination: 0, prefixLength: 0, gateway: 0, interface: via.index, ...route })
    stack.changed()
    this.tell({ kind: 'connected', address: formatIp(address) })
  }

  private addInterface(): Interface {
    const { name, interfaceIndex, guid, vantage } = this.options
    const adapter = { index: interfaceIndex, name, description: 'WAN Miniport (L2TP)', guid, metric: METRIC, vantage }
    return addPppInterface(this.stack, adapter, (packet) => {
      if (this.uplinkStands) this.tunnel?.carry(packet)
      else this.lost()
    })
  }

  private ended(why: TunnelEnd): void {
    const step = this.tunnel?.state.remoteSession === 0 ? FAILURES.silent : FAILURES.timeout
    const failure = why === 'access-denied' ? FAILURES.denied : why === 'terminated' ? FAILURES.closed : step
    const wasConnected = this.connected
    this.undo()
    if (wasConnected || this.leaving) this.tell({ kind: 'disconnected' })
    else this.tell({ kind: 'failed', ...failure })
  }

  private settle(): void {
    if (this.tunnel?.over) this.forget()
    this.sim.touch(this)
  }

  /** Takes the adapter and its routes away. */
  private undo(): void {
    if (!this.connected) return
    this.connected = false
    const { stack, uplink, tunnel } = this
    stack.routes.remove((r) => r.origin === 'ppp' && r.interface === uplink?.index && r.destination === tunnel?.state.peer)
    stack.removeInterface(this.options.interfaceIndex)
  }

  private forget(): void {
    if (this.socket !== undefined) closeUdp(this.stack, this.socket)
    this.socket = undefined
    this.tunnel = undefined
    this.uplink = undefined
  }

  private tell(event: VpnEvent): void {
    for (const listener of [...this.listeners]) listener(event)
    this.sim.touch(this)
  }

  // Frames and links

  datagram(_socket: UdpSocket, { src, payload }: Datagram): void {
    const { tunnel } = this
    const message = l2tp.parse(payload, 0, payload.length)
    if (typeof message === 'string') return this.stack.drop('malformed', message)
    if (tunnel === undefined || src !== tunnel.state.peer || message.tunnelId !== tunnel.state.localTunnel) {
      return this.stack.drop('ignored', 'L2TP: no such tunnel')
    }
    tunnel.receive(message)
    this.settle()
  }

  /** No L2TP server there: there is no point in asking again. */
  sendError(_socket: UdpSocket, dst: IpAddress, _dstPort: number, error: SendError): void {
    const { tunnel } = this
    if (tunnel === undefined || dst !== tunnel.state.peer || this.status !== 'Connecting') return
    if (error.kind !== 'port' && error.kind !== 'host' && error.kind !== 'net') return
    tunnel.discard()
    this.tell({ kind: 'failed', ...(error.kind === 'port' ? FAILURES.silent : FAILURES.unreachable) })
    this.settle()
  }

  linkChanged(via: Interface, up: boolean): void {
    if (!up && via.index === this.uplink?.index) this.lost()
  }

  /** The network under the tunnel has gone; nothing can be said to the server. */
  private lost(): void {
    const { tunnel } = this
    if (tunnel === undefined) return
    const ending = this.ending(tunnel)
    tunnel.discard()
    if (!ending) this.ended('no-answer')
    this.settle()
  }

  // Part

  pollAt(): Micros {
    return this.tunnel?.dueAt ?? NEVER
  }

  transientAt(): Micros {
    return this.tunnel?.transientAt ?? NEVER
  }

  poll(now: Micros): void {
    const { tunnel } = this
    if (tunnel === undefined) return
    this.sim.origin = this.connected ? 0 : tunnel.state.origin
    if (this.connected && !this.uplinkStands) return this.lost()
    if (this.stack.powered) tunnel.poll(now)
    else tunnel.discard()
    this.settle()
  }

  save(): L2tpClientState & Json {
    return {
      random: this.random.counter,
      port: this.socket?.port ?? 0,
      tunnel: this.tunnel === undefined ? null : storeTunnel(this.tunnel.state),
      uplink: this.uplink ?? null,
      connected: this.connected,
    }
  }
}
