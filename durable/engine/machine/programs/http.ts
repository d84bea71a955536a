// One HTTP/1.1 request and its answer (RFC 9112): what curl, wget and Invoke-WebRequest do. Redirects are the shell's: it starts
// another one.
import type { Socket, StreamError, StreamEvent } from '../../ip/hooks.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import { BodyReader, type BodyState } from '../../service/http-body.ts'
import { HEAD_LIMIT, type HttpHeader, headEnd, headText, parseResponse } from '../../service/http-message.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros } from '../../sim/time.ts'
import { octetsOf } from '../../wire/bytes.ts'
import type { ProcessHost, Program } from '../program.ts'
import { CHUNK, endsView, type From, failureEvent, MAX_PENDING, octetText, openStream } from './stream-target.ts'
import { beginTarget, type Family, started, type Target, targetFrom } from './target.ts'

export type HttpArgs = From & {
  readonly host: string
  readonly port: number
  /** Connect there instead, as `--resolve` and `--connect-to` ask. */
  readonly connectTo?: string
  readonly family?: Family
  readonly method: string
  /** As it stands in the request line. */
  readonly target: string
  /** All fields of the request, in order; Host among them. */
  readonly headers: readonly HttpHeader[]
  /** One character an octet. */
  readonly body?: string
  /** To connect, and for the whole; none = for ever. */
  readonly connectTimeoutMs?: number
  readonly timeoutMs?: number
  /** `events` tells every octet of the body, `count` only how many there were, about once in a second of lab time. */
  readonly output: 'events' | 'count'
}

type State = {
  startedAt: Micros
  connectBy: number | null
  endBy: number | null
  socket: Socket
  connected: boolean
  /** Octets of the request that the socket has taken. */
  sent: number
  head: string
  /** The body's framing, once the head is there. */
  body: BodyState | null
  received: number
  toldAt: Micros
  held: boolean
}

/** How often a count is told. */
const PROGRESS = 1000 * MILLISECOND

export class Http implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: HttpArgs
  private readonly state: State

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as unknown as HttpArgs
    this.state = state
      ? structuredState(state)
      : {
          startedAt: 0,
          connectBy: null,
          endBy: null,
          socket: 0,
          connected: false,
          sent: 0,
          head: '',
          body: null,
          received: 0,
          toldAt: 0,
          held: false,
        }
  }

  start(): void {
    const { host, args, state } = this
    state.startedAt = host.now
    if (args.timeoutMs !== undefined) state.endBy = host.now + args.timeoutMs * MILLISECOND
    if (args.connectTimeoutMs !== undefined) state.connectBy = host.now + args.connectTimeoutMs * MILLISECOND
    const target = beginTarget(host, this.where, args.family)
    if (target) this.begin(target)
  }

  private get where(): string {
    return this.args.connectTo ?? this.args.host
  }

  resolved(_token: number, result: LookupResult): void {
    const target = targetFrom(this.host, this.where, result)
    if (target) this.begin(target)
  }

  private begin(target: Target): void {
    const { host, args, state } = this
    started(host, target)
    const socket = openStream(host, target, args.port, args)
    if (socket !== undefined) state.socket = socket
    host.touch()
  }

  streamEvent(_socket: Socket, event: StreamEvent, error?: StreamError): void {
    const { host, state } = this
    if (event === 'failed') return this.failed(error)
    if (event === 'connected') {
      state.connected = true
      state.connectBy = null
      host.emit({ kind: 'connected', micros: host.now - state.startedAt, ...endsView(host.stack.tcp.ends(state.socket)) })
    }
    this.send()
    this.read()
  }

  private failed(error: StreamError | undefined): void {
    const { state, host } = this
    if (!state.connected) {
      host.emit(failureEvent(error, host.now - state.startedAt))
      host.exit(1)
    } else this.broken(error === 'timeout' ? 'timeout' : 'reset')
  }

  private broken(reason: string): void {
    const { host, state } = this
    this.progress(true)
    host.emit({ kind: 'error', reason, received: state.received, micros: host.now - state.startedAt })
    host.exit(1)
  }

  private send(): void {
    const { host, args, state } = this
    const request = headText(`${args.method} ${args.target} HTTP/1.1`, args.headers) + (args.body ?? '')
    if (state.sent >= request.length) return
    if (state.sent === 0) host.emit({ kind: 'sent', head: request.slice(0, request.length - (args.body ?? '').length) })
    while (state.sent < request.length) {
      const octets = octetsOf(request.slice(state.sent, state.sent + CHUNK))
      const taken = host.stack.tcp.send(state.socket, octets)
      state.sent += taken
      if (taken < octets.length) return
    }
  }

  private read(): void {
    const { host, state } = this
    const { tcp } = host.stack
    state.held = false
    while (host.pending < MAX_PENDING) {
      if (state.body === null && !this.readHead()) return
      if (state.body === null) continue
      const reader = new BodyReader(state.body)
      if (!reader.done && tcp.readableBytes(state.socket) > 0) {
        const octets = reader.take(tcp.receive(state.socket, CHUNK))
        this.take(octets)
      }
      if (reader.bad) return this.broken('malformed')
      if (reader.done) return this.finish()
      if (tcp.readableBytes(state.socket) > 0) continue
      if (!tcp.ended(state.socket)) return
      return reader.endsWithStream ? this.finish() : this.broken('partial')
    }
    state.held = true
    host.touch()
  }

  private take(octets: Uint8Array): void {
    const { host, state, args } = this
    if (octets.length === 0) return
    state.received += octets.length
    if (args.output === 'events') host.emit({ kind: 'data', octets: octetText(octets) })
    else this.progress(false)
  }

  private progress(last: boolean): void {
    const { host, state, args } = this
    if (args.output !== 'count' || (!last && host.now - state.toldAt < PROGRESS)) return
    state.toldAt = host.now
    host.emit({ kind: 'progress', received: state.received })
  }

  /** True when a head was read, false when there is nothing more to do now. */
  private readHead(): boolean {
    const { host, state, args } = this
    const { tcp } = host.stack
    const octets = tcp.receive(state.socket, CHUNK)
    state.head += octetText(octets)
    const end = headEnd(state.head)
    if (end < 0) {
      if (state.head.length > 8 * HEAD_LIMIT) this.broken('malformed')
      else if (tcp.ended(state.socket)) this.broken(state.head === '' ? 'empty' : 'malformed')
      return false
    }
    const raw = state.head.slice(0, end)
    const left = state.head.slice(end)
    const head = parseResponse(raw)
    if (head === undefined) {
      this.broken('malformed')
      return false
    }
    const { status, reason, minor, headers } = head
    host.emit({ kind: 'headers', status, reason, version: `1.${minor}`, headers: headers as unknown as Json, head: raw })
    state.head = left
    // An interim answer: the real one follows (RFC 9110 section 15.2).
    if (status < 200) return true
    state.body = BodyReader.begin(args.method, head)
    state.head = ''
    this.take(new BodyReader(state.body).take(octetsOf(left)))
    return true
  }

  private finish(): void {
    const { host, state } = this
    this.progress(true)
    host.emit({ kind: 'end', received: state.received, micros: host.now - state.startedAt })
    host.exit(0)
  }

  pollAt(): Micros {
    const { state, host } = this
    if (state.held && host.pending < MAX_PENDING) return host.now
    const connectBy = loadTime(state.connectBy)
    const endBy = loadTime(state.endBy)
    return connectBy < endBy ? connectBy : endBy
  }
  poll(now: Micros): void {
    const { state, host } = this
    if (state.held && host.pending < MAX_PENDING) return this.read()
    if (loadTime(state.connectBy) > now && loadTime(state.endBy) > now) return
    if (state.connected) return this.broken('timeout')
    host.emit({ kind: 'timeout', micros: host.now - state.startedAt })
    host.exit(1)
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {}
  save(): Json {
    return { ...this.state, body: this.state.body && { ...this.state.body } } as unknown as Json
  }
}

function structuredState(state: Json): State {
  const stored = state as unknown as State
  return { ...stored, body: stored.body && { ...stored.body } }
}
