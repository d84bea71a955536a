// What is sent, and when (RFC 9293 section 3.8.6): new data, data sent again, FIN, acknowledgements.
import { MINUTE, NEVER } from '../../sim/time.ts'
import * as wire from '../../wire/tcp.ts'
import { allowance, restart } from './congestion.ts'
import { type Connection, RECOVERY } from './connection.ts'
import type { TcpContext } from './context.ts'
import { emit, maxPayload } from './emit.ts'
import { backedOff, stopTiming, time } from './rtt.ts'
import { highestSacked, lostUpTo, nextHole, pipe, skipSacked, untilSacked } from './scoreboard.ts'
import { geq, gt, leq, lt, minus, plus, type Seq } from './sequence.ts'
import { CLOSE_WAIT, CLOSING, ESTABLISHED, FIN_WAIT_1, LAST_ACK } from './state.ts'

/** RFC 1122 section 4.2.2.17 leaves the limit open; both systems stop at a minute or two. */
const LONGEST_PERSIST = MINUTE

const sends = (state: number): boolean =>
  state === ESTABLISHED || state === CLOSE_WAIT || state === FIN_WAIT_1 || state === CLOSING || state === LAST_ACK

/** Starts the retransmission timer, unless it runs. */
function arm(tcp: TcpContext, c: Connection): void {
  if (c.rtxAt !== NEVER) return
  c.rtxAt = tcp.now + backedOff(c.rto, c.retries, tcp.profile.maxRto)
}

/** One segment of what there is from `seq` on. Answers the number behind it. */
function sendFrom(tcp: TcpContext, c: Connection, seq: Seq, octets: number): Seq {
  const { end } = c
  let to = plus(seq, octets)
  let flags = wire.ACK
  const again = lt(seq, c.max)
  if (to === end && octets > 0) flags |= wire.PSH
  if (c.finQueued && to === end) {
    flags |= wire.FIN
    to = plus(to, 1)
  }
  if (again) {
    tcp.counters.retransSegs++
    // Karn: an octet that is sent again is timed no more.
    if (c.timing && leq(seq, c.rttSeq)) stopTiming(c)
  } else time(c, seq, tcp.now)
  emit(tcp, c, seq, flags, octets)
  if (gt(to, c.max)) c.max = to
  arm(tcp, c)
  return to
}

/** Sends again from `seq` on, at most one segment. Answers the number behind it. */
export function resend(tcp: TcpContext, c: Connection, seq: Seq, mss: number): Seq {
  const left = minus(c.end, seq)
  const octets = untilSacked(c, seq, Math.min(mss, left))
  const to = sendFrom(tcp, c, seq, octets)
  if (gt(to, c.nxt)) c.nxt = to
  return to
}

/** RFC 6675 section 5 step C: as much as the window leaves beyond what is under way, holes first. */
export function sendLost(tcp: TcpContext, c: Connection): void {
  const mss = maxPayload(tcp.stack, c)
  const lost = lostUpTo(c, mss)
  for (let room = c.cwnd - pipe(c, lost); room >= mss; ) {
    const before = lt(c.highRxt, c.una) ? c.una : c.highRxt
    // NextSeg rule 1: a hole that is lost. Rule 2: something new. Rule 3: a hole that may be.
    let hole = nextHole(c, before, lost)
    if (hole === undefined) {
      const octets = Math.min(mss, minus(c.end, c.max), minus(plus(c.una, c.wnd), c.max))
      if (octets > 0) {
        c.nxt = sendFrom(tcp, c, c.max, octets)
        room -= octets
        continue
      }
      hole = nextHole(c, before, highestSacked(c))
    }
    if (hole === undefined) return
    const octets = Math.min(mss, minus(hole.to, hole.from), minus(c.end, hole.from))
    c.highRxt = octets > 0 ? sendFrom(tcp, c, hole.from, octets) : hole.to
    room -= Math.max(1, octets)
  }
}

/** Sends what may be sent now. */
export function push(tcp: TcpContext, c: Connection): void {
  if (!sends(c.state) || c.finAcked || (c.phase === RECOVERY && c.sackOk)) return
  const mss = maxPayload(tcp.stack, c)
  if (c.una === c.max) restart(tcp, c)
  const { end } = c
  const window = Math.min(c.wnd, c.cwnd + allowance(c, mss))
  const last = c.finQueued ? plus(end, 1) : end
  while (lt(c.nxt, last)) {
    const again = lt(c.nxt, c.max)
    if (again) {
      c.nxt = skipSacked(c, c.nxt)
      if (!lt(c.nxt, last)) break
    }
    const left = minus(end, c.nxt)
    const usable = minus(plus(c.una, window), c.nxt)
    let octets = Math.min(mss, left, usable)
    if (octets < 0) octets = 0
    if (again) octets = untilSacked(c, c.nxt, octets)
    // A FIN takes no room of the other side's buffer, but it waits for what is before it.
    if (octets === 0 && left > 0) break
    if (octets === 0 && !c.finQueued) break
    if (!again && !worth(c, octets, left, mss)) break
    const to = sendFrom(tcp, c, c.nxt, octets)
    c.nxt = to
  }
  persist(tcp, c)
}

/** RFC 9293 section 3.8.6.2.1 and 3.7.4: small segments wait while something is under way. */
function worth(c: Connection, octets: number, left: number, mss: number): boolean {
  if (octets >= mss) return true
  if (octets === left && (c.finQueued || !c.nagle || c.una === c.max)) return true
  return c.largestWnd > 0 && octets >= c.largestWnd >> 1
}

/** With data to send, nothing under way and no room, the other side is asked from time to time (RFC 9293 section 3.8.6.1). */
function persist(tcp: TcpContext, c: Connection): void {
  const waits = c.rtxAt === NEVER && lt(c.nxt, c.end)
  if (!waits) c.persistAt = NEVER
  else if (c.persistAt === NEVER) {
    c.retries = 0
    c.probes = 0
    c.persistAt = tcp.now + c.rto
  }
}

/**
 * The persist timer has run out. A window that was too small to be worth it is used now; into a closed one goes the next octet
 * (Windows), or a segment that is old already, which must be answered (Linux).
 */
export function probe(tcp: TcpContext, c: Connection): void {
  if (c.wnd > 0) {
    c.persistAt = NEVER
    c.retries = 0
    c.nxt = sendFrom(tcp, c, c.nxt, Math.min(c.wnd, maxPayload(tcp.stack, c), minus(c.end, c.nxt)))
    return
  }
  c.retries++
  c.probes++
  c.persistAt = tcp.now + backedOff(c.rto, c.retries, LONGEST_PERSIST)
  if (tcp.profile.probesWithData) {
    emit(tcp, c, c.una, wire.ACK | wire.PSH, 1)
    if (gt(plus(c.una, 1), c.max)) c.max = plus(c.una, 1)
  } else emit(tcp, c, plus(c.una, -1), wire.ACK, 0)
}

/** An acknowledgement without data. */
export function sendAck(tcp: TcpContext, c: Connection): void {
  emit(tcp, c, geq(c.max, c.nxt) ? c.max : c.nxt, wire.ACK, 0)
}

/** After a segment was dealt with: data if there is any, else an acknowledgement when one is due. */
export function flush(tcp: TcpContext, c: Connection): void {
  push(tcp, c)
  if (c.ackNow) sendAck(tcp, c)
}
