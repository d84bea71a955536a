// Ethernet II. A frame always begins at offset 0 of its buffer.
import type { Mac } from './addresses.ts'
import { put16, put48, u16, u48 } from './bytes.ts'

export const HEADER_LEN = 14
export const TYPE_IPV4 = 0x0800
export const TYPE_ARP = 0x0806
export const TYPE_VLAN = 0x8100
export const TYPE_IPV6 = 0x86dd

export type Malformed = 'ethernet: truncated'

export const dst = (b: Uint8Array): Mac => u48(b, 0)
export const src = (b: Uint8Array): Mac => u48(b, 6)
export const type = (b: Uint8Array): number => u16(b, 12)

export const setDst = (b: Uint8Array, mac: Mac): void => put48(b, 0, mac)
export const setSrc = (b: Uint8Array, mac: Mac): void => put48(b, 6, mac)

export const check = (_b: Uint8Array, end: number): true | Malformed => (end >= HEADER_LEN ? true : 'ethernet: truncated')

export function emit(out: Uint8Array, dst: Mac, src: Mac, type: number): void {
  put48(out, 0, dst)
  put48(out, 6, src)
  put16(out, 12, type)
}
