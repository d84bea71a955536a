// One segment out: header, options, data, checksum.
import type { IpAddress } from '../../wire/addresses.ts'
import { newFrame, put16, put32 } from '../../wire/bytes.ts'
import { add, fold } from '../../wire/checksum.ts'
import * as wire from '../../wire/tcp.ts'
import { familyOf } from '../families.ts'
import type { Interface } from '../interface.ts'
import type { Stack } from '../stack.ts'
import type { TransportPath } from '../transport.ts'
import type { Connection } from './connection.ts'
import type { TcpContext } from './context.ts'
import { minus, plus, type Seq } from './sequence.ts'

/** Octets that the timestamps take in every segment of a connection that has them. */
const STAMPS = 12
const MAX_BLOCKS = 4
const MAX_WINDOW = 0xffff

/** Where segments of a connection go; looked up anew when the machine's configuration has changed. Undefined: nowhere. */
export function pathOf(stack: Stack, c: Connection): TransportPath | undefined {
  if (c.pathEpoch !== stack.epoch) {
    c.pathEpoch = stack.epoch
    const via = c.scope === 0 ? undefined : stack.interfaces.get(c.scope)
    const path = familyOf(c.remote)?.path(stack, c.remote, { source: c.local, via })
    c.path = path === undefined || typeof path === 'string' ? undefined : path
  }
  return c.path
}

/** The most data that one segment may carry: what the other side takes and the way carries, without the options of every segment. */
export function maxPayload(stack: Stack, c: Connection): number {
  const path = pathOf(stack, c)
  const stamps = c.tsOk ? STAMPS : 0
  if (path === undefined) return Math.max(8, c.mss - stamps)
  let mtu = path.mtu
  if (c.pathMtu !== 0 && c.pathMtu < mtu) mtu = c.pathMtu
  const fits = mtu - path.family.headerLen - wire.HEADER_LEN
  return Math.max(8, Math.min(c.mss, fits) - stamps)
}

/** The window field, never less than what was told before, and more only when it is worth telling (RFC 9293 section 3.8.6.2.2). */
function tellWindow(c: Connection): number {
  const told = Math.max(0, minus(c.rcvAdv, c.rcvNxt))
  const free = Math.max(0, c.rcvLimit - c.in.length)
  const wide = free - told >= Math.min(c.mss, c.rcvLimit >> 1) ? free : told
  const scale = c.rcvScale
  const field = Math.min(MAX_WINDOW, (wide + (1 << scale) - 1) >> scale)
  c.rcvAdv = plus(c.rcvNxt, field << scale)
  return field
}

export const stampNow = (now: number, offset: number): number => (Math.floor(now / 1000) + offset) | 0

function putStamps(bytes: Uint8Array, at: number, value: number, echo: number): void {
  put32(bytes, at, 0x0101080a)
  put32(bytes, at + 4, value)
  put32(bytes, at + 8, echo)
}

/** What came too early, the latest first (RFC 2018 section 4). */
function putBlocks(bytes: Uint8Array, at: number, c: Connection, blocks: number): void {
  put32(bytes, at, 0x01010500 | (2 + 8 * blocks))
  for (let i = 0; i < blocks; i++) {
    put32(bytes, at + 4 + 8 * i, c.earlyStart[i] as number)
    put32(bytes, at + 8 + 8 * i, c.earlyEnd[i] as number)
  }
}

/** Sends `octets` of data from sequence number `seq` on. True when it went out. */
export function emit(tcp: TcpContext, c: Connection, seq: Seq, flags: number, octets: number): boolean {
  const { stack } = tcp
  const path = pathOf(stack, c)
  // Whatever is sent acknowledges, whether it gets there or not.
  c.ackAt = Number.POSITIVE_INFINITY
  c.ackNow = false
  c.unacked = 0
  c.lastAck = c.rcvNxt
  if (octets > 0) c.sentAt = stack.sim.now
  if (path === undefined) return false
  const { family } = path
  const stamps = c.tsOk ? STAMPS : 0
  let blocks = 0
  if (c.sackOk && c.earlyStart.length > 0) {
    const room = Math.min(40 - stamps, c.mss - stamps - octets) - 4
    blocks = Math.max(0, Math.min(MAX_BLOCKS, c.earlyStart.length, room >> 3))
  }
  const header = wire.HEADER_LEN + stamps + (blocks === 0 ? 0 : 4 + 8 * blocks)
  const at = family.headroom
  const bytes = newFrame(at + header + octets)
  put16(bytes, at, c.localPort)
  put16(bytes, at + 2, c.remotePort)
  put32(bytes, at + 4, seq)
  put32(bytes, at + 8, c.rcvNxt)
  bytes[at + 12] = header << 2
  bytes[at + 13] = flags
  put16(bytes, at + 14, tellWindow(c))
  bytes[at + 16] = 0
  bytes[at + 17] = 0
  bytes[at + 18] = 0
  bytes[at + 19] = 0
  let end = at + wire.HEADER_LEN
  if (stamps !== 0) {
    putStamps(bytes, end, stampNow(stack.sim.now, c.tsOffset), c.tsRecent)
    end += STAMPS
  }
  if (blocks !== 0) {
    putBlocks(bytes, end, c, blocks)
    end += 4 + 8 * blocks
  }
  if (octets > 0) c.out.copy(minus(seq, c.una), octets, bytes, end)
  return finish(tcp, path, bytes, header + octets)
}

function finish(tcp: TcpContext, path: TransportPath, bytes: Uint8Array, length: number): boolean {
  const at = path.family.headroom
  const sum = fold(add(path.pseudo + wire.PROTOCOL + length, bytes, at, at + length))
  bytes[at + 16] = sum >>> 8
  bytes[at + 17] = sum
  tcp.counters.outSegs++
  return typeof path.family.send(tcp.stack, bytes, wire.PROTOCOL, path) === 'number'
}

/** The MSS that we announce: what our own link carries (RFC 9293 section 3.7.1). */
export const ownMss = (path: TransportPath): number => Math.min(65_495, path.mtu - path.family.headerLen - wire.HEADER_LEN)

/** A SYN, or the answer to one: with every option that is on. */
export function emitSyn(tcp: TcpContext, c: Connection, answers: boolean): void {
  const { stack, profile } = tcp
  c.sentAt = stack.sim.now
  c.ackAt = Number.POSITIVE_INFINITY
  c.ackNow = false
  if (answers) c.lastAck = c.rcvNxt
  const path = pathOf(stack, c)
  if (path === undefined) return
  const window = Math.min(MAX_WINDOW, c.rcvLimit)
  c.rcvAdv = plus(c.rcvNxt, window)
  const stamped = answers ? c.tsOk : profile.timestamps
  const scaled = answers ? c.rcvScale !== 0 : true
  const segment: wire.Tcp = {
    srcPort: c.localPort,
    dstPort: c.remotePort,
    seq: c.iss >>> 0,
    ack: answers ? c.rcvNxt >>> 0 : 0,
    flags: answers ? wire.SYN | wire.ACK : wire.SYN,
    window,
    urgent: 0,
    options: {
      mss: ownMss(path),
      ...(scaled ? { windowScale: profile.windowScale } : {}),
      ...(!answers || c.sackOk ? { sackPermitted: true } : {}),
      ...(stamped
        ? { timestamps: { value: stampNow(stack.sim.now, c.tsOffset) >>> 0, echo: answers ? c.tsRecent >>> 0 : 0 } }
        : {}),
    },
    payload: NONE,
  }
  emitWhole(tcp, path, segment)
}

const NONE = new Uint8Array(0)
const NO_OPTIONS: wire.TcpOptions = {}

/** A segment that belongs to no connection, or to none any more. */
export function emitWhole(tcp: TcpContext, path: TransportPath, segment: wire.Tcp): void {
  const at = path.family.headroom
  const length = wire.len(segment)
  const bytes = newFrame(at + length)
  wire.write(segment, bytes, at)
  finish(tcp, path, bytes, length)
}

/** RFC 9293 section 3.5.2: with the number that the other side expects, from a connection of ours. */
export function emitReset(tcp: TcpContext, c: Connection): void {
  const path = pathOf(tcp.stack, c)
  tcp.counters.outRsts++
  if (path === undefined) return
  emitWhole(tcp, path, {
    srcPort: c.localPort,
    dstPort: c.remotePort,
    seq: (minus(c.max, c.una) <= c.wnd ? c.max : plus(c.una, c.wnd)) >>> 0,
    ack: c.rcvNxt >>> 0,
    flags: wire.RST | wire.ACK,
    window: 0,
    urgent: 0,
    options: NO_OPTIONS,
    payload: NONE,
  })
}

/** A link-local address means somebody only together with the interface that it came by. */
export const scopeOf = (via: Interface, remote: IpAddress): number =>
  typeof remote === 'bigint' && remote >> 118n === 0x3fan ? via.index : 0

/** The answer to a segment that belongs to nobody (RFC 9293 section 3.10.7.1); `tcp.segment` is that segment. */
export function refuse(tcp: TcpContext, via: Interface, local: IpAddress, remote: IpAddress): void {
  const { stack } = tcp
  if (tcp.segment.has(wire.RST)) return
  const choice = scopeOf(via, remote) === 0 ? { source: local } : { source: local, via }
  const path = familyOf(remote)?.path(stack, remote, choice)
  if (path !== undefined && typeof path !== 'string') emitRefusal(tcp, path)
}

/** The same within a connection: `tcp.segment` acknowledges what was never sent. */
export function refuseWithin(tcp: TcpContext, c: Connection): void {
  const path = pathOf(tcp.stack, c)
  if (path !== undefined && !tcp.segment.has(wire.RST)) emitRefusal(tcp, path)
}

function emitRefusal(tcp: TcpContext, path: TransportPath): void {
  const { segment } = tcp
  const acknowledges = segment.has(wire.ACK)
  tcp.counters.outRsts++
  emitWhole(tcp, path, {
    srcPort: segment.dstPort,
    dstPort: segment.srcPort,
    seq: acknowledges ? segment.ack >>> 0 : 0,
    ack: acknowledges ? 0 : plus(segment.seq, segment.length) >>> 0,
    flags: acknowledges ? wire.RST : wire.RST | wire.ACK,
    window: 0,
    urgent: 0,
    options: NO_OPTIONS,
    payload: NONE,
  })
}
