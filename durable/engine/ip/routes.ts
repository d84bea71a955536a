import { type Ip4, inPrefix, maskOf } from '../wire/addresses.ts'
import type { Interface } from './interface.ts'

export type RouteOrigin = 'kernel' | 'dhcp' | 'static' | 'ppp'

export type Route = {
  readonly destination: Ip4
  readonly prefixLength: number
  /** 0 = on-link. */
  readonly gateway: Ip4
  readonly interface: number
  readonly metric: number
  readonly origin: RouteOrigin
  readonly persistent: boolean
  /** What only systems with several tables say; absent = the main table, an ordinary route. */
  readonly table?: number
  readonly type?: 'blackhole' | 'unreachable' | 'prohibit' | 'throw'
  /** The source address that packets of our own get. */
  readonly source?: Ip4
  readonly scope?: number
  readonly protocol?: number
  readonly tos?: number
  readonly mtu?: number
  readonly onlink?: boolean
}

/** Linux's numbers of the tables that always are there. */
export const LOCAL_TABLE = 255
export const MAIN_TABLE = 254
export const DEFAULT_TABLE = 253

/** The route table: destination AND mask, longest prefix first, then the lowest sum of route and interface metric. */
export class Routes {
  private list: Route[] = []
  /** Grows with every change; whoever caches a result keeps this beside it. */
  version = 0

  get all(): readonly Route[] {
    return this.list
  }

  /** False when the same destination, gateway and interface stand there already. */
  add(route: Route): boolean {
    if (this.list.some((r) => same(r, route))) return false
    this.list.push({ ...route, destination: (route.destination & maskOf(route.prefixLength)) >>> 0 })
    this.version++
    return true
  }

  /** Adds a route whatever stands there; `first`: before its equals. */
  put(route: Route, first = false): void {
    const masked = { ...route, destination: (route.destination & maskOf(route.prefixLength)) >>> 0 }
    if (first) this.list.unshift(masked)
    else this.list.push(masked)
    this.version++
  }

  /** Removes what `matches`; answers how many went. */
  remove(matches: (route: Route) => boolean): number {
    const kept = this.list.filter((route) => !matches(route))
    const gone = this.list.length - kept.length
    if (gone > 0) {
      this.list = kept
      this.version++
    }
    return gone
  }

  /** The best route of a table among interfaces that are up. */
  lookup(dst: Ip4, interfaces: ReadonlyMap<number, Interface>, only?: number, table = MAIN_TABLE): Route | undefined {
    let best: Route | undefined
    let bestMetric = 0
    for (const route of this.list) {
      if (only !== undefined && route.interface !== only) continue
      if ((route.table ?? MAIN_TABLE) !== table) continue
      if (!inPrefix(dst, route.destination, route.prefixLength)) continue
      if (best !== undefined && route.prefixLength < best.prefixLength) continue
      const via = interfaces.get(route.interface)
      if (route.type === undefined && (via === undefined || !via.up)) continue
      const metric = route.metric + (via?.metric ?? 0)
      if (best === undefined || route.prefixLength > best.prefixLength || metric < bestMetric) {
        best = route
        bestMetric = metric
      }
    }
    return best
  }

  load(routes: readonly Route[]): void {
    this.list = routes.map((route) => ({ ...route }))
    this.version++
  }
}

const same = (a: Route, b: Route): boolean =>
  a.prefixLength === b.prefixLength &&
  a.destination === (b.destination & maskOf(b.prefixLength)) >>> 0 &&
  a.gateway === b.gateway &&
  (a.table ?? MAIN_TABLE) === (b.table ?? MAIN_TABLE) &&
  a.interface === b.interface
