// ICMPv6 (RFC 4443): echo and errors. Neighbour discovery is in ndp.ts, listener discovery in mld.ts.
// Offsets count from the first octet of the ICMPv6 header.
import { put16, put32, u16, u32 } from './bytes.ts'
import { add, fold, pseudo } from './checksum.ts'
import type { Between } from './udp.ts'

export const PROTOCOL = 58
export const HEADER_LEN = 8

export const UNREACHABLE = 1
export const PACKET_TOO_BIG = 2
export const TIME_EXCEEDED = 3
export const PARAMETER_PROBLEM = 4
export const ECHO_REQUEST = 128
export const ECHO_REPLY = 129

/** Codes of UNREACHABLE (section 3.1). */
export const NO_ROUTE = 0
export const PROHIBITED = 1
export const BEYOND_SCOPE = 2
export const ADDRESS_UNREACHABLE = 3
export const PORT_UNREACHABLE = 4
/** Codes of TIME_EXCEEDED. */
export const HOP_LIMIT = 0
export const REASSEMBLY = 1
/** Codes of PARAMETER_PROBLEM. */
export const ERRONEOUS_FIELD = 0
export const UNKNOWN_NEXT_HEADER = 1
export const UNKNOWN_OPTION = 2

export type Echo = {
  readonly kind: 'echo-request' | 'echo-reply'
  readonly ident: number
  readonly sequence: number
  readonly payload: Uint8Array
}
/** `original` is as much of the packet that caused the error as fits. */
export type Icmp6Error =
  | { readonly kind: 'unreachable'; readonly code: number; readonly original: Uint8Array }
  | { readonly kind: 'packet-too-big'; readonly mtu: number; readonly original: Uint8Array }
  | { readonly kind: 'time-exceeded'; readonly code: number; readonly original: Uint8Array }
  | { readonly kind: 'parameter-problem'; readonly code: number; readonly pointer: number; readonly original: Uint8Array }
export type Icmp6 = Echo | Icmp6Error
export type Malformed = 'icmpv6: truncated' | 'icmpv6: bad checksum' | 'icmpv6: unknown type'

export const type = (b: Uint8Array, at: number): number => b[at]
export const code = (b: Uint8Array, at: number): number => b[at + 1]
export const ident = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const sequence = (b: Uint8Array, at: number): number => u16(b, at + 6)
/** Errors have types below 128 (section 2.1). */
export const isError = (b: Uint8Array, at: number): boolean => b[at] < 128

/** 0 when the checksum of a message in b[at..end) is right. */
export const sumOver = (b: Uint8Array, at: number, end: number, { src, dst }: Between): number =>
  fold(add(pseudo(src, dst, PROTOCOL, end - at), b, at, end))

export function putSum(b: Uint8Array, at: number, end: number, ip: Between): void {
  put16(b, at + 2, 0)
  put16(b, at + 2, sumOver(b, at, end, ip))
}

export function parse(b: Uint8Array, at: number, end: number, ip: Between): Icmp6 | Malformed {
  if (end - at < HEADER_LEN) return 'icmpv6: truncated'
  if (sumOver(b, at, end, ip) !== 0) return 'icmpv6: bad checksum'
  const rest = b.subarray(at + HEADER_LEN, end)
  switch (b[at]) {
    case ECHO_REQUEST:
      return { kind: 'echo-request', ident: ident(b, at), sequence: sequence(b, at), payload: rest }
    case ECHO_REPLY:
      return { kind: 'echo-reply', ident: ident(b, at), sequence: sequence(b, at), payload: rest }
    case UNREACHABLE:
      return { kind: 'unreachable', code: b[at + 1], original: rest }
    case PACKET_TOO_BIG:
      return { kind: 'packet-too-big', mtu: u32(b, at + 4), original: rest }
    case TIME_EXCEEDED:
      return { kind: 'time-exceeded', code: b[at + 1], original: rest }
    case PARAMETER_PROBLEM:
      return { kind: 'parameter-problem', code: b[at + 1], pointer: u32(b, at + 4), original: rest }
    default:
      return 'icmpv6: unknown type'
  }
}

const body = (m: Icmp6): Uint8Array => ('payload' in m ? m.payload : m.original)

export const len = (m: Icmp6): number => HEADER_LEN + body(m).length

export function emit(m: Icmp6, out: Uint8Array, at: number, ip: Between): void {
  put32(out, at + 4, 0)
  switch (m.kind) {
    case 'echo-request':
    case 'echo-reply':
      put16(out, at, (m.kind === 'echo-request' ? ECHO_REQUEST : ECHO_REPLY) << 8)
      put16(out, at + 4, m.ident)
      put16(out, at + 6, m.sequence)
      break
    case 'unreachable':
      put16(out, at, (UNREACHABLE << 8) | m.code)
      break
    case 'packet-too-big':
      put16(out, at, PACKET_TOO_BIG << 8)
      put32(out, at + 4, m.mtu)
      break
    case 'time-exceeded':
      put16(out, at, (TIME_EXCEEDED << 8) | m.code)
      break
    case 'parameter-problem':
      put16(out, at, (PARAMETER_PROBLEM << 8) | m.code)
      put32(out, at + 4, m.pointer)
      break
    default:
      m satisfies never
  }
  out.set(body(m), at + HEADER_LEN)
  putSum(out, at, at + len(m), ip)
}
