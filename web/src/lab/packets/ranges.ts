import type { PacketDetail } from '../../../../durable/protocol.ts'

/** Bytes [from, to) of a packet. */
export type Range = { readonly from: number; readonly to: number }
export type Layers = PacketDetail['layers']

export const sameRange = (a: Range | null, b: Range) => a !== null && a.from === b.from && a.to === b.to

export const within = (inner: Range | null, outer: Range) => inner !== null && inner.from >= outer.from && inner.to <= outer.to

/** The narrowest field that holds the byte, else its layer. */
export function fieldAt(layers: Layers, at: number): Range | null {
  let best: Range | null = null
  for (const layer of layers) {
    for (const one of [layer, ...layer.fields]) {
      if (at < one.from || at >= one.to) continue
      if (best === null || one.to - one.from <= best.to - best.from) best = { from: one.from, to: one.to }
    }
  }
  return best
}

export function hexToBytes(hex: string): number[] {
  const bytes: number[] = []
  for (let at = 0; at + 1 < hex.length; at += 2) bytes.push(Number.parseInt(hex.slice(at, at + 2), 16))
  return bytes
}

export const hexOf = (byte: number) => byte.toString(16).padStart(2, '0')
export const textOf = (byte: number) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')
