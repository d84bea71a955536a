// The IPv6 route table: longest prefix first, then the preference a router gave itself (RFC 4191), then the lowest sum of
// route and interface metric.
import type { Json } from '../../sim/json.ts'
import { loadTime, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { formatIp6, type Ip6, inPrefix6, networkOf6, parseIp6 } from '../../wire/addresses.ts'
import { MAIN_TABLE } from '../routes.ts'
import type { Interface6 } from './interface6.ts'

export type Route6Origin = 'kernel' | 'ra' | 'redirect' | 'static' | 'dhcp'

export type Route6 = {
  readonly destination: Ip6
  readonly prefixLength: number
  /** 0n = on-link. */
  readonly gateway: Ip6
  readonly interface: number
  readonly metric: number
  readonly origin: Route6Origin
  readonly persistent: boolean
  /** 1 high, 0 medium, -1 low. */
  readonly preference: number
  expiresAt: Micros
} & RouteExtras6

/** What only systems with several tables say; absent = the main table, an ordinary route. */
export type RouteExtras6 = {
  readonly table?: number
  /** A route that refuses; its interface is 0. */
  readonly type?: 'blackhole' | 'unreachable' | 'prohibit' | 'throw'
  /** The source address that packets of our own get. */
  readonly source?: Ip6
}

/** More than this no router can make a host remember. */
export const MAX_LEARNED = 64

type StoredExtras = Omit<RouteExtras6, 'source'> & { readonly source?: string }
type Stored = readonly [
  string,
  number,
  string,
  number,
  number,
  Route6Origin,
  boolean,
  number,
  number | null,
  // Younger than the format.
  StoredExtras?,
]

/** Of any origin: a kernel has room for more, a lab has no use for them. */
export const MAX_ROUTES6 = 2000

export class Routes6 {
  private list: Route6[] = []
  /** Grows with every change; whoever caches a result keeps this beside it. */
  version = 0

  get all(): readonly Route6[] {
    return this.list
  }

  /**
   * Adds a route, or puts the same one's lifetime and metric right. False when it stands there already with nothing new, or
   * when there are too many.
   */
  put(route: Route6): boolean {
    const masked = { ...route, destination: networkOf6(route.destination, route.prefixLength) }
    const at = this.list.findIndex((r) => same(r, masked))
    if (at >= 0) {
      const old = this.list[at] as Route6
      if (old.expiresAt === masked.expiresAt && old.metric === masked.metric && old.preference === masked.preference) return false
      // A lifetime alone changes no way: what was found out stays.
      if (old.metric !== masked.metric || old.preference !== masked.preference) this.version++
      this.list[at] = masked
      return true
    }
    if (isLearned(masked) && this.list.filter(isLearned).length >= MAX_LEARNED) return false
    if (this.list.length >= MAX_ROUTES6) return false
    this.list.push(masked)
    this.version++
    return true
  }

  remove(matches: (route: Route6) => boolean): number {
    const kept = this.list.filter((route) => !matches(route))
    const gone = this.list.length - kept.length
    if (gone > 0) {
      this.list = kept
      this.version++
    }
    return gone
  }

  /** All routes by one interface lead by another from now on, in the order in which they stand. */
  move(from: number, to: number): void {
    this.list = this.list.map((route) => (route.interface === from ? { ...route, interface: to } : route))
    this.version++
  }

  /**
   * The best route of a table among interfaces that are up; `avoid` tells gateways that do not answer, used only when there is no
   * other.
   */
  lookup(
    dst: Ip6,
    interfaces: ReadonlyMap<number, Interface6>,
    only: number | undefined,
    avoid: (route: Route6) => boolean,
    table = MAIN_TABLE,
  ): Route6 | undefined {
    let best: Route6 | undefined
    let rank = 0
    for (const route of this.list) {
      if (only !== undefined && route.interface !== only) continue
      if ((route.table ?? MAIN_TABLE) !== table) continue
      if (best !== undefined && route.prefixLength < best.prefixLength) continue
      if (!inPrefix6(dst, route.destination, route.prefixLength)) continue
      const via = interfaces.get(route.interface)
      if (route.type === undefined && (via === undefined || !via.via.up)) continue
      const cost = (avoid(route) ? 1e9 : 0) + (1 - route.preference) * 1e7 + route.metric + (via?.via.metric ?? 0)
      if (best === undefined || route.prefixLength > best.prefixLength || cost < rank) {
        best = route
        rank = cost
      }
    }
    return best
  }

  get expiresAt(): Micros {
    let at = NEVER
    for (const route of this.list) if (route.expiresAt < at) at = route.expiresAt
    return at
  }

  save(): Json {
    return this.list.map((r) => [
      formatIp6(r.destination),
      r.prefixLength,
      formatIp6(r.gateway),
      r.interface,
      r.metric,
      r.origin,
      r.persistent,
      r.preference,
      storeTime(r.expiresAt),
      ...storeExtras(r),
    ])
  }

  load(stored: readonly Stored[]): void {
    this.list = stored.map(
      ([destination, prefixLength, gateway, index, metric, origin, persistent, preference, expiresAt, extras]) => ({
        destination: parseIp6(destination) ?? 0n,
        prefixLength,
        gateway: parseIp6(gateway) ?? 0n,
        interface: index,
        metric,
        origin,
        persistent,
        preference,
        expiresAt: loadTime(expiresAt),
        ...loadExtras(extras),
      }),
    )
    this.version++
  }
}

const isLearned = (r: Route6): boolean => r.origin === 'ra' || r.origin === 'redirect'

const same = (a: Route6, b: Route6): boolean =>
  a.prefixLength === b.prefixLength &&
  a.destination === b.destination &&
  a.gateway === b.gateway &&
  a.interface === b.interface &&
  a.origin === b.origin &&
  // What people write stands beside another metric of the same way.
  (a.origin !== 'static' || a.metric === b.metric) &&
  a.table === b.table &&
  a.type === b.type

const storeExtras = ({ table, type, source }: Route6): [] | [{ [key: string]: Json }] => {
  if (table === undefined && type === undefined && source === undefined) return []
  return [
    {
      ...(table === undefined ? {} : { table }),
      ...(type === undefined ? {} : { type }),
      ...(source === undefined ? {} : { source: formatIp6(source) }),
    },
  ]
}

const loadExtras = ({ source, ...rest }: StoredExtras = {}): RouteExtras6 => ({
  ...rest,
  ...(source === undefined ? {} : { source: parseIp6(source) ?? 0n }),
})
