// A web server (RFC 9110, 9112): one request after the other on each connection, bodies as fast as the socket takes them.
import type { Socket, StreamEnds, StreamEvent, StreamOwner } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { ascii, octetsOf } from '../wire/bytes.ts'
import { type Answer, answerTo, refusal, type Site } from './http-answer.ts'
import { HEAD_LIMIT, headEnd, parseRequest } from './http-message.ts'

export type HttpServerOptions = {
  readonly port: number
  readonly site: Site
  readonly component?: string
  readonly image?: string
  /** Hears of each request as it begins to be answered. */
  readonly told?: (ends: StreamEnds | undefined, request: string, status: number) => void
  /** Whether it looks at nothing for the moment; afterwards `catchUp` is called. */
  readonly paused?: () => boolean
}

/** What a connection is doing. Of an answer only the request is kept, and how far it has been sent. */
type Talk = {
  /** The head as far as it has come. */
  heard: string
  /** The head that is being answered, empty when none is; its status when it is no request. */
  request: string
  refused: number
  /** When the answer began, as it says itself. */
  date: string
  /** Octets of head and body that the socket has taken. */
  sent: number
  /** Our side has finished; what still comes is thrown away, so that it does not reset what we said. */
  lingers: boolean
  /** When the connection is closed because nothing was heard. */
  until: Micros
}

export type HttpServerState = {
  readonly listener: Socket
  readonly talks: readonly (readonly [Socket, Talk])[]
}

/** What nginx allows unless told otherwise: seconds of silence between requests, and for a head. */
const KEEP_ALIVE = 75 * SECOND
const HEAD_TIME = 60 * SECOND
const LINGER = 5 * SECOND
const MAX_TALKS = 512
const CHUNK = 16_384

export class HttpServer implements Part, StreamOwner {
  readonly kind = 'http-server'
  readonly version = 1
  readonly name: string
  private readonly stack: Stack
  private readonly options: HttpServerOptions
  private readonly talks: Map<Socket, Talk>
  /** Answers under way; made anew from the request after a restore. */
  private readonly answers = new Map<Socket, Answer>()
  private listener: Socket

  constructor(stack: Stack, options: HttpServerOptions, state?: HttpServerState) {
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/http/${options.port}`
    this.listener = state?.listener ?? 0
    this.talks = new Map(state?.talks.map(([socket, talk]) => [socket, { ...talk }]))
    stack.tcp.attach(this)
  }

  /** The machine has started. */
  start(): void {
    const { port, component, image } = this.options
    const socket = this.stack.tcp.listen(this, { port, component, image, backlog: 511 })
    this.listener = typeof socket === 'number' ? socket : 0
  }

  get listening(): boolean {
    return this.listener !== 0
  }

  /** After a restore: what was stored before there was such a server begins now. */
  resume(): void {
    if (this.listener === 0 && this.stack.powered) this.start()
  }

  /** The machine was switched off: connections are gone without a word. */
  reset(): void {
    this.talks.clear()
    this.answers.clear()
    this.listener = 0
    this.stack.sim.touch(this)
  }

  streamEvent(socket: Socket, event: StreamEvent): void {
    if (this.options.paused?.() === true && event !== 'failed') return
    if (event === 'incoming') this.accept()
    else if (event === 'failed') this.forget(socket)
    else this.goOn(socket)
  }

  /** After a pause: what came meanwhile lies in the sockets. */
  catchUp(): void {
    for (let before = -1; before !== this.talks.size; ) {
      before = this.talks.size
      this.accept()
    }
    for (const socket of [...this.talks.keys()]) this.goOn(socket)
    this.stack.sim.touch(this)
  }

  private accept(): void {
    const { tcp, sim } = this.stack
    if (this.talks.size >= MAX_TALKS) return
    const socket = tcp.accept(this.listener)
    if (socket === undefined) return
    tcp.configure(socket, { nagle: false })
    this.talks.set(socket, { heard: '', request: '', refused: 0, date: '', sent: 0, lingers: false, until: sim.now + HEAD_TIME })
    this.goOn(socket)
  }

  private forget(socket: Socket): void {
    this.talks.delete(socket)
    this.answers.delete(socket)
    // Somebody may have waited for the place.
    this.accept()
    this.stack.sim.touch(this)
  }

  private close(socket: Socket): void {
    this.stack.tcp.close(socket)
    this.forget(socket)
  }

  /** Sends what is to be sent, and reads the next request when nothing is. */
  private goOn(socket: Socket): void {
    const { sim } = this.stack
    const talk = this.talks.get(socket)
    if (talk === undefined) return
    if (talk.lingers) return this.linger(socket)
    for (;;) {
      if (talk.request !== '' || talk.refused !== 0) {
        if (!this.sendOn(socket, talk)) break
        const { close } = this.answerOf(socket, talk)
        talk.request = ''
        talk.refused = 0
        talk.date = ''
        talk.sent = 0
        this.answers.delete(socket)
        talk.until = sim.now + KEEP_ALIVE
        if (close) return this.finish(socket, talk)
      }
      if (!this.readHead(socket, talk)) break
    }
    sim.touch(this)
  }

  /** RFC 9112 section 9.6: our side ends, and what the other still sends is read until it ends too. */
  private finish(socket: Socket, talk: Talk): void {
    talk.lingers = true
    talk.until = this.stack.sim.now + LINGER
    this.stack.tcp.shutdown(socket)
    this.linger(socket)
  }

  private linger(socket: Socket): void {
    const { tcp, sim } = this.stack
    while (tcp.readableBytes(socket) > 0) tcp.receive(socket)
    if (tcp.ended(socket)) this.close(socket)
    sim.touch(this)
  }

  /** True when a request, or what is none, is there to be answered. */
  private readHead(socket: Socket, talk: Talk): boolean {
    const { tcp, sim } = this.stack
    const octets = tcp.receive(socket, HEAD_LIMIT + 1 - talk.heard.length)
    if (octets.length > 0) {
      if (talk.heard === '') talk.until = sim.now + HEAD_TIME
      talk.heard += ascii(octets, 0, octets.length)
    }
    const end = headEnd(talk.heard)
    if (end < 0) {
      if (talk.heard.length > HEAD_LIMIT) {
        talk.refused = talk.heard.includes('\n') ? 431 : 414
        talk.heard = ''
        return true
      }
      if (tcp.ended(socket)) this.close(socket)
      return false
    }
    talk.request = talk.heard.slice(0, end)
    talk.heard = talk.heard.slice(end)
    return true
  }

  private answerOf(socket: Socket, talk: Talk): Answer {
    const known = this.answers.get(socket)
    if (known !== undefined) return known
    const begins = talk.date === ''
    if (begins) talk.date = this.options.site.date()
    const site = { ...this.options.site, date: () => talk.date }
    const request = talk.refused !== 0 ? talk.refused : parseRequest(talk.request)
    const answer = typeof request === 'number' ? refusal(site, request) : answerTo(site, request)
    this.answers.set(socket, answer)
    if (begins) this.options.told?.(this.stack.tcp.ends(socket), talk.request.split('\r\n')[0] ?? '', answer.status)
    return answer
  }

  /** True when all of it has been taken. */
  private sendOn(socket: Socket, talk: Talk): boolean {
    const { tcp } = this.stack
    const { head, body, from, to } = this.answerOf(socket, talk)
    while (talk.sent < head.length) {
      const taken = tcp.send(socket, octetsOf(head.slice(talk.sent)))
      talk.sent += taken
      if (talk.sent < head.length) return false
    }
    for (let at = from + talk.sent - head.length; at < to && body !== undefined; ) {
      const octets = body.octets(at, Math.min(CHUNK, to - at))
      const taken = tcp.send(socket, octets)
      talk.sent += taken
      at += taken
      if (taken < octets.length) return false
    }
    return true
  }

  // Part

  pollAt(): Micros {
    let at = NEVER
    for (const { request, refused, until } of this.talks.values()) if (request === '' && refused === 0 && until < at) at = until
    return at
  }
  /** Connections that are kept open are waited for by nobody. */
  transientAt(): Micros {
    return NEVER
  }
  poll(now: Micros): void {
    for (const [socket, talk] of [...this.talks]) {
      if (talk.request !== '' || talk.refused !== 0 || talk.until > now) continue
      if (talk.heard === '' || talk.lingers) this.close(socket)
      else {
        talk.refused = 408
        talk.heard = ''
        this.goOn(socket)
      }
    }
  }

  save(): HttpServerState & Json {
    return { listener: this.listener, talks: [...this.talks].map(([socket, talk]) => [socket, { ...talk }] as const) }
  }
}
