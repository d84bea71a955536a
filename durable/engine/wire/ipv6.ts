// IPv6 (RFC 8200) and its extension headers. Offsets count from the first octet of the header.
import { type Ip6, readIp6, writeIp6 } from './addresses.ts'
import { put16, put32, u16, u32 } from './bytes.ts'

export const HEADER_LEN = 40
/** Every link carries packets of this size (section 5). */
export const MIN_MTU = 1280
export const FRAGMENT_LEN = 8

export const HOP_BY_HOP = 0
export const ROUTING = 43
export const FRAGMENT = 44
export const ESP = 50
export const AUTHENTICATION = 51
export const ICMP6 = 58
export const NO_NEXT = 59
export const DESTINATION = 60

/** A packet whose lengths have been verified; extension headers are part of the payload. */
export type Ipv6 = {
  readonly src: Ip6
  readonly dst: Ip6
  readonly nextHeader: number
  readonly hopLimit: number
  readonly trafficClass: number
  readonly flowLabel: number
  readonly payload: Uint8Array
}
/** What `emit` needs; the length is its own work. */
export type Header = {
  readonly src: Ip6
  readonly dst: Ip6
  readonly nextHeader: number
  readonly hopLimit: number
  readonly trafficClass?: number
  readonly flowLabel?: number
}
export type Malformed =
  | 'ipv6: truncated'
  | 'ipv6: not version 6'
  | 'ipv6: bad payload length'
  | 'ipv6: bad extension header'
  | 'ipv6: too many extension headers'

export const trafficClass = (b: Uint8Array, at: number): number => ((b[at] & 15) << 4) | (b[at + 1] >> 4)
export const flowLabel = (b: Uint8Array, at: number): number => u32(b, at) & 0xfffff
export const payloadLen = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const nextHeader = (b: Uint8Array, at: number): number => b[at + 6]
export const hopLimit = (b: Uint8Array, at: number): number => b[at + 7]
export const src = (b: Uint8Array, at: number): Ip6 => readIp6(b, at + 8)
export const dst = (b: Uint8Array, at: number): Ip6 => readIp6(b, at + 24)
export const end = (b: Uint8Array, at: number): number => at + HEADER_LEN + u16(b, at + 4)

export function setHopLimit(b: Uint8Array, at: number, limit: number): void {
  b[at + 7] = limit
}

/** True when every getter above, and the payload, is inside b[at..end). Octets after the payload are padding. */
export function check(b: Uint8Array, at: number, end: number): true | Malformed {
  if (end - at < HEADER_LEN) return 'ipv6: truncated'
  if (b[at] >> 4 !== 6) return 'ipv6: not version 6'
  return HEADER_LEN + u16(b, at + 4) > end - at ? 'ipv6: bad payload length' : true
}

export function parse(b: Uint8Array, at: number, end: number): Ipv6 | Malformed {
  const checked = check(b, at, end)
  if (checked !== true) return checked
  return {
    src: src(b, at),
    dst: dst(b, at),
    nextHeader: b[at + 6],
    hopLimit: b[at + 7],
    trafficClass: trafficClass(b, at),
    flowLabel: flowLabel(b, at),
    payload: b.subarray(at + HEADER_LEN, at + HEADER_LEN + payloadLen(b, at)),
  }
}

/** Writes the header in front of a payload of `payloadLen` octets. */
export function emit(h: Header, payloadLen: number, out: Uint8Array, at: number): void {
  put32(out, at, 0x60000000 + (h.trafficClass ?? 0) * 0x100000 + (h.flowLabel ?? 0))
  put16(out, at + 4, payloadLen)
  out[at + 6] = h.nextHeader
  out[at + 7] = h.hopLimit
  writeIp6(out, at + 8, h.src)
  writeIp6(out, at + 24, h.dst)
}

/** What stands behind the extension headers. */
export type Upper = {
  /** `NO_NEXT` when nothing follows; of a fragment that is not the first, what the whole packet carries. */
  readonly protocol: number
  readonly from: number
  /** Where the field stands that names `protocol`, and where the fragment header is, or -1. */
  readonly named: number
  readonly fragment: number
  /** A routing header that still wants to be followed, or -1 (section 4.4). */
  readonly routing: number
  /** An option that forbids going on (section 4.2): where it stands, and what to do. */
  readonly option: { readonly at: number; readonly action: 'drop' | 'report' | 'report-unicast' } | undefined
}

/** More than this many headers, or options in them, and nobody reads on. */
export const MAX_EXTENSIONS = 8
export const MAX_OPTIONS = 32

/** Passes over the extension headers of a packet that `check` found good. */
export function walk(b: Uint8Array, at: number, end: number): Upper | Malformed {
  let protocol = b[at + 6]
  let named = at + 6
  let from = at + HEADER_LEN
  let routing = -1
  for (let headers = 0; ; headers++) {
    if (protocol === FRAGMENT) {
      if (end - from < FRAGMENT_LEN) return 'ipv6: bad extension header'
      // Behind it stands what the sender cut; only a packet that is whole is read on.
      if ((u16(b, from + 2) & 0xfff9) !== 0)
        return { protocol: b[from], from: from + 8, named: from, fragment: from, routing, option: undefined }
    } else if (protocol !== HOP_BY_HOP && protocol !== DESTINATION && protocol !== ROUTING && protocol !== AUTHENTICATION)
      return { protocol, from, named, fragment: -1, routing, option: undefined }
    if (headers === MAX_EXTENSIONS) return 'ipv6: too many extension headers'
    // Hop-by-hop options stand first or nowhere (section 4.1).
    if (end - from < 8 || (protocol === HOP_BY_HOP && headers > 0)) return 'ipv6: bad extension header'
    const size = protocol === FRAGMENT ? 8 : protocol === AUTHENTICATION ? (b[from + 1] + 2) * 4 : (b[from + 1] + 1) * 8
    if (size > end - from) return 'ipv6: bad extension header'
    if (protocol === HOP_BY_HOP || protocol === DESTINATION) {
      const option = unknownOption(b, from + 2, from + size)
      if (typeof option === 'string') return option
      if (option !== undefined) return { protocol, from, named, fragment: -1, routing, option }
    }
    if (protocol === ROUTING && b[from + 3] > 0) routing = from
    protocol = b[from]
    named = from
    from += size
  }
}

/** The first option whose type says that who does not know it must not go on. Padding and router alert are known. */
function unknownOption(b: Uint8Array, from: number, end: number): Upper['option'] | Malformed {
  for (let at = from, count = 0; at < end; count++) {
    if (count === MAX_OPTIONS) return 'ipv6: too many extension headers'
    if (b[at] === 0) {
      at++
      continue
    }
    if (at + 2 > end || at + 2 + b[at + 1] > end) return 'ipv6: bad extension header'
    const action = b[at] >> 6
    if (action !== 0) return { at, action: action === 1 ? 'drop' : action === 2 ? 'report' : 'report-unicast' }
    at += 2 + b[at + 1]
  }
  return undefined
}

export const fragmentOffset = (b: Uint8Array, fragment: number): number => u16(b, fragment + 2) & 0xfff8
export const moreFragments = (b: Uint8Array, fragment: number): boolean => (b[fragment + 3] & 1) !== 0
export const fragmentId = (b: Uint8Array, fragment: number): number => u32(b, fragment + 4)

export function emitFragment(out: Uint8Array, at: number, next: number, offset: number, more: boolean, id: number): void {
  put16(out, at, next << 8)
  put16(out, at + 2, offset | (more ? 1 : 0))
  put32(out, at + 4, id)
}

/** Eight octets of hop-by-hop options with a router alert for multicast listeners (RFC 2711, RFC 3810 section 5). */
export function emitRouterAlert(out: Uint8Array, at: number, next: number): void {
  put32(out, at, (next << 24) | 0x000502)
  put32(out, at + 4, 0x00000100)
}
