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
}

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

  /** The best route among interfaces that are up. */
  lookup(dst: Ip4, interfaces: ReadonlyMap<number, Interface>, only?: number): Route | undefined {
    let best: Route | undefined
    let bestMetric = 0
    for (const route of this.list) {
      if (only !== undefined && route.interface !== only) continue
      if (!inPrefix(dst, route.destination, route.prefixLength)) continue
      if (best !== undefined && route.prefixLength < best.prefixLength) continue
      const via = interfaces.get(route.interface)
      if (via === undefined || !via.up) continue
      const metric = route.metric + via.metric
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
  a.interface === b.interface
