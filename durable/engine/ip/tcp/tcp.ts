// Stream sockets: what services and programs see of TCP (RFC 9293 section 3.9.1). The roles behind it: open, input,
// synchronized, acknowledge, deliver, output, congestion, timers, path-mtu.
import type { Json } from '../../sim/json.ts'
import { type Micros, NEVER, SECOND } from '../../sim/time.ts'
import { type IpAddress, loadIp, type StoredIp, storeIp } from '../../wire/addresses.ts'
import { familyOf } from '../families.ts'
import type {
  ConnectOptions,
  ListenOptions,
  SendError,
  Socket,
  SocketOptions,
  StreamEnds,
  StreamOwner,
  StreamSockets,
} from '../hooks.ts'
import type { Interface } from '../interface.ts'
import type { Stack } from '../stack.ts'
import { sendLimit } from './acknowledge.ts'
import { Connection, type StoredConnection } from './connection.ts'
import { type Counters, LIMITS, noCounters, TcpContext } from './context.ts'
import { emitReset } from './emit.ts'
import { receiveSegment } from './input.ts'
import { beginOpen, makeRoom } from './open.ts'
import { push, sendAck } from './output.ts'
import { knownMtu, receiveError } from './path-mtu.ts'
import { minus, plus } from './sequence.ts'
import { CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, LAST_ACK, maySend, SYN_RECEIVED, SYN_SENT } from './state.ts'
import type { Listener } from './table.ts'
import { pollTimers, transientOf } from './timers.ts'

const DEFAULT_BACKLOG = 128
const MAX_BACKLOG = 4096
/** How far the receive window may grow. */
const LARGEST_WINDOW = 512 * 1024
const EMPTY = new Uint8Array(0)

export type StoredListener = Omit<Listener, 'address' | 'half' | 'waiting'> & {
  readonly address: StoredIp | null
  readonly waiting: readonly Socket[]
}
export type TcpState = {
  readonly next: Socket
  readonly connections: readonly StoredConnection[]
  readonly listeners: readonly StoredListener[]
  readonly mtus: readonly (readonly [StoredIp, number, Micros])[]
  readonly counters: Counters
  readonly drops: readonly (readonly [string, number])[]
}

export class Tcp implements StreamSockets {
  readonly context: TcpContext

  constructor(stack: Stack) {
    this.context = new TcpContext(stack, stack.sim.random(`${stack.name}/tcp`))
  }

  // Owners

  attach(owner: StreamOwner): void {
    this.context.owners.set(owner.name, owner)
  }

  detach(owner: StreamOwner): void {
    const { context } = this
    const { table } = context
    if (context.owners.get(owner.name) !== owner) return
    for (const listener of [...table.listeners.values()]) if (listener.owner === owner.name) this.closeListener(listener)
    for (const c of [...table.byId.values()]) if (c.owner === owner.name) this.close(c.id)
    context.owners.delete(owner.name)
  }

  // Sockets

  listen(owner: StreamOwner, options: ListenOptions): Socket | 'in-use' | 'table-full' {
    const { context } = this
    const { table } = context
    const { port, address } = options
    if (table.listenersAt(port).some((l) => l.address === address)) return 'in-use'
    if (table.listeners.size >= LIMITS.listeners) return 'table-full'
    this.attach(owner)
    const id = context.nextSocket++
    table.addListener({
      id,
      owner: owner.name,
      port,
      address,
      backlog: Math.max(1, Math.min(MAX_BACKLOG, options.backlog ?? DEFAULT_BACKLOG)),
      component: options.component ?? '',
      image: options.image ?? '',
      waiting: [],
      half: 0,
    })
    return id
  }

  connect(
    owner: StreamOwner,
    remote: IpAddress,
    port: number,
    options: ConnectOptions = {},
  ): Socket | 'no-route' | 'no-address' | 'in-use' | 'table-full' {
    const { context } = this
    const { stack, table } = context
    const via = options.scope === undefined ? undefined : stack.interfaces.get(options.scope)
    const choice = options.source === undefined && via === undefined ? undefined : { source: options.source, via }
    const path = familyOf(remote)?.path(stack, remote, choice) ?? 'no-route'
    if (typeof path === 'string') return path === 'no-address' ? path : 'no-route'
    if (port < 1 || port > 0xffff || !path.family.unicast(path.via, remote)) return 'no-route'
    if (!makeRoom(context)) return 'table-full'
    const localPort = options.sourcePort ?? stack.takePort()
    if (localPort === 0) return 'table-full'
    if (table.find(path.source, localPort, remote, port) !== undefined) return 'in-use'
    this.attach(owner)
    const id = context.nextSocket++
    const shown = { component: options.component ?? '', image: options.image ?? '' }
    const c = beginOpen(context, id, owner.name, path, localPort, port, shown, options.scope ?? 0)
    c.pathMtu = knownMtu(context, remote)
    return id
  }

  accept(listener: Socket): Socket | undefined {
    const { table } = this.context
    const id = table.listeners.get(listener)?.waiting.shift()
    const c = id === undefined ? undefined : table.byId.get(id)
    if (c !== undefined) c.listener = 0
    return id
  }

  send(socket: Socket, octets: Uint8Array): number {
    const { context } = this
    const c = context.table.byId.get(socket)
    if (c === undefined || c.finQueued || !(maySend(c.state) || c.state === SYN_SENT || c.state === SYN_RECEIVED)) return 0
    const room = sendLimit(c) - c.out.length
    let taken = Math.max(0, Math.min(octets.length, room))
    if (taken > 0 && !c.out.reserve(c.out.length + taken, context.memory)) taken = 0
    if (taken < octets.length) c.wanting = true
    if (taken === 0) return 0
    c.out.put(c.out.length, octets, 0, taken)
    c.out.length += taken
    this.pushUnlessBusy(c)
    return taken
  }

  readableBytes(socket: Socket): number {
    return this.context.table.byId.get(socket)?.in.length ?? 0
  }

  receive(socket: Socket, limit = Number.MAX_SAFE_INTEGER): Uint8Array {
    const c = this.context.table.byId.get(socket)
    const octets = c === undefined ? 0 : Math.min(limit, c.in.length)
    if (c === undefined || octets <= 0) return EMPTY
    const taken = c.in.slice(0, octets)
    c.in.drop(octets)
    this.afterReading(c, octets)
    return taken
  }

  ended(socket: Socket): boolean {
    const c = this.context.table.byId.get(socket)
    return c === undefined || (c.finHeard && c.in.length === 0)
  }

  finished(socket: Socket): boolean {
    return this.context.table.byId.get(socket)?.finHeard ?? true
  }

  shutdown(socket: Socket): void {
    const c = this.context.table.byId.get(socket)
    if (c === undefined || c.finQueued) return
    if (c.state === SYN_SENT) return this.forget(c)
    c.finQueued = true
    c.finSeq = c.end
    if (c.state === SYN_RECEIVED) c.finSeq = plus(c.iss, 1 + c.out.length)
    else if (c.state === ESTABLISHED) c.state = FIN_WAIT_1
    else if (c.state === CLOSE_WAIT) c.state = LAST_ACK
    this.pushUnlessBusy(c)
  }

  close(socket: Socket): void {
    const { context } = this
    const listener = context.table.listeners.get(socket)
    if (listener !== undefined) return this.closeListener(listener)
    const c = context.table.byId.get(socket)
    if (c === undefined) return
    if (c.state === SYN_SENT) return this.forget(c)
    // RFC 1122 section 4.2.2.13: what nobody will read is not acknowledged as if somebody had.
    if (c.in.length > 0 || c.earlyStart.length > 0) return this.abort(socket)
    c.owner = ''
    c.orphan = true
    c.readShut = true
    this.shutdown(socket)
    if (c.state === FIN_WAIT_2) {
      c.waitAt = context.now + context.profile.finWait
      if (!c.busy) context.rearm(c)
    }
  }

  abort(socket: Socket): void {
    const c = this.context.table.byId.get(socket)
    if (c === undefined) return
    if (c.state !== SYN_SENT && c.state < 10) emitReset(this.context, c)
    this.forget(c)
  }

  configure(socket: Socket, options: SocketOptions): void {
    const { context } = this
    const c = context.table.byId.get(socket)
    if (c === undefined) return
    if (options.nagle !== undefined) c.nagle = options.nagle
    if (options.keepAlive !== undefined) {
      c.keepIdle = options.keepAlive?.idle ?? 0
      c.keepInterval = options.keepAlive?.interval ?? 0
      c.keepProbes = options.keepAlive?.probes ?? 0
      c.keepSent = 0
      const open = c.state !== SYN_SENT && c.state !== SYN_RECEIVED
      c.keepAt = c.keepIdle > 0 && open ? context.now + c.keepIdle * SECOND : NEVER
    }
    this.pushUnlessBusy(c)
  }

  ends(socket: Socket): StreamEnds | undefined {
    const c = this.context.table.byId.get(socket)
    return c && { local: c.local, localPort: c.localPort, remote: c.remote, remotePort: c.remotePort }
  }

  private pushUnlessBusy(c: Connection): void {
    if (c.busy || c.state === CLOSED) return
    push(this.context, c)
    this.context.rearm(c)
  }

  private forget(c: Connection): void {
    this.context.forget(c)
  }

  private closeListener(listener: Listener): void {
    const { context } = this
    for (const c of [...context.table.byId.values()]) {
      if (c.listener !== listener.id) continue
      emitReset(context, c)
      context.forget(c)
    }
    context.table.removeListener(listener)
  }

  /** The window grows as fast as its owner reads: twice what was read in a round trip (dynamic right-sizing). */
  private afterReading(c: Connection, octets: number): void {
    const { context } = this
    c.copied += octets
    const trip = Math.max(1000, c.srtt >> 3)
    if (context.now - c.copiedAt >= trip) {
      const wanted = Math.min(LARGEST_WINDOW, 2 * c.copied)
      if (wanted > c.rcvLimit && c.rcvScale > 0 && context.memory.used + wanted < context.memory.limit) c.rcvLimit = wanted
      c.copied = 0
      c.copiedAt = context.now
    }
    if (c.busy || c.finHeard) return
    // RFC 9293 section 3.8.6.2.2: a window that has opened well is told at once.
    const told = minus(c.rcvAdv, c.rcvNxt)
    const free = c.rcvLimit - c.in.length
    if (free - told >= Math.min(2 * c.mss, c.rcvLimit >> 1) && (told < c.mss || free - told >= c.rcvLimit >> 1)) {
      sendAck(context, c)
      context.rearm(c)
    }
  }

  // The stack

  receiveSegment(via: Interface, bytes: Uint8Array, from: number, end: number, src: IpAddress, dst: IpAddress): void {
    receiveSegment(this.context, via, bytes, from, end, src, dst)
  }

  /** An ICMP error that quotes a segment of ours, with its sequence number. */
  receiveError(ends: StreamEnds, seq: number, error: SendError): void {
    receiveError(this.context, ends.local, ends.localPort, ends.remote, ends.remotePort, seq, error)
  }

  /** Whether a segment belongs to a connection, as a packet filter asks. */
  knows(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): boolean {
    return this.context.table.find(local, localPort, remote, remotePort) !== undefined
  }

  usesPort(port: number): boolean {
    return this.context.table.usesPort(port)
  }

  get dueAt(): Micros {
    return this.context.table.dueAt
  }

  get transientAt(): Micros {
    const { sim } = this.context.stack
    let at = NEVER
    for (const c of this.context.table.scheduled) {
      const due = transientOf(c, sim.parked, sim.now)
      if (due < at) at = due
    }
    return at
  }

  poll(now: Micros): void {
    pollTimers(this.context, now)
  }

  get connections(): Iterable<Connection> {
    return this.context.table.byId.values()
  }
  get listeners(): Iterable<Listener> {
    return this.context.table.listeners.values()
  }
  get counters(): Readonly<Counters> {
    return this.context.counters
  }
  /** Why segments were thrown away, and how many. */
  get drops(): ReadonlyMap<string, number> {
    return this.context.drops
  }

  /** Power off: nobody is told. */
  clear(): void {
    const { context } = this
    for (const c of [...context.table.byId.values()]) context.forget(c)
    context.table.clear()
    context.mtus.clear()
    context.counters = noCounters()
    context.drops.clear()
  }

  save(): TcpState & Json {
    const { table, nextSocket, mtus, counters, drops } = this.context
    return {
      next: nextSocket,
      connections: [...table.byId.values()].map((c) => c.save()),
      listeners: [...table.listeners.values()].map(({ half, address, ...l }) => ({
        ...l,
        address: address === undefined ? null : storeIp(address),
        waiting: [...l.waiting],
      })),
      mtus: [...mtus].map(([address, { mtu, until }]) => [storeIp(address), mtu, until] as const),
      counters: { ...counters },
      drops: [...drops],
    }
  }

  load(state: TcpState): void {
    const { context } = this
    const { table } = context
    context.nextSocket = state.next
    for (const stored of state.listeners) {
      const address = stored.address === null ? undefined : loadIp(stored.address)
      table.addListener({ ...stored, address, waiting: [...stored.waiting], half: 0 })
    }
    for (const stored of state.connections) {
      const c = Connection.load(stored, context.memory)
      table.add(c)
      const listener = c.listener === 0 ? undefined : table.listeners.get(c.listener)
      if (listener !== undefined && !listener.waiting.includes(c.id)) listener.half++
      context.rearm(c)
    }
    for (const [address, mtu, until] of state.mtus) context.mtus.set(loadIp(address), { mtu, until })
    context.counters = { ...state.counters }
    context.drops.clear()
    for (const [reason, count] of state.drops) context.drops.set(reason, count)
  }
}
