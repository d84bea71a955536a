// IPv4 (RFC 791). Offsets count from the first octet of the header.
import type { Ip4 } from './addresses.ts'
import { put16, put32, u16, u32 } from './bytes.ts'
import { add, adjust16, adjust32, fold } from './checksum.ts'

export const HEADER_LEN = 20
export const ICMP = 1
export const IGMP = 2
export const TCP = 6
export const UDP = 17
export const GRE = 47

/** A packet whose lengths and checksum have been verified. Header options are passed over. */
export type Ipv4 = {
  readonly src: Ip4
  readonly dst: Ip4
  readonly protocol: number
  readonly ttl: number
  readonly tos: number
  readonly id: number
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  readonly fragmentOffset: number
  readonly headerLen: number
  readonly payload: Uint8Array
}
/** What `emit` needs; lengths and checksum are its own work. */
export type Header = {
  readonly src: Ip4
  readonly dst: Ip4
  readonly protocol: number
  readonly ttl: number
  readonly id: number
  readonly dontFragment: boolean
  readonly tos?: number
  readonly moreFragments?: boolean
  /** In octets, a multiple of eight. */
  readonly fragmentOffset?: number
}
export type Malformed =
  | 'ipv4: truncated'
  | 'ipv4: not version 4'
  | 'ipv4: bad header length'
  | 'ipv4: bad total length'
  | 'ipv4: bad checksum'

export const headerLen = (b: Uint8Array, at: number): number => (b[at] & 15) << 2
export const tos = (b: Uint8Array, at: number): number => b[at + 1]
export const totalLen = (b: Uint8Array, at: number): number => u16(b, at + 2)
export const id = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const flagsAndOffset = (b: Uint8Array, at: number): number => u16(b, at + 6)
export const dontFragment = (b: Uint8Array, at: number): boolean => (b[at + 6] & 0x40) !== 0
export const moreFragments = (b: Uint8Array, at: number): boolean => (b[at + 6] & 0x20) !== 0
export const fragmentOffset = (b: Uint8Array, at: number): number => (u16(b, at + 6) & 0x1fff) << 3
/** A piece of a datagram, the first one included. */
export const isFragment = (b: Uint8Array, at: number): boolean => (u16(b, at + 6) & 0x3fff) !== 0
export const ttl = (b: Uint8Array, at: number): number => b[at + 8]
export const protocol = (b: Uint8Array, at: number): number => b[at + 9]
export const sum = (b: Uint8Array, at: number): number => u16(b, at + 10)
export const src = (b: Uint8Array, at: number): Ip4 => u32(b, at + 12)
export const dst = (b: Uint8Array, at: number): Ip4 => u32(b, at + 16)

/** These store and leave the checksum alone; `fixChecksum` or the functions below put it right. */
export const setSrc = (b: Uint8Array, at: number, ip: Ip4): void => put32(b, at + 12, ip)
export const setDst = (b: Uint8Array, at: number, ip: Ip4): void => put32(b, at + 16, ip)
export function setTtl(b: Uint8Array, at: number, ttl: number): void {
  b[at + 8] = ttl
}

/** Returns the TTL that is left. */
export function decrementTtl(b: Uint8Array, at: number): number {
  const old = u16(b, at + 8)
  const now = (old - 0x100) & 0xffff
  put16(b, at + 8, now)
  put16(b, at + 10, adjust16(u16(b, at + 10), old, now))
  return b[at + 8]
}

export function rewriteSrc(b: Uint8Array, at: number, ip: Ip4): void {
  put16(b, at + 10, adjust32(u16(b, at + 10), u32(b, at + 12), ip))
  put32(b, at + 12, ip)
}

export function rewriteDst(b: Uint8Array, at: number, ip: Ip4): void {
  put16(b, at + 10, adjust32(u16(b, at + 10), u32(b, at + 16), ip))
  put32(b, at + 16, ip)
}

export function fixChecksum(b: Uint8Array, at: number): void {
  put16(b, at + 10, 0)
  put16(b, at + 10, fold(add(0, b, at, at + headerLen(b, at))))
}

export const checksumOk = (b: Uint8Array, at: number): boolean => fold(add(0, b, at, at + headerLen(b, at))) === 0

/** True when every getter above, and the payload, is inside b[at..end). Octets after the total length are padding. */
export function check(b: Uint8Array, at: number, end: number): true | Malformed {
  if (end - at < HEADER_LEN) return 'ipv4: truncated'
  if (b[at] >> 4 !== 4) return 'ipv4: not version 4'
  const header = headerLen(b, at)
  if (header < HEADER_LEN || header > end - at) return 'ipv4: bad header length'
  const total = totalLen(b, at)
  return total < header || total > end - at ? 'ipv4: bad total length' : true
}

export function parse(b: Uint8Array, at: number, end: number): Ipv4 | Malformed {
  const checked = check(b, at, end)
  if (checked !== true) return checked
  if (!checksumOk(b, at)) return 'ipv4: bad checksum'
  const header = headerLen(b, at)
  return {
    src: src(b, at),
    dst: dst(b, at),
    protocol: protocol(b, at),
    ttl: ttl(b, at),
    tos: tos(b, at),
    id: id(b, at),
    dontFragment: dontFragment(b, at),
    moreFragments: moreFragments(b, at),
    fragmentOffset: fragmentOffset(b, at),
    headerLen: header,
    payload: b.subarray(at + header, at + totalLen(b, at)),
  }
}

/** Writes a header without options in front of `payloadLen` octets, which begin at `at + HEADER_LEN`. */
export function emit(h: Header, payloadLen: number, out: Uint8Array, at: number): void {
  out[at] = 0x45
  out[at + 1] = h.tos ?? 0
  put16(out, at + 2, HEADER_LEN + payloadLen)
  put16(out, at + 4, h.id)
  put16(out, at + 6, (h.dontFragment ? 0x4000 : 0) | (h.moreFragments ? 0x2000 : 0) | ((h.fragmentOffset ?? 0) >> 3))
  out[at + 8] = h.ttl
  out[at + 9] = h.protocol
  put32(out, at + 12, h.src)
  put32(out, at + 16, h.dst)
  fixChecksum(out, at)
}
