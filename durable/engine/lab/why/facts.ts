// What a frame says, as far as explaining needs it: read once from the octets of one sighting.
import type { IpAddress, Mac } from '../../wire/addresses.ts'
import * as arp from '../../wire/arp.ts'
import { u16, u48 } from '../../wire/bytes.ts'
import * as dhcp from '../../wire/dhcp.ts'
import * as dns from '../../wire/dns.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as icmp from '../../wire/icmp.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import * as l2tp from '../../wire/l2tp.ts'
import * as tcp from '../../wire/tcp.ts'

/** Addresses and the pair of numbers by which answers find their question: ports, or echo identifier and sequence. */
export type Flow = {
  /** As IPv4 numbers them: ICMPv6 counts as ICMP. */
  readonly protocol: number
  readonly src: IpAddress
  readonly dst: IpAddress
  readonly from: number
  readonly to: number
}

export type Ip = Flow & {
  /** Where its header and that of its transport begin. */
  readonly at: number
  readonly head: number
  readonly ttl: number
  readonly length: number
  /** A piece of a datagram, but not its first, so that it has no ports. */
  readonly later: boolean
}

export type IcmpFacts = {
  readonly kind: 'echo-request' | 'echo-reply' | 'unreachable' | 'ttl' | 'other'
  readonly code: number
  /** Of the packet that an error quotes. */
  readonly quoted: Flow | undefined
}
export type DhcpFacts = { readonly type: number; readonly xid: number; readonly mac: Mac; readonly reply: boolean }

export type Facts = {
  readonly srcMac: Mac
  readonly dstMac: Mac
  readonly arp?: arp.Arp
  readonly ip?: Ip
  readonly icmp?: IcmpFacts
  readonly tcpFlags?: number
  readonly dns?: dns.Dns
  readonly dhcp?: DhcpFacts
  readonly l2tp?: 'control' | 'data'
}

/** `bytes` may be cut short: what cannot be read is left out. */
export function factsOf(bytes: Uint8Array, linkType: 'ethernet' | 'raw-ip'): Facts {
  if (linkType === 'raw-ip') return { srcMac: -1, dstMac: -1, ...ipFacts(bytes, 0) }
  if (bytes.length < ethernet.HEADER_LEN) return { srcMac: -1, dstMac: -1 }
  const macs = { srcMac: u48(bytes, 6), dstMac: u48(bytes, 0) }
  const type = u16(bytes, 12)
  if (type === ethernet.TYPE_ARP) {
    const message = arp.parse(bytes, ethernet.HEADER_LEN, bytes.length)
    return typeof message === 'string' ? macs : { ...macs, arp: message }
  }
  const known = type === ethernet.TYPE_IPV4 || type === ethernet.TYPE_IPV6
  return known ? { ...macs, ...ipFacts(bytes, ethernet.HEADER_LEN) } : macs
}

type InIp = Pick<Facts, 'ip' | 'icmp' | 'tcpFlags' | 'dns' | 'dhcp' | 'l2tp'>

function ipFacts(bytes: Uint8Array, at: number): InIp {
  if (at < bytes.length && bytes[at] >> 4 === 6) return ip6Facts(bytes, at)
  const flow = flowOf(bytes, at)
  if (flow === undefined) return {}
  const head = at + ipv4.headerLen(bytes, at)
  const later = ipv4.fragmentOffset(bytes, at) > 0
  const ip: Ip = { ...flow, at, head, ttl: ipv4.ttl(bytes, at), length: ipv4.totalLen(bytes, at), later }
  if (later) return { ip }
  switch (ip.protocol) {
    case ipv4.ICMP:
      return { ip, icmp: icmpFacts(bytes, head) }
    case ipv4.TCP:
      return head + 14 <= bytes.length ? { ip, tcpFlags: tcp.flags(bytes, head) } : { ip }
    case ipv4.UDP:
      return { ip, ...udpFacts(bytes, head + 8, Math.min(bytes.length, at + ip.length), ip) }
    default:
      return { ip }
  }
}

function ip6Facts(bytes: Uint8Array, at: number): InIp {
  const found = flow6(bytes, at)
  if (found === undefined) return {}
  const { flow, head, later } = found
  const length = ipv6.HEADER_LEN + ipv6.payloadLen(bytes, at)
  const ip: Ip = { ...flow, at, head, ttl: ipv6.hopLimit(bytes, at), length, later }
  if (later) return { ip }
  if (flow.protocol === ipv4.ICMP) return { ip, icmp: icmp6Facts(bytes, head) }
  if (flow.protocol === ipv4.TCP) return head + 14 <= bytes.length ? { ip, tcpFlags: tcp.flags(bytes, head) } : { ip }
  if (flow.protocol === ipv4.UDP) return { ip, ...udpFacts(bytes, head + 8, Math.min(bytes.length, at + length), ip) }
  return { ip }
}

function flow6(bytes: Uint8Array, at: number): { flow: Flow; head: number; later: boolean } | undefined {
  if (bytes.length - at < ipv6.HEADER_LEN || bytes[at] >> 4 !== 6) return undefined
  const upper = ipv6.walk(bytes, at, bytes.length)
  if (typeof upper === 'string') return undefined
  const head = upper.from
  const echo = upper.protocol === ipv6.ICMP6
  const addresses = { protocol: echo ? ipv4.ICMP : upper.protocol, src: ipv6.src(bytes, at), dst: ipv6.dst(bytes, at) }
  const later = upper.fragment >= 0 && ipv6.fragmentOffset(bytes, upper.fragment) > 0
  if (later || head + 8 > bytes.length) return { flow: { ...addresses, from: 0, to: 0 }, head, later }
  const at2 = echo ? head + 4 : head
  return { flow: { ...addresses, from: u16(bytes, at2), to: u16(bytes, at2 + 2) }, head, later }
}

/** Codes as ICMP numbers them. */
const CODES_OF_6: { readonly [code: number]: number } = {
  [icmpv6.NO_ROUTE]: icmp.NET_UNREACHABLE,
  [icmpv6.PROHIBITED]: icmp.ADMINISTRATIVELY_PROHIBITED,
  [icmpv6.BEYOND_SCOPE]: icmp.NET_UNREACHABLE,
  [icmpv6.ADDRESS_UNREACHABLE]: icmp.HOST_UNREACHABLE,
  [icmpv6.PORT_UNREACHABLE]: icmp.PORT_UNREACHABLE,
}

function icmp6Facts(bytes: Uint8Array, head: number): IcmpFacts {
  const code = bytes[head + 1] ?? 0
  const quoted = flow6(bytes, head + icmpv6.HEADER_LEN)?.flow
  switch (bytes[head]) {
    case icmpv6.ECHO_REQUEST:
      return { kind: 'echo-request', code, quoted: undefined }
    case icmpv6.ECHO_REPLY:
      return { kind: 'echo-reply', code, quoted: undefined }
    case icmpv6.UNREACHABLE:
      return { kind: 'unreachable', code: CODES_OF_6[code] ?? icmp.NET_UNREACHABLE, quoted }
    case icmpv6.PACKET_TOO_BIG:
      return { kind: 'unreachable', code: icmp.FRAGMENTATION_NEEDED, quoted }
    case icmpv6.TIME_EXCEEDED:
      return { kind: 'ttl', code, quoted }
    default:
      return { kind: 'other', code, quoted: undefined }
  }
}

/** Also of a packet quoted in an error, of which there may be only eight octets more than the header. */
function flowOf(bytes: Uint8Array, at: number): Flow | undefined {
  if (bytes.length - at < ipv4.HEADER_LEN || bytes[at] >> 4 !== 4) return undefined
  const head = at + ipv4.headerLen(bytes, at)
  const protocol = ipv4.protocol(bytes, at)
  const addresses = { protocol, src: ipv4.src(bytes, at), dst: ipv4.dst(bytes, at) }
  if (head + 8 > bytes.length || ipv4.fragmentOffset(bytes, at) > 0) return { ...addresses, from: 0, to: 0 }
  if (protocol === ipv4.ICMP) return { ...addresses, from: icmp.ident(bytes, head), to: icmp.sequence(bytes, head) }
  return { ...addresses, from: u16(bytes, head), to: u16(bytes, head + 2) }
}

function icmpFacts(bytes: Uint8Array, head: number): IcmpFacts {
  const code = bytes[head + 1] ?? 0
  const quoted = flowOf(bytes, head + icmp.HEADER_LEN)
  switch (bytes[head]) {
    case icmp.ECHO_REQUEST:
      return { kind: 'echo-request', code, quoted: undefined }
    case icmp.ECHO_REPLY:
      return { kind: 'echo-reply', code, quoted: undefined }
    case icmp.UNREACHABLE:
      return { kind: 'unreachable', code, quoted }
    case icmp.TIME_EXCEEDED:
      return { kind: 'ttl', code, quoted }
    default:
      return { kind: 'other', code, quoted: undefined }
  }
}

function udpFacts(bytes: Uint8Array, at: number, end: number, { from, to }: Flow): Pick<Facts, 'dns' | 'dhcp' | 'l2tp'> {
  if (from === dns.PORT || to === dns.PORT) {
    const message = dns.parse(bytes, at, end)
    return typeof message === 'string' ? {} : { dns: message }
  }
  if (to === dhcp.SERVER_PORT || to === dhcp.CLIENT_PORT) {
    const message = dhcp.parse(bytes, at, end)
    if (typeof message === 'string') return {}
    const { xid, chaddr, op } = message
    return { dhcp: { type: dhcp.messageType(message) ?? 0, xid, mac: chaddr, reply: op === dhcp.BOOT_REPLY } }
  }
  if ((from === l2tp.PORT || to === l2tp.PORT) && at + 2 <= end) return { l2tp: l2tp.isControl(bytes, at) ? 'control' : 'data' }
  return {}
}

export const isRequest = ({ arp: asked, icmp: echo, tcpFlags, dns: message, dhcp: lease, l2tp: tunnel, ip }: Facts): boolean => {
  if (asked) return asked.op === arp.REQUEST
  if (echo) return echo.kind === 'echo-request'
  if (tcpFlags !== undefined) return (tcpFlags & (tcp.SYN | tcp.ACK)) === tcp.SYN
  if (message) return !message.response
  if (lease) return !lease.reply && (lease.type === dhcp.DISCOVER || lease.type === dhcp.REQUEST)
  return tunnel === 'control' || (tunnel === undefined && ip?.protocol === ipv4.UDP)
}

export type Verdict = 'answer' | 'bad' | undefined

/** Whether a frame answers a question, seen at the same adapter or machine; `bad`: it says no. */
export function answers(question: Facts, frame: Facts): Verdict {
  if (question.arp) return frame.arp?.op === arp.REPLY && frame.arp.senderIp === question.arp.targetIp ? 'answer' : undefined
  if (question.dhcp) return dhcpAnswer(question.dhcp, frame.dhcp)
  const { ip } = question
  if (ip === undefined || frame.ip === undefined) return undefined
  if (frame.icmp?.quoted && sameFlow(frame.icmp.quoted, ip)) return errorAnswer(question, frame.icmp)
  if (frame.ip.protocol !== ip.protocol) return undefined
  if (question.icmp) {
    const fits = frame.icmp?.kind === 'echo-reply' && frame.ip.from === ip.from && frame.ip.to === ip.to
    return fits ? 'answer' : undefined
  }
  if (frame.ip.from !== ip.to || frame.ip.to !== ip.from || frame.ip.src !== ip.dst) return undefined
  if (question.dns) {
    if (frame.dns?.id !== question.dns.id) return undefined
    return frame.dns.rcode === dns.NOERROR ? 'answer' : 'bad'
  }
  if (question.tcpFlags !== undefined) return ((frame.tcpFlags ?? 0) & tcp.RST) !== 0 ? 'bad' : 'answer'
  return 'answer'
}

const sameFlow = (a: Flow, b: Flow): boolean => a.protocol === b.protocol && a.dst === b.dst && a.from === b.from && a.to === b.to

function dhcpAnswer(question: DhcpFacts, reply: DhcpFacts | undefined): Verdict {
  if (!reply?.reply || reply.xid !== question.xid) return undefined
  return reply.type === dhcp.NAK ? 'bad' : 'answer'
}

/** A probe of traceroute wants to hear that the port is closed. */
function errorAnswer({ dns: message, l2tp: tunnel, ip }: Facts, { kind, code }: IcmpFacts): Verdict {
  const probe = ip?.protocol === ipv4.UDP && message === undefined && tunnel === undefined
  return probe && kind === 'unreachable' && code === icmp.PORT_UNREACHABLE ? 'answer' : 'bad'
}
