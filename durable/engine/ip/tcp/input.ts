// What a TCP segment meets here: an opening of ours, or nobody (RFC 9293 section 3.10.7).
import { formatIp, isMulticastIp } from '../../wire/addresses.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import type { Interface } from '../interface.ts'
import type { Stack } from '../stack.ts'
import { NO_OPTIONS, refused, sendSegment } from './connect.ts'

const EMPTY = new Uint8Array(0)

export function receiveTcp(stack: Stack, via: Interface, bytes: Uint8Array, at: number, from: number, end: number): void {
  const src = ipv4.src(bytes, at)
  const dst = ipv4.dst(bytes, at)
  const segment = tcp.parse(bytes, from, end, { src, dst })
  if (typeof segment === 'string') return stack.drop('malformed', segment)
  // RFC 9293 section 3.9.2.3: one to a broadcast or multicast address is discarded in silence.
  if (via.isBroadcast(dst) || isMulticastIp(dst)) return stack.drop('filtered', 'TCP to a broadcast address')
  const connect = stack.connects.get(segment.dstPort)
  if (connect === undefined || connect.remote !== src || connect.remotePort !== segment.srcPort) {
    stack.drop('no-listener', `nothing listens on TCP ${formatIp(dst)}:${segment.dstPort}`)
    if ((segment.flags & tcp.RST) === 0) reset(stack, segment, src, dst)
    return
  }
  // RFC 9293 section 3.10.7.3, SYN-SENT: only an acknowledgement of our SYN counts.
  const acknowledged = (segment.flags & tcp.ACK) !== 0 && segment.ack === (connect.iss + 1) >>> 0
  if ((segment.flags & tcp.RST) !== 0) {
    if (acknowledged) refused(stack, connect)
    else stack.drop('filtered', 'a reset that does not acknowledge our SYN')
  } else if (acknowledged && (segment.flags & tcp.SYN) !== 0) {
    reset(stack, segment, src, dst)
    connect.fail(stack, 'connected')
  }
}

/** RFC 9293 section 3.10.7.1: the sequence number of a reset is what the other side expects. */
function reset(stack: Stack, segment: tcp.Tcp, to: number, source: number): void {
  const acknowledges = (segment.flags & tcp.ACK) !== 0
  const length = segment.payload.length + ((segment.flags & tcp.SYN) !== 0 ? 1 : 0) + ((segment.flags & tcp.FIN) !== 0 ? 1 : 0)
  sendSegment(
    stack,
    to,
    {
      srcPort: segment.dstPort,
      dstPort: segment.srcPort,
      seq: acknowledges ? segment.ack : 0,
      ack: acknowledges ? 0 : (segment.seq + length) >>> 0,
      flags: acknowledges ? tcp.RST : tcp.RST | tcp.ACK,
      window: 0,
      urgent: 0,
      options: NO_OPTIONS,
      payload: EMPTY,
    },
    source,
  )
}
