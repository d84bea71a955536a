// Owners of stream sockets in tests: one that sends what it is given, one that takes everything.
import type { Socket, StreamError, StreamEvent, StreamOwner } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'

/** Octets of a known pattern: at every place another one can be told from. */
export const patternAt = (at: number): number => (Math.imul(at, 0x9e3779b1) >>> 24) & 255

export function pattern(from: number, octets: number): Uint8Array {
  const out = new Uint8Array(octets)
  for (let i = 0; i < octets; i++) out[i] = patternAt(from + i)
  return out
}

/** Notes everything that happens to its sockets. */
export class Notes implements StreamOwner {
  readonly name: string
  readonly events: [Socket, StreamEvent, StreamError | undefined][] = []
  constructor(name = 'notes') {
    this.name = name
  }
  streamEvent(socket: Socket, event: StreamEvent, error?: StreamError): void {
    this.events.push([socket, event, error])
  }
  get kinds(): string[] {
    return this.events.map(([, event, error]) => (error === undefined ? event : `${event} ${JSON.stringify(error)}`))
  }
}

/** Sends `total` octets of the pattern, in chunks as `sizes` says in turn, then finishes. */
export class Sender implements StreamOwner {
  readonly name = 'sender'
  sent: number
  socket: Socket
  finished: boolean
  failure: StreamError | undefined
  private readonly stack: Stack
  private readonly total: number
  private readonly sizes: readonly number[]
  private turn = 0

  constructor(
    stack: Stack,
    total: number,
    sizes: readonly number[] = [65_536],
    state?: { sent: number; socket: Socket; turn: number; finished: boolean },
  ) {
    this.stack = stack
    this.total = total
    this.sizes = sizes
    this.sent = state?.sent ?? 0
    this.socket = state?.socket ?? 0
    this.turn = state?.turn ?? 0
    this.finished = state?.finished ?? false
    stack.tcp.attach(this)
  }
  save() {
    return { sent: this.sent, socket: this.socket, turn: this.turn, finished: this.finished }
  }
  streamEvent(socket: Socket, event: StreamEvent, error?: StreamError): void {
    if (event === 'incoming') {
      this.socket = this.stack.tcp.accept(socket) ?? 0
      this.go()
    } else if (event === 'connected' || event === 'writable') this.go()
    else if (event === 'failed') this.failure = error
    else if (event === 'readable' && this.stack.tcp.ended(socket) && this.finished) this.stack.tcp.close(socket)
  }
  go(): void {
    const { tcp } = this.stack
    while (this.sent < this.total) {
      const size = Math.min(this.total - this.sent, this.sizes[this.turn % this.sizes.length] as number)
      const taken = tcp.send(this.socket, pattern(this.sent, size))
      this.sent += taken
      if (taken < size) return
      this.turn++
    }
    if (this.finished) return
    this.finished = true
    tcp.shutdown(this.socket)
  }
}

/** Takes everything and compares it with the pattern; closes when the other side has finished. */
export class Receiver implements StreamOwner {
  readonly name = 'receiver'
  got: number
  wrong: number
  done: boolean
  socket: Socket
  failure: StreamError | undefined
  /** When something was received last, and the longest that nothing was. */
  lastAt: number
  longest: number
  private readonly stack: Stack

  constructor(
    stack: Stack,
    state?: { got: number; wrong: number; done: boolean; socket: Socket; lastAt: number; longest: number },
  ) {
    this.stack = stack
    this.got = state?.got ?? 0
    this.wrong = state?.wrong ?? 0
    this.done = state?.done ?? false
    this.socket = state?.socket ?? 0
    this.lastAt = state?.lastAt ?? 0
    this.longest = state?.longest ?? 0
    stack.tcp.attach(this)
  }
  save() {
    const { got, wrong, done, socket, lastAt, longest } = this
    return { got, wrong, done, socket, lastAt, longest }
  }
  streamEvent(socket: Socket, event: StreamEvent, error?: StreamError): void {
    const { tcp, sim } = this.stack
    if (event === 'incoming') {
      this.socket = tcp.accept(socket) ?? 0
      this.lastAt = sim.now
      this.take(this.socket)
    } else if (event === 'connected') this.lastAt = sim.now
    else if (event === 'readable') this.take(socket)
    else if (event === 'failed') this.failure = error
  }
  private take(socket: Socket): void {
    const { tcp, sim } = this.stack
    const octets = tcp.receive(socket)
    if (octets.length > 0) {
      this.longest = Math.max(this.longest, sim.now - this.lastAt)
      this.lastAt = sim.now
    }
    for (let i = 0; i < octets.length; i++) if (octets[i] !== patternAt(this.got + i)) this.wrong++
    this.got += octets.length
    if (!tcp.ended(socket) || this.done) return
    this.done = true
    tcp.close(socket)
  }
}
