// The operating system's resolver: own names, hosts file, cache, then servers with suffixes (fact sheet 4.4).
import type { Datagram, DatagramOwner, SendError, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatIp, type Ip4 } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import { type DnsCacheRow, DnsClientCache, type StoredClientCache } from './dns-client-cache.ts'
import { endOf } from './dns-forwarder.ts'
import { HOSTS_SECONDS, type HostsEntry, hostsName, hostsRows, ownName } from './dns-local-names.ts'
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
import { isPlain } from './dns-stored.ts'

export type { LookupResult } from './dns-lookup.ts'

export interface DnsRequester {
  readonly name: string
  resolved(token: number, result: LookupResult): void
}

export type DnsClientOptions = {
  readonly dialect: 'windows' | 'linux'
  readonly ownNames: () => readonly string[]
  readonly hosts: () => readonly HostsEntry[]
  readonly suffixes: () => readonly string[]
  /** Best interface first. */
  readonly servers: () => readonly Ip4[]
}

export type DnsClientState = {
  readonly random: number
  readonly lookups: readonly StoredLookup[]
  readonly cache: StoredClientCache
}

export class DnsClient implements Part, DatagramOwner {
  readonly kind = 'dns-client'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly stack: Stack
  private readonly options: DnsClientOptions
  private readonly random: RandomStream
  private readonly cache = new DnsClientCache()
  private lookups: Lookup[]
  private readonly sockets = new Map<Lookup, UdpSocket>()
  private readonly requesters = new Map<string, DnsRequester>()

  constructor(sim: Simulation, stack: Stack, options: DnsClientOptions, state?: DnsClientState) {
    this.sim = sim
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/dns-client`
    this.random = sim.random(this.name, state?.random ?? 0)
    this.lookups = state?.lookups.map(loadLookup) ?? []
    for (const lookup of this.lookups) if (lookup.port !== 0) this.bind(lookup)
    if (state) this.cache.load(state.cache)
  }

  /** Servers to ask, best interface first. */
  servers(): readonly Ip4[] {
    return this.options.servers()
  }

  /** The answer comes in an event of its own, never while this runs. */
  lookup(
    name: string,
    type: string,
    requester: DnsRequester,
    token: number,
    flags: { readonly noHosts?: boolean; readonly cacheOnly?: boolean } = {},
  ): void {
    this.requesters.set(requester.name, requester)
    const names = namesFor(name, this.options.suffixes())
    const lookup: Lookup = {
      requester: requester.name,
      token,
      type,
      origin: this.sim.origin,
      names,
      at: 0,
      result: this.local(name, names, type, flags.noHosts ?? false),
      id: 0,
      port: 0,
      round: 0,
      begunAt: this.sim.now,
      due: this.sim.now,
      asked: [],
      failed: [],
    }
    if (lookup.result === undefined && flags.cacheOnly) lookup.result = this.cachedAny(lookup) ?? { failure: 'not-found' }
    this.lookups.push(lookup)
    this.sim.touch(this)
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
    const rows = this.cache.rows(now)
    return dialect === 'windows' ? [...hostsRows(hosts(), now + HOSTS_SECONDS * SECOND), ...rows] : rows
  }

  flush(): void {
    this.cache.clear()
    this.sim.touch(this)
  }

  /** The machine was switched off: nothing is remembered and nobody waits any more. */
  reset(): void {
    for (const lookup of [...this.lookups]) this.end(lookup)
    this.requesters.clear()
    this.flush()
  }

  // Without servers

  private local(name: string, names: readonly string[], type: string, noHosts: boolean): LookupResult | undefined {
    const own = ownName(this.stack, this.options.ownNames(), name, type)
    if (own !== undefined || noHosts) return own
    const entries = this.options.hosts()
    for (const candidate of [name, ...names]) {
      const found = hostsName(entries, candidate, type)
      if (found !== undefined) return found
    }
    return undefined
  }

  private cachedAny(lookup: Lookup): LookupResult | undefined {
    for (const name of lookup.names) {
      const found = this.cached(name, lookup.type)
      if (found !== undefined && !('failure' in found)) return found
    }
    return undefined
  }

  private cached(name: string, type: string): LookupResult | undefined {
    const known = this.cache.get(name, type, this.sim.now)
    if (known === undefined) return undefined
    if (known.records.length === 0) return { failure: 'not-found' }
    return { source: 'cache', canonical: canonicalOf(known.records, name, type), records: known.records }
  }

  // With servers

  private advance(lookup: Lookup): void {
    if (lookup.round === 0) {
      const known = this.nextName(lookup)
      if (known !== undefined) return this.settle(lookup, known)
    }
    const servers = this.options.servers()
    if (servers.length === 0) return this.settle(lookup, { failure: 'no-server' })
    const { rounds } = scheduleOf(this.options.dialect)
    if (lookup.round >= rounds.length - 1) return this.settle(lookup, { failure: 'timeout' })
    this.ask(lookup, servers)
  }

  /** Passes over names that the cache answers; undefined when a server must be asked for `names[at]`. */
  private nextName(lookup: Lookup): LookupResult | undefined {
    for (; lookup.at < lookup.names.length; lookup.at++) {
      const known = this.cached(lookup.names[lookup.at], lookup.type)
      if (known === undefined) return undefined
      if (!('failure' in known)) return known
    }
    return { failure: 'not-found' }
  }

  private ask(lookup: Lookup, servers: readonly Ip4[]): void {
    const schedule = scheduleOf(this.options.dialect)
    if (lookup.round === 0) {
      lookup.begunAt = this.sim.now
      lookup.id = this.random.below(0x10000)
      lookup.port = this.stack.takePort()
      this.bind(lookup)
    }
    const round = serversOf(schedule, lookup.round, servers, lookup.failed)
    lookup.round++
    lookup.due = lookup.begunAt + schedule.rounds[lookup.round]
    if (round.length === 0) return this.settle(lookup, { failure: 'timeout' })
    for (const server of round) this.send(lookup, server)
    if (servers.every((server) => lookup.failed.includes(server))) this.settle(lookup, { failure: 'timeout' })
  }

  private send(lookup: Lookup, server: Ip4): void {
    const socket = this.sockets.get(lookup)
    if (!lookup.asked.includes(server)) lookup.asked.push(server)
    const query = dns.encode(dns.query(lookup.id, { name: lookup.names[lookup.at], type: lookup.type }))
    const sent = socket === undefined ? 'no-route' : sendUdp(this.stack, socket, server, dns.PORT, query)
    if (typeof sent === 'string') lookup.failed.push(server)
  }

  private bind(lookup: Lookup): void {
    const shown =
      this.options.dialect === 'windows' ? { component: 'Dnscache', image: 'svchost.exe' } : { image: 'systemd-resolve' }
    const socket = bindUdp(this.stack, this, { port: lookup.port, ...shown })
    if (socket !== undefined) this.sockets.set(lookup, socket)
  }

  private unbind(lookup: Lookup): void {
    const socket = this.sockets.get(lookup)
    if (socket !== undefined) closeUdp(this.stack, socket)
    this.sockets.delete(lookup)
    lookup.port = 0
  }

  private of(socket: UdpSocket): Lookup | undefined {
    for (const [lookup, own] of this.sockets) if (own === socket) return lookup
    return undefined
  }

  datagram(socket: UdpSocket, { src, srcPort, payload }: Datagram): void {
    const lookup = this.of(socket)
    const answer = dns.parse(payload, 0, payload.length)
    if (typeof answer === 'string') return this.stack.drop('malformed', answer)
    const name = lookup?.names[lookup.at] ?? ''
    const [question] = answer.questions
    const fits = answer.response && srcPort === dns.PORT && answer.id === lookup?.id && lookup.asked.includes(src)
    if (lookup === undefined || !fits || question?.type !== lookup.type || !dns.sameName(question.name, name)) {
      return this.stack.drop('ignored', `DNS: ${formatIp(src)} was not asked this`)
    }
    this.sim.touch(this)
    if (answer.rcode !== dns.NOERROR && answer.rcode !== dns.NXDOMAIN) return this.failed(lookup, src)
    const records = answer.answers.filter(isPlain)
    const canonical = canonicalOf(records, name, lookup.type)
    if (answer.rcode === dns.NOERROR && records.some((r) => dns.sameName(r.name, canonical) && r.type !== 'CNAME')) {
      this.cache.put(name, lookup.type, records, this.sim.now)
      return this.settle(lookup, { source: 'dns', canonical, records })
    }
    const soa = answer.authorities.filter(isPlain).find((r) => r.type === 'SOA')
    this.cache.putMissing(name, lookup.type, soa, this.sim.now)
    this.unbind(lookup)
    Object.assign(lookup, { at: lookup.at + 1, round: 0, asked: [], failed: [], due: this.sim.now })
  }

  sendError(socket: UdpSocket, dst: Ip4, _dstPort: number, _error: SendError): void {
    const lookup = this.of(socket)
    if (lookup !== undefined) this.failed(lookup, dst)
    this.sim.touch(this)
  }

  /** SERVFAIL, REFUSED or an ICMP error: the next server is asked at once. */
  private failed(lookup: Lookup, server: Ip4): void {
    if (!lookup.failed.includes(server)) lookup.failed.push(server)
    const servers = this.options.servers()
    const next = servers.find((other) => !lookup.failed.includes(other))
    if (next === undefined) this.settle(lookup, { failure: 'timeout' })
    else if (!lookup.asked.includes(next)) this.send(lookup, next)
  }

  private settle(lookup: Lookup, result: LookupResult): void {
    this.unbind(lookup)
    lookup.result = result
    lookup.due = this.sim.now
    this.sim.touch(this)
  }

  private end(lookup: Lookup): void {
    this.unbind(lookup)
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
      if (lookup.due > now) continue
      this.sim.origin = lookup.origin
      if (lookup.result === undefined) {
        this.advance(lookup)
        continue
      }
      this.end(lookup)
      const requester = this.requesters.get(lookup.requester)
      if (!this.lookups.some((l) => l.requester === lookup.requester)) this.requesters.delete(lookup.requester)
      requester?.resolved(lookup.token, lookup.result)
    }
  }

  save(): DnsClientState & Json {
    return {
      random: this.random.counter,
      lookups: this.lookups.map(storeLookup),
      cache: this.cache.save(this.sim.now),
    }
  }
}

/** The owner of the records asked for, in the words of the answer. */
function canonicalOf(records: Parameters<typeof endOf>[0], name: string, type: string): string {
  const end = type === 'CNAME' ? name : endOf(records, name)
  return records.find((r) => dns.sameName(r.name, end))?.name ?? end
}
