// What time does to a connection: retransmission (RFC 6298 section 5), persisting, delayed acknowledgements, keepalive
// (RFC 9293 section 3.8.4), the end of TIME-WAIT.
import { type Micros, NEVER, SECOND } from '../../sim/time.ts'
import * as wire from '../../wire/tcp.ts'
import { timedOut } from './congestion.ts'
import type { Connection } from './connection.ts'
import type { TcpContext } from './context.ts'
import { emit, emitReset, emitSyn } from './emit.ts'
import { sendSyn } from './open.ts'
import { probe, push, sendAck } from './output.ts'
import { backedOff } from './rtt.ts'
import { plus } from './sequence.ts'
import { CLOSED, SYN_RECEIVED, SYN_SENT } from './state.ts'

/** From this many retransmissions on nobody waits for a connection: the other side may be gone for good. */
const PATIENCE = 3

export function pollTimers(tcp: TcpContext, now: Micros): void {
  const { table } = tcp
  const { sim } = tcp.stack
  for (let c = table.first(); c !== undefined && c.due <= now; c = table.first()) {
    sim.origin = c.origin
    sim.cause = 0
    c.busy = true
    if (c.waitAt <= now) tcp.forget(c)
    if (c.state !== CLOSED && c.ackAt <= now) sendAck(tcp, c)
    if (c.state !== CLOSED && c.rtxAt <= now) retransmit(tcp, c)
    if (c.state !== CLOSED && c.persistAt <= now) persist(tcp, c)
    if (c.state !== CLOSED && c.keepAt <= now) keepAlive(tcp, c, now)
    c.busy = false
    if (c.state !== CLOSED) tcp.rearm(c)
  }
}

function retransmit(tcp: TcpContext, c: Connection): void {
  if (c.state === SYN_SENT) {
    if (c.retries < tcp.stack.profile.synTimeouts.length) return sendSyn(tcp, c)
    tcp.counters.attemptFails++
    return tcp.fail(c, 'timeout')
  }
  if (c.state === SYN_RECEIVED) return answerAgain(tcp, c)
  if (c.retries >= tcp.profile.dataRetries) return tcp.fail(c, 'timeout')
  c.rtxAt = NEVER
  timedOut(tcp, c)
  c.retries++
  push(tcp, c)
}

function answerAgain(tcp: TcpContext, c: Connection): void {
  if (c.retries >= tcp.profile.synAckRetries) {
    tcp.counters.attemptFails++
    return tcp.fail(c, 'timeout')
  }
  c.retries++
  c.timing = false
  tcp.counters.retransSegs++
  emitSyn(tcp, c, true)
  c.rtxAt = tcp.now + backedOff(c.rto, c.retries, tcp.profile.maxRto)
}

/** A closed window is no failure, but somebody who answers no question is gone. */
function persist(tcp: TcpContext, c: Connection): void {
  if (c.probes > tcp.profile.dataRetries) {
    emitReset(tcp, c)
    return tcp.fail(c, 'timeout')
  }
  probe(tcp, c)
}

function keepAlive(tcp: TcpContext, c: Connection, now: Micros): void {
  const silent = now - c.heardAt
  const idle = c.keepIdle * SECOND
  if (c.rtxAt !== NEVER || (c.keepSent === 0 && silent < idle)) {
    c.keepAt = c.rtxAt !== NEVER ? now + idle : c.heardAt + idle
    return
  }
  if (c.keepSent >= c.keepProbes) {
    emitReset(tcp, c)
    return tcp.fail(c, 'timeout')
  }
  c.keepSent++
  c.keepAt = now + c.keepInterval * SECOND
  emit(tcp, c, plus(c.max, -1), wire.ACK, 0)
}

/** Whether a connection has something under way that a line waits for before it counts as ended, and until when. */
export function transientOf(c: Connection, parked: ReadonlySet<number>, now: Micros): Micros {
  if (c.retries > PATIENCE) return NEVER
  const at = c.rtxAt < c.ackAt ? c.rtxAt : c.ackAt
  return parked.has(c.origin) && at > now ? NEVER : at
}
