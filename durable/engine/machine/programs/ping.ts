// Echo requests and what becomes of them (RFC 792). Windows sends the next request one second after an answer or at once
// after a time-out; Linux keeps its interval whatever happens.
import type { SendError } from '../../ip/hooks.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, SECOND, storeTime } from '../../sim/time.ts'
import { type IpAddress, loadIp, parseAddress, type StoredIp, storeIp } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'
import { echoesOf, isOwn, sendEchoTo } from './echo.ts'
import { beginTarget, type Family, nameFrom, reverseName, scopedText, started, type Target, targetFrom } from './target.ts'

export type PingArgs = {
  readonly host: string
  readonly count: number | null
  readonly size: number
  readonly ttl?: number
  readonly timeoutMs: number
  readonly intervalMs: number
  readonly dontFragment?: boolean
  readonly source?: string
  readonly family?: Family
  /** Interface to send by, 0 = whichever leads there. */
  readonly interface?: number
  readonly resolveReverse?: boolean
  /** Says so when the next request goes out and the last was not answered. */
  readonly reportLate?: boolean
  readonly dialect: 'windows' | 'linux'
}

type State = {
  phase: 'resolving' | 'running' | 'lingering'
  address: StoredIp
  /** Interface of a link-local address, 0 = none. */
  scope?: number
  canonical: string
  ident: number
  sequence: number
  /** Requests without an answer: sequence and when they were sent. */
  open: [number, Micros][]
  received: number
  errors: number
  slowest: number
  trips: Trips
  startedAt: Micros
  nextAt: number | null
  /** By the place in `asked`, counted from 1. */
  names: [number, string][]
  asked: StoredIp[]
}

/** Round trips of all answers, in microseconds; `wholeMs` adds what is left of each without its fraction of a millisecond. */
export type Trips = {
  readonly count: number
  readonly least: number
  readonly most: number
  readonly sum: number
  readonly squares: number
  readonly wholeMs: number
}

export const NO_TRIPS: Trips = { count: 0, least: 0, most: 0, sum: 0, squares: 0, wholeMs: 0 }

export const withTrip = ({ count, least, most, sum, squares, wholeMs }: Trips, micros: Micros): Trips => ({
  count: count + 1,
  least: count === 0 ? micros : Math.min(least, micros),
  most: Math.max(most, micros),
  sum: sum + micros,
  squares: squares + micros * micros,
  wholeMs: wholeMs + Math.floor(micros / MILLISECOND),
})

/** iputils waits this long for the last answers when none came at all. */
const LINGER = 10 * SECOND
const ADDRESS_TOKEN = 0

export class Ping implements Program {
  readonly unbounded: boolean
  private readonly host: ProcessHost
  private readonly args: PingArgs
  private readonly state: State

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as PingArgs
    this.unbounded = this.args.count === null
    this.state = state
      ? structured(state)
      : {
          phase: 'resolving',
          address: 0,
          canonical: '',
          ident: 0,
          sequence: 0,
          open: [],
          received: 0,
          errors: 0,
          slowest: 0,
          trips: NO_TRIPS,
          startedAt: 0,
          nextAt: null,
          names: [],
          asked: [],
        }
    if (state && this.state.ident !== 0) echoesOf(host.stack, loadIp(this.state.address)).set(this.state.ident, host.owner)
  }

  start(): void {
    const target = beginTarget(this.host, this.args.host, this.args.family)
    if (target) this.begin(target)
  }

  resolved(token: number, result: LookupResult): void {
    if (token !== ADDRESS_TOKEN) {
      this.state.names.push([token, nameFrom(result)])
      return
    }
    const target = targetFrom(this.host, this.args.host, result)
    if (target) this.begin(target)
  }

  private begin(target: Target): void {
    const { state, host } = this
    state.address = storeIp(target.address)
    state.scope = target.scope || (this.args.interface ?? 0)
    state.canonical = target.canonical
    state.phase = 'running'
    state.startedAt = host.now
    state.nextAt = host.now
    state.ident = host.stack.profile.echoIdent || 1 + host.stack.random.below(0xfffe)
    const echoes = echoesOf(host.stack, target.address)
    while (echoes.has(state.ident) || host.stack.translator?.holds(state.ident)) state.ident = (state.ident % 0xffff) + 1
    echoes.set(state.ident, host.owner)
    started(host, { ...target, scope: state.scope })
    host.touch()
  }

  pollAt(): Micros {
    const { state } = this
    if (state.phase === 'resolving') return NEVER
    let at = loadTime(state.nextAt)
    if (this.args.dialect === 'windows') {
      for (const [, sentAt] of state.open) at = Math.min(at, sentAt + this.args.timeoutMs * MILLISECOND)
    }
    return at
  }

  poll(now: Micros): void {
    const { state, args } = this
    if (args.dialect === 'windows') {
      const late = state.open.find(([, sentAt]) => sentAt + args.timeoutMs * MILLISECOND <= now)
      if (late) {
        this.settle(late[0])
        this.host.emit({ kind: 'timeout', sequence: late[0] })
        this.proceed(now)
      }
    }
    if (loadTime(state.nextAt) > now) return
    if (state.phase === 'lingering') return this.finish()
    this.send(now)
  }

  private send(now: Micros): void {
    const { state, args, host } = this
    if (args.count !== null && state.sequence >= args.count) return this.finish()
    state.sequence++
    const sequence = state.sequence
    state.nextAt = null
    if (args.reportLate && state.open.some(([open]) => open === sequence - 1)) host.emit({ kind: 'late', sequence: sequence - 1 })
    state.open.push([sequence, now])
    const options = {
      ...(args.ttl === undefined ? {} : { ttl: args.ttl }),
      ...(args.dontFragment ? { dontFragment: true } : {}),
      ...this.source(),
      ...(state.scope ? { scope: state.scope } : {}),
    }
    const sent = sendEchoTo(
      host.stack,
      loadIp(state.address),
      state.ident,
      sequence & 0xffff,
      payload(args.size, args.dialect),
      options,
    )
    if (typeof sent === 'string') {
      this.settle(sequence)
      // Windows counts what other machines complained about as received, what never left as lost.
      if (args.dialect === 'linux') state.errors++
      host.emit({ kind: 'failed', sequence, reason: sent })
      if (args.dialect === 'linux' && sent !== 'too-big') return this.finish()
    }
    if (args.dialect === 'linux') this.pace(now)
    else if (typeof sent === 'string') this.proceed(now)
    host.touch()
  }

  private source(): { source?: IpAddress } {
    const source = this.args.source === undefined ? undefined : parseAddress(this.args.source.replace(/%.*$/, ''))
    return source === undefined ? {} : { source }
  }

  /** Linux: the next request in its interval; after the last one, wait for the answers that are still out. */
  private pace(now: Micros): void {
    const { state, args } = this
    if (args.count === null || state.sequence < args.count) {
      state.nextAt = storeTime(now + args.intervalMs * MILLISECOND)
    } else {
      state.phase = 'lingering'
      const wait =
        args.timeoutMs > 0 ? args.timeoutMs * MILLISECOND : state.received > 0 ? Math.max(2 * state.slowest, SECOND) : LINGER
      state.nextAt = storeTime(now + wait)
    }
  }

  /** Windows: one request at a time. */
  private proceed(now: Micros): void {
    const { state, args } = this
    if (args.count !== null && state.sequence >= args.count) return this.finish()
    state.nextAt = storeTime(Math.max(now, state.startedAt + state.sequence * args.intervalMs * MILLISECOND))
    this.host.touch()
  }

  /** When the answered request was sent, or undefined when none is open under this number. */
  private settle(sequence: number): Micros | undefined {
    const found = this.state.open.findIndex(([s]) => (s & 0xffff) === (sequence & 0xffff))
    return found < 0 ? undefined : (this.state.open.splice(found, 1)[0] as [number, Micros])[1]
  }

  echoReply(from: IpAddress, _ident: number, sequence: number, bytes: number, ttl: number): void {
    const sentAt = this.settle(sequence)
    if (sentAt === undefined) return
    const micros = this.host.now - sentAt
    this.state.received++
    this.state.slowest = Math.max(this.state.slowest, micros)
    this.state.trips = withTrip(this.state.trips, micros)
    this.host.emit({
      kind: 'reply',
      from: scopedText(this.host, from, this.state.scope ?? 0),
      fromName: this.nameOf(from),
      sequence,
      bytes,
      ttl,
      micros,
    })
    this.answered()
  }

  echoError(_ident: number, sequence: number, _dst: IpAddress, error: SendError): void {
    if (this.settle(sequence) === undefined) return
    this.state.errors++
    const local = isOwn(this.host.stack, error.from)
    const code = error.kind === 'prohibited' ? 'net' : error.kind
    this.host.emit({
      kind: 'unreachable',
      from: scopedText(this.host, error.from, this.state.scope ?? 0),
      sequence,
      code,
      local,
      ...(error.mtu ? { mtu: error.mtu } : {}),
    })
    this.answered()
  }

  private answered(): void {
    const { state, args, host } = this
    if (args.dialect === 'windows') return this.proceed(host.now)
    if (state.phase === 'lingering' && state.open.length === 0) this.finish()
  }

  /** The name behind an address, asked for once; known from the second answer on, as the answer comes later. */
  private nameOf(address: IpAddress): string {
    const ip = storeIp(address)
    if (ip === this.state.address && this.state.canonical !== '') return this.state.canonical
    if (!this.args.resolveReverse) return ''
    const token = this.state.asked.indexOf(ip) + 1
    const known = token === 0 ? undefined : this.state.names.find(([asked]) => asked === token)
    if (known) return known[1]
    if (token === 0) {
      this.state.asked.push(ip)
      this.host.dns.lookup(reverseName(address), 'PTR', this.host.owner, this.state.asked.length)
    }
    return ''
  }

  private finish(): void {
    const { state, host } = this
    host.emit({
      kind: 'finished',
      sent: state.sequence,
      received: state.received,
      errors: state.errors,
      trips: state.trips,
      micros: host.now - state.startedAt,
    })
    host.exit(state.received > 0 ? 0 : 1)
  }

  interrupt(): void {
    if (this.state.phase === 'resolving') this.host.exit(1)
    else this.finish()
  }

  close(): void {
    const echoes = echoesOf(this.host.stack, loadIp(this.state.address))
    if (echoes.get(this.state.ident) === this.host.owner) echoes.delete(this.state.ident)
  }

  save(): Json {
    return this.state as unknown as Json
  }
}

const structured = (state: Json): State => {
  const s = state as unknown as State
  // Rows of before have no sum of their trips.
  return {
    ...s,
    trips: s.trips ?? NO_TRIPS,
    open: s.open.map(([a, b]) => [a, b]),
    names: s.names.map(([a, b]) => [a, b]),
    asked: [...s.asked],
  }
}

/** Windows fills with the alphabet up to w; Linux with a time stamp (here zeros) and counting octets. */
function payload(size: number, dialect: 'windows' | 'linux'): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = dialect === 'windows' ? 97 + (i % 23) : i < 16 ? 0 : i & 255
  return bytes
}
