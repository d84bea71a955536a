// The way to a host, hop by hop: probes with a rising time to live, and who says that it ran out (RFC 792, RFC 1393 idea).
import type { SendError, UdpSocket } from '../../ip/hooks.ts'
import { sendEcho } from '../../ip/icmp.ts'
import { bindUdp, closeUdp, sendUdp } from '../../ip/udp.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { formatIp } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'
import { beginTarget, nameFrom, reverseName, started, targetFrom } from './target.ts'

export type TraceArgs = {
  readonly host: string
  readonly maxHops: number
  readonly probes: number
  readonly timeoutMs: number
  readonly method: 'icmp' | 'udp'
  readonly resolveReverse: boolean
}

type Answer = { from: number; micros: number; code: string }
type State = {
  phase: 'resolving' | 'probing' | 'naming'
  address: number
  canonical: string
  hop: number
  attempt: number
  key: number
  port: number
  sentAt: Micros
  dueAt: number | null
  answers: (Answer | null)[]
  reached: boolean
}

/** Where traceroute's UDP probes begin (traceroute(8)). */
const FIRST_PORT = 33434

export class Trace implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: TraceArgs
  private readonly state: State
  private socket: UdpSocket | undefined

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as TraceArgs
    this.state = state
      ? { ...(state as unknown as State), answers: [...(state as unknown as State).answers] }
      : {
          phase: 'resolving',
          address: 0,
          canonical: '',
          hop: 1,
          attempt: 0,
          key: 0,
          port: 0,
          sentAt: 0,
          dueAt: null,
          answers: [],
          reached: false,
        }
    if (state && this.state.phase !== 'resolving') this.bind()
  }

  start(): void {
    const target = beginTarget(this.host, this.args.host)
    if (target) this.begin(target.address, '')
  }

  resolved(token: number, result: LookupResult): void {
    if (this.state.phase === 'resolving' && token === 0) {
      const target = targetFrom(this.host, this.args.host, result)
      if (target) this.begin(target.address, target.canonical)
    } else if (this.state.phase === 'naming' && token === this.state.hop) this.report(nameFrom(result))
  }

  private begin(address: number, canonical: string): void {
    this.state.address = address
    this.state.canonical = canonical
    this.state.phase = 'probing'
    this.state.port = this.args.method === 'udp' ? this.host.stack.takePort() : 1 + this.host.stack.random.below(0xfffe)
    this.bind()
    started(this.host, { address, name: this.args.host, canonical })
    this.probe()
  }

  private bind(): void {
    if (this.args.method === 'icmp') this.host.stack.echoes.set(this.state.port, this.host.owner)
    else this.socket = bindUdp(this.host.stack, this.host.owner, { port: this.state.port })
  }

  private probe(): void {
    const { state, args, host } = this
    state.key++
    state.sentAt = host.now
    state.dueAt = storeTime(host.now + args.timeoutMs * MILLISECOND)
    const sent =
      args.method === 'icmp'
        ? sendEcho(host.stack, state.address, state.port, state.key, new Uint8Array(64), { ttl: state.hop })
        : this.socket
          ? sendUdp(host.stack, this.socket, state.address, FIRST_PORT + state.key - 1, new Uint8Array(32), { ttl: state.hop })
          : 'no-route'
    if (typeof sent === 'string') this.answer(0, '', host.now)
    host.touch()
  }

  pollAt(): Micros {
    return this.state.phase === 'probing' ? loadTime(this.state.dueAt) : NEVER
  }

  poll(): void {
    this.settle(null)
  }

  echoReply(from: number, _ident: number, sequence: number): void {
    if (sequence === this.state.key) this.answer(from, 'reached', this.host.now)
  }

  echoError(_ident: number, sequence: number, _dst: number, error: SendError): void {
    if (sequence === this.state.key) this.answer(error.from, error.kind, this.host.now)
  }

  sendError(_socket: UdpSocket, _dst: number, dstPort: number, error: SendError): void {
    if (dstPort !== FIRST_PORT + this.state.key - 1) return
    this.answer(error.from, error.kind === 'port' && error.from === this.state.address ? 'reached' : error.kind, this.host.now)
  }

  private answer(from: number, code: string, now: Micros): void {
    if (this.state.phase !== 'probing') return
    this.settle({ from, micros: now - this.state.sentAt, code })
  }

  private settle(answer: Answer | null): void {
    const { state, args } = this
    state.answers.push(answer)
    state.attempt++
    if (answer && answer.code !== 'ttl' && answer.code !== '') state.reached = true
    if (state.attempt < args.probes) return this.probe()
    const from = state.answers.find((a) => a !== null)?.from
    if (from === undefined || from === 0 || !args.resolveReverse) return this.report('')
    state.phase = 'naming'
    state.dueAt = null
    this.host.dns.lookup(reverseName(from), 'PTR', this.host.owner, state.hop)
    this.host.touch()
  }

  private report(name: string): void {
    const { state, args, host } = this
    state.answers.forEach((answer, attempt) => {
      const from = answer === null ? null : formatIp(answer.from)
      const code = answer !== null && answer.code !== 'ttl' && answer.code !== 'reached' ? { code: answer.code } : {}
      host.emit({ kind: 'probe', hop: state.hop, attempt: attempt + 1, from, name, micros: answer?.micros ?? 0, ...code })
    })
    host.emit({ kind: 'hop', hop: state.hop, reached: state.reached })
    if (state.reached || state.hop >= args.maxHops) return this.finish()
    state.phase = 'probing'
    state.hop++
    state.attempt = 0
    state.answers = []
    this.probe()
  }

  private finish(): void {
    this.host.emit({ kind: 'finished', reached: this.state.reached })
    this.host.exit(0)
  }

  interrupt(): void {
    this.finish()
  }

  close(): void {
    if (this.socket) closeUdp(this.host.stack, this.socket)
    if (this.host.stack.echoes.get(this.state.port) === this.host.owner) this.host.stack.echoes.delete(this.state.port)
  }

  save(): Json {
    return this.state as unknown as Json
  }
}
