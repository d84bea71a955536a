// The operating system's resolver: own names, hosts file, cache, then servers with suffixes (fact sheet 4.4).
import type { Datagram, DatagramOwner, SendError, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import { isGlobal } from '../ip/v6/select-source.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatAddress, type IpAddress, loadIp, type StoredIp, storeIp } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import type { DnsCacheRow, StoredClientCache } from './dns-client-cache.ts'
import { canonicalOf, DnsKnown } from './dns-known.ts'
import { HOSTS_SECONDS, type HostsEntry, hostsRows } from './dns-local-names.ts'
import {
  type Lookup,
  type LookupResult,
  loadLookup,
  namesFor,
  type StoredLookup,
  scheduleOf,
  serversOf,
  storeLookup,
} from './dns-lookup.ts'
import { LookupSockets } from './dns-lookup-sockets.ts'
import { isPlain } from './dns-stored.ts'
import { type StoredQueries, StreamQueries } from './dns-stream.ts'
import type { LinkNames } from './link-names.ts'

export type { LookupResult } from './dns-lookup.ts'

export interface DnsRequester {
  readonly name: string
  resolved(token: number, result: LookupResult): void
}

export type DnsClientOptions = {
  /** Names of the link, where the machine asks for such. */
  readonly link?: LinkNames | undefined
  readonly dialect: 'windows' | 'linux'
  readonly ownNames: () => readonly string[]
  readonly hosts: () => readonly HostsEntry[]
  readonly suffixes: () => readonly string[]
  /** Best interface first. */
  readonly servers: () => readonly IpAddress[]
  /** Whom a name is asked of by policy, whatever the interfaces say; undefined: no rule is about it. */
  readonly policy?: (name: string) => readonly IpAddress[] | undefined
  /** Whether the service that keeps answers runs; absent: always. */
  readonly caches?: () => boolean
}

export type DnsClientState = {
  readonly random: number
  readonly lookups: readonly StoredLookup[]
  readonly cache: StoredClientCache
  /** Questions over TCP. */
  readonly queries?: StoredQueries
  /** Whom what is cached came from. */
  readonly servers: readonly StoredIp[]
}

/** How long an answer over TCP may take, the opening included. */
const STREAM_TIMEOUT = 5 * SECOND

export class DnsClient implements Part, DatagramOwner {
  readonly kind = 'dns-client'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly stack: Stack
  private readonly options: DnsClientOptions
  private readonly random: RandomStream
  private readonly known: DnsKnown
  private readonly queries: LookupSockets
  private lookups: Lookup[]
  private learnedFrom: readonly IpAddress[]
  /** Questions whose answer over UDP was cut, by the port that they were asked from. */
  private readonly streams: StreamQueries
  private readonly requesters = new Map<string, DnsRequester>()

  constructor(sim: Simulation, stack: Stack, options: DnsClientOptions, state?: DnsClientState) {
    this.sim = sim
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/dns-client`
    this.random = sim.random(this.name, state?.random ?? 0)
    this.known = new DnsKnown(stack, options)
    this.queries = new LookupSockets(stack, this, options.dialect)
    this.streams = new StreamQueries(
      stack,
      `${this.name}/queries`,
      (key, message) => this.streamAnswer(key, message),
      state?.queries,
    )
    this.lookups = state?.lookups.map(loadLookup) ?? []
    this.learnedFrom = state?.servers.map(loadIp) ?? []
    for (const lookup of this.lookups) if (lookup.port !== 0) this.queries.bind(lookup)
    if (state) this.known.cache.load(state.cache)
    if (options.link) options.link.asker = this
  }

  /** Servers to ask, best interface first. */
  servers(): readonly IpAddress[] {
    return this.options.servers()
  }

  /** The answer comes in an event of its own, never while this runs. */
  lookup(
    name: string,
    type: string,
    requester: DnsRequester,
    token: number,
    flags: { readonly noHosts?: boolean; readonly cacheOnly?: boolean; readonly linkOnly?: boolean; readonly pair?: number } = {},
  ): void {
    this.requesters.set(requester.name, requester)
    this.forgetOtherNetworks()
    const names = flags.linkOnly ? [] : namesFor(name, this.options.suffixes())
    const lookup: Lookup = {
      requester: requester.name,
      token,
      type,
      origin: this.sim.origin,
      names,
      at: 0,
      result: flags.linkOnly ? undefined : this.known.local(name, names, type, flags.noHosts ?? false),
      id: 0,
      port: 0,
      round: 0,
      begunAt: this.sim.now,
      due: this.sim.now,
      asked: [],
      failed: [],
      pair: flags.pair ?? 0,
      link: this.options.link?.nameFor(name) ?? '',
      onLink: false,
    }
    if (lookup.result === undefined && flags.cacheOnly)
      lookup.result = this.known.cachedAny(names, type) ?? { failure: 'not-found' }
    this.lookups.push(lookup)
    this.sim.touch(this)
  }

  /**
   * The addresses behind a name, of one family or of both: then two questions go out, and one answer comes when both are known.
   * Who has no IPv6 address that anybody beyond the link could answer does not ask for such addresses.
   */
  lookupAddresses(name: string, family: 4 | 6 | undefined, requester: DnsRequester, token: number): void {
    const both = family === undefined && hasGlobal(this.stack)
    if (!both) return this.lookup(name, family === 6 ? 'AAAA' : 'A', requester, token)
    const pair = 1 + Math.max(0, ...this.lookups.map((lookup) => lookup.pair))
    this.lookup(name, 'A', requester, token, { pair })
    this.lookup(name, 'AAAA', requester, token, { pair })
  }

  /** Both systems empty their cache when the network changes: other servers may know the same name as something else. */
  private forgetOtherNetworks(): void {
    const servers = this.options.servers()
    if (servers.length === this.learnedFrom.length && servers.every((ip, at) => ip === this.learnedFrom[at])) return
    this.learnedFrom = [...servers]
    this.known.cache.clear()
  }

  /** After a restore: the answers of lookups that were under way go to it. */
  reattach(requester: DnsRequester): void {
    this.requesters.set(requester.name, requester)
  }

  /** The requester has gone: nothing more is told to it. */
  cancel(requester: DnsRequester): void {
    for (const lookup of this.lookups.filter((l) => l.requester === requester.name)) this.end(lookup)
    this.requesters.delete(requester.name)
    this.sim.touch(this)
  }

  cacheView(): DnsCacheRow[] {
    const { dialect, hosts } = this.options
    const now = this.sim.now
    if (!this.known.keeps) return []
    const rows = this.known.cache.rows(now)
    return dialect === 'windows' ? [...hostsRows(hosts(), now + HOSTS_SECONDS * SECOND), ...rows] : rows
  }

  flush(): void {
    this.known.cache.clear()
    this.sim.touch(this)
  }

  /** The machine was switched off: nothing is remembered and nobody waits any more. */
  reset(): void {
    for (const lookup of [...this.lookups]) this.end(lookup)
    this.requesters.clear()
    this.streams.clear()
    this.flush()
  }

  // With servers

  private serversFor(lookup: Lookup): readonly IpAddress[] {
    return this.options.policy?.(lookup.names[lookup.at] ?? '') ?? this.options.servers()
  }

  private advance(lookup: Lookup): void {
    if (lookup.round === 0) {
      const known = this.nextName(lookup)
      if (known !== undefined) return this.settle(lookup, known)
    }
    const servers = this.serversFor(lookup)
    if (servers.length === 0) return this.settle(lookup, { failure: 'no-server' })
    const { rounds } = scheduleOf(this.options.dialect)
    if (lookup.round >= rounds.length - 1) return this.settle(lookup, { failure: 'timeout' })
    this.ask(lookup, servers)
  }

  /** Passes over names that the cache answers; undefined when a server must be asked for `names[at]`. */
  private nextName(lookup: Lookup): LookupResult | undefined {
    for (; lookup.at < lookup.names.length; lookup.at++) {
      const known = this.known.cached(lookup.names[lookup.at], lookup.type)
      if (known === undefined) return undefined
      if (!('failure' in known)) return known
    }
    return { failure: 'not-found' }
  }

  private ask(lookup: Lookup, servers: readonly IpAddress[]): void {
    const schedule = scheduleOf(this.options.dialect)
    if (lookup.round === 0) {
      lookup.begunAt = this.sim.now
      lookup.id = this.random.below(0x10000)
      lookup.port = this.stack.takePort()
      this.queries.bind(lookup)
    }
    const round = serversOf(schedule, lookup.round, servers, lookup.failed)
    lookup.round++
    lookup.due = lookup.begunAt + schedule.rounds[lookup.round]
    if (round.length === 0) return this.settle(lookup, { failure: 'timeout' })
    for (const server of round) this.queries.send(lookup, server)
    if (servers.every((server) => lookup.failed.includes(server))) this.settle(lookup, { failure: 'timeout' })
  }

  datagram(socket: UdpSocket, { src, srcPort, payload }: Datagram): void {
    const lookup = this.queries.of(socket)
    const answer = dns.parse(payload, 0, payload.length)
    if (typeof answer === 'string') return this.stack.drop('malformed', answer)
    const name = lookup?.names[lookup.at] ?? ''
    const [question] = answer.questions
    const fits = answer.response && srcPort === dns.PORT && answer.id === lookup?.id && lookup.asked.includes(src)
    if (lookup === undefined || !fits || question?.type !== lookup.type || !dns.sameName(question.name, name)) {
      return this.stack.drop('ignored', `DNS: ${formatAddress(src)} was not asked this`)
    }
    if (answer.truncated) return this.askStream(lookup, src)
    this.answered(lookup, answer, src)
  }

  /** RFC 7766 section 5: what was cut is asked for again over TCP, from the same server. */
  private askStream(lookup: Lookup, server: IpAddress): void {
    const query = dns.query(lookup.id, { name: lookup.names[lookup.at], type: lookup.type })
    if (!this.streams.ask(lookup.port, server, dns.encode(query), this.queries.shown)) return this.failed(lookup, server)
    lookup.due = Math.max(lookup.due, this.sim.now + STREAM_TIMEOUT)
    this.sim.touch(this)
  }

  private streamAnswer(port: number, message: Uint8Array | undefined): void {
    const lookup = this.lookups.find((one) => one.port === port)
    const server = lookup?.asked[0]
    if (lookup === undefined || server === undefined) return
    const answer = message === undefined ? undefined : dns.parse(message, 0, message.length)
    const fits = answer !== undefined && typeof answer !== 'string' && answer.response && answer.id === lookup.id
    if (fits) this.answered(lookup, answer, server)
    else this.failed(lookup, server)
  }

  private answered(lookup: Lookup, answer: dns.Dns, src: IpAddress): void {
    const name = lookup.names[lookup.at] as string
    if (answer.rcode !== dns.NOERROR && answer.rcode !== dns.NXDOMAIN) return this.failed(lookup, src)
    const records = answer.answers.filter(isPlain)
    const canonical = canonicalOf(records, name, lookup.type)
    if (answer.rcode === dns.NOERROR && records.some((r) => dns.sameName(r.name, canonical) && r.type !== 'CNAME')) {
      this.known.cache.put(name, lookup.type, records, this.sim.now)
      return this.settle(lookup, { source: 'dns', canonical, records })
    }
    const soa = answer.authorities.filter(isPlain).find((r) => r.type === 'SOA')
    this.known.cache.putMissing(name, lookup.type, soa, this.sim.now)
    this.release(lookup)
    Object.assign(lookup, { at: lookup.at + 1, round: 0, asked: [], failed: [], due: this.sim.now })
    this.sim.touch(this)
  }

  sendError(socket: UdpSocket, dst: IpAddress, _dstPort: number, _error: SendError): void {
    const lookup = this.queries.of(socket)
    if (lookup !== undefined) this.failed(lookup, dst)
  }

  /** SERVFAIL, REFUSED or an ICMP error: the next server is asked at once. */
  private failed(lookup: Lookup, server: IpAddress): void {
    if (!lookup.failed.includes(server)) lookup.failed.push(server)
    const servers = this.serversFor(lookup)
    const next = servers.find((other) => !lookup.failed.includes(other))
    if (next === undefined) this.settle(lookup, { failure: 'timeout' })
    else if (!lookup.asked.includes(next)) this.queries.send(lookup, next)
    this.sim.touch(this)
  }

  private release(lookup: Lookup): void {
    if (lookup.port !== 0) this.streams.cancel(lookup.port)
    this.queries.unbind(lookup)
  }

  private settle(lookup: Lookup, result: LookupResult): void {
    this.release(lookup)
    if ('failure' in result && lookup.link !== '' && !lookup.onLink) return this.askLink(lookup)
    lookup.result = result
    lookup.due = this.sim.now
    this.sim.touch(this)
  }

  /** No server knows it: perhaps somebody on the link does. */
  private askLink(lookup: Lookup): void {
    lookup.onLink = true
    const known = this.known.cached(lookup.link, lookup.type)
    if (known !== undefined) return this.settle(lookup, known)
    lookup.due = NEVER
    this.options.link?.ask(linkKey(lookup), lookup.link, lookup.type)
    this.sim.touch(this)
  }

  answeredOnLink(key: string, result: LookupResult | undefined): void {
    const lookup = this.lookups.find((l) => l.onLink && l.result === undefined && linkKey(l) === key)
    if (lookup === undefined) return
    if (result && !('failure' in result)) this.known.cache.put(lookup.link, lookup.type, result.records, this.sim.now)
    this.settle(lookup, result ?? { failure: 'not-found' })
  }

  private end(lookup: Lookup): void {
    this.release(lookup)
    if (lookup.onLink) this.options.link?.forget(linkKey(lookup))
    this.lookups = this.lookups.filter((l) => l !== lookup)
  }

  // Part

  pollAt(): Micros {
    let at = NEVER
    for (const lookup of this.lookups) if (lookup.due < at) at = lookup.due
    return at
  }

  transientAt(): Micros {
    return this.pollAt()
  }

  poll(now: Micros): void {
    if (!this.stack.powered) return this.reset()
    for (const lookup of [...this.lookups]) {
      if (lookup.due > now || !this.lookups.includes(lookup)) continue
      this.sim.origin = lookup.origin
      if (lookup.result === undefined) {
        this.advance(lookup)
        continue
      }
      const other = lookup.pair === 0 ? undefined : this.lookups.find((l) => l !== lookup && l.pair === lookup.pair)
      if (other !== undefined && other.result === undefined) {
        // The other question of the pair is still out: its end is what both wait for.
        lookup.due = NEVER
        continue
      }
      if (other !== undefined) this.end(other)
      this.end(lookup)
      const requester = this.requesters.get(lookup.requester)
      if (!this.lookups.some((l) => l.requester === lookup.requester)) this.requesters.delete(lookup.requester)
      requester?.resolved(lookup.token, other?.result === undefined ? lookup.result : bothOf(lookup, other.result))
    }
  }

  save(): DnsClientState & Json {
    return {
      random: this.random.counter,
      lookups: this.lookups.map(storeLookup),
      queries: this.streams.save(),
      cache: this.known.cache.save(this.sim.now),
      servers: this.learnedFrom.map(storeIp),
    }
  }
}

const linkKey = ({ requester, token, type }: Lookup): string => `${requester} ${token} ${type}`

/** An IPv6 address that is more than link-local. */
function hasGlobal(stack: Stack): boolean {
  for (const i6 of stack.ip6?.interfaces.values() ?? [])
    for (const address of i6.addresses) if (address.state === 'preferred' && isGlobal(address.ip)) return true
  return false
}

/** One answer of two, IPv4's records first. A name that has addresses of one family has addresses. */
function bothOf(lookup: Lookup, theirs: LookupResult): LookupResult {
  const mine = lookup.result as LookupResult
  const [a, b] = lookup.type === 'A' ? [mine, theirs] : [theirs, mine]
  if ('failure' in a) return 'failure' in b && a.failure !== 'not-found' ? a : b
  if ('failure' in b) return a
  return { ...(a.records.length > 0 ? a : b), records: [...a.records, ...b.records] }
}
