// What Linux tools read of IPv6 from interfaces and routes.
import type { AddressView6, InterfaceView, RouteView6 } from '../../engine/machine/views.ts'
import { type Ip6, inPrefix6, isLinkLocalIp6, isMulticastIp6, parseIp6, parseScopedIp6 } from '../../engine/wire/addresses.ts'
import type { Io } from './io.ts'
import { interfaceNamed } from './links.ts'

export const numberOfIp6 = (text: string): Ip6 => parseIp6(text) ?? 0n

/** The addresses of a link: of a kernel that tells only the link-local one, that. */
export function addressesOf6(link: InterfaceView): readonly AddressView6[] {
  // The kernel lists them by scope, the widest first.
  if (link.ip6)
    return link.ip6.addresses.toSorted((a, b) => Number(a.origin === 'link-local') - Number(b.origin === 'link-local'))
  const only = (address: string, prefixLength: number, origin: AddressView6['origin']): AddressView6 => ({
    address,
    prefixLength,
    origin,
    state: 'preferred',
    preferredUntil: null,
    validUntil: null,
  })
  if (link.kind === 'loopback') return [only('::1', 128, 'well-known')]
  return link.linkLocal6 === '' ? [] : [only(link.linkLocal6, 64, 'link-local')]
}

/** A table in the order in which the kernel lists it: longer prefixes first among those that begin alike, defaults last. */
export const inOrder6 = <Route extends Pick<RouteView6, 'destination' | 'prefixLength' | 'metric'>>(
  routes: readonly Route[],
): Route[] =>
  routes.toSorted((a, b) => {
    if ((a.prefixLength === 0) !== (b.prefixLength === 0)) return a.prefixLength === 0 ? 1 : -1
    const [x, y] = [numberOfIp6(a.destination), numberOfIp6(b.destination)]
    return x < y ? -1 : x > y ? 1 : b.prefixLength - a.prefixLength || a.metric - b.metric
  })

export function routeTo6(io: Io, destination: Ip6, only?: number): RouteView6 | undefined {
  let best: RouteView6 | undefined
  for (const route of io.kernel.routes6()) {
    if (only !== undefined && route.interface !== only) continue
    if (!inPrefix6(destination, numberOfIp6(route.destination), route.prefixLength)) continue
    const better = best === undefined || route.prefixLength > best.prefixLength
    if (better || (route.prefixLength === best?.prefixLength && route.metric < best.metric)) best = route
  }
  return best
}

/** Why nothing can be sent to an address, in the words of connect(2), or undefined. */
export function unreachable6(io: Io, text: string, device: string): string | undefined {
  const scoped = parseScopedIp6(text)
  if (scoped === undefined) return undefined
  const { ip, zone } = scoped
  const own = io.kernel.interfaces().some((link) => addressesOf6(link).some((a) => numberOfIp6(a.address) === ip))
  if (ip === 1n || (own && zone === '')) return undefined
  const named = zone === '' ? device : zone
  if ((isLinkLocalIp6(ip) || isMulticastIp6(ip)) && named === '') return 'Invalid argument'
  const link =
    named === '' ? undefined : (interfaceNamed(io, named) ?? io.kernel.interfaces().find((l) => String(l.index) === named))
  if (isMulticastIp6(ip)) return undefined
  return routeTo6(io, ip, link?.index) === undefined ? 'Network is unreachable' : undefined
}
