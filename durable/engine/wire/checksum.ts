// The Internet checksum (RFC 1071) and its incremental update (RFC 1624).
import type { IpAddress } from './addresses.ts'

/** Whether words of 32 bits lie in memory with their low octet first, as on every processor that this runs on. */
const LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
/** From this length on it pays to look at the octets as words. */
const LONG = 192

/**
 * Adds b[from..to) to a running sum. At most 64 KiB per call: then the sum stays below 2^32 and folds in two steps.
 * An odd last octet is padded with zero, so only the last piece of a sum may have an odd length.
 */
export function add(acc: number, b: Uint8Array, from: number, to: number): number {
  if (to - from >= LONG && LITTLE && ((b.byteOffset + from) & 1) === 0) return addWords(acc, b, from, to)
  const even = to - ((to - from) & 1)
  for (let i = from; i < even; i += 2) acc += (b[i] << 8) | b[i + 1]
  if (even < to) acc += b[even] << 8
  return (acc & 0xffff) + (acc >>> 16)
}

/** RFC 1071 section 2 (B): the sum of swapped words is the swapped sum, so words may be added as they lie in memory. */
function addWords(acc: number, b: Uint8Array, from: number, to: number): number {
  let i = from
  let low = 0
  let high = 0
  if (((b.byteOffset + i) & 2) !== 0) {
    low = b[i] | (b[i + 1] << 8)
    i += 2
  }
  const words = new Uint32Array(b.buffer, b.byteOffset + i, (to - i) >> 2)
  const n = words.length
  for (let k = 0; k < n; k++) {
    const word = words[k]
    low += word & 0xffff
    high += word >>> 16
  }
  let sum = low + high
  sum = (sum & 0xffff) + (sum >>> 16)
  sum = (sum & 0xffff) + (sum >>> 16)
  return add(acc + (((sum & 0xff) << 8) | (sum >>> 8)), b, i + (n << 2), to)
}

/** The checksum to store: folded to 16 bits and complemented. Over data that contains its checksum it is 0. */
export function fold(acc: number): number {
  let s = (acc & 0xffff) + (acc >>> 16)
  s = (s & 0xffff) + (s >>> 16)
  return ~s & 0xffff
}

/** An address's part of a sum. The words of 128 bits are summed by their remainder: 2^16 is 1 when nines are cast out of 65535. */
const words = (ip: IpAddress): number => (typeof ip === 'number' ? (ip >>> 16) + (ip & 0xffff) : Number(ip % 0xffffn))

/** Sum of the pseudo header, of IPv4 (RFC 768, RFC 9293 section 3.1) or of IPv6 (RFC 8200 section 8.1). */
export const pseudo = (src: IpAddress, dst: IpAddress, proto: number, len: number): number =>
  words(src) + words(dst) + proto + len

/** RFC 1624 equation 3: the new stored checksum after one 16-bit word changed. */
export const adjust16 = (sum: number, oldWord: number, newWord: number): number =>
  fold((~sum & 0xffff) + (~oldWord & 0xffff) + newWord)

/** The same for an aligned 32-bit word, such as an address. */
export const adjust32 = (sum: number, old: number, now: number): number =>
  fold((~sum & 0xffff) + (~old & 0xffff) + (~old >>> 16) + (now & 0xffff) + (now >>> 16))
