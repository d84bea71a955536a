// An L2TP network server (RFC 2661) without IPsec: tunnels, PAP accounts, an address and an adapter for every caller.
import type { Datagram, DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import * as l2tp from '../wire/l2tp.ts'
import { addPppInterface, receivePacket } from './l2tp-interface.ts'
import { Tunnel } from './l2tp-tunnel.ts'
import { loadTunnel, newTunnel, type StoredTunnel, storeTunnel, type TunnelState } from './l2tp-tunnel-state.ts'

export type L2tpServerOptions = {
  /** The server's own address in every session. */
  readonly address: Ip4
  readonly first: Ip4
  readonly last: Ip4
  readonly dnsServers: readonly Ip4[]
  readonly users: readonly { readonly name: string; readonly password: string }[]
  /** Indices of the adapters of sessions: from here on. */
  readonly firstIndex?: number
  readonly image?: string
}

type Session = { readonly slot: number; readonly local: Ip4; readonly tunnel: Tunnel; open: boolean }
type StoredSession = { readonly slot: number; readonly local: Ip4; readonly open: boolean; readonly tunnel: StoredTunnel }
export type L2tpServerState = { readonly random: number; readonly sessions: readonly StoredSession[] }

const MAX_SESSIONS = 8
const FIRST_INDEX = 100

export class L2tpServer implements Part, DatagramOwner {
  readonly kind = 'l2tp-server'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly stack: Stack
  private readonly options: L2tpServerOptions
  private readonly random: RandomStream
  private readonly vantages: number[] = []
  private sessions: Session[] = []
  private socket: UdpSocket | undefined

  /** With a stored state: before the stack's own is loaded, so that the adapters are there to be filled. */
  constructor(sim: Simulation, stack: Stack, options: L2tpServerOptions, state?: L2tpServerState) {
    this.sim = sim
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/l2tp-server`
    this.random = sim.random(this.name, state?.random ?? 0)
    // All at once: the numbers of vantages must not depend on who called when.
    const slots = Math.min(MAX_SESSIONS, options.last - options.first + 1)
    for (let slot = 0; slot < slots; slot++) this.vantages.push(stack.recorder.vantage(stack.machine, `ppp${slot}`, 'raw-ip'))
    this.socket = bindUdp(stack, this, { port: l2tp.PORT, image: options.image ?? 'xl2tpd' })
    for (const { slot, local, open, tunnel } of state?.sessions ?? []) {
      const session = this.sessionOf(slot, local, loadTunnel(tunnel))
      session.open = open
      this.sessions.push(session)
      if (open) this.addInterface(session)
    }
  }

  /** The machine was switched off, or the server ends. */
  close(): void {
    this.reset()
    if (this.socket !== undefined) closeUdp(this.stack, this.socket)
    this.socket = undefined
  }

  /** Every session is gone, without a word. */
  reset(): void {
    for (const session of this.sessions) {
      session.tunnel.discard()
      this.undo(session)
    }
    this.tidy()
  }

  /** Callers with an open session. */
  callers(): { readonly ip: Ip4; readonly from: Ip4 }[] {
    return this.sessions.filter((s) => s.open).map(({ tunnel: { state } }) => ({ ip: state.ppp.peerAddress, from: state.peer }))
  }

  datagram(_socket: UdpSocket, { src, srcPort, dst, payload }: Datagram): void {
    const message = l2tp.parse(payload, 0, payload.length)
    if (typeof message === 'string') return this.stack.drop('malformed', message)
    if (typeof src !== 'number' || typeof dst !== 'number') return this.stack.drop('ignored', 'L2TP: only over IPv4')
    const session = this.sessionFor(message, src, srcPort, dst)
    if (session === undefined) return this.stack.drop('ignored', 'L2TP: no such tunnel')
    session.tunnel.receive(message)
    this.tidy()
  }

  private sessionFor(message: l2tp.L2tp, src: Ip4, srcPort: number, dst: Ip4): Session | undefined {
    const known = this.sessions.filter(({ tunnel: { state } }) => state.peer === src && state.peerPort === srcPort)
    if (message.tunnelId !== 0) return known.find(({ tunnel: { state } }) => state.localTunnel === message.tunnelId)
    if (message.kind !== 'control' || l2tp.messageType(message) !== l2tp.SCCRQ) return undefined
    const assigned = l2tp.assignedTunnelId(message)
    const again = known.find(({ tunnel: { state } }) => state.control.remoteTunnel === assigned)
    if (again !== undefined) return again
    // The same caller once more: its old tunnel is dead.
    for (const old of known) {
      old.tunnel.discard()
      this.undo(old)
    }
    this.tidy()
    return this.accept(src, srcPort, dst)
  }

  private accept(peer: Ip4, peerPort: number, local: Ip4): Session | undefined {
    const slot = this.vantages.findIndex((_, n) => !this.sessions.some((s) => s.slot === n && s.tunnel.state.phase !== 'closed'))
    if (slot < 0) return undefined
    const state = newTunnel({
      peer,
      peerPort,
      localTunnel: this.freeTunnel(),
      localSession: this.random.between(1, 0xffff),
      magic: this.random.next(),
      origin: this.sim.origin,
      address: this.options.address,
      peerAddress: this.options.first + slot,
    })
    const session = this.sessionOf(slot, local, state)
    this.sessions.push(session)
    return session
  }

  private freeTunnel(): number {
    for (;;) {
      const id = this.random.between(1, 0xffff)
      if (!this.sessions.some((s) => s.tunnel.state.localTunnel === id)) return id
    }
  }

  private sessionOf(slot: number, local: Ip4, state: TunnelState): Session {
    const { users, dnsServers } = this.options
    const session: Session = {
      slot,
      local,
      open: false,
      tunnel: new Tunnel(
        state,
        {
          side: 'server',
          dns: dnsServers,
          admits: (user, password) => users.some((known) => known.name === user && known.password === password),
        },
        {
          send: (bytes) => {
            if (this.socket) sendUdp(this.stack, this.socket, state.peer, state.peerPort, bytes, { source: local })
          },
          entered: (phase) => {
            if (phase === 'open' && !session.open) this.opened(session)
          },
          packet: (bytes) => receivePacket(this.stack, this.indexOf(slot), bytes),
          ended: () => this.undo(session),
          drop: (detail) => this.stack.drop('ignored', detail),
          now: () => this.sim.now,
        },
        this.stack.machine,
      ),
    }
    return session
  }

  private indexOf(slot: number): number {
    return (this.options.firstIndex ?? FIRST_INDEX) + slot
  }

  private addInterface({ slot, tunnel }: Session) {
    const name = `ppp${slot}`
    const adapter = { index: this.indexOf(slot), name, description: name, guid: '', metric: 0, vantage: this.vantages[slot] }
    return addPppInterface(this.stack, adapter, (packet) => tunnel.carry(packet))
  }

  private opened(session: Session): void {
    const { stack } = this
    const { address, peerAddress } = session.tunnel.state.ppp
    session.open = true
    const via = this.addInterface(session)
    via.forwarding = true
    stack.addAddress(via, address, 32, 'ppp')
    stack.routes.add({
      destination: peerAddress,
      prefixLength: 32,
      gateway: 0,
      interface: via.index,
      metric: 0,
      origin: 'ppp',
      persistent: false,
    })
    stack.changed()
  }

  private undo(session: Session): void {
    if (!session.open) return
    session.open = false
    this.stack.removeInterface(this.indexOf(session.slot))
  }

  private tidy(): void {
    this.sessions = this.sessions.filter((session) => !session.tunnel.over)
    this.sim.touch(this)
  }

  // Part

  pollAt(): Micros {
    return this.sessions.reduce((at, { tunnel }) => Math.min(at, tunnel.dueAt), NEVER)
  }

  transientAt(): Micros {
    return this.sessions.reduce((at, { tunnel }) => Math.min(at, tunnel.transientAt), NEVER)
  }

  poll(now: Micros): void {
    if (!this.stack.powered) return this.reset()
    for (const { open, tunnel } of [...this.sessions]) {
      if (tunnel.dueAt > now) continue
      this.sim.origin = open ? 0 : tunnel.state.origin
      tunnel.poll(now)
    }
    this.tidy()
  }

  save(): L2tpServerState & Json {
    return {
      random: this.random.counter,
      sessions: this.sessions.map(({ slot, local, open, tunnel }) => ({ slot, local, open, tunnel: storeTunnel(tunnel.state) })),
    }
  }
}
