// ICMP (RFC 792); next-hop MTU (RFC 1191). Offsets count from the first octet of the ICMP header.
import type { Ip4 } from './addresses.ts'
import { put16, put32, u16, u32 } from './bytes.ts'
import { add, adjust16, fold } from './checksum.ts'

export const PROTOCOL = 1
export const HEADER_LEN = 8

export const ECHO_REPLY = 0
export const UNREACHABLE = 3
export const REDIRECT = 5
export const ECHO_REQUEST = 8
export const TIME_EXCEEDED = 11
export const PARAMETER_PROBLEM = 12

/** Codes of UNREACHABLE (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1). */
export const NET_UNREACHABLE = 0
export const HOST_UNREACHABLE = 1
export const PROTOCOL_UNREACHABLE = 2
export const PORT_UNREACHABLE = 3
export const FRAGMENTATION_NEEDED = 4
export const ADMINISTRATIVELY_PROHIBITED = 13

/** Code of TIME_EXCEEDED: not all fragments came in time (RFC 792). */
export const REASSEMBLY_TIME = 1

export type Echo = {
  readonly kind: 'echo-request' | 'echo-reply'
  readonly ident: number
  readonly sequence: number
  readonly payload: Uint8Array
}
/** `original` is the IP header and the first octets of the packet that caused the error. */
export type IcmpError =
  | { readonly kind: 'unreachable'; readonly code: number; readonly nextHopMtu: number; readonly original: Uint8Array }
  | { readonly kind: 'time-exceeded'; readonly code: number; readonly original: Uint8Array }
  | { readonly kind: 'redirect'; readonly code: number; readonly gateway: Ip4; readonly original: Uint8Array }
  | { readonly kind: 'parameter-problem'; readonly code: number; readonly pointer: number; readonly original: Uint8Array }
export type Icmp = Echo | IcmpError
export type Malformed = 'icmp: truncated' | 'icmp: bad checksum' | 'icmp: unknown type'

export const type = (b: Uint8Array, at: number): number => b[at]
export const code = (b: Uint8Array, at: number): number => b[at + 1]
export const sum = (b: Uint8Array, at: number): number => u16(b, at + 2)
export const ident = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const sequence = (b: Uint8Array, at: number): number => u16(b, at + 6)

export const isEcho = (b: Uint8Array, at: number): boolean => b[at] === ECHO_REQUEST || b[at] === ECHO_REPLY
export const isError = (b: Uint8Array, at: number): boolean =>
  b[at] === UNREACHABLE || b[at] === TIME_EXCEEDED || b[at] === REDIRECT || b[at] === PARAMETER_PROBLEM

export const setSum = (b: Uint8Array, at: number, sum: number): void => put16(b, at + 2, sum)

/** Changes the identifier and the checksum with it; ICMP has no pseudo header. */
export function rewriteIdent(b: Uint8Array, at: number, ident: number): void {
  put16(b, at + 2, adjust16(u16(b, at + 2), u16(b, at + 4), ident))
  put16(b, at + 4, ident)
}

export const check = (_b: Uint8Array, at: number, end: number): true | Malformed =>
  end - at >= HEADER_LEN ? true : 'icmp: truncated'

export function parse(b: Uint8Array, at: number, end: number): Icmp | Malformed {
  if (end - at < HEADER_LEN) return 'icmp: truncated'
  if (fold(add(0, b, at, end)) !== 0) return 'icmp: bad checksum'
  const rest = b.subarray(at + HEADER_LEN, end)
  switch (b[at]) {
    case ECHO_REQUEST:
      return { kind: 'echo-request', ident: ident(b, at), sequence: sequence(b, at), payload: rest }
    case ECHO_REPLY:
      return { kind: 'echo-reply', ident: ident(b, at), sequence: sequence(b, at), payload: rest }
    case UNREACHABLE:
      return { kind: 'unreachable', code: b[at + 1], nextHopMtu: u16(b, at + 6), original: rest }
    case TIME_EXCEEDED:
      return { kind: 'time-exceeded', code: b[at + 1], original: rest }
    case REDIRECT:
      return { kind: 'redirect', code: b[at + 1], gateway: u32(b, at + 4), original: rest }
    case PARAMETER_PROBLEM:
      return { kind: 'parameter-problem', code: b[at + 1], pointer: b[at + 4], original: rest }
    default:
      return 'icmp: unknown type'
  }
}

const body = (m: Icmp): Uint8Array => ('payload' in m ? m.payload : m.original)

export const len = (m: Icmp): number => HEADER_LEN + body(m).length

export function emit(m: Icmp, out: Uint8Array, at: number): void {
  put32(out, at + 4, 0)
  switch (m.kind) {
    case 'echo-request':
    case 'echo-reply':
      put16(out, at, m.kind === 'echo-request' ? ECHO_REQUEST << 8 : ECHO_REPLY << 8)
      put16(out, at + 4, m.ident)
      put16(out, at + 6, m.sequence)
      break
    case 'unreachable':
      put16(out, at, (UNREACHABLE << 8) | m.code)
      put16(out, at + 6, m.nextHopMtu)
      break
    case 'time-exceeded':
      put16(out, at, (TIME_EXCEEDED << 8) | m.code)
      break
    case 'redirect':
      put16(out, at, (REDIRECT << 8) | m.code)
      put32(out, at + 4, m.gateway)
      break
    case 'parameter-problem':
      put16(out, at, (PARAMETER_PROBLEM << 8) | m.code)
      out[at + 4] = m.pointer
      break
    default:
      m satisfies never
  }
  out.set(body(m), at + HEADER_LEN)
  put16(out, at + 2, 0)
  put16(out, at + 2, fold(add(0, out, at, at + len(m))))
}
