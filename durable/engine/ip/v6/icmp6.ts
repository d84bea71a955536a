// ICMPv6 (RFC 4443): echo, and errors sent, received and reported to whoever they concern.
import type { Frame } from '../../link/frame.ts'
import type { Ip6 } from '../../wire/addresses.ts'
import { isMulticastIp6 } from '../../wire/addresses.ts'
import { u16 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import * as mld from '../../wire/mld.ts'
import * as ndp from '../../wire/ndp.ts'
import * as tcp from '../../wire/tcp.ts'
import type { SendError } from '../hooks.ts'
import type { SendResult } from '../output.ts'
import { receiveRouterSolicitation } from './advertise.ts'
import { receiveAdvertisement, receiveSolicitation } from './discovery.ts'
import type { Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { heardByQuerier6, receiveQuery } from './listener.ts'
import { HEADROOM6, newBuffer6, pathTo6, type SendOptions6, sendIp6 } from './output6.ts'
import { receiveRedirect } from './redirect.ts'
import { receiveRouterAdvertisement } from './router-discovery.ts'

/** An error and what it quotes fill at most the smallest packet that every link carries (section 2.4 c). */
const MAX_ORIGINAL = ipv6.MIN_MTU - ipv6.HEADER_LEN - icmpv6.HEADER_LEN

export function sendEcho6(
  ip6: Ip6Stack,
  dst: Ip6,
  ident: number,
  sequence: number,
  payload: Uint8Array,
  options?: SendOptions6,
): SendResult {
  return sendIcmp6(ip6, dst, { kind: 'echo-request', ident, sequence, payload }, options)
}

export function sendIcmp6(ip6: Ip6Stack, dst: Ip6, message: icmpv6.Icmp6, options?: SendOptions6): SendResult {
  const path = pathTo6(ip6, dst, options)
  if (typeof path === 'string') {
    ip6.mib.outNoRoutes++
    return path
  }
  const bytes = newBuffer6(icmpv6.len(message))
  icmpv6.emit(message, bytes, HEADROOM6, { src: path.source, dst })
  return sendIp6(ip6, bytes, ipv6.ICMP6, dst, path, options)
}

/** `from` and `end`: the ICMPv6 message. `at`: the IPv6 header before it. */
export function receiveIcmp6(ip6: Ip6Stack, i6: Interface6, bytes: Uint8Array, at: number, from: number, end: number): void {
  const between = { src: ipv6.src(bytes, at), dst: ipv6.dst(bytes, at) }
  const type = from < end ? bytes[from] : -1
  ip6.mib.heardIcmp(type)
  if (type >= ndp.ROUTER_SOLICITATION && type <= ndp.REDIRECT) return receiveNdp(ip6, i6, bytes, at, from, end, between)
  if (type === mld.QUERY || type === mld.REPORT_V2 || type === mld.REPORT_V1 || type === mld.DONE_V1)
    return receiveMld(ip6, i6, bytes, from, end, between)
  const message = icmpv6.parse(bytes, from, end, between)
  if (typeof message === 'string') return unread(ip6, message === 'icmpv6: unknown type', message)
  const { src, dst } = between
  switch (message.kind) {
    case 'echo-request': {
      if (!ip6.stack.answersEcho) return ip6.stack.drop('filtered', 'this machine is configured not to answer echo requests')
      const { ident, sequence, payload } = message
      const source = isMulticastIp6(dst) ? {} : { source: dst }
      sendIcmp6(ip6, src, { kind: 'echo-reply', ident, sequence, payload }, { via: i6.via, ...source })
      return
    }
    case 'echo-reply': {
      const owner = ip6.echoes.get(message.ident)
      if (owner === undefined) return ip6.stack.drop('no-listener', `no program waits for echo identifier ${message.ident}`)
      owner.echoReply(src, message.ident, message.sequence, message.payload.length, ipv6.hopLimit(bytes, at))
      return
    }
    case 'packet-too-big':
    case 'unreachable':
    case 'time-exceeded':
    case 'parameter-problem':
      return receiveError(ip6, i6, message, src)
    default:
      message satisfies never
  }
}

function unread(ip6: Ip6Stack, unknown: boolean, why: string): void {
  ip6.mib.icmpInErrors++
  ip6.stack.drop(unknown ? 'ignored' : 'malformed', why)
}

type Between = { readonly src: Ip6; readonly dst: Ip6 }

function receiveNdp(
  ip6: Ip6Stack,
  i6: Interface6,
  bytes: Uint8Array,
  at: number,
  from: number,
  end: number,
  between: Between,
): void {
  // RFC 4861 section 6.1 and 7.1: what has passed a router is not from this link.
  if (ipv6.hopLimit(bytes, at) !== ndp.HOP_LIMIT) return ip6.stack.drop('malformed', 'ndp: the hop limit is not 255')
  const message = ndp.parse(bytes, from, end, between)
  if (typeof message === 'string') return unread(ip6, false, message)
  if (bytes[from + 1] !== 0) return ip6.stack.drop('malformed', 'ndp: the code is not 0')
  const { src, dst } = between
  let wrong: string | undefined
  switch (message.kind) {
    case 'neighbor-solicitation':
      wrong = receiveSolicitation(ip6, i6, src, dst, message)
      break
    case 'neighbor-advertisement':
      wrong = receiveAdvertisement(ip6, i6, dst, message)
      break
    case 'router-solicitation':
      wrong = receiveRouterSolicitation(ip6, i6, src, message)
      break
    case 'router-advertisement':
      wrong = receiveRouterAdvertisement(ip6, i6, src, message)
      break
    case 'redirect':
      wrong = receiveRedirect(ip6, i6, src, message)
      break
    default:
      message satisfies never
  }
  if (wrong !== undefined) ip6.stack.drop('malformed', wrong)
}

function receiveMld(ip6: Ip6Stack, i6: Interface6, bytes: Uint8Array, from: number, end: number, between: Between): void {
  const message = mld.parse(bytes, from, end, between)
  if (typeof message === 'string') return unread(ip6, message === 'mld: unknown type', message)
  heardByQuerier6(ip6, i6, message, between.src)
  if (message.kind === 'query') receiveQuery(ip6, i6, message)
}

const CODES: { readonly [code: number]: SendError['kind'] } = {
  [icmpv6.NO_ROUTE]: 'net',
  [icmpv6.PROHIBITED]: 'prohibited',
  [icmpv6.BEYOND_SCOPE]: 'net',
  [icmpv6.ADDRESS_UNREACHABLE]: 'host',
  [icmpv6.PORT_UNREACHABLE]: 'port',
}

function receiveError(ip6: Ip6Stack, i6: Interface6, message: icmpv6.Icmp6Error, from: Ip6): void {
  const { original } = message
  if (original.length < ipv6.HEADER_LEN || original[0] >> 4 !== 6) return
  const dst = ipv6.dst(original, 0)
  // Only about what we may have sent: otherwise anybody could make our packets small (RFC 8201 section 4).
  if (ip6.ownerOf(ipv6.src(original, 0)) === undefined) return ip6.stack.drop('ignored', 'the packet it quotes is not ours')
  if (message.kind === 'packet-too-big') {
    if (!ip6.pmtu.learn(dst, message.mtu, i6.mtu, ip6.sim.now)) return
    ip6.changed()
    return reportSendError6(ip6, original, 0, { kind: 'fragmentation', from, mtu: Math.max(message.mtu, ipv6.MIN_MTU) })
  }
  const late = message.kind === 'time-exceeded' && message.code === icmpv6.REASSEMBLY
  const kind = late
    ? 'reassembly'
    : message.kind === 'time-exceeded'
      ? 'ttl'
      : message.kind === 'unreachable'
        ? CODES[message.code]
        : 'protocol'
  reportSendError6(ip6, original, 0, { kind: kind ?? 'net', from, mtu: 0 })
}

/** Tells the program whose packet came to nothing. The packet may be cut. */
export function reportSendError6(ip6: Ip6Stack, bytes: Uint8Array, at: number, error: SendError): void {
  const upper = ipv6.walk(bytes, at, bytes.length)
  if (
    typeof upper === 'string' ||
    upper.from + 8 > bytes.length ||
    (upper.fragment >= 0 && ipv6.fragmentOffset(bytes, upper.fragment) > 0)
  )
    return
  const { from, protocol } = upper
  const dst = ipv6.dst(bytes, at)
  if (protocol === ipv6.ICMP6 && bytes[from] === icmpv6.ECHO_REQUEST)
    ip6.echoes.get(icmpv6.ident(bytes, from))?.echoError(icmpv6.ident(bytes, from), icmpv6.sequence(bytes, from), dst, error)
  else if (protocol === 17) {
    for (const socket of ip6.stack.udp.get(u16(bytes, from)) ?? [])
      if (typeof socket.localIp === 'bigint') socket.owner.sendError?.(socket, dst, u16(bytes, from + 2), error)
  } else if (protocol === tcp.PROTOCOL) {
    const ends = {
      local: ipv6.src(bytes, at),
      localPort: tcp.srcPort(bytes, from),
      remote: dst,
      remotePort: tcp.dstPort(bytes, from),
    }
    ip6.stack.tcp.receiveError(ends, tcp.seq(bytes, from), error)
  }
}

export type Problem =
  | { readonly kind: 'unreachable'; readonly code: number }
  | { readonly kind: 'packet-too-big'; readonly mtu: number }
  | { readonly kind: 'time-exceeded'; readonly code: number }
  | { readonly kind: 'parameter-problem'; readonly code: number; readonly pointer: number }

/** An ICMPv6 error about a packet received, unless RFC 4443 section 2.4 (e) forbids one or too many were sent (f). */
export function sendIcmpError6(ip6: Ip6Stack, i6: Interface6, bytes: Uint8Array, at: number, problem: Problem): void {
  const src = ipv6.src(bytes, at)
  const dst = ipv6.dst(bytes, at)
  if (src === 0n || isMulticastIp6(src)) return
  const toAll = isMulticastIp6(dst) || (at === ethernet.HEADER_LEN && (bytes[0] & 1) === 1)
  const allowed =
    problem.kind === 'packet-too-big' || (problem.kind === 'parameter-problem' && problem.code === icmpv6.UNKNOWN_OPTION)
  if (toAll && !allowed) return
  const end = Math.min(bytes.length, ipv6.end(bytes, at))
  const upper = ipv6.walk(bytes, at, end)
  if (typeof upper !== 'string') {
    // An error about an error would go on for ever; only first fragments are answered for.
    if (
      upper.protocol === ipv6.ICMP6 &&
      upper.from < end &&
      (icmpv6.isError(bytes, upper.from) || bytes[upper.from] === ndp.REDIRECT)
    )
      return
    if (upper.fragment >= 0 && ipv6.fragmentOffset(bytes, upper.fragment) > 0 && problem.kind !== 'packet-too-big') return
  }
  if (!ip6.mayComplain()) return
  const original = bytes.slice(at, Math.min(end, at + MAX_ORIGINAL))
  const source = ip6.ownerOf(dst) !== undefined && !isMulticastIp6(dst) ? dst : undefined
  const options = source !== undefined ? { source, via: i6.via } : ip6.errorOptions(i6, src)
  sendIcmp6(ip6, src, { ...problem, original }, options)
}

/** Neighbour discovery gave up on the next hop of this frame. */
export function unresolved6(ip6: Ip6Stack, frame: Frame): void {
  const at = ethernet.HEADER_LEN
  const src = ipv6.src(frame.bytes, at)
  ip6.sim.cause = frame.id
  ip6.sim.origin = frame.origin
  if (ip6.ownerOf(src) !== undefined) return reportSendError6(ip6, frame.bytes, at, { kind: 'host', from: src, mtu: 0 })
  const path = pathTo6(ip6, src)
  if (typeof path !== 'string')
    sendIcmpError6(ip6, path.via, frame.bytes, at, { kind: 'unreachable', code: icmpv6.ADDRESS_UNREACHABLE })
}
