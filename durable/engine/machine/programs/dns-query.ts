// One question to one server, without cache, hosts file or suffixes: what nslookup and dig do.
import type { Datagram, SendError, Socket, StreamError, StreamEvent, UdpSocket } from '../../ip/hooks.ts'
import { bindUdp, closeUdp, sendUdp } from '../../ip/udp.ts'
import { framed, nextMessage } from '../../service/dns-stream.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, storeTime } from '../../sim/time.ts'
import { formatAddress, type IpAddress, loadIp, parseAddress, type StoredIp, storeIp } from '../../wire/addresses.ts'
import * as dns from '../../wire/dns.ts'
import type { ProcessHost, Program } from '../program.ts'
import { recordView } from './record-view.ts'

export type QueryArgs = {
  readonly name: string
  readonly type: string
  readonly server: string | null
  readonly tcp: boolean
  readonly recursionDesired: boolean
  readonly timeoutMs: number
  readonly tries: number
  readonly edns?: boolean
  /** Takes an answer that was cut as it is, instead of asking again over TCP. */
  readonly ignoreTruncation?: boolean
}

type State = {
  id: number
  port: number
  attempt: number
  sentAt: Micros
  dueAt: number | null
  server: StoredIp
  /** Over TCP: the connection, and the length of the answer once it is known. */
  socket: Socket
  need: number
  /** An opening of a lab that was stored before stacks kept them, to be begun anew. */
  again?: Json
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

export class DnsQuery implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: QueryArgs
  private readonly state: State
  private socket: UdpSocket | undefined

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as QueryArgs
    this.state = state
      ? { ...(state as unknown as State) }
      : { id: 0, port: 0, attempt: 0, sentAt: 0, dueAt: null, server: 0, socket: 0, need: 0 }
    if (state && this.state.socket === 0 && !this.args.tcp) this.socket = this.bind()
  }

  start(): void {
    const { host, args, state } = this
    const server = args.server === null ? host.dns.servers()[0] : parseAddress(args.server)
    if (server === undefined) return this.end({ kind: 'no-server' }, 1)
    state.server = storeIp(server)
    state.id = host.stack.random.below(0x10000)
    state.sentAt = host.now
    if (args.tcp) return this.open()
    state.port = host.stack.takePort()
    this.socket = this.bind()
    this.ask()
  }

  private bind(): UdpSocket | undefined {
    const { stack, owner } = this.host
    return bindUdp(stack, owner, { port: this.state.port, localIp: typeof this.state.server === 'number' ? 0 : 0n })
  }

  /** RFC 7766: the same question over a connection. */
  private open(): void {
    const { host, state, args } = this
    const socket = host.stack.tcp.connect(host.owner, loadIp(state.server), dns.PORT)
    if (typeof socket !== 'number') return this.end({ kind: 'failed', reason: socket }, 1)
    state.socket = socket
    state.attempt++
    state.sentAt = host.now
    // A connection that nobody answers tells so itself; an answer that never comes does not.
    state.dueAt = null
    const query = dns.query(state.id, { name: args.name, type: args.type, recursionDesired: args.recursionDesired })
    host.stack.tcp.send(socket, framed(dns.encode(query)))
    host.touch()
  }

  streamEvent(socket: Socket, event: StreamEvent, error?: StreamError): void {
    const { state, host, args } = this
    if (socket !== state.socket) return
    if (event === 'connected') {
      state.dueAt = storeTime(host.now + args.timeoutMs * MILLISECOND)
      host.touch()
    } else if (event === 'failed') this.failed(error)
    else if (event === 'readable') {
      const { need, message, bad } = nextMessage(host.stack.tcp, socket, state.need)
      state.need = need
      if (message !== undefined) this.answered(message, true)
      else if (bad) this.end({ kind: 'failed', reason: 'the connection was closed without an answer' }, 1)
    }
  }

  private failed(error: StreamError | undefined): void {
    const server = formatAddress(loadIp(this.state.server))
    if (error === 'refused') this.end({ kind: 'refused', server }, 1)
    else if (error === 'timeout') {
      this.host.emit({ kind: 'timeout', server, attempt: this.state.attempt })
      this.end(null, 1)
    } else
      this.end(
        { kind: 'failed', reason: typeof error === 'object' ? `${error.kind} unreachable` : 'the connection was reset' },
        1,
      )
  }

  private ask(): void {
    const { host, args, state } = this
    state.attempt++
    state.sentAt = host.now
    state.dueAt = storeTime(host.now + args.timeoutMs * MILLISECOND)
    const query = dns.query(state.id, { name: args.name, type: args.type, recursionDesired: args.recursionDesired })
    const sent = this.socket ? sendUdp(host.stack, this.socket, loadIp(state.server), dns.PORT, dns.encode(query)) : 'no-route'
    if (typeof sent === 'string') return this.end({ kind: 'failed', reason: sent }, 1)
    host.touch()
  }

  datagram(_socket: UdpSocket, { src, srcPort, payload }: Datagram): void {
    if (storeIp(src) === this.state.server && srcPort === dns.PORT) this.answered(payload, false)
  }

  private answered(payload: Uint8Array, tcp: boolean): void {
    const { state, host, args } = this
    const answer = dns.parse(payload, 0, payload.length)
    if (typeof answer === 'string' || !answer.response || answer.id !== state.id) {
      if (tcp) this.end({ kind: 'failed', reason: 'the answer makes no sense' }, 1)
      return
    }
    if (answer.truncated && !tcp && !args.ignoreTruncation) {
      host.emit({ kind: 'truncated', server: formatAddress(loadIp(state.server)) })
      this.release()
      return this.open()
    }
    const question = answer.questions[0]
    this.end(
      {
        kind: 'answer',
        server: formatAddress(loadIp(state.server)),
        tcp,
        micros: host.now - state.sentAt,
        bytes: payload.length,
        rcode: RCODES[answer.rcode] ?? `RCODE${answer.rcode}`,
        flags: { aa: answer.authoritative, tc: answer.truncated, rd: answer.recursionDesired, ra: answer.recursionAvailable },
        id: answer.id,
        question: { name: question?.name ?? args.name, type: question?.type ?? args.type },
        answers: answer.answers.map(recordView),
        authorities: answer.authorities.map(recordView),
        additionals: answer.additionals.map(recordView),
      },
      0,
    )
  }

  private release(): void {
    if (this.socket) closeUdp(this.host.stack, this.socket)
    this.socket = undefined
  }

  sendError(_socket: UdpSocket, _dst: IpAddress, _port: number, error: SendError): void {
    const server = formatAddress(loadIp(this.state.server))
    this.end(error.kind === 'port' ? { kind: 'refused', server } : { kind: 'failed', reason: `${error.kind} unreachable` }, 1)
  }

  private end(event: Json, code: number): void {
    if (event !== null) this.host.emit(event)
    this.host.emit({ kind: 'finished' })
    this.host.exit(code)
  }

  pollAt(): Micros {
    return this.state.again ? this.host.now : loadTime(this.state.dueAt)
  }

  poll(): void {
    const { state, args, host } = this
    if (state.again) {
      state.again = null
      return this.open()
    }
    host.emit({ kind: 'timeout', server: formatAddress(loadIp(state.server)), attempt: state.attempt })
    if (state.socket === 0 && state.attempt < args.tries) this.ask()
    else this.end(null, 1)
  }

  interrupt(): void {
    this.host.exit(130)
  }

  close(): void {
    this.release()
  }

  save(): Json {
    return { ...this.state } as unknown as Json
  }
}
