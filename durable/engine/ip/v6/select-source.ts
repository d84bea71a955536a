// Which of our addresses speaks to a destination: RFC 6724 section 5, and the table of policies of section 2.1.
import { type Ip6, inPrefix6, isLinkLocalIp6, isMulticastIp6, multicastScope } from '../../wire/addresses.ts'
import type { Address6, Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'

type Policy = { readonly prefix: Ip6; readonly length: number; readonly precedence: number; readonly label: number }

/** Longest prefix first. */
const POLICIES: readonly Policy[] = [
  { prefix: 1n, length: 128, precedence: 50, label: 0 },
  { prefix: 0xffffn << 32n, length: 96, precedence: 35, label: 4 },
  { prefix: 0n, length: 96, precedence: 1, label: 3 },
  { prefix: 0x20010000n << 96n, length: 32, precedence: 5, label: 5 },
  { prefix: 0x2002n << 112n, length: 16, precedence: 30, label: 2 },
  { prefix: 0x3ffen << 112n, length: 16, precedence: 1, label: 12 },
  { prefix: 0xfec0n << 112n, length: 10, precedence: 1, label: 11 },
  { prefix: 0xfc00n << 112n, length: 7, precedence: 3, label: 13 },
  { prefix: 0n, length: 0, precedence: 40, label: 1 },
]

export const policyOf = (ip: Ip6): Policy => POLICIES.find((p) => inPrefix6(ip, p.prefix, p.length)) as Policy

/** RFC 6724 section 3.1, with the numbers of multicast scopes. Unique local addresses are global in scope. */
export const scopeOf = (ip: Ip6): number =>
  isMulticastIp6(ip) ? multicastScope(ip) : ip === 1n || isLinkLocalIp6(ip) ? 2 : ip >> 118n === 0x3fbn ? 5 : 14

/** How many leading bits two addresses share, at most `limit`. */
export function commonPrefix(a: Ip6, b: Ip6, limit = 64): number {
  let bits = 0
  for (let n = 127n; bits < limit && ((a ^ b) >> n) % 2n === 0n; n--) bits++
  return bits
}

/** The source for a packet that leaves by `via`, or undefined when none of its addresses may be used. */
export function selectSource(ip6: Ip6Stack, via: Interface6, dst: Ip6): Address6 | undefined {
  const now = ip6.sim.now
  let best: Address6 | undefined
  // Linux lends addresses of other interfaces where this one has none of the scope; Windows does not (strong host).
  const own = via.addresses
  const others =
    ip6.stack.profile.strongHost || scopeOf(dst) <= 2
      ? []
      : [...ip6.interfaces.values()].filter((i) => i !== via).flatMap((i) => i.addresses)
  for (const address of own) best = better(address, best, dst, now)
  if (best !== undefined && (scopeOf(best.ip) >= scopeOf(dst) || others.length === 0)) return best
  for (const address of others) if (scopeOf(address.ip) > 2) best = better(address, best, dst, now)
  return best
}

function better(a: Address6, b: Address6 | undefined, dst: Ip6, now: number): Address6 | undefined {
  if (a.state !== 'preferred') return b
  if (b === undefined) return a
  return compareSources(a, b, dst, now) > 0 ? a : b
}

/** Positive when `a` is the better source; the rules of RFC 6724 section 5 that one interface leaves. */
export function compareSources(a: Address6, b: Address6, dst: Ip6, now: number): number {
  if (a.ip === dst || b.ip === dst) return a.ip === dst ? 1 : -1
  const [scopeA, scopeB, scope] = [scopeOf(a.ip), scopeOf(b.ip), scopeOf(dst)]
  if (scopeA < scopeB) return scopeA < scope ? -1 : 1
  if (scopeB < scopeA) return scopeB < scope ? 1 : -1
  const [oldA, oldB] = [a.preferredUntil <= now, b.preferredUntil <= now]
  if (oldA !== oldB) return oldA ? -1 : 1
  const label = policyOf(dst).label
  const [fitsA, fitsB] = [policyOf(a.ip).label === label, policyOf(b.ip).label === label]
  if (fitsA !== fitsB) return fitsA ? 1 : -1
  if ((a.origin === 'temporary') !== (b.origin === 'temporary')) return a.origin === 'temporary' ? 1 : -1
  return commonPrefix(a.ip, dst) - commonPrefix(b.ip, dst)
}

export const isGlobal = (ip: Ip6): boolean => scopeOf(ip) === 14 && !isMulticastIp6(ip)
