// How connections begin (RFC 9293 section 3.5): from our side, from outside at a listener, and what a SYN agrees on.
import { SECOND } from '../../sim/time.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import * as wire from '../../wire/tcp.ts'
import type { Interface } from '../interface.ts'
import type { TransportPath } from '../transport.ts'
import { startCongestion } from './congestion.ts'
import { Connection } from './connection.ts'
import { LIMITS, type TcpContext } from './context.ts'
import { emitSyn, pathOf, refuse, scopeOf } from './emit.ts'
import { keyed } from './isn.ts'
import { INITIAL_RTO } from './rtt.ts'
import { plus, type Seq } from './sequence.ts'
import { ESTABLISHED, FIN_WAIT_1, SYN_RECEIVED, SYN_SENT, TIME_WAIT } from './state.ts'
import type { Listener } from './table.ts'

/** Uses of the key. */
const ISN = 1
const STAMP = 2

/** RFC 6528 section 3: a clock that ticks every 4 microseconds, and a number that belongs to both ends. */
const initialSequence = (tcp: TcpContext, c: Connection): Seq =>
  (Math.floor(tcp.now / 4) + keyed(tcp.key, ISN, c.local, c.localPort, c.remote, c.remotePort)) | 0

/** Numbers that every new connection gets. */
function prepare(tcp: TcpContext, c: Connection): void {
  c.iss = initialSequence(tcp, c)
  c.una = c.iss
  c.nxt = plus(c.iss, 1)
  c.max = c.nxt
  c.rto = INITIAL_RTO
  c.rcvLimit = tcp.profile.receiveWindow
  c.tsOffset = keyed(tcp.key, STAMP, c.local, c.localPort, c.remote, c.remotePort)
  c.heardAt = tcp.now
  c.mss = 536
}

/** Room for one more: the oldest in TIME-WAIT goes first. False: there is none. */
export function makeRoom(tcp: TcpContext): boolean {
  const { table } = tcp
  if (table.size < LIMITS.connections) return true
  const oldest = table.timeWaits > 0 ? table.oldest((c) => c.state === TIME_WAIT) : undefined
  if (oldest === undefined) return false
  tcp.forget(oldest)
  return true
}

/** Our own opening; `tcp.table` has the connection afterwards. */
export function beginOpen(
  tcp: TcpContext,
  id: number,
  owner: string,
  path: TransportPath,
  localPort: number,
  remotePort: number,
  shown: { readonly component: string; readonly image: string },
  scope: number,
): Connection {
  const { sim } = tcp.stack
  const { source, destination } = path
  const c = new Connection(id, owner, sim.origin, source, localPort, destination, remotePort, shown.component, shown.image)
  c.scope = scope
  c.state = SYN_SENT
  prepare(tcp, c)
  tcp.table.add(c)
  tcp.counters.activeOpens++
  sendSyn(tcp, c)
  return c
}

/** Sends the SYN, the first time or again, and waits as the system does. */
export function sendSyn(tcp: TcpContext, c: Connection): void {
  const wait = tcp.stack.profile.synTimeouts[c.retries] ?? 0
  c.retries++
  if (c.retries === 1) {
    c.timing = true
    c.rttSeq = c.iss
    c.rttAt = tcp.now
  } else c.timing = false
  emitSyn(tcp, c, false)
  c.rtxAt = tcp.now + wait * SECOND
  tcp.rearm(c)
}

/** What the other side's SYN says; `tcp.segment` is that segment. `offered`: what ours had or will have. */
export function agree(tcp: TcpContext, c: Connection, offeredStamps: boolean): void {
  const { segment, profile } = tcp
  const path = pathOf(tcp.stack, c)
  c.irs = segment.seq
  c.rcvNxt = plus(segment.seq, 1)
  c.rcvAdv = c.rcvNxt
  c.lastAck = c.rcvNxt
  c.mss = segment.mss >= 0 ? Math.max(64, segment.mss) : (path?.family.defaultMss ?? 536)
  c.sackOk = segment.sackOk
  c.tsOk = segment.stamped && offeredStamps
  if (c.tsOk) {
    c.tsRecent = segment.stamp
    c.tsRecentAt = tcp.now
  }
  if (segment.scale >= 0) {
    // RFC 7323 section 2.3: more than 14 counts as 14.
    c.sndScale = Math.min(14, segment.scale)
    c.rcvScale = profile.windowScale
  }
  // The window of a SYN is never scaled.
  c.wnd = segment.window
  c.wl1 = segment.seq
  c.wl2 = segment.has(wire.ACK) ? segment.ack : c.iss
  c.largestWnd = c.wnd
}

/** The handshake is complete. */
export function established(tcp: TcpContext, c: Connection): void {
  c.state = c.finQueued ? FIN_WAIT_1 : ESTABLISHED
  c.retries = 0
  c.heardAt = tcp.now
  c.copiedAt = tcp.now
  startCongestion(tcp, c)
  if (c.keepIdle > 0) c.keepAt = tcp.now + c.keepIdle * SECOND
}

/** A SYN at a listener (RFC 9293 section 3.10.7.2); `tcp.segment` is that segment. */
export function receiveSyn(tcp: TcpContext, via: Interface, listener: Listener, local: IpAddress, remote: IpAddress): void {
  const { segment, stack } = tcp
  if (!makeRoomAt(tcp, via, listener, local, remote)) return
  const { sim } = stack
  const c = new Connection(
    tcp.nextSocket++,
    listener.owner,
    sim.origin,
    local,
    segment.dstPort,
    remote,
    segment.srcPort,
    listener.component,
    listener.image,
  )
  c.listener = listener.id
  c.scope = scopeOf(via, remote)
  prepare(tcp, c)
  c.state = SYN_RECEIVED
  agree(tcp, c, true)
  listener.half++
  tcp.table.add(c)
  tcp.counters.passiveOpens++
  c.timing = true
  c.rttSeq = c.iss
  c.rttAt = tcp.now
  emitSyn(tcp, c, true)
  c.rtxAt = tcp.now + c.rto
  tcp.rearm(c)
}

/** Limits of a listener, with what gives way when they are reached. */
function makeRoomAt(tcp: TcpContext, via: Interface, listener: Listener, local: IpAddress, remote: IpAddress): boolean {
  const { table, segment } = tcp
  if (listener.waiting.length >= listener.backlog) {
    refuseForBacklog(tcp, via, listener, local, remote)
    return false
  }
  if (listener.half >= LIMITS.halfOpen) {
    // A SYN that has been answered twice in vain makes room for one that may be meant.
    const stale = table.oldest((c) => c.listener === listener.id && c.state === SYN_RECEIVED && c.retries > 0)
    if (stale === undefined) {
      tcp.drop('table-full', 'too many connections are being opened', `the SYN queue of port ${segment.dstPort} is full`)
      return false
    }
    tcp.forget(stale)
  }
  if (makeRoom(tcp)) return true
  tcp.drop('table-full', 'too many connections')
  return false
}

function refuseForBacklog(tcp: TcpContext, via: Interface, listener: Listener, local: IpAddress, remote: IpAddress): void {
  const { profile } = tcp
  tcp.drop(
    'table-full',
    'too many connections wait to be accepted',
    `${listener.backlog} connections to port ${listener.port} wait to be accepted`,
  )
  if (profile.backlogFull !== 'reset') return
  refuse(tcp, via, local, remote)
}

/** The last acknowledgement of an opening at a listener has come. False: nobody can take it now. */
export function acceptable(tcp: TcpContext, c: Connection): boolean {
  const listener = tcp.table.listeners.get(c.listener)
  if (listener === undefined) return true
  return listener.waiting.length < listener.backlog
}

export function queueForAccept(tcp: TcpContext, c: Connection): void {
  const listener = tcp.table.listeners.get(c.listener)
  if (listener === undefined) return
  listener.half--
  listener.waiting.push(c.id)
}
