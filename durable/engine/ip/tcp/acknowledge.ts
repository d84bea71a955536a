// What a segment acknowledges (RFC 9293 section 3.10.7.4, fifth check), and the window that it tells.
import { NEVER } from '../../sim/time.ts'
import * as wire from '../../wire/tcp.ts'
import { acknowledged, duplicate } from './congestion.ts'
import { type Connection, LOSS, OPEN } from './connection.ts'
import { LIMITS, type TcpContext } from './context.ts'
import { stampNow } from './emit.ts'
import { sample, sampleFrom } from './rtt.ts'
import { forgetBefore, takeBlocks } from './scoreboard.ts'
import { geq, gt, leq, lt, minus, plus } from './sequence.ts'
import { CLOSED, CLOSING, FIN_WAIT_1, FIN_WAIT_2, LAST_ACK, TIME_WAIT } from './state.ts'
import { challenge } from './synchronized.ts'

/** False: the segment is not to be believed, or the connection has ended with it. */
export function takeAcknowledgement(tcp: TcpContext, c: Connection): boolean {
  const { segment } = tcp
  const { ack } = segment
  // RFC 5961 section 5.2: neither of what was not sent, nor far in the past.
  if (gt(ack, c.max) || lt(ack, plus(c.una, -Math.max(c.largestWnd, 1)))) {
    tcp.drop('ignored', 'an acknowledgement of what was not sent')
    challenge(tcp, c)
    return false
  }
  const news = c.sackOk && segment.sacks > 0 && takeBlocks(c, segment)
  const window = segment.window << c.sndScale
  if (gt(ack, c.una)) advance(tcp, c, ack)
  else if (ack === c.una && c.max !== c.una) {
    // RFC 5681 section 2: nothing in it but that something came out of order.
    const plain = segment.octets === 0 && !segment.has(wire.FIN) && window === c.wnd
    if (c.sackOk ? news : plain) duplicate(tcp, c)
  }
  if (c.state === CLOSED) return false
  if (geq(ack, c.una)) takeWindow(tcp, c, window)
  return finished(tcp, c)
}

function takeWindow(tcp: TcpContext, c: Connection, window: number): void {
  const { segment } = tcp
  if (!lt(c.wl1, segment.seq) && !(c.wl1 === segment.seq && leq(c.wl2, segment.ack))) return
  const opened = window > c.wnd
  c.wnd = window
  c.wl1 = segment.seq
  c.wl2 = segment.ack
  if (window > c.largestWnd) c.largestWnd = window
  // A window that has opened makes an end of probing.
  if (opened && c.persistAt !== NEVER) {
    c.persistAt = NEVER
    c.retries = 0
  }
}

function advance(tcp: TcpContext, c: Connection, ack: number): void {
  const { segment } = tcp
  const before = minus(c.max, c.una)
  const acked = minus(ack, c.una)
  const { now, profile } = tcp
  if (c.timing) sampleFrom(c, ack, now, profile)
  else if (c.tsOk && segment.stamped && segment.echo !== 0) {
    // RFC 7323 section 4: what was sent again can be timed by the stamp that comes back.
    const milliseconds = minus(stampNow(now, c.tsOffset), segment.echo)
    if (milliseconds >= 0 && milliseconds < 120_000) sample(c, milliseconds * 1000, profile)
  }
  // Our FIN is behind the last octet.
  c.out.drop(Math.min(acked, c.out.length))
  c.una = ack
  if (c.finQueued && ack === plus(c.finSeq, 1)) c.finAcked = true
  if (lt(c.nxt, ack)) c.nxt = ack
  c.retries = 0
  if (c.sackedStart.length > 0) forgetBefore(c)
  // RFC 6298 section 5.2 and 5.3.
  c.rtxAt = c.una === c.max ? NEVER : now + c.rto
  acknowledged(tcp, c, acked, before)
  if (c.phase === LOSS && c.una === c.max) c.phase = OPEN
  if (c.wanting && c.out.length <= sendLimit(c) - (sendLimit(c) >> 2)) {
    c.wanting = false
    tcp.tell(c, 'writable')
  }
}

const SEND_SMALLEST = 65_536
const SEND_LARGEST = 524_288

/** How much an owner may have waiting to be acknowledged: twice what may be under way. */
export const sendLimit = (c: Connection): number => Math.max(SEND_SMALLEST, Math.min(SEND_LARGEST, 2 * c.cwnd))

/** What follows when our FIN is acknowledged. False: the connection is no more. */
function finished(tcp: TcpContext, c: Connection): boolean {
  if (!c.finAcked) return true
  switch (c.state) {
    case FIN_WAIT_1:
      c.state = FIN_WAIT_2
      // Nobody reads any more: the other side gets a while to finish, not for ever.
      if (c.orphan) c.waitAt = tcp.now + tcp.profile.finWait
      return true
    case CLOSING:
      enterTimeWait(tcp, c)
      return true
    case LAST_ACK:
      tcp.forget(c)
      return false
    default:
      return true
  }
}

/** Nothing is kept but what answers a lost acknowledgement (RFC 9293 section 3.6.1). */
export function enterTimeWait(tcp: TcpContext, c: Connection): void {
  c.state = TIME_WAIT
  tcp.table.timeWaits++
  c.rtxAt = NEVER
  c.persistAt = NEVER
  c.keepAt = NEVER
  c.waitAt = tcp.now + tcp.profile.timeWait
  if (c.orphan) c.in.free(tcp.memory)
  c.out.free(tcp.memory)
  if (tcp.table.timeWaits <= LIMITS.timeWaits) return
  const oldest = tcp.table.oldest((other) => other.state === TIME_WAIT)
  if (oldest !== undefined) tcp.forget(oldest)
}
