import type { RandomStream } from '../../engine/sim/random.ts'

/** Places [from, to) of a range that may not be drawn. */
export type Gap = { readonly from: number; readonly to: number }

/** How many of `total` places are left, and the place of one of them. */
export function places(total: number, gaps: readonly Gap[]): { readonly left: number; at(nth: number): number } {
  const sorted = gaps
    .map(({ from, to }) => ({ from: Math.max(0, from), to: Math.min(total, to) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  const apart: { from: number; to: number }[] = []
  for (const gap of sorted) {
    const last = apart.at(-1)
    if (last && gap.from <= last.to) last.to = Math.max(last.to, gap.to)
    else apart.push({ ...gap })
  }
  const left = apart.reduce((all, { from, to }) => all - (to - from), total)
  return {
    left,
    at: (nth) => apart.reduce((place, { from, to }) => (place >= from ? place + (to - from) : place), nth),
  }
}

/** One of the places that are left, each as likely as every other. Expects that there is one. */
export const drawPlace = (total: number, gaps: readonly Gap[], stream: RandomStream): number => {
  const { left, at } = places(total, gaps)
  return at(stream.below(left))
}
