// Which headers a packet has, and where: the walk that every filter begins with. It reads no more than it must to find the
// next header, and believes nothing: a header that is not whole ends the walk.
import { u16 } from '../bytes.ts'
import * as dns from '../dns.ts'
import * as ethernet from '../ethernet.ts'
import * as icmp from '../icmp.ts'
import * as ipv4 from '../ipv4.ts'
import * as ipv6 from '../ipv6.ts'
import * as l2tp from '../l2tp.ts'
import * as ppp from '../ppp.ts'
import { type Layer, P, type Packet, type Subject } from './field.ts'
import { startsHttp } from './fields/http.ts'

/** Tunnels and quoted packets nest. */
const MAX_LAYERS = 40
const LINK = P.frame | P.eth | P.vlan | P.arp

type Walk = { readonly b: Uint8Array; readonly layers: Layer[]; readonly wanted: number; ip: number; quoted: boolean }

/** The headers of a packet from the outside in, as far as those in `wanted` (a mask of `P`) may be there. */
export function layersOf(subject: Subject, wanted: number): Packet {
  const b = subject.bytes
  const layers: Layer[] = [{ protocol: P.frame, at: 0, end: b.length, ip: -1, quoted: false }]
  const w: Walk = { b, layers, wanted, ip: -1, quoted: false }
  if ((wanted & ~P.frame) === 0 || b.length === 0) return { subject, layers }
  if (subject.linkType === 'raw-ip') network(w, b[0] >> 4 === 6 ? ethernet.TYPE_IPV6 : ethernet.TYPE_IPV4, 0, b.length)
  else if (b.length >= ethernet.HEADER_LEN) {
    enter(w, P.eth, 0, b.length)
    network(w, u16(b, 12), ethernet.HEADER_LEN, b.length)
  }
  return { subject, layers }
}

/** False when there are too many already. */
function enter(w: Walk, protocol: number, at: number, end: number): boolean {
  if (w.layers.length >= MAX_LAYERS) return false
  w.layers.push({ protocol, at, end, ip: w.ip, quoted: w.quoted })
  return true
}

function network(w: Walk, type: number, at: number, end: number): void {
  if (type === ethernet.TYPE_VLAN) {
    if (end - at >= 4 && enter(w, P.vlan, at, end)) network(w, u16(w.b, at + 2), at + 4, end)
  } else if (type === ethernet.TYPE_ARP) {
    if (end - at >= 8) enter(w, P.arp, at, end)
  } else if ((w.wanted & ~LINK) === 0) return
  else if (type === ethernet.TYPE_IPV4) internet(w, at, end)
  else if (type === ethernet.TYPE_IPV6) internet6(w, at, end)
}

function internet(w: Walk, at: number, end: number): void {
  const { b } = w
  if (end - at < ipv4.HEADER_LEN || b[at] >> 4 !== 4) return
  const header = ipv4.headerLen(b, at)
  const total = ipv4.totalLen(b, at)
  const stop = Math.min(end, at + Math.max(total, header))
  if (header < ipv4.HEADER_LEN || !enter(w, P.ip, at, stop)) return
  // Only the first fragment begins with a header that can be read.
  if (at + header >= stop || ipv4.fragmentOffset(b, at) > 0) return
  w.ip = at
  transport(w, ipv4.protocol(b, at), at + header, stop)
}

function internet6(w: Walk, at: number, end: number): void {
  const { b } = w
  if (end - at < 40 || b[at] >> 4 !== 6) return
  const stop = Math.min(end, at + 40 + u16(b, at + 4))
  if (!enter(w, P.ipv6, at, stop)) return
  w.ip = at
  const upper = ipv6.walk(b, at, stop)
  if (typeof upper === 'string' || upper.fragment >= 0) return
  if (upper.from < stop) transport(w, upper.protocol, upper.from, stop)
}

function transport(w: Walk, protocol: number, at: number, end: number): void {
  const { b } = w
  switch (protocol) {
    case ipv4.UDP:
      if (end - at >= 8) datagram(w, at, Math.min(end, at + Math.max(8, u16(b, at + 4))))
      return
    case ipv4.TCP:
      if (end - at >= 8 && enter(w, P.tcp, at, end) && end - at >= 20) stream(w, at, at + ((b[at + 12] >> 4) << 2), end)
      return
    case ipv4.ICMP:
      if (end - at < 4 || !enter(w, P.icmp, at, end)) return
      if (end - at > icmp.HEADER_LEN && icmp.isError(b, at)) {
        w.quoted = true
        internet(w, at + icmp.HEADER_LEN, end)
      }
      return
    case ipv4.IGMP:
      if (end - at >= 8) enter(w, P.igmp, at, end)
      return
    case 58:
      if (end - at < 4 || !enter(w, P.icmpv6, at, end)) return
      // Errors (RFC 4443 section 2.1) quote the packet that they are about.
      if (end - at > 8 && b[at] < 128) {
        w.quoted = true
        internet6(w, at + 8, end)
      }
  }
}

const UDP_PORTS = new Map<number, number>([
  [53, P.dns],
  [67, P.dhcp],
  [68, P.dhcp],
  [546, P.dhcpv6],
  [547, P.dhcpv6],
  [1701, P.l2tp],
  [5353, P.mdns],
  [5355, P.llmnr],
])

/** Of the two ports the lower one is tried first: it is more often the service. */
function datagram(w: Walk, at: number, end: number): void {
  if (!enter(w, P.udp, at, end) || end === at + 8) return
  const [source, destination] = [u16(w.b, at), u16(w.b, at + 2)]
  const found = UDP_PORTS.get(Math.min(source, destination)) ?? UDP_PORTS.get(Math.max(source, destination))
  if (found === undefined) return
  if (found === P.l2tp) tunnel(w, at + 8, end)
  else enter(w, found, at + 8, end)
}

const HTTP_PORTS = [80, 8080]

function stream(w: Walk, at: number, payload: number, end: number): void {
  if (payload < at + 20 || payload >= end) return
  const [source, destination] = [u16(w.b, at), u16(w.b, at + 2)]
  const on = (port: number) => source === port || destination === port
  if (on(22)) enter(w, P.ssh, payload, end)
  else if (on(dns.PORT)) {
    // RFC 1035 section 4.2.2: two octets of length in front. Only a message within one segment is read.
    if (end - payload >= 14 && u16(w.b, payload) <= end - payload - 2)
      enter(w, P.dns, payload + 2, payload + 2 + u16(w.b, payload))
  } else if (HTTP_PORTS.some(on) || startsHttp(w.b, payload, end)) enter(w, P.http, payload, end)
}

function tunnel(w: Walk, at: number, end: number): void {
  const { b } = w
  if (end - at < 6 || (b[at + 1] & 15) !== 2 || !enter(w, P.l2tp, at, end)) return
  const m = l2tp.isControl(b, at) ? undefined : l2tp.parse(b, at, end)
  if (m === undefined || typeof m === 'string' || m.kind === 'control') return
  const from = end - m.payload.length
  if (from < end && enter(w, P.ppp, from, end)) pointToPoint(w, from, end)
}

const PPP_PROTOCOLS = new Map<number, number>([
  [ppp.LCP, P.lcp],
  [ppp.IPCP, P.ipcp],
  [ppp.PAP, P.pap],
])

/** Where the protocol number of a PPP frame is: address and control may have been compressed away. */
export const pppNumberAt = (b: Uint8Array, at: number, end: number): number =>
  end - at >= 2 && b[at] === 0xff && b[at + 1] === 3 ? at + 2 : at

function pointToPoint(w: Walk, at: number, end: number): void {
  const { b } = w
  const i = pppNumberAt(b, at, end)
  if (end - i < 2) return
  const short = (b[i] & 1) === 1
  const number = short ? b[i] : u16(b, i)
  const body = i + (short ? 1 : 2)
  if (number === ppp.IPV4) internet(w, body, end)
  else {
    const found = PPP_PROTOCOLS.get(number)
    if (found !== undefined && end - body >= 4) enter(w, found, body, Math.min(end, body + Math.max(4, u16(b, body + 2))))
  }
}
