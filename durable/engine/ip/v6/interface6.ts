// What one interface holds of IPv6: addresses with their lives, neighbours, groups, and what routers told it.
import type { Json } from '../../sim/json.ts'
import { loadTime, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { formatIp6, type Ip6, inPrefix6, isLinkLocalIp6, parseIp6 } from '../../wire/addresses.ts'
import type { Interface } from '../interface.ts'
import { Listening, type StoredListening } from '../querier.ts'
import { Neighbors6, type StoredNeighbor6 } from './neighbors6.ts'

export type Address6Origin = 'well-known' | 'link-local' | 'manual' | 'ra' | 'temporary' | 'dhcp'

/** An address. A tentative one is still being asked for and is not used; whether it is deprecated is a matter of the time. */
export type Address6 = {
  readonly ip: Ip6
  readonly prefixLength: number
  readonly origin: Address6Origin
  state: 'tentative' | 'preferred' | 'duplicate'
  preferredUntil: Micros
  validUntil: Micros
  /** Solicitations sent so far, and when the next is due (RFC 4862 section 5.4). */
  probes: number
  probeAt: Micros
  /** How often another identifier was tried (RFC 7217 section 6). */
  readonly attempt: number
  /** What the last solicitation carried, so that its echo is not taken for somebody else (RFC 7527); 0 = none. */
  nonce: number
  /** Of a temporary address: what no advertisement lets it outlive (RFC 8981 section 3.4). */
  readonly limits?: Limits6
}

export type Limits6 = { readonly preferred: Micros; readonly valid: Micros }

export type Timed<T> = { readonly value: T; until: Micros }

/** What a router says on an interface (RFC 4861 section 6.2.1). Times in seconds. */
export type Advertising = {
  readonly prefixes: readonly {
    readonly prefix: Ip6
    readonly length: number
    readonly valid: number
    readonly preferred: number
  }[]
  readonly lifetime: number
  readonly managed: boolean
  readonly other: boolean
  readonly dnsServers: readonly Ip6[]
  readonly domains: readonly string[]
  /** 0 = not told. */
  readonly mtu: number
}

/** Nobody joins more groups than this on one interface. */
export const MAX_GROUPS = 64
/** RFC 4861 leaves it to us how many prefixes may make addresses; Linux takes 16. */
export const MAX_ADDRESSES = 16
/** RFC 8106 section 5.3.1: at least three. */
export const MAX_DNS = 4

export class Interface6 {
  readonly via: Interface
  /** People can switch IPv6 off on an adapter. */
  enabled = true
  /** The link is up and the interface has begun to speak. */
  running = false
  forwarding = false
  /** Hears router advertisements, and makes addresses of them. */
  acceptsRa = true
  /** Asks by DHCPv6 for what routers say is to be had so. */
  asksDhcp = true
  addresses: Address6[] = []
  readonly neighbors = new Neighbors6()
  /** Groups joined, and by how many. */
  readonly groups = new Map<Ip6, number>()
  /** Those that are joined whenever the interface begins. */
  usualGroups: readonly Ip6[] = []
  /** Listener reports to come: what changed, how many are left, and when the next is due (RFC 3810 section 6.1). */
  readonly changes = new Map<Ip6, 'join' | 'leave'>()
  reportsLeft = 0
  reportAt: Micros = NEVER
  /** The answer to a query, when one was heard. */
  answerAt: Micros = NEVER
  /** While it asks who listens to which groups. */
  querying: Listening<Ip6> | undefined
  /** Router solicitations sent, and when the next is due. */
  solicitations = 0
  solicitAt: Micros = NEVER
  hopLimit = 0
  linkMtu = 0
  /** Milliseconds, as a router gave them; 0 = our own. */
  reachableTime = 0
  retransTimer = 0
  managed = false
  other = false
  /** As routers told. */
  dnsServers: Timed<Ip6>[] = []
  /** As people set them: then what routers say does not count. */
  ownDns: readonly Ip6[] | undefined
  domains: Timed<string>[] = []
  /** As a router: what is said, when next, and when last to all. */
  advertising: Advertising | undefined
  advertiseAt: Micros = NEVER
  advertisements = 0
  advertisedAt: Micros = -NEVER
  constructor(via: Interface) {
    this.via = via
  }

  /** Whom to ask for names. */
  get servers(): readonly Ip6[] {
    return this.ownDns ?? this.dnsServers.map(({ value }) => value)
  }

  get linkLocal(): Address6 | undefined {
    for (const address of this.addresses) if (isLinkLocalIp6(address.ip)) return address
    return undefined
  }

  /** The usable address `ip`, or undefined. */
  address(ip: Ip6): Address6 | undefined {
    for (const address of this.addresses) if (address.ip === ip) return address
    return undefined
  }

  has(ip: Ip6): boolean {
    return this.address(ip)?.state === 'preferred'
  }

  /** A usable address whose prefix covers `ip`. */
  addressFor(ip: Ip6): Address6 | undefined {
    for (const address of this.addresses)
      if (address.state === 'preferred' && address.prefixLength < 128 && inPrefix6(ip, address.ip, address.prefixLength))
        return address
    return undefined
  }

  get mtu(): number {
    return this.linkMtu === 0 ? this.via.mtu : Math.min(this.linkMtu, this.via.mtu)
  }

  /** When the first thing here is due; `transient`: only what the lab waits for before it settles. */
  due(transient: boolean, parked: ReadonlySet<number>): Micros {
    let at = Math.min(this.solicitAt, transient ? this.neighbors.unresolvedAt(parked) : this.neighbors.dueAt)
    for (const address of this.addresses) {
      if (address.probeAt < at) at = address.probeAt
      if (!transient && address.validUntil < at) at = address.validUntil
      if (!transient && address.origin === 'temporary' && address.preferredUntil > 0 && address.preferredUntil < at)
        at = address.preferredUntil
    }
    if (this.reportAt < at) at = this.reportAt
    if (transient) return at
    at = Math.min(at, this.answerAt, this.advertiseAt)
    if (this.querying !== undefined && this.running) at = Math.min(at, this.querying.dueAt)
    for (const { until } of this.dnsServers) if (until < at) at = until
    for (const { until } of this.domains) if (until < at) at = until
    return at
  }

  save(): Json {
    return {
      enabled: this.enabled,
      running: this.running,
      forwarding: this.forwarding,
      acceptsRa: this.acceptsRa,
      addresses: this.addresses.map((a) => [
        formatIp6(a.ip),
        a.prefixLength,
        a.origin,
        a.state,
        storeTime(a.preferredUntil),
        storeTime(a.validUntil),
        a.probes,
        storeTime(a.probeAt),
        a.attempt,
        a.nonce,
        ...(a.limits === undefined ? [] : [[a.limits.preferred, a.limits.valid]]),
      ]),
      neighbors: this.neighbors.save(),
      groups: [...this.groups].map(([group, count]) => [formatIp6(group), count]),
      changes: [...this.changes].map(([group, change]) => [formatIp6(group), change]),
      timers: [this.reportAt, this.answerAt, this.solicitAt, this.advertiseAt].map(storeTime),
      counts: [this.reportsLeft, this.solicitations, this.advertisements],
      told: [this.hopLimit, this.linkMtu, this.reachableTime, this.retransTimer, this.managed ? 1 : 0, this.other ? 1 : 0],
      dns: this.dnsServers.map(({ value, until }) => [formatIp6(value), storeTime(until)]),
      domains: this.domains.map(({ value, until }) => [value, storeTime(until)]),
      ...(this.querying === undefined ? {} : { querying: this.querying.save() }),
      ...(this.ownDns === undefined ? {} : { ownDns: this.ownDns.map(formatIp6) }),
      ...(this.asksDhcp ? {} : { asksDhcp: false }),
      advertisedAt: this.advertisedAt < 0 ? null : this.advertisedAt,
    }
  }

  load(state: Interface6State): void {
    this.enabled = state.enabled
    this.running = state.running
    this.forwarding = state.forwarding
    this.acceptsRa = state.acceptsRa
    this.addresses = state.addresses.map(
      ([text, prefixLength, origin, addressState, preferred, valid, probes, probeAt, attempt, nonce, limits]) => ({
        ip: parseIp6(text) ?? 0n,
        prefixLength,
        origin,
        state: addressState,
        preferredUntil: loadTime(preferred),
        validUntil: loadTime(valid),
        probes,
        probeAt: loadTime(probeAt),
        attempt,
        nonce,
        ...(limits === undefined ? {} : { limits: { preferred: limits[0], valid: limits[1] } }),
      }),
    )
    this.neighbors.load(state.neighbors)
    this.groups.clear()
    for (const [group, count] of state.groups) this.groups.set(parseIp6(group) ?? 0n, count)
    // A lab from before they were joined.
    if (state.running) for (const group of this.usualGroups) if (!this.groups.has(group)) this.groups.set(group, 1)
    this.changes.clear()
    for (const [group, change] of state.changes) this.changes.set(parseIp6(group) ?? 0n, change)
    ;[this.reportAt, this.answerAt, this.solicitAt, this.advertiseAt] = state.timers.map(loadTime) as [
      number,
      number,
      number,
      number,
    ]
    ;[this.reportsLeft, this.solicitations, this.advertisements] = state.counts
    const [hopLimit, linkMtu, reachableTime, retransTimer, managed, other] = state.told
    Object.assign(this, { hopLimit, linkMtu, reachableTime, retransTimer, managed: managed === 1, other: other === 1 })
    this.dnsServers = state.dns.map(([text, until]) => ({ value: parseIp6(text) ?? 0n, until: loadTime(until) }))
    this.domains = state.domains.map(([value, until]) => ({ value, until: loadTime(until) }))
    this.asksDhcp = state.asksDhcp ?? true
    this.ownDns = state.ownDns?.map((text) => parseIp6(text) ?? 0n)
    this.querying = state.querying === undefined ? undefined : new Listening<Ip6>(0, state.querying)
    this.advertisedAt = state.advertisedAt ?? -NEVER
  }
}

export type Interface6State = {
  readonly enabled: boolean
  readonly running: boolean
  readonly forwarding: boolean
  readonly acceptsRa: boolean
  readonly addresses: readonly (readonly [
    string,
    number,
    Address6Origin,
    Address6['state'],
    number | null,
    number | null,
    number,
    number | null,
    number,
    number,
    // Younger than the format: a temporary address without them lives as long as it was given.
    (readonly [preferred: number, valid: number])?,
  ])[]
  readonly neighbors: readonly StoredNeighbor6[]
  readonly groups: readonly (readonly [string, number])[]
  readonly changes: readonly (readonly [string, 'join' | 'leave'])[]
  readonly timers: readonly (number | null)[]
  readonly counts: readonly [number, number, number]
  readonly told: readonly [number, number, number, number, number, number]
  readonly dns: readonly (readonly [string, number | null])[]
  readonly domains: readonly (readonly [string, number | null])[]
  readonly querying?: StoredListening
  readonly ownDns?: readonly string[]
  readonly asksDhcp?: false
  readonly advertisedAt: number | null
}
