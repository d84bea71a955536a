import type { Range } from '../packets/ranges.ts'

/** The first run of bytes in which two packets differ, in hexadecimal both; null when they are the same. */
export function firstApart(a: string, b: string): Range | null {
  const length = Math.max(a.length, b.length)
  const same = (at: number) => a.slice(at, at + 2) === b.slice(at, at + 2)
  let from = 0
  while (from < length && same(from)) from += 2
  if (from >= length) return null
  let to = from
  while (to < length && !same(to)) to += 2
  return { from: from / 2, to: to / 2 }
}
