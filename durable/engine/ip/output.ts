// Sending: which way, from which address, and out (RFC 1122 section 3.3.1, strong host model as Windows has it).
import type { Frame } from '../link/frame.ts'
import { withBytes } from '../link/frame.ts'
import { SENT } from '../link/recorder.ts'
import { verdictNumber } from '../link/verdict.ts'
import { formatIp, type Ip4, isMulticastIp, MAC_BROADCAST, type Mac, multicastMac } from '../wire/addresses.ts'
import { newFrame, put48, u16 } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { resolve } from './arp.ts'
import { fragmentsOf } from './fragment.ts'
import type { PacketHooks, SendError } from './hooks.ts'
import { reportSendError } from './icmp.ts'
import type { Interface } from './interface.ts'
import type { Stack } from './stack.ts'

/** Room for Ethernet and IPv4 headers in front of a transport header. */
export const HEADROOM = ethernet.HEADER_LEN + ipv4.HEADER_LEN

const NO_LINK = verdictNumber('no-link')

/**
 * Where a packet goes: out of `via` to `nextHop`, from `source` (0 while the interface has no address). `transit`: the
 * destination is some other machine, neither ours nor a broadcast or multicast address.
 */
export type Path = {
  readonly via: Interface
  readonly nextHop: Ip4
  readonly source: Ip4
  readonly local: boolean
  readonly transit: boolean
  /** `describePath`, once it was asked for: every frame that is forwarded carries it. */
  said?: string
}

export const describePath = (path: Path): string => {
  path.said ??= `to ${formatIp(path.nextHop)} by ${path.via.name}`
  return path.said
}

/** The last three: a route that refuses is the best one. */
export type PathError = 'no-route' | 'no-address' | 'blackhole' | 'unreachable' | 'prohibit'

export type SendOptions = {
  readonly source?: Ip4
  readonly via?: Interface
  readonly ttl?: number
  /** Link address of the receiver where it is known without asking, as a DHCP server knows it. */
  readonly toMac?: Mac
  readonly dontFragment?: boolean
  /** For packets in transit: the interface they came in by, and netfilter's mark. */
  readonly from?: number
  readonly mark?: number
}

/** The way to a destination, or why there is none. */
export function pathTo(stack: Stack, dst: Ip4, options?: SendOptions): Path | PathError {
  const plain = options === undefined || (options.via === undefined && options.source === undefined)
  const cached = plain && !stack.policy?.selective
  if (cached) {
    const known = stack.cachedPaths().get(dst | 0)
    if (known !== undefined) return known
  }
  const path = findPath(stack, dst, options)
  if (cached && typeof path !== 'string') stack.paths.set(dst | 0, path)
  return path
}

function findPath(stack: Stack, dst: Ip4, options: SendOptions | undefined): Path | PathError {
  const owner = stack.ownerOf(dst)
  const loopback = stack.loopback
  if (owner !== undefined && loopback !== undefined)
    return { via: loopback, nextHop: dst, source: options?.source ?? dst, local: true, transit: false }
  const via = options?.via
  if (via !== undefined && (dst === 0xffffffff || isMulticastIp(dst) || options?.toMac !== undefined)) {
    return { via, nextHop: dst, source: options?.source ?? via.primary?.ip ?? 0, local: false, transit: false }
  }
  // Strong host model (fact sheet 4.3): what carries an interface's address leaves by that interface.
  const owned = options?.source !== undefined && stack.profile.strongHost ? stack.ownerOf(options.source) : undefined
  const bound = owned?.weakSend ? undefined : owned
  const route = stack.policy
    ? stack.policy.route(dst, {
        source: options?.source ?? 0,
        mark: options?.mark ?? 0,
        from: options?.from ?? 0,
        out: via?.index ?? 0,
      })
    : stack.routes.lookup(dst, stack.interfaces, via?.index ?? bound?.index)
  if (route === undefined || route.type === 'throw') return 'no-route'
  if (route.type !== undefined) return route.type
  const out = stack.interfaces.get(route.interface) as Interface
  const nextHop = route.gateway === 0 ? dst : route.gateway
  const source = options?.source ?? route.source ?? out.sourceFor(nextHop)?.ip
  if (source === undefined) return 'no-address'
  const transit = !isMulticastIp(dst) && ![...stack.interfaces.values()].some((i) => i.isBroadcast(dst))
  return { via: out, nextHop, source, local: false, transit }
}

/** A new packet: its id, and what it is caused by, come from what the simulation is doing right now. */
export function newPacket(stack: Stack, bytes: Uint8Array): Frame {
  const sim = stack.sim
  return { bytes, id: ++sim.lastPacket, cause: sim.cause, origin: sim.origin, stored: -1 }
}

/** Bytes with headroom; the caller writes its transport header and payload at HEADROOM. */
export const newBuffer = (transportLen: number): Uint8Array => newFrame(HEADROOM + transportLen)

/** `not-permitted`: netfilter or the firewall did not let it out. */
export type SendResult = PathError | 'too-big' | 'not-permitted' | number

/**
 * Sends a transport message that stands at HEADROOM in `bytes` along `path`, which chose the source its checksum covers.
 * Answers the packet id.
 */
export function sendIp(
  stack: Stack,
  bytes: Uint8Array,
  protocol: number,
  dst: Ip4,
  path: Path,
  options?: SendOptions,
): SendResult {
  const payloadLen = bytes.length - HEADROOM
  const total = payloadLen + ipv4.HEADER_LEN
  const { mib } = stack
  if (total > 0xffff || (total > path.via.mtu && options?.dontFragment === true && !path.local)) {
    mib.fragFails++
    return 'too-big'
  }
  mib.outRequests++
  if (protocol === ipv4.UDP) mib.udpOutDatagrams++
  else if (protocol === ipv4.ICMP) mib.saidIcmp(bytes[HEADROOM])
  stack.ipId = (stack.ipId + 1) & 0xffff
  ipv4.emit(
    {
      src: path.source,
      dst,
      protocol,
      ttl: options?.ttl ?? stack.policy?.ttl ?? stack.hopLimits.four,
      id: stack.ipId,
      dontFragment: options?.dontFragment ?? false,
    },
    payloadLen,
    bytes,
    ethernet.HEADER_LEN,
  )
  const frame = newPacket(stack, bytes)
  let way = path
  // Who names the receiver's link address sends below netfilter, as DHCP does on its packet socket.
  if (stack.hooks?.active && options?.toMac === undefined) {
    const through = throughHooks(stack, stack.hooks, frame, path, options)
    if (typeof through === 'string') {
      mib.outDiscards++
      return through
    }
    way = through
  }
  if (way.local) {
    way.via.sentPackets++
    way.via.sentBytes += bytes.length
    stack.loop.push(frame)
    stack.sim.touch(stack)
    return frame.id
  }
  const held = stack.filter?.leaves?.(way.via, bytes, ethernet.HEADER_LEN)
  if (held !== undefined) {
    mib.outDiscards++
    stack.recorder.see(way.via.vantage, true, frame, verdictNumber(held.code), held.detail)
    return 'not-permitted'
  }
  stack.filter?.sent(way.via, bytes, ethernet.HEADER_LEN)
  if (total > way.via.mtu) transmitCut(stack, way.via, way.nextHop, frame, way.via.mtu, options?.toMac)
  else transmitIp(stack, way.via, way.nextHop, frame, options?.toMac)
  return frame.id
}

/** Sends a packet (with an Ethernet header's room before it) in fragments: the first is the packet itself, the others are caused by it. */
export function transmitCut(stack: Stack, via: Interface, nextHop: Ip4, frame: Frame, mtu: number, toMac?: Mac): void {
  let first = true
  stack.mib.fragOks++
  for (const bytes of fragmentsOf(frame.bytes, ethernet.HEADER_LEN, mtu)) {
    const piece = first
      ? withBytes(frame, bytes)
      : { bytes, id: ++stack.sim.lastPacket, cause: frame.id, origin: frame.origin, stored: -1 }
    first = false
    stack.mib.fragCreates++
    transmitIp(stack, via, nextHop, piece, toMac)
  }
}

/** A packet of our own through OUTPUT and POSTROUTING; where it is rewritten or marked its way is looked for again. */
function throughHooks(
  stack: Stack,
  hooks: PacketHooks,
  frame: Frame,
  path: Path,
  options: SendOptions | undefined,
): Path | PathError | 'not-permitted' {
  const at = ethernet.HEADER_LEN
  const { bytes } = frame
  const wanted = ipv4.dst(bytes, at)
  let way = path
  let refused = hooks.output(path.via, frame, at)
  if (refused === undefined) {
    const dst = ipv4.dst(bytes, at)
    if (dst !== wanted || hooks.mark !== 0) {
      const again = pathTo(stack, dst, { ...options, source: ipv4.src(bytes, at), mark: hooks.mark })
      if (typeof again === 'string') return again
      way = again
    }
    refused = hooks.postrouting(way.via, frame, at)
  }
  if (refused === undefined) return way
  if (!way.local) stack.recorder.see(way.via.vantage, true, frame, verdictNumber(refused.code), refused.detail)
  return 'not-permitted'
}

/** Puts a whole IP packet (with room for an Ethernet header before it) on the link towards `nextHop`. */
export function transmitIp(stack: Stack, via: Interface, nextHop: Ip4, frame: Frame, toMac?: Mac): void {
  if (via.kind === 'ppp') {
    transmit(stack, via, withBytes(frame, frame.bytes.subarray(ethernet.HEADER_LEN)))
    return
  }
  const bytes = frame.bytes
  put48(bytes, 6, via.mac)
  bytes[12] = 0x08
  bytes[13] = 0x00
  const mac = toMac ?? linkAddress(stack, via, nextHop, frame)
  if (mac < 0) return
  put48(bytes, 0, mac)
  transmit(stack, via, frame)
}

/** The link address of the next hop, or -1 while it is being asked for and the frame waits. */
function linkAddress(stack: Stack, via: Interface, nextHop: Ip4, frame: Frame): Mac {
  const known = via.neighbors.get(nextHop)
  if (
    known !== undefined &&
    (known.state === 'permanent' || (known.state === 'reachable' && known.reachableUntil >= stack.sim.now))
  ) {
    known.times.used = stack.sim.now
    return known.mac
  }
  if (via.isBroadcast(nextHop)) return MAC_BROADCAST
  return isMulticastIp(nextHop) ? multicastMac(nextHop) : resolve(stack, via, nextHop, frame)
}

/** Hands a finished frame to the link, and to the recorder. */
export function transmit(stack: Stack, via: Interface, frame: Frame): void {
  if (!via.up) {
    via.sentDropped++
    stack.recorder.see(via.vantage, true, frame, NO_LINK)
    return
  }
  via.sentPackets++
  via.sentBytes += frame.bytes.length
  stack.recorder.see(via.vantage, true, frame, SENT)
  if (stack.taps.length > 0) stack.tapped(via, true, frame.bytes)
  via.attachment.transmit(frame)
}

/**
 * A packet that could not be sent on: our own program is told, somebody else's sender gets an ICMP error. `at` is where the
 * IP header of `bytes` begins.
 */
export function undeliverable(stack: Stack, bytes: Uint8Array, at: number, error: SendError): void {
  if (stack.ownerOf(ipv4.src(bytes, at)) !== undefined || ipv4.src(bytes, at) === 0) reportSendError(stack, bytes, at, error)
}

export const isIp = (bytes: Uint8Array): boolean => u16(bytes, 12) === ethernet.TYPE_IPV4
