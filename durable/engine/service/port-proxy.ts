// `netsh interface portproxy` (fact sheet 3.7): IP Helper listens, opens a connection of its own to the target, and carries octets
// between the two. TCP only. The target sees the computer, not who came.
import type { Socket, StreamEvent, StreamOwner } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { StillPart } from '../sim/still-part.ts'
import { type IpAddress, parseAddress } from '../wire/addresses.ts'
import { ascii, octetsOf } from '../wire/bytes.ts'

export type ProxyKind = 'v4tov4' | 'v4tov6' | 'v6tov4' | 'v6tov6'

export type ProxyEntry = {
  readonly kind: ProxyKind
  /** `*` = every address of the family. */
  readonly listenAddress: string
  readonly listenPort: number
  readonly connectAddress: string
  readonly connectPort: number
}

/** Two connections that are one for those at the ends. */
type Relay = {
  readonly inside: Socket
  readonly outside: Socket
  connected: boolean
  /** Read from one side and not taken by the other yet, one character an octet. */
  toOutside: string
  toInside: string
}

export type PortProxyState = {
  readonly entries: readonly ProxyEntry[]
  /** Listening sockets by the place of their entry; 0 = the port could not be had. */
  readonly listeners: readonly Socket[]
  readonly relays: readonly Relay[]
  readonly running: boolean
}

const SERVICE = { component: 'iphlpsvc', image: 'svchost.exe' }
const MOST_ENTRIES = 128
const MOST_RELAYS = 256
const CHUNK = 16_384

export type PortProxyOptions = {
  /** Ports that nobody may listen at. */
  readonly excluded: (port: number) => boolean
  /** Whether the service runs. */
  readonly enabled: () => boolean
}

export class PortProxy extends StillPart implements Part, StreamOwner {
  readonly kind = 'port-proxy'
  readonly version = 1
  readonly name: string
  private readonly stack: Stack
  private readonly options: PortProxyOptions
  private all: ProxyEntry[]
  private listeners: Socket[]
  private readonly relays = new Map<Socket, Relay>()
  private running: boolean
  /** Of a lab that was stored before there was such a thing: it begins when the lab is opened. */
  private readonly young: boolean

  constructor(stack: Stack, options: PortProxyOptions, state?: PortProxyState) {
    super()
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/port-proxy`
    this.all = [...(state?.entries ?? [])]
    this.listeners = [...(state?.listeners ?? [])]
    this.running = state?.running ?? false
    this.young = state === undefined
    for (const relay of state?.relays ?? []) this.keep({ ...relay })
    stack.tcp.attach(this)
  }

  get entries(): readonly ProxyEntry[] {
    return this.all
  }

  private same(a: ProxyEntry, b: Pick<ProxyEntry, 'kind' | 'listenAddress' | 'listenPort'>): boolean {
    return a.kind === b.kind && a.listenPort === b.listenPort && a.listenAddress.toLowerCase() === b.listenAddress.toLowerCase()
  }

  /** An entry with the same ear takes the place of the old one. False: there are too many. */
  set(entry: ProxyEntry): boolean {
    const at = this.all.findIndex((one) => this.same(one, entry))
    if (at < 0 && this.all.length >= MOST_ENTRIES) return false
    if (at >= 0) this.all[at] = entry
    else {
      this.all.push(entry)
      this.listeners.push(this.running ? this.listen(entry) : 0)
    }
    return true
  }

  remove(entry: Pick<ProxyEntry, 'kind' | 'listenAddress' | 'listenPort'>): boolean {
    const at = this.all.findIndex((one) => this.same(one, entry))
    if (at < 0) return false
    this.all.splice(at, 1)
    const [socket] = this.listeners.splice(at, 1)
    if (socket) this.stack.tcp.close(socket)
    return true
  }

  has(entry: Pick<ProxyEntry, 'kind' | 'listenAddress' | 'listenPort'>): boolean {
    return this.all.some((one) => this.same(one, entry))
  }

  clear(): void {
    for (const entry of [...this.all]) this.remove(entry)
  }

  // IP Helper

  /** The service or the machine has started. */
  start(): void {
    if (this.running || !this.options.enabled()) return
    this.running = true
    this.listeners = this.all.map((entry) => this.listen(entry))
  }

  resume(): void {
    if (this.young && !this.running && this.stack.powered) this.start()
  }

  /** The service was stopped: whoever is connected is told. */
  stop(): void {
    this.running = false
    for (const { inside, outside } of new Set(this.relays.values())) {
      this.stack.tcp.abort(inside)
      this.stack.tcp.abort(outside)
    }
    for (const socket of this.listeners) if (socket !== 0) this.stack.tcp.close(socket)
    this.reset()
  }

  /** The machine was switched off. */
  reset(): void {
    this.running = false
    this.relays.clear()
    this.listeners = this.all.map(() => 0)
  }

  private listen({ listenAddress, listenPort }: ProxyEntry): Socket {
    if (this.options.excluded(listenPort)) return 0
    const address = listenAddress === '*' ? undefined : parseAddress(listenAddress)
    const any = address === undefined || address === 0 || address === 0n
    const socket = this.stack.tcp.listen(this, { port: listenPort, ...(any ? {} : { address }), ...SERVICE })
    return typeof socket === 'number' ? socket : 0
  }

  streamEvent(socket: Socket, event: StreamEvent): void {
    if (event === 'incoming') return this.accept(socket)
    const relay = this.relays.get(socket)
    if (relay === undefined) return
    if (event === 'failed') return this.drop(relay, socket)
    if (event === 'connected') relay.connected = true
    this.carry(relay)
  }

  private accept(listener: Socket): void {
    const { tcp } = this.stack
    const entry = this.all[this.listeners.indexOf(listener)]
    const inside = tcp.accept(listener)
    if (inside === undefined) return
    const target: IpAddress | undefined = entry && parseAddress(entry.connectAddress)
    const outside =
      entry === undefined || target === undefined || this.relays.size >= 2 * MOST_RELAYS
        ? undefined
        : tcp.connect(this, target, entry.connectPort, SERVICE)
    if (typeof outside !== 'number') return tcp.abort(inside)
    this.keep({ inside, outside, connected: false, toOutside: '', toInside: '' })
  }

  private keep(relay: Relay): void {
    this.relays.set(relay.inside, relay)
    this.relays.set(relay.outside, relay)
  }

  private forget(relay: Relay): void {
    this.relays.delete(relay.inside)
    this.relays.delete(relay.outside)
  }

  /** One end is gone, so the other goes too. */
  private drop(relay: Relay, failed: Socket): void {
    this.forget(relay)
    this.stack.tcp.abort(failed === relay.inside ? relay.outside : relay.inside)
  }

  /** Carries what there is both ways; an end that has finished is finished on the other side. */
  private carry(relay: Relay): void {
    const { tcp } = this.stack
    if (!relay.connected) return
    relay.toOutside = this.pour(relay.inside, relay.outside, relay.toOutside)
    relay.toInside = this.pour(relay.outside, relay.inside, relay.toInside)
    const done = tcp.ended(relay.inside) && tcp.ended(relay.outside) && relay.toInside === '' && relay.toOutside === ''
    if (done) {
      this.forget(relay)
      tcp.close(relay.inside)
      tcp.close(relay.outside)
    }
  }

  /** Answers what could not be handed over yet. */
  private pour(from: Socket, to: Socket, left: string): string {
    const { tcp } = this.stack
    let waiting = left
    for (;;) {
      if (waiting === '') {
        const octets = tcp.receive(from, CHUNK)
        if (octets.length === 0) break
        waiting = ascii(octets, 0, octets.length)
      }
      const taken = tcp.send(to, octetsOf(waiting))
      waiting = waiting.slice(taken)
      if (waiting !== '') return waiting
    }
    if (tcp.ended(from)) tcp.shutdown(to)
    return ''
  }

  // Part

  save(): PortProxyState & Json {
    return {
      entries: this.all,
      listeners: this.listeners,
      relays: [...new Set(this.relays.values())].map((relay) => ({ ...relay })),
      running: this.running,
    } as PortProxyState & Json
  }
}
