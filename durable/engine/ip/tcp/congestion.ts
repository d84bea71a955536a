// How much may be under way: slow start and congestion avoidance (RFC 5681), fast retransmit and recovery (RFC 6582 without
// selective acknowledgements, RFC 6675 with them), and what a timeout does.
import { type Connection, LOSS, OPEN, RECOVERY } from './connection.ts'
import type { TcpContext } from './context.ts'
import { maxPayload } from './emit.ts'
import { resend, sendLost } from './output.ts'
import { stopTiming } from './rtt.ts'
import { clearBoard, flight, lostUpTo } from './scoreboard.ts'
import { geq, gt, minus, type Seq } from './sequence.ts'

/** More under way than any window allows would only overflow. */
const MAX_CWND = 1 << 24

export function startCongestion(tcp: TcpContext, c: Connection): void {
  const mss = maxPayload(tcp.stack, c)
  // RFC 6928 section 2.
  c.cwnd = Math.min(tcp.profile.initialSegments * mss, Math.max(2 * mss, tcp.profile.initialSegments * 1460))
  c.ssthresh = 0x3fffffff
  c.recover = c.iss
}

/** `acked` octets are newly acknowledged; `before` were under way. */
export function acknowledged(tcp: TcpContext, c: Connection, acked: number, before: number): void {
  const mss = maxPayload(tcp.stack, c)
  c.dupAcks = 0
  if (c.phase === RECOVERY) {
    if (geq(c.una, c.recover)) leaveRecovery(c, mss)
    else if (c.sackOk) return sendLost(tcp, c)
    else return partial(tcp, c, acked, mss)
  } else if (c.phase === LOSS && geq(c.una, c.recover)) c.phase = OPEN
  // A window that is not used up says nothing about the way (RFC 7661 section 4.3).
  if (before + mss < c.cwnd >> 1) return
  if (c.cwnd < c.ssthresh) c.cwnd = Math.min(MAX_CWND, c.cwnd + Math.min(acked, 2 * mss))
  else {
    c.counted += acked
    if (c.counted >= c.cwnd) {
      c.counted -= c.cwnd
      c.cwnd = Math.min(MAX_CWND, c.cwnd + mss)
    }
  }
}

function leaveRecovery(c: Connection, mss: number): void {
  c.phase = OPEN
  c.counted = 0
  c.cwnd = c.sackOk ? c.ssthresh : Math.min(c.ssthresh, Math.max(flight(c), mss) + mss)
}

/** RFC 6582 section 3.2 step 3, partial acknowledgement: the next hole is resent, and the window shrinks by what has left. */
function partial(tcp: TcpContext, c: Connection, acked: number, mss: number): void {
  resend(tcp, c, c.una, mss)
  c.cwnd = Math.max(mss, c.cwnd - acked) + (acked >= mss ? mss : 0)
}

/** An acknowledgement that acknowledges nothing new: something has arrived out of order. */
export function duplicate(tcp: TcpContext, c: Connection): void {
  c.dupAcks++
  const mss = maxPayload(tcp.stack, c)
  if (c.phase === RECOVERY) {
    if (c.sackOk) return sendLost(tcp, c)
    c.cwnd = Math.min(MAX_CWND, c.cwnd + mss)
    return
  }
  // RFC 6582 section 3.2 step 2: these may still be echoes of what a timeout resent.
  if (c.phase === LOSS || !gt(c.una, c.recover)) return
  const enough = c.dupAcks >= 3 || (c.sackOk && gt(lostUpTo(c, mss), c.una))
  if (enough) enterRecovery(tcp, c, mss)
}

function enterRecovery(tcp: TcpContext, c: Connection, mss: number): void {
  c.phase = RECOVERY
  c.recover = c.max
  c.rescued = false
  c.ssthresh = Math.max(flight(c) >> 1, 2 * mss)
  c.cwnd = c.sackOk ? c.ssthresh : c.ssthresh + 3 * mss
  c.highRxt = c.una
  stopTiming(c)
  c.highRxt = resend(tcp, c, c.una, mss)
  if (c.sackOk) sendLost(tcp, c)
}

/** RFC 3042: the first two duplicates each let a new segment out. */
export const allowance = (c: Connection, mss: number): number =>
  c.phase === OPEN && c.dupAcks > 0 && c.dupAcks < 3 ? c.dupAcks * mss : 0

/** RFC 5681 section 3.1, after a timeout: begin again from what was acknowledged. */
export function timedOut(tcp: TcpContext, c: Connection): void {
  const mss = maxPayload(tcp.stack, c)
  if (c.retries === 0) c.ssthresh = Math.max(flight(c) >> 1, 2 * mss)
  c.cwnd = mss
  c.counted = 0
  c.dupAcks = 0
  c.phase = LOSS
  c.recover = c.max
  c.nxt = c.una
  // RFC 2018 section 8: the other side may have thrown away what it once had.
  clearBoard(c)
  stopTiming(c)
}

/** RFC 5681 section 4.1: after silence the acknowledgements that paced us are gone. */
export function restart(tcp: TcpContext, c: Connection): void {
  const mss = maxPayload(tcp.stack, c)
  if (minus(c.max, c.una) === 0 && tcp.now - c.sentAt > c.rto) c.cwnd = Math.min(c.cwnd, tcp.profile.initialSegments * mss)
}

export const inRecovery = (c: Connection): boolean => c.phase === RECOVERY
export type { Seq }
