// One frame of each kind this lab sends, for the tests of the codecs and of the dissectors.
import { ALL_NODES, formatIp, type Ip6, ip6Bytes, parseIp6, writeIp6 } from '../addresses.ts'
import { fromHex, hex, put16 } from '../bytes.ts'
import { add, fold } from '../checksum.ts'
import * as ethernet from '../ethernet.ts'
import * as igmp from '../igmp.ts'
import * as ipv4 from '../ipv4.ts'
import * as tcp from '../tcp.ts'
import * as vlan from '../vlan.ts'
import {
  A,
  arpFrame,
  B,
  built,
  bytesOf,
  echo,
  frameOf,
  GROUP,
  icmpBytes,
  ip,
  lost,
  lostEcho,
  overIp,
  overTcp,
  overUdp,
  packet,
  type Sample,
} from './build.ts'
import { dhcpSamples, dnsSamples } from './services.ts'
import { l2tpSamples, pppSamples } from './tunnels.ts'

export type { Sample } from './build.ts'

const link: Sample[] = [
  { name: 'arp request', frame: arpFrame({ op: 1, senderMac: A.mac, senderIp: A.ip, targetMac: 0, targetIp: B.ip }) },
  {
    name: 'arp reply',
    frame: arpFrame({ op: 2, senderMac: B.mac, senderIp: ip('192.168.50.2'), targetMac: A.mac, targetIp: A.ip }),
  },
  { name: 'arp probe', frame: arpFrame({ op: 1, senderMac: A.mac, senderIp: 0, targetMac: 0, targetIp: A.ip }) },
  { name: 'arp announcement', frame: arpFrame({ op: 1, senderMac: A.mac, senderIp: A.ip, targetMac: 0, targetIp: A.ip }) },
  {
    name: 'arp gratuitous reply',
    frame: arpFrame({ op: 2, senderMac: A.mac, senderIp: A.ip, targetMac: A.mac, targetIp: A.ip }),
  },
  {
    name: 'tagged arp',
    frame: vlan.push(arpFrame({ op: 1, senderMac: A.mac, senderIp: A.ip, targetMac: 0, targetIp: B.ip }), 0x6014),
  },
  { name: 'tagged echo', frame: vlan.push(overIp(ipv4.ICMP, echo('echo-request')), 20) },
]

const icmpSamples: Sample[] = [
  { name: 'echo request', frame: overIp(ipv4.ICMP, echo('echo-request')) },
  { name: 'echo reply', frame: overIp(ipv4.ICMP, echo('echo-reply'), { src: B.ip, dst: A.ip, ttl: 64 }) },
  ...[0, 1, 2, 3, 4, 5, 9, 10, 13].map((code) => ({
    name: `unreachable ${code}`,
    frame: overIp(ipv4.ICMP, icmpBytes({ kind: 'unreachable', code, nextHopMtu: code === 4 ? 1400 : 0, original: lost })),
  })),
  ...[0, 1].map((code) => ({
    name: `time exceeded ${code}`,
    frame: overIp(ipv4.ICMP, icmpBytes({ kind: 'time-exceeded', code, original: lostEcho })),
  })),
  ...[0, 1].map((code) => ({
    name: `redirect ${code}`,
    frame: overIp(ipv4.ICMP, icmpBytes({ kind: 'redirect', code, gateway: B.ip, original: lostEcho })),
  })),
  {
    name: 'parameter problem',
    frame: overIp(ipv4.ICMP, icmpBytes({ kind: 'parameter-problem', code: 0, pointer: 8, original: lost })),
  },
  {
    name: 'igmp join',
    frame: overIp(ipv4.IGMP, igmpBytes(igmp.join([GROUP, ip('239.255.255.250')])), { dst: igmp.ALL_V3_ROUTERS, ttl: 1 }),
  },
  {
    name: 'igmp join of version 2',
    frame: overIp(ipv4.IGMP, igmpBytes({ kind: 'report-v2', group: GROUP }), { dst: GROUP, ttl: 1 }),
  },
  {
    name: 'igmp leave of version 2',
    frame: overIp(ipv4.IGMP, igmpBytes({ kind: 'leave', group: GROUP }), { dst: igmp.ALL_ROUTERS, ttl: 1 }),
  },
  {
    name: 'igmp leave',
    frame: overIp(
      ipv4.IGMP,
      igmpBytes({ kind: 'report', records: [{ type: igmp.CHANGE_TO_INCLUDE, group: GROUP, sources: [] }] }),
      {
        dst: igmp.ALL_V3_ROUTERS,
        ttl: 1,
      },
    ),
  },
  {
    name: 'igmp general query',
    frame: overIp(ipv4.IGMP, igmpBytes({ kind: 'query', maxResponseCode: 100, group: 0, sources: [] }), {
      dst: igmp.ALL_SYSTEMS,
      ttl: 1,
    }),
  },
  {
    name: 'igmp group query',
    frame: overIp(
      ipv4.IGMP,
      igmpBytes({ kind: 'query', maxResponseCode: 10, group: GROUP, sources: [], robustness: 2, intervalCode: 125 }),
      {
        dst: GROUP,
        ttl: 1,
      },
    ),
  },
]

function igmpBytes(m: igmp.Igmp): Uint8Array {
  return built(igmp.len(m), (out) => igmp.emit(m, out, 0))
}

const payload = bytesOf('hello')
const transport: Sample[] = [
  { name: 'udp', frame: overUdp(50001, 50002, payload) },
  { name: 'udp empty', frame: overUdp(50001, 50002, new Uint8Array(0)) },
  {
    name: 'tcp syn',
    frame: overTcp({ options: { mss: 1460, windowScale: 8, sackPermitted: true } }),
  },
  {
    name: 'tcp syn-ack',
    frame: overTcp({
      flags: tcp.SYN | tcp.ACK,
      ack: 77,
      options: { mss: 1460, sackPermitted: true, timestamps: { value: 4294967295, echo: 1 }, windowScale: 7 },
    }),
  },
  { name: 'tcp ack', frame: overTcp({ srcPort: 50010, flags: tcp.ACK, seq: 1001, ack: 4294967295 }) },
  { name: 'tcp data', frame: overTcp({ srcPort: 50011, flags: tcp.ACK | tcp.PSH, seq: 1001, ack: 5001, payload }) },
  {
    name: 'tcp sack',
    frame: overTcp({ srcPort: 50012, flags: tcp.ACK, seq: 1001, ack: 5001, options: { sack: [{ left: 6000, right: 7000 }] } }),
  },
  { name: 'tcp fin', frame: overTcp({ srcPort: 50013, flags: tcp.ACK | tcp.FIN, seq: 1006, ack: 5001 }) },
  { name: 'tcp rst', frame: overTcp({ srcPort: 50014, flags: tcp.ACK | tcp.RST, seq: 1006, ack: 5001, window: 0 }) },
  { name: 'tcp odd flags', frame: overTcp({ srcPort: 50015, flags: tcp.SYN | tcp.ECE | tcp.CWR | tcp.URG, urgent: 5 }) },
  {
    name: 'http request',
    frame: overTcp({
      flags: 24,
      dstPort: 80,
      ack: 1,
      payload: bytesOf('GET /index.html HTTP/1.1\r\nHost: web.lab.test\r\n\r\n'),
    }),
  },
  {
    name: 'http response',
    frame: overTcp({
      flags: 24,
      srcPort: 80,
      dstPort: 50000,
      ack: 1,
      payload: bytesOf('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello'),
    }),
  },
  {
    name: 'http json',
    frame: overTcp({
      flags: 24,
      srcPort: 80,
      dstPort: 50004,
      ack: 1,
      payload: bytesOf('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'),
    }),
  },
  {
    name: 'http not found',
    frame: overTcp({
      flags: 24,
      srcPort: 8000,
      dstPort: 50005,
      ack: 1,
      payload: bytesOf('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'),
    }),
  },
  {
    name: 'http text',
    frame: overTcp({
      flags: 24,
      srcPort: 80,
      dstPort: 50006,
      ack: 1,
      payload: bytesOf('HTTP/1.0 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nyes'),
    }),
  },
  {
    name: 'ssh server',
    frame: overTcp({ flags: 24, srcPort: 22, dstPort: 50007, ack: 1, payload: bytesOf('SSH-2.0-OpenSSH_9.2p1\r\n') }),
  },
  {
    name: 'ssh client',
    frame: overTcp({ flags: 24, srcPort: 50008, dstPort: 22, ack: 1, payload: bytesOf('SSH-2.0-PuTTY_0.81\r\n') }),
  },
  { name: 'fragment first', frame: overIp(ipv4.ICMP, echo('echo-request'), { id: 9, moreFragments: true }) },
  { name: 'fragment last', frame: overIp(ipv4.ICMP, new Uint8Array(16), { id: 9, fragmentOffset: 1480 }) },
  { name: 'fragment udp', frame: overIp(ipv4.UDP, new Uint8Array(16), { id: 9, fragmentOffset: 1480, moreFragments: true }) },
  { name: 'unknown protocol', frame: overIp(253, payload) },
  { name: 'unknown ethertype', frame: frameOf(0x88b5, payload) },
]

const client = { srcPort: 50100, dstPort: 40100 }
const server = { srcPort: 40100, dstPort: 50100 }
const back = (s: Partial<tcp.Tcp>): Uint8Array => {
  const full = {
    ...server,
    seq: 0,
    ack: 0,
    flags: tcp.ACK,
    window: 502,
    urgent: 0,
    options: {},
    payload: new Uint8Array(0),
    ...s,
  }
  const way = { src: B.ip, dst: A.ip }
  return overIp(
    ipv4.TCP,
    built(tcp.len(full), (out) => tcp.emit(full, out, 0, way)),
    way,
  )
}
const there = (s: Partial<tcp.Tcp>): Uint8Array => overTcp({ ...client, flags: tcp.ACK, window: 1026, ...s })
/** One TCP connection from SYN to the last ACK; the client's numbers run over 2^32. */
export const conversation: readonly Sample[] = [
  { name: 'syn', frame: there({ flags: tcp.SYN, seq: 4294967290, options: { mss: 1460, windowScale: 8, sackPermitted: true } }) },
  {
    name: 'syn-ack',
    frame: back({ flags: 18, seq: 7000, ack: 4294967291, options: { mss: 1460, windowScale: 7, sackPermitted: true } }),
  },
  { name: 'ack', frame: there({ seq: 4294967291, ack: 7001 }) },
  { name: 'data', frame: there({ flags: 24, seq: 4294967291, ack: 7001, payload: bytesOf('hello world') }) },
  { name: 'data acked', frame: back({ seq: 7001, ack: 6 }) },
  { name: 'reply', frame: back({ flags: 24, seq: 7001, ack: 6, payload: bytesOf('good morning') }) },
  { name: 'fin', frame: there({ flags: 17, seq: 6, ack: 7013 }) },
  { name: 'fin-ack', frame: back({ flags: 17, seq: 7013, ack: 7 }) },
  { name: 'last ack', frame: there({ seq: 7, ack: 7014 }) },
]

const large = echo('echo-request', new Uint8Array(3000).fill(0x61))
const slice = (from: number, to: number, moreFragments: boolean): Uint8Array =>
  overIp(ipv4.ICMP, large.subarray(from, to), { id: 77, fragmentOffset: from, moreFragments })
/** A large echo request in three fragments, out of order. */
export const fragments: readonly Sample[] = [
  { name: 'first', frame: slice(0, 1480, true) },
  { name: 'third', frame: slice(2960, 3008, false) },
  { name: 'second', frame: slice(1480, 2960, true) },
]

const LINK_LOCAL = parseIp6('fe80::215:5dff:fe00:e501') as Ip6
const OTHER = parseIp6('fe80::1') as Ip6
const over6 = (dst: Ip6, message: string): Uint8Array => {
  const body = fromHex(message)
  const out = new Uint8Array(40 + body.length)
  out.set([0x60, 0, 0, 0, 0, body.length, 58, 255])
  writeIp6(out, 8, LINK_LOCAL)
  writeIp6(out, 24, dst)
  out.set(body, 40)
  put16(out, 42, fold(add(58 + body.length, out, 8, out.length)))
  return frameOf(ethernet.TYPE_IPV6, out)
}
const target = hex(ip6Bytes(OTHER), 0, 16)
const ip6Samples: readonly Sample[] = [
  { name: 'neighbour solicitation', frame: over6(OTHER, `8700 0000 00000000 ${target} 0101 00155d00e501`) },
  { name: 'duplicate check', frame: over6(ALL_NODES, `8700 0000 00000000 ${target}`) },
  { name: 'neighbour advertisement', frame: over6(OTHER, `8800 0000 60000000 ${target} 0201 00155d00e501`) },
  { name: 'router solicitation', frame: over6(ALL_NODES, '8500 0000 00000000 0101 00155d00e501') },
  { name: 'router advertisement', frame: over6(ALL_NODES, '8600 0000 40000708 00000000 00000000 0101 00155d00e501') },
  { name: 'listener report', frame: over6(ALL_NODES, `8f00 0000 00000001 04000000 ${hex(ip6Bytes(ALL_NODES), 0, 16)}`) },
  { name: 'echo request 6', frame: over6(OTHER, '8000 0000 0001 0007 6162') },
  { name: 'echo reply 6', frame: over6(OTHER, '8100 0000 0001 0009 6162') },
]

export const sampleFrames: readonly Sample[] = [
  ...link,
  ...icmpSamples,
  ...transport,
  ...dhcpSamples,
  ...dnsSamples,
  ...l2tpSamples,
  ...pppSamples,
  ...ip6Samples,
]

/** A bare packet, as captured on a tunnel interface. */
export const samplePacket: Sample = { name: `${formatIp(A.ip)} pings`, frame: packet(ipv4.ICMP, echo('echo-request')) }
