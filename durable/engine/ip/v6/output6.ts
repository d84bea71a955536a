// Sending over IPv6: which way, from which address, and out.
import { type Frame, withBytes } from '../../link/frame.ts'
import { verdictNumber } from '../../link/verdict.ts'
import {
  formatIp6,
  type Ip6,
  isLinkLocalIp6,
  isMulticastIp6,
  type Mac,
  multicastMac6,
  multicastScope,
} from '../../wire/addresses.ts'
import { newFrame, put48 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import type { Interface } from '../interface.ts'
import { newPacket, type PathError, type SendResult, transmit } from '../output.ts'
import { linkAddress6 } from './discovery.ts'
import type { Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { selectSource } from './select-source.ts'

const UDP = 17
/** Room for Ethernet and IPv6 headers in front of a transport header. */
export const HEADROOM6 = ethernet.HEADER_LEN + ipv6.HEADER_LEN

/** Where a packet goes: out of `via` to `nextHop`, from `source`. */
export type Path6 = {
  readonly via: Interface6
  readonly nextHop: Ip6
  readonly source: Ip6
  readonly local: boolean
  said?: string
}

export const describePath6 = (path: Path6): string => {
  path.said ??= `to ${formatIp6(path.nextHop)} by ${path.via.via.name}`
  return path.said
}

export type SendOptions6 = {
  readonly source?: Ip6
  readonly via?: Interface
  readonly hopLimit?: number
  readonly dontFragment?: boolean
  /** Of a packet in transit: the interface that it came in by. */
  readonly from?: number
  /** The source was chosen for the answer to be understood: rules are asked as for a packet that has none yet (icmp6_send). */
  readonly freely?: boolean
}

/** Whether a destination means something on one link only. */
export const isScoped = (ip: Ip6): boolean => isLinkLocalIp6(ip) || (isMulticastIp6(ip) && multicastScope(ip) <= 2)

/** The way to a destination, or why there is none. */
export function pathTo6(ip6: Ip6Stack, dst: Ip6, options?: SendOptions6): Path6 | PathError {
  const plain = !ip6.policy?.selective && (options === undefined || (options.via === undefined && options.source === undefined))
  if (plain) {
    const known = ip6.cachedPaths().get(dst)
    if (known !== undefined) return known
  }
  const path = findPath(ip6, dst, options)
  if (plain && typeof path !== 'string') ip6.cachedPaths().set(dst, path)
  return path
}

function findPath(ip6: Ip6Stack, dst: Ip6, options: SendOptions6 | undefined): Path6 | PathError {
  const only = options?.via === undefined ? undefined : ip6.interfaces.get(options.via.index)
  const owner = ip6.ownerOf(dst, only)
  if (owner !== undefined && ip6.loopback !== undefined)
    return { via: ip6.loopback, nextHop: dst, source: options?.source ?? dst, local: true }
  if (isMulticastIp6(dst) || (only !== undefined && isLinkLocalIp6(dst))) {
    const via = only ?? ip6.defaultInterface()
    if (via === undefined) return 'no-route'
    return withSource(ip6, via, dst, dst, options?.source)
  }
  // RFC 4007 section 6: without a zone, a link-local address names nobody. Windows then takes its default zone.
  if (isLinkLocalIp6(dst)) {
    const via = ip6.stack.profile.strongHost ? ip6.defaultInterface() : undefined
    return via === undefined ? 'no-route' : withSource(ip6, via, dst, dst, options?.source)
  }
  // Strong host model: what carries an interface's address leaves by that interface.
  const bound = options?.source !== undefined && ip6.stack.profile.strongHost ? ip6.ownerOf(options.source) : undefined
  const out = only?.via.index ?? bound?.via.index
  const route = ip6.policy?.selective
    ? ip6.policy.route(dst, {
        source: options?.freely ? 0n : (options?.source ?? 0n),
        mark: 0,
        from: options?.from ?? 0,
        out: out ?? 0,
      })
    : ip6.routes.lookup(dst, ip6.interfaces, out, (r) => ip6.isSilent(r))
  if (route === undefined || route.type === 'throw') return 'no-route'
  if (route.type !== undefined) return route.type
  const via = ip6.interfaces.get(route.interface) as Interface6
  const source = options?.source ?? (route.source !== undefined && ip6.ownerOf(route.source) ? route.source : undefined)
  return withSource(ip6, via, dst, route.gateway === 0n ? dst : route.gateway, source)
}

function withSource(ip6: Ip6Stack, via: Interface6, dst: Ip6, nextHop: Ip6, wanted: Ip6 | undefined): Path6 | PathError {
  const source = wanted ?? selectSource(ip6, via, dst)?.ip
  return source === undefined ? 'no-address' : { via, nextHop, source, local: false }
}

/** Bytes with headroom; the caller writes its transport header and payload at HEADROOM6. */
export const newBuffer6 = (transportLen: number): Uint8Array => newFrame(HEADROOM6 + transportLen)

/** The largest packet that may go to `dst` along `path`. */
export const mtuOf = (ip6: Ip6Stack, path: Path6, dst: Ip6): number =>
  path.local ? 65535 + ipv6.HEADER_LEN : Math.min(path.via.mtu, ip6.pmtu.of(dst, ip6.sim.now) ?? path.via.mtu)

/**
 * Sends a transport message that stands at HEADROOM6 in `bytes` along `path`, which chose the source its checksum covers. What
 * the way does not carry is cut into fragments here, since nobody after us may (RFC 8200 section 4.5). Answers the packet id.
 */
export function sendIp6(
  ip6: Ip6Stack,
  bytes: Uint8Array,
  nextHeader: number,
  dst: Ip6,
  path: Path6,
  options?: SendOptions6,
): SendResult {
  const payloadLen = bytes.length - HEADROOM6
  if (payloadLen > 0xffff) return 'too-big'
  const hopLimit = options?.hopLimit ?? (isMulticastIp6(dst) ? 1 : path.via.hopLimit || ip6.stack.hopLimits.six)
  const header = { src: path.source, dst, nextHeader, hopLimit }
  const mtu = mtuOf(ip6, path, dst)
  if (payloadLen + ipv6.HEADER_LEN > mtu && options?.dontFragment) {
    ip6.mib.fragFails++
    return 'too-big'
  }
  count(ip6, nextHeader, bytes[HEADROOM6])
  if (payloadLen + ipv6.HEADER_LEN > mtu) return sendFragments(ip6, bytes, header, path, mtu)
  ipv6.emit(header, payloadLen, bytes, ethernet.HEADER_LEN)
  const frame = newPacket(ip6.stack, bytes)
  if (path.local) ip6.deliverLater(frame)
  else {
    if (!mayLeave(ip6, path.via.via, bytes, frame)) return 'not-permitted'
    transmitIp6(ip6, path.via, path.nextHop, frame)
  }
  // To a group that we are in ourselves, a copy comes back (RFC 3493 section 5.2).
  if (!path.local && isMulticastIp6(dst) && path.via.groups.has(dst) && nextHeader === UDP)
    ip6.deliverLater({ ...frame, bytes: frame.bytes.slice() })
  return frame.id
}

/** A message of our own; of ICMPv6 by its type. */
function count({ mib }: Ip6Stack, protocol: number, type: number): void {
  mib.outRequests++
  if (protocol === ipv6.ICMP6) mib.saidIcmp(type)
  else if (protocol === UDP) mib.udpOutDatagrams++
}

/** The firewall lets a whole packet of our own out, and knows what will be an answer to it. */
function mayLeave(ip6: Ip6Stack, via: Interface, bytes: Uint8Array, frame?: Frame): boolean {
  const { stack } = ip6
  const { filter, recorder } = stack
  const held = filter?.leaves6?.(via, bytes, ethernet.HEADER_LEN)
  if (held === undefined) filter?.sent6?.(via, bytes, ethernet.HEADER_LEN)
  else {
    ip6.mib.outDiscards++
    recorder.see(via.vantage, true, frame ?? newPacket(stack, bytes), verdictNumber(held.code), held.detail)
  }
  return held === undefined
}

function sendFragments(ip6: Ip6Stack, bytes: Uint8Array, header: ipv6.Header, path: Path6, mtu: number): SendResult {
  const each = (mtu - ipv6.HEADER_LEN - ipv6.FRAGMENT_LEN) & ~7
  const total = bytes.length - HEADROOM6
  const id = ip6.random.next()
  let first = 0
  ip6.mib.fragOks++
  ipv6.emit(header, total, bytes, ethernet.HEADER_LEN)
  if (!path.local && !mayLeave(ip6, path.via.via, bytes)) return 'not-permitted'
  for (let offset = 0; offset < total; offset += each) {
    const size = Math.min(each, total - offset)
    const out = newFrame(HEADROOM6 + ipv6.FRAGMENT_LEN + size)
    ipv6.emit({ ...header, nextHeader: ipv6.FRAGMENT }, ipv6.FRAGMENT_LEN + size, out, ethernet.HEADER_LEN)
    ipv6.emitFragment(out, HEADROOM6, header.nextHeader, offset, offset + size < total, id)
    out.set(bytes.subarray(HEADROOM6 + offset, HEADROOM6 + offset + size), HEADROOM6 + ipv6.FRAGMENT_LEN)
    const frame = newPacket(ip6.stack, out)
    if (first === 0) first = frame.id
    ip6.mib.fragCreates++
    transmitIp6(ip6, path.via, path.nextHop, frame)
  }
  return first
}

/** Puts a whole IPv6 packet (with room for an Ethernet header before it) on the link towards `nextHop`. */
export function transmitIp6(ip6: Ip6Stack, i6: Interface6, nextHop: Ip6, frame: Frame, toMac?: Mac): void {
  const { via } = i6
  if (via.kind === 'ppp') return transmit(ip6.stack, via, withBytes(frame, frame.bytes.subarray(ethernet.HEADER_LEN)))
  const { bytes } = frame
  ethernet.emit(bytes, 0, via.mac, ethernet.TYPE_IPV6)
  const mac = toMac ?? (isMulticastIp6(nextHop) ? multicastMac6(nextHop) : linkAddress6(ip6, i6, nextHop, frame))
  if (mac < 0) return
  put48(bytes, 0, mac)
  transmit(ip6.stack, via, frame)
}

/** How a message of neighbour or listener discovery is made: these are never routed, and their source is given. */
export type Direct = {
  readonly src: Ip6
  readonly dst: Ip6
  readonly hopLimit: number
  readonly length: number
  readonly write: (out: Uint8Array, at: number) => void
  readonly toMac?: Mac
  /** Hop-by-hop options with a router alert go before it. */
  readonly alert?: boolean
}

export function sendDirect(ip6: Ip6Stack, i6: Interface6, { src, dst, hopLimit, length, write, toMac, alert }: Direct): void {
  const extra = alert ? 8 : 0
  const bytes = newBuffer6(extra + length)
  const nextHeader = alert ? ipv6.HOP_BY_HOP : ipv6.ICMP6
  ipv6.emit({ src, dst, nextHeader, hopLimit }, extra + length, bytes, ethernet.HEADER_LEN)
  if (alert) ipv6.emitRouterAlert(bytes, HEADROOM6, ipv6.ICMP6)
  write(bytes, HEADROOM6 + extra)
  count(ip6, ipv6.ICMP6, bytes[HEADROOM6 + extra])
  transmitIp6(ip6, i6, dst, newPacket(ip6.stack, bytes), toMac)
}
