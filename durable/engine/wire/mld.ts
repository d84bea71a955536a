// Multicast listener discovery, version 2 (RFC 3810 section 5); a version 1 query is read as a query without sources.
// Offsets count from the first octet of the ICMPv6 header.
import { type Ip6, readIp6, writeIp6 } from './addresses.ts'
import { put16, u16 } from './bytes.ts'
import { putSum, sumOver } from './icmpv6.ts'
import type { Between } from './udp.ts'

export const QUERY = 130
export const REPORT_V1 = 131
export const DONE_V1 = 132
export const REPORT_V2 = 143

/** Types of an address record (section 5.2.12). Joining is CHANGE_TO_EXCLUDE without sources. */
export const IS_INCLUDE = 1
export const IS_EXCLUDE = 2
export const CHANGE_TO_INCLUDE = 3
export const CHANGE_TO_EXCLUDE = 4
export const BLOCK_OLD_SOURCES = 6

/** ff02::16, where reports go. */
export const ALL_V2_ROUTERS: Ip6 = 0xff020000000000000000000000000016n

export type AddressRecord = { readonly type: number; readonly group: Ip6; readonly sources: readonly Ip6[] }
export type Mld =
  | {
      readonly kind: 'query'
      /** As on the wire; `responseMillis` reads it. */
      readonly maxResponseCode: number
      readonly group: Ip6
      readonly suppress: boolean
      readonly robustness: number
      readonly intervalCode: number
      readonly sources: readonly Ip6[]
    }
  | { readonly kind: 'report'; readonly records: readonly AddressRecord[] }
export type Malformed = 'mld: truncated' | 'mld: bad checksum' | 'mld: unknown type' | 'mld: bad address record'

/** Section 5.1.3: above 32767 the code is a floating-point number. */
export const responseMillis = (code: number): number =>
  code < 0x8000 ? code : ((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3)

function addresses(b: Uint8Array, at: number, count: number): Ip6[] {
  const out: Ip6[] = []
  for (let i = 0; i < count; i++) out.push(readIp6(b, at + 16 * i))
  return out
}

export function parse(b: Uint8Array, at: number, end: number, ip: Between): Mld | Malformed {
  if (end - at < 8) return 'mld: truncated'
  if (sumOver(b, at, end, ip) !== 0) return 'mld: bad checksum'
  if (b[at] === QUERY) {
    if (end - at < 24) return 'mld: truncated'
    const newer = end - at >= 28
    const count = newer ? u16(b, at + 26) : 0
    if (newer && 28 + 16 * count > end - at) return 'mld: truncated'
    return {
      kind: 'query',
      maxResponseCode: u16(b, at + 4),
      group: readIp6(b, at + 8),
      suppress: newer && (b[at + 24] & 8) !== 0,
      robustness: newer ? b[at + 24] & 7 : 0,
      intervalCode: newer ? b[at + 25] : 0,
      sources: addresses(b, at + 28, count),
    }
  }
  if (b[at] !== REPORT_V2) return 'mld: unknown type'
  const records: AddressRecord[] = []
  let i = at + 8
  for (let n = u16(b, at + 6); n > 0; n--) {
    const next = i + 20 <= end ? i + 20 + 16 * u16(b, i + 2) + 4 * b[i + 1] : end + 1
    if (next > end) return 'mld: bad address record'
    records.push({ type: b[i], group: readIp6(b, i + 4), sources: addresses(b, i + 20, u16(b, i + 2)) })
    i = next
  }
  return { kind: 'report', records }
}

export function len(m: Mld): number {
  if (m.kind === 'query') return 28 + 16 * m.sources.length
  let n = 8
  for (const r of m.records) n += 20 + 16 * r.sources.length
  return n
}

export function emit(m: Mld, out: Uint8Array, at: number, ip: Between): void {
  const n = len(m)
  out.fill(0, at, at + 8)
  if (m.kind === 'query') {
    out[at] = QUERY
    put16(out, at + 4, m.maxResponseCode)
    writeIp6(out, at + 8, m.group)
    out[at + 24] = (m.suppress ? 8 : 0) | m.robustness
    out[at + 25] = m.intervalCode
    put16(out, at + 26, m.sources.length)
    m.sources.forEach((source, k) => {
      writeIp6(out, at + 28 + 16 * k, source)
    })
  } else {
    out[at] = REPORT_V2
    put16(out, at + 6, m.records.length)
    let i = at + 8
    for (const r of m.records) {
      put16(out, i, r.type << 8)
      put16(out, i + 2, r.sources.length)
      writeIp6(out, i + 4, r.group)
      i += 20
      for (const source of r.sources) {
        writeIp6(out, i, source)
        i += 16
      }
    }
  }
  putSum(out, at, at + n, ip)
}
