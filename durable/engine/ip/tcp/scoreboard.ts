// What the other side has beyond what it acknowledged (RFC 2018), and what follows from it (RFC 6675).
import type { Connection } from './connection.ts'
import type { Segment } from './segment.ts'
import { geq, gt, later, leq, lt, minus, plus, type Seq } from './sequence.ts'

/** Ranges kept a connection; what does not fit is only sent once too often. */
const MAX_RANGES = 256
const DUP_THRESH = 3

/** Takes the blocks of an acknowledgement over. True when it tells of something new. */
export function takeBlocks(c: Connection, segment: Segment): boolean {
  let news = false
  for (let i = 0; i < segment.sacks; i++) {
    const left = segment.left[i] as number
    const right = segment.right[i] as number
    // Nonsense, and what RFC 2883 reports as come twice, is passed over.
    if (!lt(left, right) || leq(left, c.una) || gt(right, c.max)) continue
    if (insert(c, left, right)) news = true
  }
  return news
}

function insert(c: Connection, left: Seq, right: Seq): boolean {
  const { sackedStart, sackedEnd } = c
  let at = 0
  while (at < sackedStart.length && lt(sackedEnd[at] as number, left)) at++
  if (at < sackedStart.length && leq(sackedStart[at] as number, left) && geq(sackedEnd[at] as number, right)) return false
  let from = left
  let to = right
  let end = at
  while (end < sackedStart.length && leq(sackedStart[end] as number, to)) {
    if (lt(sackedStart[end] as number, from)) from = sackedStart[end] as number
    to = later(to, sackedEnd[end] as number)
    end++
  }
  if (end === at && sackedStart.length >= MAX_RANGES) return false
  sackedStart.splice(at, end - at, from)
  sackedEnd.splice(at, end - at, to)
  return true
}

/** Everything before `una` is acknowledged. */
export function forgetBefore(c: Connection): void {
  const { sackedStart, sackedEnd } = c
  let gone = 0
  while (gone < sackedStart.length && leq(sackedEnd[gone] as number, c.una)) gone++
  if (gone > 0) {
    sackedStart.splice(0, gone)
    sackedEnd.splice(0, gone)
  }
}

export function clearBoard(c: Connection): void {
  c.sackedStart.length = 0
  c.sackedEnd.length = 0
}

/**
 * RFC 6675 section 4, IsLost: how much of what is out, from `una` on, counts as lost, told by its end. Whatever has three ranges or
 * more than two segments' octets above it is.
 */
export function lostUpTo(c: Connection, mss: number): Seq {
  const { sackedStart, sackedEnd } = c
  let octets = 0
  for (let i = sackedStart.length - 1, ranges = 1; i >= 0; i--, ranges++) {
    octets += minus(sackedEnd[i] as number, sackedStart[i] as number)
    if (ranges >= DUP_THRESH || octets > (DUP_THRESH - 1) * mss) return sackedStart[i] as number
  }
  return c.una
}

/** RFC 6675 section 4, SetPipe: how much is under way, as far as one can know. */
export function pipe(c: Connection, lost: Seq): number {
  const { sackedStart, sackedEnd } = c
  let under = 0
  let from = c.una
  for (let i = 0; i <= sackedStart.length; i++) {
    const to = i < sackedStart.length ? (sackedStart[i] as number) : c.max
    if (gt(to, from)) {
      // Holes that are lost count only as far as they have been sent again.
      if (geq(from, lost)) under += minus(to, from)
      if (gt(c.highRxt, from)) under += minus(lt(c.highRxt, to) ? c.highRxt : to, from)
    }
    if (i < sackedStart.length) from = sackedEnd[i] as number
  }
  return under
}

/** The next hole at or after `from` and before `until`: where it begins and ends, or undefined. */
export function nextHole(c: Connection, from: Seq, until: Seq): { readonly from: Seq; readonly to: Seq } | undefined {
  const { sackedStart, sackedEnd } = c
  let at = from
  for (let i = 0; i < sackedStart.length; i++) {
    if (lt(at, sackedStart[i] as number)) break
    if (lt(at, sackedEnd[i] as number)) at = sackedEnd[i] as number
  }
  if (!lt(at, until)) return undefined
  let to = until
  for (let i = 0; i < sackedStart.length; i++) {
    if (gt(sackedStart[i] as number, at)) {
      if (lt(sackedStart[i] as number, to)) to = sackedStart[i] as number
      break
    }
  }
  return { from: at, to }
}

/** The end of the highest range, or `una`. */
export const highestSacked = (c: Connection): Seq =>
  c.sackedEnd.length === 0 ? c.una : (c.sackedEnd[c.sackedEnd.length - 1] as number)

/** Where to go on from `seq`: behind the range that it stands in. */
export function skipSacked(c: Connection, seq: Seq): Seq {
  for (let i = 0; i < c.sackedStart.length; i++) {
    if (lt(seq, c.sackedStart[i] as number)) return seq
    if (lt(seq, c.sackedEnd[i] as number)) return c.sackedEnd[i] as number
  }
  return seq
}

/** How many octets may be sent from `seq` before something that the other side has. */
export function untilSacked(c: Connection, seq: Seq, octets: number): number {
  for (let i = 0; i < c.sackedStart.length; i++) {
    const away = minus(c.sackedStart[i] as number, seq)
    if (away > 0) return Math.min(octets, away)
  }
  return octets
}

export const flight = (c: Connection): number => minus(c.max, c.una)
export const recoveryPoint = (c: Connection): Seq => plus(c.max, 0)
