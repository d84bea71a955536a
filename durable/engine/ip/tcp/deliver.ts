// The data of a segment: put in order, handed to the owner, acknowledged now or soon (RFC 9293 section 3.10.7.4, seventh and
// eighth check; RFC 5681 section 4.2).
import * as wire from '../../wire/tcp.ts'
import { enterTimeWait } from './acknowledge.ts'
import type { Connection } from './connection.ts'
import type { TcpContext } from './context.ts'
import { noteEarly, takeEarly } from './early.ts'
import { emitReset } from './emit.ts'
import { gt, minus, plus } from './sequence.ts'
import { CLOSE_WAIT, CLOSED, CLOSING, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, mayReceive } from './state.ts'

export function takeData(tcp: TcpContext, c: Connection): void {
  const { segment } = tcp
  if (segment.length === 0 || !mayReceive(c.state)) return
  const { seq } = segment
  let { octets, dataAt } = segment
  let from = seq
  const late = minus(c.rcvNxt, seq)
  if (late > 0) {
    const cut = Math.min(late, octets)
    octets -= cut
    dataAt += cut
    from = plus(seq, cut)
  }
  const beyond = minus(plus(from, octets), c.rcvAdv)
  if (beyond > 0) octets -= beyond
  if (segment.has(wire.FIN) && beyond <= 0) {
    c.finKnown = true
    c.finAt = plus(from, octets)
  }
  if (octets > 0 && c.readShut) return answerNobody(tcp, c)
  const heard =
    octets > 0 && (from === c.rcvNxt ? takeInOrder(tcp, c, dataAt, octets) : takeOutOfOrder(tcp, c, from, dataAt, octets))
  // What has come before, or came too early, is acknowledged at once: the sender counts.
  if (octets <= 0 && segment.octets > 0) c.ackNow = true
  const finished = c.finKnown && !c.finHeard && c.rcvNxt === c.finAt
  if (finished) takeFin(tcp, c)
  else if (segment.has(wire.FIN)) c.ackNow = true
  if (heard || finished) tcp.tell(c, 'readable')
}

/** True when there is something new to read. */
function takeInOrder(tcp: TcpContext, c: Connection, at: number, octets: number): boolean {
  if (!c.in.reserve(c.in.length + octets, tcp.memory)) return noMemory(tcp, c)
  c.in.put(c.in.length, tcp.segment.bytes, at, octets)
  c.in.length += octets
  c.rcvNxt = plus(c.rcvNxt, octets)
  if (c.earlyStart.length > 0) {
    takeEarly(c)
    c.ackNow = true
  }
  c.unacked += octets
  if (octets > c.rcvMss) c.rcvMss = octets
  if (c.unacked >= 2 * c.rcvMss) c.ackNow = true
  else if (c.ackAt === Number.POSITIVE_INFINITY) c.ackAt = tcp.now + tcp.profile.delayedAck
  return true
}

function takeOutOfOrder(tcp: TcpContext, c: Connection, from: number, at: number, octets: number): boolean {
  c.ackNow = true
  const offset = c.in.length + minus(from, c.rcvNxt)
  if (!c.in.reserve(offset + octets, tcp.memory)) return noMemory(tcp, c)
  if (noteEarly(c, from, plus(from, octets))) c.in.put(offset, tcp.segment.bytes, at, octets)
  else tcp.drop('table-full', 'too many gaps')
  return false
}

function noMemory(tcp: TcpContext, c: Connection): boolean {
  c.ackNow = true
  tcp.drop('table-full', 'no memory for what came')
  return false
}

/** Its owner has closed: the other side is told that nobody will ever read this (RFC 1122 section 4.2.2.13). */
function answerNobody(tcp: TcpContext, c: Connection): void {
  tcp.drop('ignored', 'data for a socket that was closed')
  emitReset(tcp, c)
  tcp.forget(c)
}

function takeFin(tcp: TcpContext, c: Connection): void {
  c.finHeard = true
  c.rcvNxt = plus(c.rcvNxt, 1)
  if (gt(c.rcvNxt, c.rcvAdv)) c.rcvAdv = c.rcvNxt
  c.ackNow = true
  switch (c.state) {
    case ESTABLISHED:
      c.state = CLOSE_WAIT
      return
    case FIN_WAIT_1:
      c.state = CLOSING
      return
    case FIN_WAIT_2:
      enterTimeWait(tcp, c)
      return
    default:
      if (c.state !== CLOSED) return
  }
}
