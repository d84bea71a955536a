// Receiving IPv6 (RFC 8200): is it for us, what stands behind the extension headers, or where does it go on to.
import { type Frame, rewritten } from '../../link/frame.ts'
import { verdictNumber } from '../../link/verdict.ts'
import { formatIp6, type Ip6, isLinkLocalIp6, isMulticastIp6, type Mac, multicastScope } from '../../wire/addresses.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import { ALL_V2_ROUTERS } from '../../wire/mld.ts'
import type { Interface } from '../interface.ts'
import { receiveIcmp6, sendIcmpError6 } from './icmp6.ts'
import type { Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { describePath6, HEADROOM6, pathTo6, transmitIp6 } from './output6.ts'
import { sendRedirect } from './redirect.ts'
import { receiveUdp6 } from './udp6.ts'

const FORWARDED = verdictNumber('forwarded')
const UDP = 17
const TCP = 6

/** A packet whose IPv6 header begins at `at`. */
export function receiveIp6(ip6: Ip6Stack, via: Interface, frame: Frame, at: number, srcMac: Mac): void {
  const { stack } = ip6
  const i6 = ip6.interfaces.get(via.index)
  if (i6 === undefined || !i6.enabled) return stack.drop('not-simulated', `IPv6 is off on ${via.name}`)
  const { bytes } = frame
  const { mib } = ip6
  mib.inReceives++
  const checked = ipv6.check(bytes, at, bytes.length)
  if (checked !== true) {
    mib.inHdrErrors++
    return stack.drop('malformed', checked)
  }
  const src = ipv6.src(bytes, at)
  const dst = ipv6.dst(bytes, at)
  const loopback = via.kind === 'loopback'
  if (isMulticastIp6(src)) return stack.drop('filtered', `${formatIp6(src)} is a group and cannot send`)
  if (!loopback && (src === 1n || dst === 1n || dst === 0n || (isMulticastIp6(dst) && multicastScope(dst) <= 1))) {
    mib.inAddrErrors++
    return stack.drop('filtered', `a packet from ${formatIp6(src)} to ${formatIp6(dst)} has no business on a link`)
  }
  ip6.senderMac = srcMac
  if (isMulticastIp6(dst)) {
    if (!i6.groups.has(dst) && !loopback && !(i6.querying !== undefined && dst === ALL_V2_ROUTERS))
      return stack.drop('not-for-us', `${via.name} is not in the group ${formatIp6(dst)}`)
    return deliver(ip6, i6, frame, at, dst, srcMac)
  }
  if (loopback || isOurs(ip6, i6, dst)) return deliver(ip6, i6, frame, at, dst, srcMac)
  if (at === ethernet.HEADER_LEN && (bytes[0] & 1) === 1)
    return stack.drop('filtered', `sent to all, but ${formatIp6(dst)} is not an address of ${via.name}`)
  const tentative = i6.address(dst)
  if (tentative !== undefined)
    return stack.drop('no-address', `${formatIp6(dst)} on ${via.name} is ${tentative.state}: it is not used`)
  if (!i6.forwarding) {
    mib.inAddrErrors++
    return stack.drop('not-forwarding', `${formatIp6(dst)} is not an address of ${via.name}`)
  }
  forward(ip6, i6, frame, at, src, dst)
}

/** An address counts on every interface of a router, but a link-local one only where it is. */
function isOurs(ip6: Ip6Stack, i6: Interface6, dst: Ip6): boolean {
  if (i6.has(dst)) return true
  if (isLinkLocalIp6(dst) || (ip6.stack.profile.strongHost && !i6.forwarding)) return false
  return ip6.ownerOf(dst) !== undefined
}

function deliver(ip6: Ip6Stack, i6: Interface6, frame: Frame, at: number, dst: Ip6, srcMac: Mac): void {
  const { stack } = ip6
  const { bytes } = frame
  const end = ipv6.end(bytes, at)
  const upper = ipv6.walk(bytes, at, end)
  if (typeof upper === 'string') {
    ip6.mib.inHdrErrors++
    return stack.drop('malformed', upper)
  }
  if (upper.option !== undefined) return refuseOption(ip6, i6, bytes, at, upper.option, dst)
  // RFC 5095: the routing header that is followed was taken out of the protocol; the others are not known here.
  if (upper.routing >= 0) {
    stack.drop('malformed', 'ipv6: a routing header wants to be followed')
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'parameter-problem', code: 0, pointer: upper.routing + 2 - at })
  }
  if (upper.fragment >= 0) return collect(ip6, i6, frame, at, end, upper)
  if (stack.filter?.admits6 !== undefined && i6.via.kind !== 'loopback') {
    const refused = stack.filter.admits6(i6.via, bytes, at, upper.protocol, upper.from)
    if (refused !== undefined) {
      ip6.mib.inDiscards++
      return stack.drop(refused.code, refused.detail)
    }
  }
  const known = upper.protocol === UDP || upper.protocol === ipv6.ICMP6 || upper.protocol === TCP
  if (known || upper.protocol === ipv6.NO_NEXT) ip6.mib.inDelivers++
  else ip6.mib.inUnknownProtos++
  switch (upper.protocol) {
    case UDP:
      return receiveUdp6(ip6, i6, bytes, at, upper.from, end, srcMac)
    case ipv6.ICMP6:
      return receiveIcmp6(ip6, i6, bytes, at, upper.from, end)
    case TCP:
      return stack.tcp.receiveSegment(i6.via, bytes, upper.from, end, ipv6.src(bytes, at), dst)
    case ipv6.NO_NEXT:
      return
    default:
      stack.drop('not-simulated', `IP protocol ${upper.protocol}`)
      sendIcmpError6(ip6, i6, bytes, at, {
        kind: 'parameter-problem',
        code: icmpv6.UNKNOWN_NEXT_HEADER,
        pointer: upper.named - at,
      })
  }
}

/** RFC 8200 section 4.2: an option that is not known says by its type what is to be done about it. */
function refuseOption(
  ip6: Ip6Stack,
  i6: Interface6,
  bytes: Uint8Array,
  at: number,
  { at: where, action }: NonNullable<ipv6.Upper['option']>,
  dst: Ip6,
): void {
  ip6.stack.drop('malformed', `ipv6: the option ${bytes[where]} is not known`)
  if (action === 'drop' || (action === 'report-unicast' && isMulticastIp6(dst))) return
  sendIcmpError6(ip6, i6, bytes, at, { kind: 'parameter-problem', code: icmpv6.UNKNOWN_OPTION, pointer: where - at })
}

function collect(ip6: Ip6Stack, i6: Interface6, frame: Frame, at: number, end: number, upper: ipv6.Upper): void {
  const { stack } = ip6
  const { bytes } = frame
  ip6.mib.reasmReqds++
  const { fragment, from, protocol } = upper
  const offset = ipv6.fragmentOffset(bytes, fragment)
  const more = ipv6.moreFragments(bytes, fragment)
  if (more && (end - from) % 8 !== 0) {
    stack.drop('malformed', 'ipv6: a fragment that is not the last has an odd length')
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'parameter-problem', code: 0, pointer: 4 })
  }
  if (offset + (end - from) > 0xffff) {
    stack.drop('malformed', 'ipv6: the whole of the fragments would be too long')
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'parameter-problem', code: 0, pointer: fragment + 2 - at })
  }
  if (end === from) return stack.drop('malformed', 'ipv6: an empty fragment')
  const [src, dst] = [ipv6.src(bytes, at), ipv6.dst(bytes, at)]
  const piece = { protocol, offset, more, data: bytes.subarray(from, end), packet: bytes.subarray(at, end) }
  const outcome = ip6.fragments.take(src, dst, ipv6.fragmentId(bytes, fragment), i6.via.index, piece, ip6.sim.now)
  ip6.sim.touch(ip6)
  if (outcome.kind === 'dropped') return stack.drop('malformed', `ipv6: ${outcome.reason}`)
  if (outcome.kind === 'waiting') return
  ip6.mib.reasmOks++
  const { payload, first } = outcome
  const whole = new Uint8Array(HEADROOM6 + payload.length)
  whole.set(bytes.subarray(0, 12), 0)
  whole.set(first.subarray(0, ipv6.HEADER_LEN), ethernet.HEADER_LEN)
  whole[ethernet.HEADER_LEN + 4] = payload.length >> 8
  whole[ethernet.HEADER_LEN + 5] = payload.length
  whole[ethernet.HEADER_LEN + 6] = outcome.protocol
  whole.set(payload, HEADROOM6)
  deliver(ip6, i6, { ...frame, bytes: whole, stored: -1 }, ethernet.HEADER_LEN, dst, ip6.senderMac)
}

/** RFC 8200 section 3 and RFC 4443: count down, find the way, send on. */
function forward(ip6: Ip6Stack, i6: Interface6, frame: Frame, at: number, src: Ip6, dst: Ip6): void {
  const { stack } = ip6
  const { bytes } = frame
  if (isLinkLocalIp6(dst) || isLinkLocalIp6(src) || src === 0n) {
    stack.drop('no-route', 'link-local addresses mean nothing beyond their link')
    if (src !== 0n) sendIcmpError6(ip6, i6, bytes, at, { kind: 'unreachable', code: icmpv6.BEYOND_SCOPE })
    return
  }
  if (ipv6.hopLimit(bytes, at) <= 1) {
    ip6.mib.inHdrErrors++
    stack.drop('ttl-expired', `at ${i6.via.name}`)
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'time-exceeded', code: icmpv6.HOP_LIMIT })
  }
  const path = pathTo6(ip6, dst, ip6.policy?.selective ? { source: src, from: i6.via.index } : undefined)
  if (path === 'blackhole' || path === 'prohibit' || path === 'unreachable') {
    ip6.mib.outNoRoutes++
    stack.drop('route-type', `${path} route for ${formatIp6(dst)}`)
    if (path === 'blackhole') return
    const code = path === 'prohibit' ? icmpv6.PROHIBITED : icmpv6.NO_ROUTE
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'unreachable', code })
  }
  if (typeof path === 'string' || path.local || !path.via.forwarding) {
    ip6.mib.outNoRoutes++
    stack.drop('no-route', `no route to ${formatIp6(dst)}`)
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'unreachable', code: icmpv6.NO_ROUTE })
  }
  const refused = ip6.gate?.passes(i6.via, path.via.via, bytes, at)
  if (refused !== undefined) {
    stack.drop(refused.code, refused.detail)
    if (refused.code === 'firewall') return
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'unreachable', code: icmpv6.PROHIBITED })
  }
  const length = ipv6.end(bytes, at) - at
  if (length > path.via.mtu) {
    ip6.mib.fragFails++
    stack.drop('would-fragment', `the next link carries ${path.via.mtu} bytes`)
    return sendIcmpError6(ip6, i6, bytes, at, { kind: 'packet-too-big', mtu: path.via.mtu })
  }
  if (path.via === i6) sendRedirect(ip6, i6, frame, at, path)
  ip6.mib.forwDatagrams++
  ipv6.setHopLimit(bytes, at, ipv6.hopLimit(bytes, at) - 1)
  rewritten(frame)
  if (stack.sighting >= 0) stack.recorder.amend(stack.sighting, FORWARDED, describePath6(path))
  if (at === ethernet.HEADER_LEN) return transmitIp6(ip6, path.via, path.nextHop, frame)
  const out = new Uint8Array(length + ethernet.HEADER_LEN)
  out.set(bytes.subarray(at, at + length), ethernet.HEADER_LEN)
  transmitIp6(ip6, path.via, path.nextHop, { ...frame, bytes: out, stored: -1 })
}
