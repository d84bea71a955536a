// The way to a host, hop by hop: probes with a rising time to live, and who says that it ran out (RFC 792, RFC 1393 idea).
import type { SendError, UdpSocket } from '../../ip/hooks.ts'
import { bindUdp, closeUdp, sendUdp } from '../../ip/udp.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { formatAddress, type IpAddress, loadIp, type StoredIp, storeIp } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'
import { echoesOf, sendEchoTo } from './echo.ts'
import { beginTarget, type Family, nameFrom, reverseName, started, type Target, targetFrom } from './target.ts'

export type TraceArgs = {
  /** UDP probes as large as this link carries, not to be cut: who cannot pass one on tells what it can (tracepath). */
  readonly mtu?: number
  readonly host: string
  readonly maxHops: number
  /** 1 when left out. */
  readonly firstHop?: number
  /** Where probes by UDP go first. */
  readonly port?: number
  readonly probes: number
  readonly timeoutMs: number
  readonly method: 'icmp' | 'udp'
  readonly resolveReverse: boolean
  readonly family?: Family
}

type Answer = { from: StoredIp; micros: number; code: string }
type State = {
  phase: 'resolving' | 'probing' | 'naming'
  address: StoredIp
  scope?: number
  canonical: string
  hop: number
  attempt: number
  key: number
  port: number
  mtu?: number
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
          hop: this.args.firstHop ?? 1,
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
    const target = beginTarget(this.host, this.args.host, this.args.family)
    if (target) this.begin(target)
  }

  resolved(token: number, result: LookupResult): void {
    if (this.state.phase === 'resolving' && token === 0) {
      const target = targetFrom(this.host, this.args.host, result)
      if (target) this.begin(target)
    } else if (this.state.phase === 'naming' && token === this.state.hop) this.report(nameFrom(result))
  }

  private begin(target: Target): void {
    this.state.address = storeIp(target.address)
    this.state.scope = target.scope
    this.state.canonical = target.canonical
    this.state.phase = 'probing'
    this.state.port = this.args.method === 'udp' ? this.host.stack.takePort() : 1 + this.host.stack.random.below(0xfffe)
    this.bind()
    started(this.host, target)
    this.probe()
  }

  private bind(): void {
    const { stack, owner } = this.host
    const address = loadIp(this.state.address)
    if (this.args.method === 'icmp') echoesOf(stack, address).set(this.state.port, owner)
    else this.socket = bindUdp(stack, owner, { port: this.state.port, localIp: typeof address === 'number' ? 0 : 0n })
  }

  /** The port that the probe under way goes to. */
  private get probed(): number {
    return ((this.args.port ?? FIRST_PORT) + this.state.key - 1) & 0xffff
  }

  private probe(): void {
    const { state, args, host } = this
    state.key++
    state.sentAt = host.now
    state.dueAt = storeTime(host.now + args.timeoutMs * MILLISECOND)
    const to = loadIp(state.address)
    const via = state.scope ? host.stack.interfaces.get(state.scope) : undefined
    const sent =
      args.method === 'icmp'
        ? sendEchoTo(host.stack, to, state.port, state.key, new Uint8Array(64), {
            ttl: state.hop,
            ...(state.scope ? { scope: state.scope } : {}),
          })
        : this.socket
          ? sendUdp(host.stack, this.socket, to, this.probed, new Uint8Array(this.octets(to)), {
              ttl: state.hop,
              via,
              ...(args.mtu === undefined ? {} : { dontFragment: true }),
            })
          : 'no-route'
    if (typeof sent === 'string') this.answer(0, '', host.now)
    host.touch()
  }

  /** What fits a packet of the path's size behind its headers; classic probes have 32. */
  private octets(to: IpAddress): number {
    const mtu = this.state.mtu ?? this.args.mtu
    return mtu === undefined ? 32 : Math.max(0, mtu - (typeof to === 'number' ? 28 : 48))
  }

  pollAt(): Micros {
    return this.state.phase === 'probing' ? loadTime(this.state.dueAt) : NEVER
  }

  poll(): void {
    this.settle(null)
  }

  echoReply(from: IpAddress, _ident: number, sequence: number): void {
    if (sequence === this.state.key) this.answer(from, 'reached', this.host.now)
  }

  echoError(_ident: number, sequence: number, _dst: IpAddress, error: SendError): void {
    if (sequence === this.state.key) this.answer(error.from, error.kind, this.host.now)
  }

  sendError(_socket: UdpSocket, _dst: IpAddress, dstPort: number, error: SendError): void {
    if (dstPort !== this.probed) return
    if (
      error.kind === 'fragmentation' &&
      this.args.mtu !== undefined &&
      error.mtu > 0 &&
      error.mtu < (this.state.mtu ?? this.args.mtu)
    ) {
      this.state.mtu = error.mtu
      this.host.emit({ kind: 'pmtu', hop: this.state.hop, mtu: error.mtu })
      return this.probe()
    }
    this.answer(
      error.from,
      error.kind === 'port' && storeIp(error.from) === this.state.address ? 'reached' : error.kind,
      this.host.now,
    )
  }

  private answer(from: IpAddress, code: string, now: Micros): void {
    if (this.state.phase !== 'probing') return
    this.settle({ from: storeIp(from), micros: now - this.state.sentAt, code })
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
    this.host.dns.lookup(reverseName(loadIp(from)), 'PTR', this.host.owner, state.hop)
    this.host.touch()
  }

  private report(name: string): void {
    const { state, args, host } = this
    state.answers.forEach((answer, attempt) => {
      const from = answer === null ? null : formatAddress(loadIp(answer.from))
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
    const echoes = echoesOf(this.host.stack, loadIp(this.state.address))
    if (echoes.get(this.state.port) === this.host.owner) echoes.delete(this.state.port)
  }

  save(): Json {
    return this.state as unknown as Json
  }
}
