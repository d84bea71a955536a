// Interface identifiers: modified EUI-64, stable and opaque (RFC 7217), and temporary (RFC 8981).
import { hashText } from '../../sim/random.ts'
import { DAY, type Micros, NEVER } from '../../sim/time.ts'
import { eui64, formatIp6, type Ip6, LINK_LOCAL_PREFIX, networkOf6, parseIp6 } from '../../wire/addresses.ts'
import type { Address6, Address6Origin, Interface6, Limits6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'

/** RFC 7217 section 6: how many other identifiers are tried. An EUI-64 leaves nothing to try. */
export const MAX_ATTEMPTS = 3
/** RFC 8981 section 3.8. */
export const TEMPORARY_VALID: Micros = 7 * DAY
export const TEMPORARY_PREFERRED: Micros = DAY

const LOW = 0xffffffffffffffffn

/** F(prefix, interface, counter, secret) of RFC 7217 section 5, over the lab's seed. */
function stableId(ip6: Ip6Stack, i6: Interface6, prefix: Ip6, attempt: number): Ip6 {
  const label = `${i6.via.guid}/${ip6.stack.machine}/${i6.via.name}/${formatIp6(prefix)}/${attempt}`
  const word = (n: number) => BigInt(hashText(`${label}#${n}`, (0x811c9dc5 ^ ip6.sim.seed) >>> 0))
  return (word(1) << 32n) | word(2)
}

/** The identifier that an interface uses under a prefix of 64 bits. */
export function identifierFor(ip6: Ip6Stack, i6: Interface6, prefix: Ip6, attempt: number): Ip6 {
  // What the definition and the machine made of the link-local address stands as it always was.
  const linkLocal = prefix === LINK_LOCAL_PREFIX ? parseIp6(i6.via.linkLocal6) : undefined
  if (linkLocal !== undefined && attempt === 0) return linkLocal & LOW
  return ip6.stack.profile.name === 'linux' ? eui64(i6.via.mac) : stableId(ip6, i6, prefix, attempt)
}

/** A random identifier; those that RFC 5453 reserves are passed over. */
export function temporaryId(ip6: Ip6Stack): Ip6 {
  for (;;) {
    const id = (BigInt(ip6.random.next()) << 32n) | BigInt(ip6.random.next())
    if (id !== 0n && id >> 8n !== 0xfdffffffffffffn) return id
  }
}

/** After a duplicate: the next identifier under the same prefix, unless it came from the hardware or a person. */
export function makeAnother(
  ip6: Ip6Stack,
  i6: Interface6,
  { ip, prefixLength, origin, attempt, preferredUntil, validUntil, limits }: Address6,
): void {
  if (ip6.stack.profile.name === 'linux' || (origin !== 'ra' && origin !== 'temporary' && origin !== 'link-local')) return
  const prefix = networkOf6(ip, 64)
  const id = origin === 'temporary' ? temporaryId(ip6) : identifierFor(ip6, i6, prefix, attempt + 1)
  ip6.addAddress(i6, {
    ip: prefix | id,
    prefixLength,
    origin,
    preferredUntil,
    validUntil,
    attempt: attempt + 1,
    ...(limits === undefined ? {} : { limits }),
  })
}

export type NewAddress = {
  readonly ip: Ip6
  readonly prefixLength: number
  readonly origin: Address6Origin
  readonly preferredUntil?: Micros
  readonly validUntil?: Micros
  readonly attempt?: number
  readonly limits?: Limits6
}

export const newAddress = ({
  ip,
  prefixLength,
  origin,
  preferredUntil = NEVER,
  validUntil = NEVER,
  attempt = 0,
  limits,
}: NewAddress): Address6 => ({
  ip,
  prefixLength,
  origin,
  state: 'preferred',
  preferredUntil,
  validUntil,
  probes: 0,
  probeAt: NEVER,
  attempt,
  nonce: 0,
  ...(limits === undefined ? {} : { limits }),
})
