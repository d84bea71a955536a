// What a TCP segment meets here (RFC 9293 section 3.10.7): a connection, a listener, or nobody.
import { formatAddress, type IpAddress } from '../../wire/addresses.ts'
import * as wire from '../../wire/tcp.ts'
import { familyOf } from '../families.ts'
import type { Interface } from '../interface.ts'
import type { Connection } from './connection.ts'
import type { TcpContext } from './context.ts'
import { emitSyn, refuse, refuseWithin } from './emit.ts'
import { agree, established, receiveSyn } from './open.ts'
import { flush } from './output.ts'
import { sampleFrom } from './rtt.ts'
import { plus } from './sequence.ts'
import { SYN_RECEIVED, SYN_SENT } from './state.ts'
import { receiveSynchronized } from './synchronized.ts'

/** A segment between two addresses; its octets stand at [from, end). */
export function receiveSegment(
  tcp: TcpContext,
  via: Interface,
  bytes: Uint8Array,
  from: number,
  end: number,
  src: IpAddress,
  dst: IpAddress,
): void {
  const family = familyOf(src)
  if (family === undefined) return
  const { segment } = tcp
  tcp.counters.inSegs++
  const read = segment.read(bytes, from, end, family.pseudo(src, dst))
  if (read !== true) {
    tcp.counters.inErrs++
    return tcp.drop('malformed', read)
  }
  // RFC 9293 section 3.9.2.3: one to or from a broadcast or multicast address is discarded in silence.
  if (!family.unicast(via, dst)) return tcp.drop('filtered', 'TCP to a broadcast address')
  if (!family.unicast(via, src)) return tcp.drop('filtered', 'TCP from a broadcast address')
  const c = tcp.table.find(dst, segment.dstPort, src, segment.srcPort)
  if (c !== undefined) {
    c.busy = true
    if (c.state === SYN_SENT) receiveInSynSent(tcp, c)
    else if (receiveSynchronized(tcp, c)) {
      // A new connection between the same ends, while the old one waits out its time: back to the listeners.
      tcp.forget(c)
      return receiveForListener(tcp, via, src, dst)
    }
    c.busy = false
    if (c.state !== 0) tcp.rearm(c)
    return
  }
  receiveForListener(tcp, via, src, dst)
}

function receiveForListener(tcp: TcpContext, via: Interface, src: IpAddress, dst: IpAddress): void {
  const { segment } = tcp
  const listener = tcp.table.listenerFor(dst, segment.dstPort)
  if (listener === undefined) {
    tcp.drop('no-listener', 'nobody listens', `nothing listens on TCP ${formatAddress(dst)}:${segment.dstPort}`)
    return refuse(tcp, via, dst, src)
  }
  // RFC 9293 section 3.10.7.2.
  if (segment.has(wire.RST)) return tcp.drop('ignored', 'a reset for no connection')
  if (segment.has(wire.ACK)) {
    tcp.drop('ignored', 'an acknowledgement for no connection')
    return refuse(tcp, via, dst, src)
  }
  // Nobody opens and finishes in one segment; both systems throw this away, as they do what has no flag at all.
  if (!segment.has(wire.SYN) || segment.has(wire.FIN)) return tcp.drop('ignored', 'flags that open no connection')
  receiveSyn(tcp, via, listener, dst, src)
}

/** RFC 9293 section 3.10.7.3. */
function receiveInSynSent(tcp: TcpContext, c: Connection): void {
  const { segment } = tcp
  const hasAck = segment.has(wire.ACK)
  const acknowledged = hasAck && segment.ack === plus(c.iss, 1)
  if (segment.has(wire.RST)) {
    if (acknowledged) refused(tcp, c)
    else tcp.drop('ignored', 'a reset that does not acknowledge our SYN')
    return
  }
  if (hasAck && !acknowledged) {
    tcp.drop('ignored', 'an acknowledgement of what was not sent')
    return refuseWithin(tcp, c)
  }
  if (!segment.has(wire.SYN)) return tcp.drop('ignored', 'no answer to our SYN')
  agree(tcp, c, tcp.profile.timestamps)
  c.rtxAt = Number.POSITIVE_INFINITY
  if (!acknowledged) {
    // Simultaneous open (RFC 9293 section 3.5, figure 7).
    c.state = SYN_RECEIVED
    c.retries = 0
    emitSyn(tcp, c, true)
    c.rtxAt = tcp.now + c.rto
    return
  }
  c.una = segment.ack
  sampleFrom(c, segment.ack, tcp.now, tcp.profile)
  established(tcp, c)
  c.ackNow = true
  tcp.tell(c, 'connected')
  if (c.state !== 0) flush(tcp, c)
}

/** Windows tries a refused connection again before it believes it (fact sheet 4.3). */
function refused(tcp: TcpContext, c: Connection): void {
  if (c.refusals < tcp.stack.profile.refusedRetries) {
    c.refusals++
    c.retries = 0
    c.rtxAt = tcp.now + REFUSED_RETRY
  } else {
    tcp.counters.attemptFails++
    tcp.fail(c, 'refused')
  }
}

const REFUSED_RETRY = 500_000
