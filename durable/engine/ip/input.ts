// Receiving: the adapter's filter, then IPv4 input and forwarding (RFC 1122 section 3.2.1, RFC 1812 section 5.2).
import { type Frame, rewritten } from '../link/frame.ts'
import { DELIVERED } from '../link/recorder.ts'
import { verdictNumber } from '../link/verdict.ts'
import { formatIp, formatMac, type Ip4, isMulticastIp, MAC_BROADCAST, type Mac } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { receiveArp } from './arp.ts'
import { collect } from './collect.ts'
import type { Drop, RoutePolicy } from './hooks.ts'
import { receiveIcmp, sendIcmpError } from './icmp.ts'
import type { Interface } from './interface.ts'
import { receiveIgmp } from './membership.ts'
import { faultOf, recordPassage } from './options.ts'
import { describePath, type Path, type PathError, pathTo, type SendOptions, transmitCut, transmitIp } from './output.ts'
import type { Stack } from './stack.ts'
import { receiveUdp } from './udp.ts'

const FORWARDED = verdictNumber('forwarded')
const DHCP_CLIENT_PORT = 68

/** Room for two VLAN tags, which adapters pass on top of the MTU. */
const TAGS = 8
const ETHERNET_MTU = 1500

export function receiveFrame(stack: Stack, port: number, frame: Frame): void {
  const via = stack.interfaces.get(port)
  if (via === undefined || !stack.powered || !via.enabled) return
  const bytes = frame.bytes
  stack.sighting = stack.recorder.see(via.vantage, false, frame, DELIVERED)
  via.receivedPackets++
  via.receivedBytes += bytes.length
  if (stack.taps.length > 0) stack.tapped(via, false, bytes)
  if (bytes.length < ethernet.HEADER_LEN) {
    via.receivedErrors++
    return stack.drop('malformed', 'ethernet: truncated')
  }
  // What Windows calls the MTU is IP's alone: its adapters take whole frames whatever it is.
  const longest = stack.profile.strongHost ? Math.max(via.mtu, ETHERNET_MTU) : via.mtu
  if (bytes.length > longest + ethernet.HEADER_LEN + TAGS) {
    via.receivedErrors++
    return stack.drop('malformed', `ethernet: ${bytes.length} bytes, and ${via.name} takes ${longest} behind the header`)
  }
  if ((bytes[0] & 1) === 1 && bytes[0] !== 0xff) via.receivedGroup++
  if (stack.links?.receive(via, frame)) {
    stack.sighting = -1
    return
  }
  const dst = ethernet.dst(bytes)
  if (dst !== via.mac && (bytes[0] & 1) === 0) return stack.drop('not-for-us', formatMac(dst))
  switch (ethernet.type(bytes)) {
    case ethernet.TYPE_IPV4:
      receiveIp(stack, via, frame, ethernet.HEADER_LEN, ethernet.src(bytes), dst === MAC_BROADCAST)
      break
    case ethernet.TYPE_ARP:
      receiveArp(stack, via, frame)
      break
    case ethernet.TYPE_IPV6:
      if (stack.ip6 === undefined) stack.drop('not-simulated', 'this machine does not speak IPv6')
      else stack.ip6.receive(via, frame, ethernet.HEADER_LEN, ethernet.src(bytes))
      break
    default:
      stack.drop('not-simulated', `EtherType 0x${ethernet.type(bytes).toString(16).padStart(4, '0')}`)
  }
  stack.sighting = -1
}

/** A packet whose IP header begins at `at`. */
export function receiveIp(stack: Stack, via: Interface, frame: Frame, at: number, srcMac: Mac, linkBroadcast = false): void {
  const bytes = frame.bytes
  if (via.kind === 'ppp') {
    stack.sighting = stack.recorder.see(via.vantage, false, frame, DELIVERED)
    via.receivedPackets++
    via.receivedBytes += bytes.length
    if (stack.taps.length > 0) stack.tapped(via, false, bytes)
  }
  const { mib } = stack
  mib.inReceives++
  const checked = ipv4.check(bytes, at, bytes.length)
  if (checked !== true || !ipv4.checksumOk(bytes, at)) {
    mib.inHdrErrors++
    return stack.drop('malformed', checked === true ? 'ipv4: bad checksum' : checked)
  }
  if (bytes[at] !== PLAIN_HEADER && !optionsPass(stack, via, bytes, at)) {
    mib.inHdrErrors++
    return
  }
  const src = ipv4.src(bytes, at)
  const dst = ipv4.dst(bytes, at)
  if ((src >>> 24 === 127 || src >>> 28 >= 14 || dst >>> 24 === 127) && via.kind !== 'loopback') {
    mib.inAddrErrors++
    return stack.drop('filtered', `a packet from ${formatIp(src)} to ${formatIp(dst)} has no business on a link`)
  }
  if (stack.hooks?.active && ipv4.isFragment(bytes, at)) {
    // Connection tracking wants datagrams whole, before anything else sees them (nf_defrag_ipv4).
    const whole = collect(stack, via, frame, at)
    if (whole) receiveSound(stack, via, whole.frame, ethernet.HEADER_LEN, srcMac, linkBroadcast, whole.longest)
    return
  }
  receiveSound(stack, via, frame, at, srcMac, linkBroadcast, 0)
}

/** `longest`: it came in fragments, the longest of this length; 0 when it did not. */
function receiveSound(
  stack: Stack,
  via: Interface,
  frame: Frame,
  at: number,
  srcMac: Mac,
  linkBroadcast: boolean,
  longest: number,
): void {
  const bytes = frame.bytes
  let dst = ipv4.dst(bytes, at)
  if (stack.policy !== undefined) {
    const refused = beforeRouting(stack, stack.policy, via, frame, at)
    if (refused !== undefined) return refuse(stack, via, refused)
    dst = ipv4.dst(bytes, at)
  }
  if (via.forwarding && !linkBroadcast && !stack.policy?.selective) {
    // The usual case of a router: somewhere it has sent to before.
    const path = stack.cachedPaths().get(dst | 0)
    if (path?.transit) return forward(stack, via, frame, at, dst, false, longest)
  }
  if (
    via.kind === 'loopback' ||
    via.has(dst) ||
    ((via.forwarding || via.weakReceive || stack.policy !== undefined) && stack.ownerOf(dst) !== undefined)
  )
    return receiveOwn(stack, via, frame, at, dst, srcMac, longest)
  if (via.isBroadcast(dst)) return deliver(stack, via, frame, at, dst, srcMac)
  if (isMulticastIp(dst)) {
    if (via.membership.has(dst) || (via.querying !== undefined && ipv4.protocol(bytes, at) === ipv4.IGMP))
      return deliver(stack, via, frame, at, dst, srcMac)
    return stack.drop('not-for-us', `${via.name} is not in the group ${formatIp(dst)}`)
  }
  // RFC 2131 section 4.1: an offer may come to an address that is not ours yet.
  if (tappedByDhcp(via, bytes, at)) return deliver(stack, via, frame, at, dst, srcMac)
  if (linkBroadcast) return stack.drop('filtered', `broadcast frame, but ${formatIp(dst)} is not an address of ${via.name}`)
  if (!via.forwarding) {
    stack.mib.inAddrErrors++
    return stack.drop('not-forwarding', `${formatIp(dst)} is not an address of ${via.name}`)
  }
  forward(stack, via, frame, at, dst, false, longest)
}

/** A packet for an address of ours, which may stand for somebody inside. A NAT sees datagrams only when they are whole. */
function receiveOwn(stack: Stack, via: Interface, frame: Frame, at: number, dst: Ip4, srcMac: Mac, longest: number): void {
  const { bytes } = frame
  if (ipv4.isFragment(bytes, at)) {
    const whole = collect(stack, via, frame, at)
    if (whole) receiveOwn(stack, via, whole.frame, ethernet.HEADER_LEN, dst, srcMac, whole.longest)
    return
  }
  if (stack.translator !== undefined && via.kind !== 'loopback') {
    // An error about a packet whose time ran out here must speak of it as it came: outside, nobody knows the inside.
    const asItCame = ipv4.ttl(bytes, at) <= 1 ? bytes.slice() : undefined
    const translated = stack.translator.inbound(via, frame, at)
    if (typeof translated === 'object') return stack.drop(translated.code, translated.detail)
    if (translated) {
      if (asItCame !== undefined) bytes.set(asItCame)
      rewritten(frame)
      if (asItCame !== undefined) return expired(stack, via, bytes, at)
      return forward(stack, via, frame, at, ipv4.dst(bytes, at), true, longest)
    }
  }
  deliver(stack, via, frame, at, dst, srcMac)
}

/** Version 4 and no options. */
const PLAIN_HEADER = 0x45

/** Linux tells the sender which octet of the options is wrong; Windows drops the packet without a word. */
function optionsPass(stack: Stack, via: Interface, bytes: Uint8Array, at: number): boolean {
  const fault = faultOf(bytes, at)
  if (fault === undefined) return true
  if (fault === 'source route') stack.drop('filtered', 'source routes are refused')
  else {
    stack.drop('malformed', `ipv4: bad option at byte ${fault} of the header`)
    if (stack.profile.name === 'linux') sendIcmpError(stack, via, bytes, at, 'parameter', fault)
  }
  return false
}

/** Netfilter's first place, then what the kernel parameters refuse. */
function beforeRouting(stack: Stack, policy: RoutePolicy, via: Interface, frame: Frame, at: number): Drop | undefined {
  if (tappedByDhcp(via, frame.bytes, at)) return undefined
  const refused = stack.hooks?.active ? stack.hooks.prerouting(via, frame, at) : undefined
  return refused ?? policy.admits(via, ipv4.src(frame.bytes, at), ipv4.dst(frame.bytes, at))
}

function refuse(stack: Stack, via: Interface, { code, detail }: Drop): void {
  if (code !== 'netfilter') via.receivedDropped++
  stack.mib.inDiscards++
  stack.drop(code, detail)
}

/** A DHCP client on Linux listens on a packet socket: below netfilter and the reverse path filter. */
const tappedByDhcp = (via: Interface, bytes: Uint8Array, at: number): boolean =>
  via.acceptsOffers && ipv4.protocol(bytes, at) === ipv4.UDP && isOffer(bytes, at)

function isOffer(bytes: Uint8Array, at: number): boolean {
  const udpAt = at + ipv4.headerLen(bytes, at)
  return udpAt + 4 <= bytes.length && ((bytes[udpAt + 2] << 8) | bytes[udpAt + 3]) === DHCP_CLIENT_PORT
}

function deliver(stack: Stack, via: Interface, frame: Frame, at: number, dst: Ip4, srcMac: Mac): void {
  const bytes = frame.bytes
  if (ipv4.isFragment(bytes, at)) {
    const whole = collect(stack, via, frame, at)
    if (whole) deliver(stack, via, whole.frame, ethernet.HEADER_LEN, dst, srcMac)
    return
  }
  if (stack.filter !== undefined && via.kind !== 'loopback') {
    const refused = stack.filter.admits(via, bytes, at)
    if (refused !== undefined) return discard(stack, refused)
  }
  if (stack.hooks?.active && !tappedByDhcp(via, bytes, at)) {
    const refused = stack.hooks.input(via, frame, at)
    if (refused !== undefined) return discard(stack, refused)
  }
  const src = ipv4.src(bytes, at)
  // RFC 1122 section 3.2.1.3: nobody is called that; "this host" may only speak to everybody.
  if (via.kind !== 'loopback' && (via.isBroadcast(src) || (src === 0 && via.has(dst))))
    return stack.drop('filtered', `${formatIp(src)} is not the address of a sender`)
  const from = at + ipv4.headerLen(bytes, at)
  const end = at + ipv4.totalLen(bytes, at)
  const protocol = ipv4.protocol(bytes, at)
  const known = protocol === ipv4.UDP || protocol === ipv4.ICMP || protocol === ipv4.TCP || protocol === ipv4.IGMP
  if (known) stack.mib.inDelivers++
  else stack.mib.inUnknownProtos++
  switch (protocol) {
    case ipv4.UDP:
      return receiveUdp(stack, via, bytes, at, from, end, dst, srcMac)
    case ipv4.ICMP:
      return receiveIcmp(stack, via, bytes, at, from, end)
    case ipv4.TCP:
      return stack.tcp.receiveSegment(via, bytes, from, end, src, dst)
    case ipv4.IGMP:
      return receiveIgmp(stack, via, bytes, at, from, end)
    default:
      stack.drop('not-simulated', `IP protocol ${protocol}`)
      if (stack.ownerOf(dst) !== undefined) sendIcmpError(stack, via, bytes, at, 'protocol', 0)
  }
}

/** The firewall or netfilter keeps it from us. */
function discard(stack: Stack, { code, detail }: Drop): void {
  stack.mib.inDiscards++
  stack.drop(code, detail)
}

function expired(stack: Stack, via: Interface, bytes: Uint8Array, at: number): void {
  stack.mib.inHdrErrors++
  stack.drop('ttl-expired', `at ${via.name}`)
  sendIcmpError(stack, via, bytes, at, 'ttl', 0)
}

/**
 * RFC 1812 section 5.2.1: route, translate, count down, send on. `translated`: NAT has already chosen the destination.
 * `longest`: the packet came in fragments, the longest of this length, and may leave in such.
 */
function forward(stack: Stack, via: Interface, frame: Frame, at: number, dst: Ip4, translated: boolean, longest: number): void {
  const bytes = frame.bytes
  if (ipv4.ttl(bytes, at) <= 1) return expired(stack, via, bytes, at)
  const path = pathTo(stack, dst, transitOptions(stack, via, bytes, at))
  if (typeof path === 'string') return noWay(stack, via, bytes, at, dst, path)
  if (!path.transit && !path.local) return stack.drop('filtered', 'broadcasts to another network are not forwarded (RFC 2644)')
  const to = path.via
  let cutTo = 0
  if (bytes.length - at > to.mtu) {
    const total = ipv4.totalLen(bytes, at)
    // What is behind the packet is padding, and none of the next link's business.
    if (total < bytes.length - at) frame.bytes = bytes.subarray(0, at + total)
    if (total > to.mtu) {
      cutTo = to.mtu
      if (ipv4.dontFragment(bytes, at)) {
        if (longest === 0 || longest > to.mtu) return tooBig(stack, via, bytes, at, to.mtu)
        cutTo = longest
      }
    }
  }
  if (stack.hooks?.active) {
    const refused = stack.hooks.forward(via, to, frame, at)
    if (refused !== undefined) return stack.drop(refused.code, refused.detail)
  }
  if (!translated && stack.translator !== undefined) {
    if (ipv4.isFragment(bytes, at) && stack.translator.wantsWhole(via, to, bytes, at)) {
      const whole = collect(stack, via, frame, at)
      if (whole) forward(stack, via, whole.frame, ethernet.HEADER_LEN, dst, false, whole.longest)
      return
    }
    const verdict = stack.translator.outbound(via, to, frame, at, ownAddress(stack, path))
    if (typeof verdict === 'object') return stack.drop(verdict.code, verdict.detail)
  }
  stack.mib.forwDatagrams++
  ipv4.decrementTtl(bytes, at)
  if (bytes[at] !== PLAIN_HEADER) recordPassage(bytes, at, to.primary?.ip ?? 0, stack.sim.now)
  rewritten(frame)
  if (stack.sighting >= 0) stack.recorder.amend(stack.sighting, FORWARDED, describePath(path))
  if (stack.hooks?.active) {
    const refused = stack.hooks.postrouting(to, frame, at)
    if (refused !== undefined) return stack.drop(refused.code, refused.detail)
  }
  const ready = withHeadroom(frame, at)
  if (cutTo > 0) transmitCut(stack, to, path.nextHop, ready, cutTo)
  else transmitIp(stack, to, path.nextHop, ready)
}

/** Where a packet's own source chose the way, the path names that; a translator wants the address of ours that it leaves by. */
function ownAddress(stack: Stack, path: Path): Ip4 {
  if (!stack.policy?.selective) return path.source
  return (path.via.addressFor(path.nextHop) ?? path.via.primary)?.ip ?? path.source
}

function tooBig(stack: Stack, via: Interface, bytes: Uint8Array, at: number, mtu: number): void {
  stack.mib.fragFails++
  stack.drop('would-fragment', `the next link carries ${mtu} bytes`)
  sendIcmpError(stack, via, bytes, at, 'fragmentation', mtu)
}

/** What the way of a packet in transit depends on, where more than its destination counts. */
function transitOptions(stack: Stack, via: Interface, bytes: Uint8Array, at: number): SendOptions | undefined {
  if (!stack.policy?.selective) return undefined
  return { source: ipv4.src(bytes, at), from: via.index, mark: stack.hooks?.active ? stack.hooks.mark : 0 }
}

/** No route, or one that refuses: blackholes are silent, the others tell the sender (fib_props of net/ipv4/fib_semantics.c). */
function noWay(stack: Stack, via: Interface, bytes: Uint8Array, at: number, dst: Ip4, error: PathError): void {
  stack.mib.outNoRoutes++
  if (error === 'no-route' || error === 'no-address') {
    stack.drop('no-route', `no route to ${formatIp(dst)}`)
    return sendIcmpError(stack, via, bytes, at, 'net', 0)
  }
  stack.drop('route-type', `${error} route for ${formatIp(dst)}`)
  if (error !== 'blackhole') sendIcmpError(stack, via, bytes, at, error === 'prohibit' ? 'prohibited' : 'host', 0)
}

/** A packet from a tunnel has no room for an Ethernet header yet. */
function withHeadroom(frame: Frame, at: number): Frame {
  if (at === ethernet.HEADER_LEN) return frame
  const bytes = new Uint8Array(frame.bytes.length - at + ethernet.HEADER_LEN)
  bytes.set(frame.bytes.subarray(at), ethernet.HEADER_LEN)
  return { ...frame, bytes, stored: -1 }
}
