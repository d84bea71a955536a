// What came before its turn: the octets already stand in the ring where they belong, here are the ranges, the latest first.
import type { Connection } from './connection.ts'
import { geq, gt, lt, minus, type Seq } from './sequence.ts'

/** More holes than this are not kept track of: what would make another one has to come again. */
const MAX_EARLY = 128

/** Notes that [from, to) is here. False: there is no room for one more range. */
export function noteEarly(c: Connection, from: Seq, to: Seq): boolean {
  const { earlyStart, earlyEnd } = c
  let start = from
  let end = to
  for (let i = earlyStart.length - 1; i >= 0; i--) {
    const s = earlyStart[i] as number
    const e = earlyEnd[i] as number
    if (gt(s, end) || lt(e, start)) continue
    if (lt(s, start)) start = s
    if (gt(e, end)) end = e
    earlyStart.splice(i, 1)
    earlyEnd.splice(i, 1)
  }
  if (earlyStart.length >= MAX_EARLY) return false
  earlyStart.unshift(start)
  earlyEnd.unshift(end)
  return true
}

/** The gap before some of them may have closed: they are in order now. */
export function takeEarly(c: Connection): void {
  const { earlyStart, earlyEnd } = c
  for (let i = 0; i < earlyStart.length; ) {
    if (gt(earlyStart[i] as number, c.rcvNxt)) {
      i++
      continue
    }
    const end = earlyEnd[i] as number
    earlyStart.splice(i, 1)
    earlyEnd.splice(i, 1)
    if (geq(c.rcvNxt, end)) continue
    c.in.length += minus(end, c.rcvNxt)
    c.rcvNxt = end
    i = 0
  }
}
