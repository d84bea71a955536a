// One frame of each kind this lab sends, for the tests of the codecs and of the dissectors.
import { formatIp, parseIp, parseMac } from './addresses.ts'
import * as arp from './arp.ts'
import { newFrame, put16 } from './bytes.ts'
import * as dhcp from './dhcp.ts'
import * as dns from './dns.ts'
import * as ethernet from './ethernet.ts'
import * as icmp from './icmp.ts'
import * as igmp from './igmp.ts'
import * as ipv4 from './ipv4.ts'
import * as l2tp from './l2tp.ts'
import * as ppp from './ppp.ts'
import * as tcp from './tcp.ts'
import * as udp from './udp.ts'
import * as vlan from './vlan.ts'

export type Sample = { readonly name: string; readonly frame: Uint8Array }

const ip = (text: string): number => parseIp(text) ?? 0
const mac = (text: string): number => parseMac(text) ?? 0

const A = { ip: ip('192.168.50.10'), mac: mac('00155d00e501') }
const B = { ip: ip('192.168.50.1'), mac: mac('00155d00e5fe') }
const GROUP = ip('224.0.0.251')

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

const frameOf = (type: number, payload: Uint8Array, dst = B.mac): Uint8Array => {
  const out = newFrame(ethernet.HEADER_LEN + payload.length)
  ethernet.emit(out, dst, A.mac, type)
  out.set(payload, ethernet.HEADER_LEN)
  return out
}

type Way = { readonly src?: number; readonly dst?: number } & Partial<ipv4.Header>

const packet = (protocol: number, payload: Uint8Array, way: Way = {}): Uint8Array => {
  const out = newFrame(ipv4.HEADER_LEN + payload.length)
  const header = { src: A.ip, dst: B.ip, protocol, ttl: 128, id: 0x1234, dontFragment: false, ...way }
  ipv4.emit(header, payload.length, out, 0)
  out.set(payload, ipv4.HEADER_LEN)
  return out
}

const overIp = (protocol: number, payload: Uint8Array, way: Way = {}): Uint8Array =>
  frameOf(ethernet.TYPE_IPV4, packet(protocol, payload, way))

const built = (n: number, emit: (out: Uint8Array) => void): Uint8Array => {
  const out = newFrame(n)
  emit(out)
  return out
}

const datagram = (srcPort: number, dstPort: number, payload: Uint8Array, way: Way = {}): Uint8Array => {
  const d = { srcPort, dstPort, payload }
  return built(udp.len(d), (out) => udp.emit(d, out, 0, { src: way.src ?? A.ip, dst: way.dst ?? B.ip }))
}
const overUdp = (srcPort: number, dstPort: number, payload: Uint8Array, way: Way = {}): Uint8Array =>
  overIp(ipv4.UDP, datagram(srcPort, dstPort, payload, way), way)

const arpFrame = (a: arp.Arp): Uint8Array =>
  frameOf(
    ethernet.TYPE_ARP,
    built(arp.LEN, (out) => arp.emit(a, out, 0)),
  )
const icmpBytes = (m: icmp.Icmp): Uint8Array => built(icmp.len(m), (out) => icmp.emit(m, out, 0))

const segment = (s: Partial<tcp.Tcp>): Uint8Array => {
  const whole = { srcPort: 50000, dstPort: 40000, seq: 1000, ack: 0, flags: tcp.SYN, window: 64240, urgent: 0, options: {}, ...s }
  const full = { payload: new Uint8Array(0), ...whole }
  return built(tcp.len(full), (out) => tcp.emit(full, out, 0, { src: A.ip, dst: B.ip }))
}
const overTcp = (s: Partial<tcp.Tcp>): Uint8Array => overIp(ipv4.TCP, segment(s))

const dhcpFrame = (type: number, rest: Partial<dhcp.Dhcp> & { extra?: readonly dhcp.Option[] }): Uint8Array => {
  const { extra = [], ...fields } = rest
  const reply = type === dhcp.OFFER || type === dhcp.ACK || type === dhcp.NAK
  const none = { secs: 0, broadcast: false, ciaddr: 0, yiaddr: 0, siaddr: 0, giaddr: 0 }
  const d: dhcp.Dhcp = {
    op: reply ? dhcp.BOOT_REPLY : dhcp.BOOT_REQUEST,
    xid: 0x3903f326,
    ...none,
    chaddr: A.mac,
    options: [dhcp.option.messageType(type), ...extra],
    ...fields,
  }
  const payload = built(dhcp.len(d), (out) => dhcp.emit(d, out, 0))
  const broadcast = { src: reply ? B.ip : 0, dst: 0xffffffff }
  return reply ? overUdp(67, 68, payload, broadcast) : overUdp(68, 67, payload, broadcast)
}

const dnsFrame = (d: dns.Dns, [from, to, dst]: readonly [number, number, number?] = [51000, 53]): Uint8Array =>
  overUdp(from, to, dns.encode(d), dst === undefined ? {} : { dst, ttl: 255 })
const answer = (name: string, type: string, rest: Partial<dns.Dns>): Uint8Array =>
  dnsFrame({ ...dns.query(0x1a2b, { name, type }), response: true, recursionAvailable: true, ...rest }, [53, 51000])

const l2tpFrame = (m: l2tp.L2tp): Uint8Array =>
  overUdp(
    1701,
    1701,
    built(l2tp.len(m), (out) => l2tp.emit(m, out, 0)),
  )
const control = (type: number, avps: readonly l2tp.Avp[], sessionId = 0): Uint8Array =>
  l2tpFrame({ kind: 'control', tunnelId: 7, sessionId, ns: 1, nr: 2, avps: [l2tp.avp.messageType(type), ...avps] })
const pppFrame = (p: ppp.Ppp): Uint8Array =>
  l2tpFrame({ kind: 'data', tunnelId: 7, sessionId: 9, payload: built(ppp.len(p), (out) => ppp.emit(p, out, 0)) })

const echo = (kind: 'echo-request' | 'echo-reply', payload = bytesOf('abcdefghijklmnopqrstuvwabcdefghi')): Uint8Array =>
  icmpBytes({ kind, ident: 1, sequence: 7, payload })
const original = (protocol: number, payload: Uint8Array): Uint8Array => packet(protocol, payload).subarray(0, 28)
const lost = original(ipv4.UDP, datagram(50123, 33434, new Uint8Array(24)))
const lostEcho = original(ipv4.ICMP, echo('echo-request'))

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
    frame: overIp(ipv4.IGMP, igmpBytes({ kind: 'query', maxResponseCode: 10, group: GROUP, sources: [] }), {
      dst: GROUP,
      ttl: 1,
    }),
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
    frame: overTcp({ flags: tcp.ACK, seq: 1001, ack: 5001, options: { sack: [{ left: 6000, right: 7000 }] } }),
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
      srcPort: 80,
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
  { name: 'fragment first', frame: overIp(ipv4.ICMP, echo('echo-request'), { id: 9, moreFragments: true }) },
  { name: 'fragment last', frame: overIp(ipv4.ICMP, new Uint8Array(16), { id: 9, fragmentOffset: 1480 }) },
  { name: 'fragment udp', frame: overIp(ipv4.UDP, new Uint8Array(16), { id: 9, fragmentOffset: 1480, moreFragments: true }) },
  { name: 'unknown protocol', frame: overIp(253, payload) },
  { name: 'unknown ethertype', frame: frameOf(0x88b5, payload) },
]

const { option } = dhcp
const asked = [option.clientId(A.mac), option.hostName('client'), option.vendorClass('MSFT 5.0'), option.fqdn('client.lab.test')]
const list = option.parameterList([1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252])
const lease = [option.serverId(B.ip), option.leaseSeconds(86400), option.renewal(43200), option.rebinding(75600)]
const network = [
  option.mask(0xffffff00),
  option.routers([B.ip]),
  option.dns([B.ip, ip('1.1.1.1')]),
  option.domainName('mshome.net'),
]
const dhcpSamples: Sample[] = [
  { name: 'dhcp discover', frame: dhcpFrame(dhcp.DISCOVER, { broadcast: true, extra: [...asked, list] }) },
  { name: 'dhcp offer', frame: dhcpFrame(dhcp.OFFER, { yiaddr: A.ip, extra: [...lease, ...network] }) },
  {
    name: 'dhcp request',
    frame: dhcpFrame(dhcp.REQUEST, { extra: [option.requestedAddress(A.ip), option.serverId(B.ip), ...asked, list] }),
  },
  {
    name: 'dhcp ack',
    frame: dhcpFrame(dhcp.ACK, {
      yiaddr: A.ip,
      extra: [...lease, ...network, option.classlessRoutes([{ network: ip('10.0.0.0'), prefixLength: 8, router: B.ip }])],
    }),
  },
  { name: 'dhcp nak', frame: dhcpFrame(dhcp.NAK, { extra: [option.serverId(B.ip), option.message('wrong network')] }) },
  { name: 'dhcp decline', frame: dhcpFrame(dhcp.DECLINE, { extra: [option.requestedAddress(A.ip), option.serverId(B.ip)] }) },
  { name: 'dhcp release', frame: dhcpFrame(dhcp.RELEASE, { ciaddr: A.ip, extra: [option.serverId(B.ip)] }) },
  { name: 'dhcp inform', frame: dhcpFrame(dhcp.INFORM, { ciaddr: A.ip, extra: [list] }) },
]

const WEB = 'www.example.com'
const web: dns.DnsRecord = { name: WEB, type: 'A', ttl: 300, address: ip('93.184.216.34') }
const soa: dns.DnsRecord = {
  name: 'example.com',
  type: 'SOA',
  ttl: 3600,
  primary: 'ns1.example.com',
  mailbox: 'admin.example.com',
  serial: 2024010101,
  refresh: 7200,
  retry: 900,
  expire: 1209600,
  minimum: 300,
}
const opt: dns.DnsRecord = { type: 'OPT', udpSize: 1232, extendedRcode: 0, version: 0, dnssecOk: false, options: [] }
const REVERSE = '10.50.168.192.in-addr.arpa'
const dnsSamples: Sample[] = [
  ...['A', 'AAAA', 'MX', 'TXT', 'SRV', 'NS', 'SOA', 'HTTPS', 'ANY'].map((type, i) => ({
    name: `dns query ${type}`,
    frame: dnsFrame(dns.query(0x100 + i, { name: WEB, type })),
  })),
  { name: 'dns query PTR', frame: dnsFrame(dns.query(0x1a2c, { name: REVERSE, type: 'PTR' })) },
  { name: 'dns query edns', frame: dnsFrame({ ...dns.query(0xff, { name: WEB }), additionals: [opt] }) },
  { name: 'dns query root', frame: dnsFrame(dns.query(0xfe, { name: '', type: 'NS' })) },
  { name: 'dns A', frame: answer(WEB, 'A', { answers: [web, { ...web, address: ip('93.184.216.35') }] }) },
  {
    name: 'dns CNAME',
    frame: answer('web.example.com', 'A', { answers: [{ name: 'web.example.com', type: 'CNAME', ttl: 60, target: WEB }, web] }),
  },
  {
    name: 'dns AAAA',
    frame: answer(WEB, 'AAAA', {
      answers: [{ name: WEB, type: 'AAAA', ttl: 300, address: '2606:2800:220:1::1946' }],
      additionals: [opt],
    }),
  },
  {
    name: 'dns PTR',
    frame: answer(REVERSE, 'PTR', { answers: [{ name: REVERSE, type: 'PTR', ttl: 0, target: 'vm1.mshome.net' }] }),
  },
  {
    name: 'dns MX',
    frame: answer('example.com', 'MX', {
      answers: [{ name: 'example.com', type: 'MX', ttl: 60, preference: 10, exchange: 'mail.example.com' }],
      additionals: [{ ...web, name: 'mail.example.com' }],
    }),
  },
  {
    name: 'dns TXT',
    frame: answer(WEB, 'TXT', { answers: [{ name: WEB, type: 'TXT', ttl: 60, strings: ['v=spf1 -all', 'x'] }] }),
  },
  {
    name: 'dns SRV',
    frame: answer('_ldap._tcp.lab.test', 'SRV', {
      answers: [
        { name: '_ldap._tcp.lab.test', type: 'SRV', ttl: 60, priority: 0, weight: 100, port: 389, target: 'dc1.lab.test' },
      ],
    }),
  },
  {
    name: 'dns NS',
    frame: answer('example.com', 'NS', {
      authoritative: true,
      answers: [{ name: 'example.com', type: 'NS', ttl: 60, target: 'ns1.example.com' }],
      additionals: [{ ...web, name: 'ns1.example.com' }],
    }),
  },
  { name: 'dns SOA', frame: answer('example.com', 'SOA', { answers: [soa] }) },
  { name: 'dns NXDOMAIN', frame: answer('nope.example.com', 'A', { rcode: dns.NXDOMAIN, authorities: [soa] }) },
  { name: 'dns SERVFAIL', frame: answer(WEB, 'A', { rcode: dns.SERVFAIL }) },
  { name: 'dns REFUSED', frame: answer(WEB, 'A', { rcode: dns.REFUSED }) },
  { name: 'dns no data', frame: answer(WEB, 'AAAA', { authorities: [soa] }) },
  { name: 'dns truncated', frame: answer(WEB, 'A', { truncated: true }) },
  {
    name: 'llmnr query',
    frame: dnsFrame(dns.query(0x77, { name: 'vm1', recursionDesired: false }), [55000, 5355, ip('224.0.0.252')]),
  },
  {
    name: 'mdns query',
    frame: dnsFrame({ ...dns.query(0, { name: 'vm1.local', recursionDesired: false }) }, [5353, 5353, GROUP]),
  },
  {
    name: 'mdns answer',
    frame: dnsFrame(
      {
        ...dns.query(0, { name: 'vm1.local', recursionDesired: false }),
        response: true,
        authoritative: true,
        questions: [],
        answers: [{ name: 'vm1.local', type: 'A', ttl: 120, class: 0x8001, address: A.ip }],
      },
      [5353, 5353, GROUP],
    ),
  },
  {
    name: 'dns over tcp',
    frame: overTcp({ flags: 24, dstPort: 53, ack: 1, payload: prefixed(dns.encode(dns.query(5, { name: WEB }))) }),
  },
]

function prefixed(message: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 + message.length)
  put16(out, 0, message.length)
  out.set(message, 2)
  return out
}

const { avp } = l2tp
const opening = [
  avp.protocolVersion(),
  avp.framingCapabilities(3),
  avp.hostName('lac'),
  avp.assignedTunnelId(8),
  avp.receiveWindowSize(4),
]
const ending = { result: 1, error: 0, message: 'bye' }
const l2tpSamples: Sample[] = [
  { name: 'l2tp SCCRQ', frame: control(l2tp.SCCRQ, opening) },
  { name: 'l2tp SCCRP', frame: control(l2tp.SCCRP, opening) },
  { name: 'l2tp SCCCN', frame: control(l2tp.SCCCN, []) },
  { name: 'l2tp StopCCN', frame: control(l2tp.STOP_CCN, [avp.assignedTunnelId(8), avp.resultCode(ending)]) },
  { name: 'l2tp HELLO', frame: control(l2tp.HELLO, []) },
  { name: 'l2tp ICRQ', frame: control(l2tp.ICRQ, [avp.assignedSessionId(9), avp.callSerialNumber(1)]) },
  { name: 'l2tp ICRP', frame: control(l2tp.ICRP, [avp.assignedSessionId(10)], 9) },
  { name: 'l2tp ICCN', frame: control(l2tp.ICCN, [avp.txConnectSpeed(100000000), avp.framingType(1)], 9) },
  { name: 'l2tp CDN', frame: control(l2tp.CDN, [avp.resultCode({ ...ending, result: 3 }), avp.assignedSessionId(9)], 9) },
  { name: 'l2tp ZLB', frame: l2tpFrame({ kind: 'control', tunnelId: 7, sessionId: 0, ns: 1, nr: 2, avps: [] }) },
]

const lcp = { protocol: 'lcp', id: 1 } as const
const offered = [ppp.option.mru(1400), ppp.option.authentication(ppp.PAP), ppp.option.magic(0x12345678)]
const addressed = [ppp.option.address(0), ppp.option.primaryDns(0), ppp.option.secondaryDns(0)]
const none = new Uint8Array(0)
const pppSamples: Sample[] = [
  ...(['configure-request', 'configure-ack', 'configure-nak', 'configure-reject'] as const).flatMap((message) => [
    { name: `lcp ${message}`, frame: pppFrame({ ...lcp, message, options: offered }) },
    { name: `ipcp ${message}`, frame: pppFrame({ protocol: 'ipcp', id: 2, message, options: addressed }) },
  ]),
  ...(['terminate-request', 'terminate-ack'] as const).map((message) => ({
    name: `lcp ${message}`,
    frame: pppFrame({ ...lcp, message, data: bytesOf('bye') }),
  })),
  { name: 'ipcp terminate-request', frame: pppFrame({ protocol: 'ipcp', message: 'terminate-request', id: 3, data: none }) },
  ...(['echo-request', 'echo-reply', 'discard-request'] as const).map((message) => ({
    name: `lcp ${message}`,
    frame: pppFrame({ ...lcp, message, magic: 0x12345678, data: none }),
  })),
  {
    name: 'lcp protocol-reject',
    frame: pppFrame({ ...lcp, message: 'protocol-reject', rejected: 0x8057, data: Uint8Array.of(1, 1, 0, 4) }),
  },
  { name: 'lcp code-reject', frame: pppFrame({ ...lcp, message: 'code-reject', data: Uint8Array.of(99, 1, 0, 4) }) },
  {
    name: 'pap request',
    frame: pppFrame({ protocol: 'pap', message: 'authenticate-request', id: 1, peerId: 'anna', password: 'secret' }),
  },
  { name: 'pap ack', frame: pppFrame({ protocol: 'pap', message: 'authenticate-ack', id: 1, text: 'welcome' }) },
  { name: 'pap nak', frame: pppFrame({ protocol: 'pap', message: 'authenticate-nak', id: 1, text: '' }) },
  {
    name: 'ppp ping',
    frame: pppFrame({
      protocol: 'ipv4',
      payload: packet(ipv4.ICMP, echo('echo-request'), { src: ip('10.9.0.2'), dst: ip('10.9.0.1') }),
    }),
  },
  { name: 'ppp udp', frame: pppFrame({ protocol: 'ipv4', payload: packet(ipv4.UDP, datagram(50001, 50002, payload)) }) },
]

export const sampleFrames: readonly Sample[] = [
  ...link,
  ...icmpSamples,
  ...transport,
  ...dhcpSamples,
  ...dnsSamples,
  ...l2tpSamples,
  ...pppSamples,
]

const client = { srcPort: 50100, dstPort: 40100 }
const server = { srcPort: 40100, dstPort: 50100 }
const back = (s: Partial<tcp.Tcp>): Uint8Array => {
  const full = { ...server, seq: 0, ack: 0, flags: tcp.ACK, window: 502, urgent: 0, options: {}, payload: none, ...s }
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

/** A bare packet, as captured on a tunnel interface. */
export const samplePacket: Sample = { name: `${formatIp(A.ip)} pings`, frame: packet(ipv4.ICMP, echo('echo-request')) }
