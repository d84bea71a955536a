// ARP for IPv4 over Ethernet (RFC 826). Probes and announcements: RFC 5227.
import type { Ip4, Mac } from './addresses.ts'
import { put16, put32, put48, u16, u32, u48 } from './bytes.ts'

export const LEN = 28
export const REQUEST = 1
export const REPLY = 2

export type Arp = {
  readonly op: 1 | 2
  readonly senderMac: Mac
  readonly senderIp: Ip4
  readonly targetMac: Mac
  readonly targetIp: Ip4
}
export type Malformed = 'arp: truncated' | 'arp: not ipv4 over ethernet' | 'arp: unknown operation'

export function parse(b: Uint8Array, at: number, end: number): Arp | Malformed {
  if (end - at < LEN) return 'arp: truncated'
  if (u16(b, at) !== 1 || u16(b, at + 2) !== 0x0800 || b[at + 4] !== 6 || b[at + 5] !== 4) return 'arp: not ipv4 over ethernet'
  const op = u16(b, at + 6)
  if (op !== REQUEST && op !== REPLY) return 'arp: unknown operation'
  return {
    op,
    senderMac: u48(b, at + 8),
    senderIp: u32(b, at + 14),
    targetMac: u48(b, at + 18),
    targetIp: u32(b, at + 24),
  }
}

export const len = (): number => LEN

export function emit(arp: Arp, out: Uint8Array, at: number): void {
  put16(out, at, 1)
  put16(out, at + 2, 0x0800)
  out[at + 4] = 6
  out[at + 5] = 4
  put16(out, at + 6, arp.op)
  put48(out, at + 8, arp.senderMac)
  put32(out, at + 14, arp.senderIp)
  put48(out, at + 18, arp.targetMac)
  put32(out, at + 24, arp.targetIp)
}
