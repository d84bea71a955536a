// DNS over TCP (RFC 1035 section 4.2.2, RFC 7766): two octets of length before every message.
import type { Socket, StreamEvent, StreamOwner, StreamSockets } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import type { IpAddress } from '../wire/addresses.ts'
import { put16, u16 } from '../wire/bytes.ts'
import { PORT } from '../wire/dns.ts'

/** A longer message than this does not fit the receive window; nobody sends one. */
const LONGEST = 60_000

export function framed(message: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 + message.length)
  put16(out, 0, message.length)
  out.set(message, 2)
  return out
}

/**
 * The next whole message that has come, `undefined` when there is none yet, or `bad` when none can come any more. `need` is the
 * length that was read already, 0 for none: it is the reader's whole state, octets wait in the socket.
 */
export function nextMessage(
  tcp: StreamSockets,
  socket: Socket,
  need: number,
): { readonly need: number; readonly message?: Uint8Array; readonly bad?: true } {
  let length = need
  if (length === 0) {
    if (tcp.readableBytes(socket) < 2) return tcp.finished(socket) ? { need: 0, bad: true } : { need: 0 }
    length = u16(tcp.receive(socket, 2), 0)
    if (length === 0 || length > LONGEST) return { need: 0, bad: true }
  }
  if (tcp.readableBytes(socket) < length) return tcp.finished(socket) ? { need: 0, bad: true } : { need: length }
  return { need: 0, message: tcp.receive(socket, length) }
}

/** A question that went out over a connection of its own; `key` is whose it is, `need` the length of its answer once known. */
type Query = { readonly key: number; need: number }
export type StoredQueries = readonly (readonly [Socket, number, number])[]

/** Questions over TCP, one connection each: what is asked again when an answer over UDP was cut. */
export class StreamQueries implements StreamOwner {
  readonly name: string
  private readonly stack: Stack
  private readonly queries: Map<Socket, Query>
  /** The answer to a question, or that there will be none. */
  private readonly told: (key: number, message: Uint8Array | undefined) => void

  constructor(
    stack: Stack,
    name: string,
    told: (key: number, message: Uint8Array | undefined) => void,
    stored: StoredQueries | undefined,
  ) {
    this.stack = stack
    this.name = name
    this.told = told
    this.queries = new Map(stored?.map(([socket, key, need]) => [socket, { key, need }]))
    stack.tcp.attach(this)
  }

  /** False when there is no way to the server. */
  ask(
    key: number,
    server: IpAddress,
    message: Uint8Array,
    shown: { readonly component?: string; readonly image?: string },
  ): boolean {
    const socket = this.stack.tcp.connect(this, server, PORT, shown)
    if (typeof socket !== 'number') return false
    this.queries.set(socket, { key, need: 0 })
    this.stack.tcp.send(socket, framed(message))
    return true
  }

  /** Nobody waits for it any more. */
  cancel(key: number): void {
    for (const [socket, query] of [...this.queries]) {
      if (query.key !== key) continue
      this.queries.delete(socket)
      this.stack.tcp.abort(socket)
    }
  }

  clear(): void {
    this.queries.clear()
  }

  streamEvent(socket: Socket, event: StreamEvent): void {
    const query = this.queries.get(socket)
    if (query === undefined) return
    const { tcp } = this.stack
    if (event === 'failed') {
      this.queries.delete(socket)
      this.told(query.key, undefined)
    } else if (event === 'readable') {
      const { need, message, bad } = nextMessage(tcp, socket, query.need)
      query.need = need
      if (message === undefined && !bad) return
      this.queries.delete(socket)
      tcp.close(socket)
      this.told(query.key, message)
    }
  }

  save(): StoredQueries & Json {
    return [...this.queries].map(([socket, { key, need }]) => [socket, key, need] as const)
  }
}

/** Idle connections that a server keeps: how many, and how long (RFC 7766 section 6.2.3). */
const MAX_TALKS = 128
const IDLE = 10 * SECOND

type Talk = { need: number; until: Micros }
export type StoredTalks = { readonly listener: Socket; readonly talks: readonly (readonly [Socket, number, Micros])[] }

/** The side of a server: questions one after the other or all at once, answered in whatever order they are ready. */
export class StreamListener implements StreamOwner {
  readonly name: string
  private readonly stack: Stack
  private readonly shown: { readonly component?: string; readonly image?: string; readonly address?: IpAddress }
  private readonly asked: (socket: Socket, message: Uint8Array) => void
  private readonly touched: () => void
  private readonly talks: Map<Socket, Talk>
  private listener: Socket

  constructor(
    stack: Stack,
    name: string,
    shown: { readonly component?: string; readonly image?: string; readonly address?: IpAddress },
    asked: (socket: Socket, message: Uint8Array) => void,
    touched: () => void,
    stored: StoredTalks | undefined,
  ) {
    this.stack = stack
    this.name = name
    this.shown = shown
    this.asked = asked
    this.touched = touched
    this.listener = stored?.listener ?? 0
    this.talks = new Map(stored?.talks.map(([socket, need, until]) => [socket, { need, until }]))
    stack.tcp.attach(this)
  }

  start(): void {
    const socket = this.stack.tcp.listen(this, { port: PORT, ...this.shown })
    this.listener = typeof socket === 'number' ? socket : 0
  }

  resume(): void {
    if (this.listener === 0 && this.stack.powered) this.start()
  }

  reset(): void {
    this.talks.clear()
    this.listener = 0
  }

  close(): void {
    for (const socket of this.talks.keys()) this.stack.tcp.close(socket)
    if (this.listener !== 0) this.stack.tcp.close(this.listener)
    this.reset()
  }

  /** False when nobody is there to hear it. */
  answer(socket: Socket, message: Uint8Array): boolean {
    if (!this.talks.has(socket)) return false
    const bytes = framed(message)
    // What does not fit the send buffer was asked for faster than it is read: such a connection is cut.
    if (this.stack.tcp.send(socket, bytes) === bytes.length) return true
    this.talks.delete(socket)
    this.stack.tcp.abort(socket)
    return false
  }

  streamEvent(socket: Socket, event: StreamEvent): void {
    if (event === 'failed') this.talks.delete(socket)
    else if (event === 'readable') this.hear(socket)
    this.admit()
    this.touched()
  }

  /** Takes who waits, as long as there is a place. */
  private admit(): void {
    const { tcp, sim } = this.stack
    while (this.talks.size < MAX_TALKS) {
      const taken = tcp.accept(this.listener)
      if (taken === undefined) return
      this.talks.set(taken, { need: 0, until: sim.now + IDLE })
      this.hear(taken)
    }
  }

  private hear(socket: Socket): void {
    const { tcp, sim } = this.stack
    for (let talk = this.talks.get(socket); talk !== undefined; talk = this.talks.get(socket)) {
      const { need, message, bad } = nextMessage(tcp, socket, talk.need)
      talk.need = need
      if (bad) {
        this.talks.delete(socket)
        tcp.close(socket)
      }
      if (message === undefined) return
      talk.until = sim.now + IDLE
      this.asked(socket, message)
    }
  }

  get dueAt(): Micros {
    let at = NEVER
    for (const { until } of this.talks.values()) if (until < at) at = until
    return at
  }

  poll(now: Micros): void {
    for (const [socket, { until }] of [...this.talks]) {
      if (until > now) continue
      this.talks.delete(socket)
      this.stack.tcp.close(socket)
    }
    this.admit()
  }

  save(): StoredTalks & Json {
    return { listener: this.listener, talks: [...this.talks].map(([socket, { need, until }]) => [socket, need, until] as const) }
  }
}
