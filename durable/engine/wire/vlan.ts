// IEEE 802.1Q tag. Offsets count from the first octet of the frame; the tag stands where the EtherType was.
import { newFrame, put16, u16 } from './bytes.ts'
import * as ethernet from './ethernet.ts'

export const TAG_LEN = 4
/** Ethernet header with one tag. */
export const HEADER_LEN = ethernet.HEADER_LEN + TAG_LEN

export type Malformed = 'vlan: truncated'

export const tagged = (b: Uint8Array): boolean => b.length >= HEADER_LEN && ethernet.type(b) === ethernet.TYPE_VLAN
export const tci = (b: Uint8Array): number => u16(b, 14)
export const vid = (b: Uint8Array): number => u16(b, 14) & 0xfff
export const priority = (b: Uint8Array): number => b[14] >> 5
/** EtherType of what the tag carries. */
export const innerType = (b: Uint8Array): number => u16(b, 16)

export const setTci = (b: Uint8Array, tci: number): void => put16(b, 14, tci)

export const check = (_b: Uint8Array, end: number): true | Malformed => (end >= HEADER_LEN ? true : 'vlan: truncated')

/** A new frame with the tag put in. */
export function push(frame: Uint8Array, tci: number): Uint8Array {
  const out = newFrame(frame.length + TAG_LEN)
  out.set(frame.subarray(0, 12), 0)
  put16(out, 12, ethernet.TYPE_VLAN)
  put16(out, 14, tci)
  out.set(frame.subarray(12), 16)
  return out
}

/** A new frame with the outer tag taken out. The caller has seen that there is one (`tagged`). */
export function pop(frame: Uint8Array): Uint8Array {
  const out = newFrame(frame.length - TAG_LEN)
  out.set(frame.subarray(0, 12), 0)
  out.set(frame.subarray(16), 12)
  return out
}
