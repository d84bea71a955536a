// One question to one server, without cache, hosts file or suffixes: what nslookup and dig do.
import type { ConnectOwner, Datagram, SendError, UdpSocket } from '../../ip/hooks.ts'
import { connectTcp } from '../../ip/tcp/connect.ts'
import { bindUdp, closeUdp, sendUdp } from '../../ip/udp.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, storeTime } from '../../sim/time.ts'
import { formatAddress, type IpAddress, loadIp, parseAddress, type StoredIp, storeIp } from '../../wire/addresses.ts'
import * as dns from '../../wire/dns.ts'
import type { ProcessHost, Program } from '../program.ts'
import { recordView } from './record-view.ts'
import { loadConnect, type StoredConnect, storeConnect } from './tcp-connect.ts'

export type QueryArgs = {
  readonly name: string
  readonly type: string
  readonly server: string | null
  readonly tcp: boolean
  readonly recursionDesired: boolean
  readonly timeoutMs: number
  readonly tries: number
  readonly edns?: boolean
}

type State = {
  id: number
  port: number
  attempt: number
  sentAt: Micros
  dueAt: number | null
  server: StoredIp
  connect: StoredConnect | null
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
      : { id: 0, port: 0, attempt: 0, sentAt: 0, dueAt: null, server: 0, connect: null }
    if (state && !this.args.tcp) this.socket = this.bind()
    if (state) loadConnect(host, this.state.connect)
  }

  start(): void {
    const { host, args, state } = this
    const server = args.server === null ? host.dns.servers()[0] : parseAddress(args.server)
    if (server === undefined) return this.end({ kind: 'no-server' }, 1)
    state.server = storeIp(server)
    state.id = host.stack.random.below(0x10000)
    state.sentAt = host.now
    if (args.tcp) {
      const port = typeof server === 'number' ? connectTcp(host.stack, host.owner, server, dns.PORT) : 'no-route'
      if (typeof port !== 'number') return this.end({ kind: 'failed', reason: port }, 1)
      state.port = port
      return
    }
    state.port = host.stack.takePort()
    this.socket = this.bind()
    this.ask()
  }

  private bind(): UdpSocket | undefined {
    const { stack, owner } = this.host
    return bindUdp(stack, owner, { port: this.state.port, localIp: typeof this.state.server === 'number' ? 0 : 0n })
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
    const { state, host } = this
    if (storeIp(src) !== state.server || srcPort !== dns.PORT) return
    const answer = dns.parse(payload, 0, payload.length)
    if (typeof answer === 'string' || !answer.response || answer.id !== state.id) return
    const question = answer.questions[0]
    this.end(
      {
        kind: 'answer',
        server: formatAddress(src),
        tcp: false,
        micros: host.now - state.sentAt,
        bytes: payload.length,
        rcode: RCODES[answer.rcode] ?? `RCODE${answer.rcode}`,
        flags: { aa: answer.authoritative, tc: answer.truncated, rd: answer.recursionDesired, ra: answer.recursionAvailable },
        id: answer.id,
        question: { name: question?.name ?? this.args.name, type: question?.type ?? this.args.type },
        answers: answer.answers.map(recordView),
        authorities: answer.authorities.map(recordView),
        additionals: answer.additionals.map(recordView),
      },
      0,
    )
  }

  sendError(_socket: UdpSocket, _dst: IpAddress, _port: number, error: SendError): void {
    const server = formatAddress(loadIp(this.state.server))
    this.end(error.kind === 'port' ? { kind: 'refused', server } : { kind: 'failed', reason: `${error.kind} unreachable` }, 1)
  }

  connectSettled(_localPort: number, outcome: Parameters<ConnectOwner['connectSettled']>[1]): void {
    const server = formatAddress(loadIp(this.state.server))
    if (outcome === 'refused') this.end({ kind: 'refused', server }, 1)
    else if (outcome === 'timeout') {
      this.host.emit({ kind: 'timeout', server, attempt: 1 })
      this.end(null, 1)
    } else
      this.end(
        { kind: 'failed', reason: outcome === 'connected' ? 'DNS over TCP is not simulated yet' : `${outcome.kind} unreachable` },
        1,
      )
  }

  private end(event: Json, code: number): void {
    if (event !== null) this.host.emit(event)
    this.host.emit({ kind: 'finished' })
    this.host.exit(code)
  }

  pollAt(): Micros {
    return loadTime(this.state.dueAt)
  }

  poll(): void {
    const { state, args, host } = this
    host.emit({ kind: 'timeout', server: formatAddress(loadIp(state.server)), attempt: state.attempt })
    if (state.attempt < args.tries) this.ask()
    else this.end(null, 1)
  }

  interrupt(): void {
    this.host.exit(130)
  }

  close(): void {
    if (this.socket) closeUdp(this.host.stack, this.socket)
    const connect = this.host.stack.connects.get(this.state.port)
    if (connect?.owner === this.host.owner) this.host.stack.connects.delete(this.state.port)
  }

  save(): Json {
    return {
      ...this.state,
      connect: storeConnect(this.args.tcp ? this.host.stack.connects.get(this.state.port) : undefined),
    } as unknown as Json
  }
}
