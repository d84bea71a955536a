import { ip6Bytes, parseIp6, parseScopedIp6 } from '../engine/wire/addresses.ts'

/** An IPv6 address, with or without the zone behind it. */
export const isIp6 = (text: string): boolean => parseScopedIp6(text) !== undefined

/** An IPv6 prefix such as `::/0`, or an address. */
export const isPrefix6 = (text: string): boolean => isIp6(text.replace(/\/\d+$/, ''))

/** The name under which a reverse zone has an address (RFC 3596 section 2.5). */
export function reverseName6(text: string): string | undefined {
  const ip = parseIp6(text.replace(/%.*$/, ''))
  if (ip === undefined) return undefined
  const digits = [...ip6Bytes(ip)].flatMap((byte) => [byte >>> 4, byte & 15]).map((digit) => digit.toString(16))
  return `${digits.reverse().join('.')}.ip6.arpa`
}
