// ICMP (RFC 792, RFC 1122 section 3.2.2): echo, and errors sent, received and reported to whoever they concern.
import type { Frame } from '../link/frame.ts'
import { type Ip4, isMulticastIp } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as icmp from '../wire/icmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as tcp from '../wire/tcp.ts'
import * as udp from '../wire/udp.ts'
import type { SendError } from './hooks.ts'
import type { Interface } from './interface.ts'
import { HEADROOM, newBuffer, newPacket, pathTo, type SendOptions, type SendResult, sendIp, transmitIp } from './output.ts'
import type { Stack } from './stack.ts'

const CODES = {
  net: icmp.NET_UNREACHABLE,
  host: icmp.HOST_UNREACHABLE,
  protocol: icmp.PROTOCOL_UNREACHABLE,
  port: icmp.PORT_UNREACHABLE,
  fragmentation: icmp.FRAGMENTATION_NEEDED,
  prohibited: icmp.ADMINISTRATIVELY_PROHIBITED,
} as const

/** RFC 1812 section 4.3.2.3: as much of the original as fits in 576 bytes; 548 is what then remains for it. */
const MAX_ORIGINAL = 548

export function sendEcho(
  stack: Stack,
  dst: Ip4,
  ident: number,
  sequence: number,
  payload: Uint8Array,
  options?: SendOptions,
): SendResult {
  return sendIcmp(stack, dst, { kind: 'echo-request', ident, sequence, payload }, options)
}

function sendIcmp(stack: Stack, dst: Ip4, message: icmp.Icmp, options?: SendOptions): SendResult {
  const path = pathTo(stack, dst, options)
  if (typeof path === 'string') {
    stack.mib.outNoRoutes++
    return path
  }
  const bytes = newBuffer(icmp.len(message))
  icmp.emit(message, bytes, HEADROOM)
  return sendIp(stack, bytes, ipv4.ICMP, dst, path, options)
}

export function receiveIcmp(stack: Stack, via: Interface, bytes: Uint8Array, at: number, from: number, end: number): void {
  const message = icmp.parse(bytes, from, end)
  stack.mib.heardIcmp(from < end ? bytes[from] : -1)
  if (typeof message === 'string') {
    stack.mib.icmpInErrors++
    return stack.drop('malformed', message)
  }
  const src = ipv4.src(bytes, at)
  const dst = ipv4.dst(bytes, at)
  switch (message.kind) {
    case 'echo-request':
      if (!stack.answersEcho) return stack.drop('filtered', 'this machine is configured not to answer echo requests')
      // RFC 1122 section 3.2.2.6: an echo to a broadcast address may be ignored, and is.
      if (via.isBroadcast(dst) || isMulticastIp(dst)) return stack.drop('filtered', 'echo request to a broadcast address')
      sendIcmp(
        stack,
        src,
        { kind: 'echo-reply', ident: message.ident, sequence: message.sequence, payload: message.payload },
        { source: dst },
      )
      return
    case 'echo-reply': {
      const owner = stack.echoes.get(message.ident)
      if (owner === undefined) return stack.drop('no-listener', `no program waits for echo identifier ${message.ident}`)
      owner.echoReply(src, message.ident, message.sequence, message.payload.length, ipv4.ttl(bytes, at))
      return
    }
    case 'unreachable':
    case 'time-exceeded':
      reportSendError(stack, message.original, 0, errorOf(message, src))
      return
    case 'redirect':
    case 'parameter-problem':
      return
    default:
      message satisfies never
  }
}

function errorOf(message: icmp.IcmpError & { kind: 'unreachable' | 'time-exceeded' }, from: Ip4): SendError {
  if (message.kind === 'time-exceeded')
    return { kind: message.code === icmp.REASSEMBLY_TIME ? 'reassembly' : 'ttl', from, mtu: 0 }
  const named = (Object.keys(CODES) as (keyof typeof CODES)[]).find((key) => CODES[key] === message.code)
  return { kind: named ?? 'net', from, mtu: message.nextHopMtu }
}

/** Tells the program whose packet came to nothing. `bytes` holds the packet's IP header at `at` and at least 8 bytes more. */
export function reportSendError(stack: Stack, bytes: Uint8Array, at: number, error: SendError): void {
  if (bytes.length - at < ipv4.HEADER_LEN) return
  const from = at + ipv4.headerLen(bytes, at)
  if (bytes.length - from < 8) return
  const dst = ipv4.dst(bytes, at)
  switch (ipv4.protocol(bytes, at)) {
    case ipv4.ICMP:
      if (icmp.type(bytes, from) === icmp.ECHO_REQUEST) {
        stack.echoes.get(icmp.ident(bytes, from))?.echoError(icmp.ident(bytes, from), icmp.sequence(bytes, from), dst, error)
      }
      return
    case ipv4.UDP:
      for (const socket of stack.udp.get(udp.srcPort(bytes, from)) ?? [])
        socket.owner.sendError?.(socket, dst, udp.dstPort(bytes, from), error)
      return
    case ipv4.TCP: {
      stack.tcp.receiveError(
        { local: ipv4.src(bytes, at), localPort: tcp.srcPort(bytes, from), remote: dst, remotePort: tcp.dstPort(bytes, from) },
        tcp.seq(bytes, from),
        error,
      )
      return
    }
  }
}

/** An ICMP error about a packet received, unless RFC 1122 section 3.2.2 forbids one. For a parameter problem `mtu` is the pointer. */
export function sendIcmpError(
  stack: Stack,
  via: Interface,
  bytes: Uint8Array,
  at: number,
  kind: SendError['kind'] | 'parameter',
  mtu: number,
  code: number | undefined = undefined,
): void {
  const src = ipv4.src(bytes, at)
  const dst = ipv4.dst(bytes, at)
  const from = at + ipv4.headerLen(bytes, at)
  if (src === 0 || via.isBroadcast(src) || isMulticastIp(src)) return
  if (at === ethernet.HEADER_LEN && (bytes[0] & 1) === 1) return
  if (via.isBroadcast(dst) || isMulticastIp(dst) || ipv4.fragmentOffset(bytes, at) > 0) return
  if (ipv4.protocol(bytes, at) === ipv4.ICMP && icmp.isError(bytes, from)) return
  const end = Math.min(at + ipv4.totalLen(bytes, at), at + MAX_ORIGINAL)
  const original = bytes.slice(at, end)
  const message: icmp.Icmp =
    kind === 'ttl' || kind === 'reassembly'
      ? { kind: 'time-exceeded', code: kind === 'ttl' ? 0 : icmp.REASSEMBLY_TIME, original }
      : kind === 'parameter'
        ? { kind: 'parameter-problem', code: 0, pointer: mtu, original }
        : { kind: 'unreachable', code: code ?? CODES[kind], nextHopMtu: mtu, original }
  // The source is the address of the interface the packet came in by (RFC 1812 section 4.3.2.4), so traceroute shows it.
  const source = stack.ownerOf(dst) !== undefined ? dst : via.primary?.ip
  sendIcmp(stack, src, message, source === undefined ? undefined : { source })
}

/** ARP gave up on the next hop of this frame. */
export function hostUnreachable(stack: Stack, frame: Frame): void {
  const at = ethernet.HEADER_LEN
  const src = ipv4.src(frame.bytes, at)
  stack.sim.cause = frame.id
  stack.sim.origin = frame.origin
  const owner = stack.ownerOf(src)
  if (owner !== undefined) {
    if (returnTranslated(stack, owner, frame.bytes, at)) return
    return reportSendError(stack, frame.bytes, at, { kind: 'host', from: src, mtu: 0 })
  }
  const path = pathTo(stack, src)
  if (typeof path !== 'string') sendIcmpError(stack, path.via, frame.bytes, at, 'host', 0)
}

/** A packet under our own address may be somebody else's, translated: the error about it is translated back and sent to them. */
function returnTranslated(stack: Stack, owner: Interface, bytes: Uint8Array, at: number): boolean {
  const src = ipv4.src(bytes, at)
  if (
    stack.translator === undefined ||
    (ipv4.protocol(bytes, at) === ipv4.ICMP && icmp.isError(bytes, at + ipv4.headerLen(bytes, at)))
  )
    return false
  const original = bytes.slice(at, Math.min(at + ipv4.totalLen(bytes, at), at + MAX_ORIGINAL))
  const message: icmp.Icmp = { kind: 'unreachable', code: icmp.HOST_UNREACHABLE, nextHopMtu: 0, original }
  const out = newBuffer(icmp.len(message))
  icmp.emit(message, out, HEADROOM)
  stack.ipId = (stack.ipId + 1) & 0xffff
  const header = { src, dst: src, protocol: ipv4.ICMP, ttl: stack.profile.ttl, id: stack.ipId, dontFragment: false }
  ipv4.emit(header, icmp.len(message), out, ethernet.HEADER_LEN)
  const error = newPacket(stack, out)
  if (stack.translator.inbound(owner, error, ethernet.HEADER_LEN) !== true) return false
  const path = pathTo(stack, ipv4.dst(out, ethernet.HEADER_LEN))
  if (typeof path === 'string') return false
  transmitIp(stack, path.via, path.nextHop, error)
  return true
}
