// A segment for a connection whose both ends know each other's numbers (RFC 9293 section 3.10.7.4), with the protections of
// RFC 5961 and RFC 7323 section 5.
import { DAY, SECOND } from '../../sim/time.ts'
import * as wire from '../../wire/tcp.ts'
import { takeAcknowledgement } from './acknowledge.ts'
import type { Connection } from './connection.ts'
import type { TcpContext } from './context.ts'
import { takeData } from './deliver.ts'
import { emitReset, emitSyn, refuseWithin } from './emit.ts'
import { acceptable, established, queueForAccept } from './open.ts'
import { flush, sendAck } from './output.ts'
import { sampleFrom } from './rtt.ts'
import { geq, gt, leq, lt, minus, plus } from './sequence.ts'
import { CLOSED, SYN_RECEIVED, TIME_WAIT } from './state.ts'

/** Challenge acknowledgements a connection gives in a second (RFC 5961 section 7). */
const CHALLENGES = 5
/** RFC 7323 section 5.5: a timestamp that was heard so long ago proves nothing. */
const STALE_STAMP = 24 * DAY

/** True: the segment begins a new connection between the same ends, and the old one is to make room. */
export function receiveSynchronized(tcp: TcpContext, c: Connection): boolean {
  const { segment } = tcp
  if (c.state === TIME_WAIT && reopens(tcp, c)) return true
  if (c.state === SYN_RECEIVED && crosses(tcp, c)) return false
  if (!stampsOk(tcp, c) || !inWindow(tcp, c)) {
    flushUnlessGone(tcp, c)
    return false
  }
  if (segment.has(wire.RST)) {
    takeReset(tcp, c)
    return false
  }
  if (segment.has(wire.SYN)) {
    // RFC 5961 section 4.2.
    tcp.drop('ignored', 'a SYN within a connection')
    if (c.state === SYN_RECEIVED && segment.seq === c.irs) emitSyn(tcp, c, true)
    else challenge(tcp, c)
    return false
  }
  if (!segment.has(wire.ACK)) {
    tcp.drop('ignored', 'no acknowledgement')
    return false
  }
  c.heardAt = tcp.now
  c.keepSent = 0
  c.probes = 0
  if (c.keepIdle > 0) c.keepAt = tcp.now + c.keepIdle * SECOND
  if (c.state === SYN_RECEIVED && !completes(tcp, c)) return false
  noteStamp(tcp, c)
  if (takeAcknowledgement(tcp, c) && c.state !== CLOSED) takeData(tcp, c)
  flushUnlessGone(tcp, c)
  return false
}

function flushUnlessGone(tcp: TcpContext, c: Connection): void {
  if (c.state !== CLOSED) flush(tcp, c)
}

/** RFC 9293 section 3.6.1 and RFC 6191: later than anything of the old connection, by timestamp or by number. */
function reopens(tcp: TcpContext, c: Connection): boolean {
  const { segment, table } = tcp
  if ((segment.flags & (wire.SYN | wire.ACK | wire.RST | wire.FIN)) !== wire.SYN) return false
  if (table.listenerFor(c.local, c.localPort) === undefined) return false
  if (c.tsOk && segment.stamped && gt(segment.stamp, c.tsRecent)) return true
  return gt(segment.seq, c.rcvNxt)
}

/** Simultaneous open: the answer to our SYN is the other side's SYN once more (RFC 9293 section 3.5, figure 7, line 6). */
function crosses(tcp: TcpContext, c: Connection): boolean {
  const { segment } = tcp
  const both = wire.SYN | wire.ACK
  if (c.listener !== 0 || (segment.flags & (both | wire.RST | wire.FIN)) !== both) return false
  if (segment.seq !== c.irs || segment.ack !== plus(c.iss, 1)) return false
  c.ackNow = true
  if (completes(tcp, c)) flushUnlessGone(tcp, c)
  return true
}

/** RFC 7323 section 5.3, protection against wrapped sequence numbers. */
function stampsOk(tcp: TcpContext, c: Connection): boolean {
  const { segment } = tcp
  if (!c.tsOk || segment.has(wire.RST)) return true
  if (!segment.stamped) {
    // Section 3.2: it must be there once it was agreed on.
    if (segment.has(wire.SYN)) return true
    tcp.drop('ignored', 'no timestamp')
    return false
  }
  if (!lt(segment.stamp, c.tsRecent) || tcp.now - c.tsRecentAt > STALE_STAMP) return true
  tcp.drop('ignored', 'a timestamp of the past')
  challenge(tcp, c)
  return false
}

/** Section 4.3: the timestamp to echo is that of the segment that our last acknowledgement stands in. */
function noteStamp(tcp: TcpContext, c: Connection): void {
  const { segment } = tcp
  if (!c.tsOk || !segment.stamped || lt(segment.stamp, c.tsRecent) || gt(segment.seq, c.lastAck)) return
  c.tsRecent = segment.stamp
  c.tsRecentAt = tcp.now
}

/** RFC 9293 section 3.4, table 6. */
function inWindow(tcp: TcpContext, c: Connection): boolean {
  const { segment } = tcp
  const { seq, length } = segment
  const window = minus(c.rcvAdv, c.rcvNxt)
  const fits =
    length === 0
      ? window === 0
        ? seq === c.rcvNxt
        : geq(seq, c.rcvNxt) && lt(seq, c.rcvAdv)
      : window > 0 && lt(seq, c.rcvAdv) && gt(plus(seq, length), c.rcvNxt)
  if (fits) return true
  // The window may be closed, but what is said about our own data counts all the same.
  if (length > 0 && window === 0 && seq === c.rcvNxt && segment.has(wire.ACK) && !segment.has(wire.RST) && !segment.has(wire.SYN))
    takeAcknowledgement(tcp, c)
  if (c.state === CLOSED) return false
  tcp.drop('ignored', 'outside the window')
  if (segment.has(wire.RST)) return false
  if (c.state === SYN_RECEIVED && segment.has(wire.SYN) && seq === c.irs) emitSyn(tcp, c, true)
  else if (c.state === TIME_WAIT || length > 0) answerOld(tcp, c)
  else challenge(tcp, c)
  return false
}

/** What has come before is acknowledged again, or its sender would never stop. */
function answerOld(tcp: TcpContext, c: Connection): void {
  if (c.state === TIME_WAIT && tcp.segment.has(wire.FIN)) c.waitAt = tcp.now + tcp.profile.timeWait
  sendAck(tcp, c)
}

/** RFC 5961 section 3.2: only the very number that we expect resets. */
function takeReset(tcp: TcpContext, c: Connection): void {
  if (tcp.segment.seq !== c.rcvNxt) {
    tcp.drop('ignored', 'a reset that is not quite right')
    return challenge(tcp, c)
  }
  if (c.state === TIME_WAIT) {
    // RFC 1337: a reset does not cut TIME-WAIT short.
    return tcp.drop('ignored', 'a reset in TIME-WAIT')
  }
  if (c.state === SYN_RECEIVED) tcp.counters.attemptFails++
  else tcp.counters.estabResets++
  tcp.fail(c, c.state === SYN_RECEIVED ? 'refused' : 'reset')
}

/** An acknowledgement that lets an honest peer correct itself, and tells a stranger nothing. */
export function challenge(tcp: TcpContext, c: Connection): void {
  const second = Math.floor(tcp.now / SECOND)
  if (c.challengeAt !== second) {
    c.challengeAt = second
    c.challenges = 0
  }
  if (c.challenges >= CHALLENGES) return
  c.challenges++
  sendAck(tcp, c)
}

/** SYN-RECEIVED: whether this acknowledges our SYN, and somebody can take the connection. */
function completes(tcp: TcpContext, c: Connection): boolean {
  const { segment } = tcp
  if (leq(segment.ack, c.una) || gt(segment.ack, c.max)) {
    tcp.drop('ignored', 'an acknowledgement of what was not sent')
    refuseWithin(tcp, c)
    return false
  }
  if (c.listener !== 0 && !acceptable(tcp, c)) {
    tcp.drop('table-full', 'too many connections wait to be accepted')
    // The other side believes that it is connected; it hears the same as at the listener.
    if (tcp.profile.backlogFull === 'reset') {
      emitReset(tcp, c)
      tcp.forget(c)
    }
    return false
  }
  c.rtxAt = Number.POSITIVE_INFINITY
  c.una = plus(c.iss, 1)
  sampleFrom(c, c.una, tcp.now, tcp.profile)
  c.wnd = segment.window << c.sndScale
  c.wl1 = segment.seq
  c.wl2 = segment.ack
  c.largestWnd = c.wnd
  established(tcp, c)
  const { listener } = c
  if (listener !== 0) {
    queueForAccept(tcp, c)
    tcp.tellListener(listener)
  } else tcp.tell(c, 'connected')
  return c.state !== CLOSED
}
