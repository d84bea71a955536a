// Which of the addresses behind a name is tried first: RFC 6724 section 6, as getaddrinfo sorts them in Windows and Linux.
import { type Ip4, type Ip6, type IpAddress, isLinkLocalIp, isLinkLocalIp6, mapIp4 } from '../../wire/addresses.ts'
import { pathTo } from '../output.ts'
import type { Stack } from '../stack.ts'
import { pathTo6 } from './output6.ts'
import { commonPrefix, policyOf, scopeOf } from './select-source.ts'

type Candidate = {
  readonly to: IpAddress
  readonly as6: Ip6
  readonly source: Ip6 | undefined
  readonly old: boolean
  readonly scope: number
}

/** Best first; what cannot be reached at all comes last. The order of equals is kept. */
export function sortDestinations(stack: Stack, found: readonly IpAddress[]): IpAddress[] {
  const candidates = found.map((to) => candidate(stack, to))
  return candidates.toSorted(compare).map(({ to }) => to)
}

function candidate(stack: Stack, to: IpAddress): Candidate {
  if (typeof to === 'number') {
    const path = pathTo(stack, to)
    const source = typeof path === 'string' ? undefined : path.source
    return { to, as6: mapIp4(to), source: source === undefined ? undefined : mapIp4(source), old: false, scope: scope4(to) }
  }
  // A name tells no zone: which link a link-local address is on, nobody knows.
  const path = stack.ip6 === undefined || isLinkLocalIp6(to) ? 'no-route' : pathTo6(stack.ip6, to)
  if (typeof path === 'string') return { to, as6: to, source: undefined, old: false, scope: scopeOf(to) }
  const own = stack.ip6?.ownerOf(path.source)?.address(path.source)
  const old = own !== undefined && own.preferredUntil <= stack.sim.now
  return { to, as6: to, source: path.source, old, scope: scopeOf(to) }
}

/** RFC 6724 section 3.2. */
const scope4 = (ip: Ip4): number => (isLinkLocalIp(ip) || ip >>> 24 === 127 ? 2 : 14)
const scopeOfSource = (ip: Ip6): number => (ip >> 32n === 0xffffn ? scope4(Number(ip & 0xffffffffn)) : scopeOf(ip))

function compare(a: Candidate, b: Candidate): number {
  if (a.source === undefined || b.source === undefined) return (a.source === undefined ? 1 : 0) - (b.source === undefined ? 1 : 0)
  const fits = (c: Candidate, source: Ip6) => (scopeOfSource(source) === c.scope ? 0 : 1)
  const scope = fits(a, a.source) - fits(b, b.source)
  if (scope !== 0) return scope
  if (a.old !== b.old) return a.old ? 1 : -1
  const label = (c: Candidate, source: Ip6) => (policyOf(source).label === policyOf(c.as6).label ? 0 : 1)
  const labels = label(a, a.source) - label(b, b.source)
  if (labels !== 0) return labels
  const precedence = policyOf(b.as6).precedence - policyOf(a.as6).precedence
  if (precedence !== 0) return precedence
  if (a.scope !== b.scope) return a.scope - b.scope
  // Rule 9 is for IPv6 only, as both systems do it: between IPv4 addresses it defeats the server's round robin.
  if (typeof a.to === 'number' || typeof b.to === 'number') return 0
  return commonPrefix(b.source, b.as6) - commonPrefix(a.source, a.as6)
}
