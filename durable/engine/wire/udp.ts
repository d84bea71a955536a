// UDP (RFC 768). Offsets count from the first octet of the UDP header.
import type { IpAddress } from './addresses.ts'
import { put16, u16 } from './bytes.ts'
import { add, fold, pseudo } from './checksum.ts'

export const PROTOCOL = 17
export const HEADER_LEN = 8

/** A datagram with its lengths and checksum already dealt with. */
export type Udp = { readonly srcPort: number; readonly dstPort: number; readonly payload: Uint8Array }
export type Malformed = 'udp: bad length' | 'udp: bad checksum' | 'udp: port zero'
export type Between = { readonly src: IpAddress; readonly dst: IpAddress }

export const srcPort = (b: Uint8Array, at: number): number => u16(b, at)
export const dstPort = (b: Uint8Array, at: number): number => u16(b, at + 2)
export const length = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const sum = (b: Uint8Array, at: number): number => u16(b, at + 6)

/** These only store. A NAT adjusts the checksum itself, once for address and port, and leaves a zero one alone. */
export const setSrcPort = (b: Uint8Array, at: number, port: number): void => put16(b, at, port)
export const setDstPort = (b: Uint8Array, at: number, port: number): void => put16(b, at + 2, port)
export const setSum = (b: Uint8Array, at: number, sum: number): void => put16(b, at + 6, sum)

/** True when every getter above, and the payload, is inside b[at..end). */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= HEADER_LEN && length(b, at) >= HEADER_LEN && length(b, at) <= end - at

export function parse(b: Uint8Array, at: number, end: number, ip: Between): Udp | Malformed {
  if (!check(b, at, end)) return 'udp: bad length'
  const len = length(b, at)
  // A zero checksum means the sender did not compute one.
  if (sum(b, at) !== 0 && fold(add(pseudo(ip.src, ip.dst, PROTOCOL, len), b, at, at + len)) !== 0) return 'udp: bad checksum'
  if (dstPort(b, at) === 0) return 'udp: port zero'
  return { srcPort: srcPort(b, at), dstPort: dstPort(b, at), payload: b.subarray(at + HEADER_LEN, at + len) }
}

export const len = (d: Udp): number => HEADER_LEN + d.payload.length

export function emit(d: Udp, out: Uint8Array, at: number, ip: Between): void {
  const n = len(d)
  put16(out, at, d.srcPort)
  put16(out, at + 2, d.dstPort)
  put16(out, at + 4, n)
  put16(out, at + 6, 0)
  out.set(d.payload, at + HEADER_LEN)
  // All ones and zero are the same sum; zero on the wire would mean "not computed".
  put16(out, at + 6, fold(add(pseudo(ip.src, ip.dst, PROTOCOL, n), out, at, at + n)) || 0xffff)
}
