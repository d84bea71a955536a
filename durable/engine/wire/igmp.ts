// IGMP version 3 (RFC 3376 section 4) and version 2 (RFC 2236), whose query is read as a query without sources.
// Offsets count from the first octet of the IGMP message.
import type { Ip4 } from './addresses.ts'
import { put16, put32, u16, u32 } from './bytes.ts'
import { add, fold } from './checksum.ts'

export const PROTOCOL = 2
export const QUERY = 0x11
export const REPORT_V3 = 0x22
export const REPORT_V2 = 0x16
export const LEAVE = 0x17

/** Types of a group record (section 4.2.12). Joining a group is CHANGE_TO_EXCLUDE with no sources. */
export const IS_INCLUDE = 1
export const IS_EXCLUDE = 2
export const CHANGE_TO_INCLUDE = 3
export const CHANGE_TO_EXCLUDE = 4
export const ALLOW_NEW_SOURCES = 5
export const BLOCK_OLD_SOURCES = 6

/** 224.0.0.1, where queries go, and 224.0.0.22, where reports go. */
export const ALL_SYSTEMS: Ip4 = 0xe0000001
export const ALL_V3_ROUTERS: Ip4 = 0xe0000016
/** 224.0.0.2, where version 2 says farewell. */
export const ALL_ROUTERS: Ip4 = 0xe0000002

export type GroupRecord = { readonly type: number; readonly group: Ip4; readonly sources: readonly Ip4[] }
export type Igmp =
  | {
      readonly kind: 'query'
      readonly maxResponseCode: number
      readonly group: Ip4
      readonly sources: readonly Ip4[]
      /** QRV and QQIC of version 3; absent = not told. */
      readonly robustness?: number
      readonly intervalCode?: number
    }
  | { readonly kind: 'report'; readonly records: readonly GroupRecord[] }
  | { readonly kind: 'report-v2' | 'leave'; readonly group: Ip4 }
export type Malformed = 'igmp: truncated' | 'igmp: bad checksum' | 'igmp: unknown type' | 'igmp: bad group record'

export const type = (b: Uint8Array, at: number): number => b[at]

function addresses(b: Uint8Array, at: number, count: number): Ip4[] {
  const out: Ip4[] = []
  for (let i = 0; i < count; i++) out.push(u32(b, at + 4 * i))
  return out
}

export function parse(b: Uint8Array, at: number, end: number): Igmp | Malformed {
  if (end - at < 8) return 'igmp: truncated'
  if (fold(add(0, b, at, end)) !== 0) return 'igmp: bad checksum'
  if (b[at] === QUERY) {
    const count = end - at >= 12 ? u16(b, at + 10) : 0
    if (12 + 4 * count > end - at && count > 0) return 'igmp: truncated'
    const told = end - at >= 12 ? { robustness: b[at + 8] & 7, intervalCode: b[at + 9] } : { robustness: 0, intervalCode: 0 }
    return {
      kind: 'query',
      maxResponseCode: b[at + 1],
      group: u32(b, at + 4),
      sources: addresses(b, at + 12, count),
      ...(told.robustness === 0 ? {} : { robustness: told.robustness }),
      ...(told.intervalCode === 0 ? {} : { intervalCode: told.intervalCode }),
    }
  }
  if (b[at] === REPORT_V2 || b[at] === LEAVE) return { kind: b[at] === REPORT_V2 ? 'report-v2' : 'leave', group: u32(b, at + 4) }
  if (b[at] !== REPORT_V3) return 'igmp: unknown type'
  const records: GroupRecord[] = []
  let i = at + 8
  for (let n = u16(b, at + 6); n > 0; n--) {
    const next = i + 8 <= end ? i + 8 + 4 * (u16(b, i + 2) + b[i + 1]) : end + 1
    if (next > end) return 'igmp: bad group record'
    records.push({ type: b[i], group: u32(b, i + 4), sources: addresses(b, i + 8, u16(b, i + 2)) })
    i = next
  }
  return { kind: 'report', records }
}

export function len(m: Igmp): number {
  if (m.kind === 'query') return 12 + 4 * m.sources.length
  let n = 8
  if (m.kind !== 'report') return n
  for (const r of m.records) n += 8 + 4 * r.sources.length
  return n
}

export function emit(m: Igmp, out: Uint8Array, at: number): void {
  const n = len(m)
  out.fill(0, at, at + 8)
  let i = at + 8
  if (m.kind === 'query') {
    out[at] = QUERY
    out[at + 1] = m.maxResponseCode
    put32(out, at + 4, m.group)
    out[i] = m.robustness ?? 0
    out[i + 1] = m.intervalCode ?? 0
    put16(out, i + 2, m.sources.length)
    m.sources.forEach((ip, k) => {
      put32(out, i + 4 + 4 * k, ip)
    })
  } else if (m.kind !== 'report') {
    out[at] = m.kind === 'leave' ? LEAVE : REPORT_V2
    put32(out, at + 4, m.group)
  } else {
    out[at] = REPORT_V3
    put16(out, at + 6, m.records.length)
    for (const r of m.records) {
      put16(out, i, r.type << 8)
      put16(out, i + 2, r.sources.length)
      put32(out, i + 4, r.group)
      i += 8
      for (const ip of r.sources) {
        put32(out, i, ip)
        i += 4
      }
    }
  }
  put16(out, at + 2, fold(add(0, out, at, at + n)))
}

/** Tenths of a second within which a query wants its answer (RFC 3376 section 4.1.1; version 2 counts plainly). */
export function responseTenths(code: number, version2: boolean): number {
  if (version2) return code === 0 ? 100 : code
  return code < 128 ? code : ((code & 15) | 16) << (((code >> 4) & 7) + 3)
}

/** The report of a host that joins groups, from any source. */
export const join = (groups: readonly Ip4[]): Igmp => ({
  kind: 'report',
  records: groups.map((group) => ({ type: CHANGE_TO_EXCLUDE, group, sources: [] })),
})
