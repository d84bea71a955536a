// L2TP version 2 (RFC 2661), the payload of UDP port 1701. Offsets count from the first octet of the L2TP header.
import { put16, u16 } from './bytes.ts'

export * from './l2tp-avps.ts'

export const PORT = 1701
/** Of a control message. */
export const HEADER_LEN = 12

const T = 0x8000
const L = 0x4000
const S = 0x0800
const O = 0x0200
const VERSION = 2

/** An attribute value pair of the IETF vendor (section 4.1). */
export type Avp = { readonly type: number; readonly mandatory: boolean; readonly data: Uint8Array }
/** Without AVPs it is a zero-length body message: an acknowledgement only. */
export type Control = {
  readonly kind: 'control'
  readonly tunnelId: number
  readonly sessionId: number
  readonly ns: number
  readonly nr: number
  readonly avps: readonly Avp[]
}
/** Emitted without the optional length and sequence fields; they are read and passed over. */
export type Data = { readonly kind: 'data'; readonly tunnelId: number; readonly sessionId: number; readonly payload: Uint8Array }
export type L2tp = Control | Data
export type Malformed =
  | 'l2tp: truncated'
  | 'l2tp: unknown version'
  | 'l2tp: bad length'
  | 'l2tp: bad control header'
  | 'l2tp: bad avp'
  | 'l2tp: hidden avp'

export const isControl = (b: Uint8Array, at: number): boolean => (b[at] & 0x80) !== 0

/** AVPs of another vendor are passed over unless they are mandatory, as section 4.1 requires of those not understood. */
function parseAvps(b: Uint8Array, at: number, end: number): Avp[] | Malformed {
  const avps: Avp[] = []
  let i = at
  while (i < end) {
    if (i + 6 > end) return 'l2tp: bad avp'
    const head = u16(b, i)
    const next = i + (head & 0x3ff)
    if ((head & 0x3ff) < 6 || next > end) return 'l2tp: bad avp'
    if ((head & 0x4000) !== 0) return 'l2tp: hidden avp'
    const mandatory = (head & 0x8000) !== 0
    if (u16(b, i + 2) === 0) avps.push({ type: u16(b, i + 4), mandatory, data: b.subarray(i + 6, next) })
    else if (mandatory) return 'l2tp: bad avp'
    i = next
  }
  return avps
}

export function parse(b: Uint8Array, at: number, end: number): L2tp | Malformed {
  if (end - at < 6) return 'l2tp: truncated'
  const flags = u16(b, at)
  if ((flags & 15) !== VERSION) return 'l2tp: unknown version'
  let i = at + 2
  let stop = end
  if ((flags & L) !== 0) {
    stop = at + u16(b, i)
    i += 2
  }
  const fixed = i + 4 + ((flags & S) !== 0 ? 4 : 0) + ((flags & O) !== 0 ? 2 : 0)
  if (stop > end || fixed > stop) return 'l2tp: bad length'
  const tunnelId = u16(b, i)
  const sessionId = u16(b, i + 2)
  if ((flags & T) !== 0) {
    if ((flags & (L | S | O)) !== (L | S)) return 'l2tp: bad control header'
    const avps = parseAvps(b, fixed, stop)
    return typeof avps === 'string' ? avps : { kind: 'control', tunnelId, sessionId, ns: u16(b, i + 4), nr: u16(b, i + 6), avps }
  }
  const payloadAt = fixed + ((flags & O) !== 0 ? u16(b, fixed - 2) : 0)
  if (payloadAt > stop) return 'l2tp: bad length'
  return { kind: 'data', tunnelId, sessionId, payload: b.subarray(payloadAt, stop) }
}

export function len(m: L2tp): number {
  if (m.kind === 'data') return 6 + m.payload.length
  let n = HEADER_LEN
  for (const a of m.avps) n += 6 + a.data.length
  return n
}

export function emit(m: L2tp, out: Uint8Array, at: number): void {
  if (m.kind === 'data') {
    put16(out, at, VERSION)
    put16(out, at + 2, m.tunnelId)
    put16(out, at + 4, m.sessionId)
    out.set(m.payload, at + 6)
    return
  }
  put16(out, at, T | L | S | VERSION)
  put16(out, at + 2, len(m))
  put16(out, at + 4, m.tunnelId)
  put16(out, at + 6, m.sessionId)
  put16(out, at + 8, m.ns)
  put16(out, at + 10, m.nr)
  let i = at + HEADER_LEN
  for (const a of m.avps) {
    put16(out, i, (a.mandatory ? 0x8000 : 0) | (6 + a.data.length))
    put16(out, i + 2, 0)
    put16(out, i + 4, a.type)
    out.set(a.data, i + 6)
    i += 6 + a.data.length
  }
}
