// DHCP and DNS, LLMNR and mDNS.
import { put16 } from '../bytes.ts'
import * as dhcp from '../dhcp.ts'
import * as dns from '../dns.ts'
import * as nbns from '../nbns.ts'
import { A, B, built, GROUP, ip, overTcp, overUdp, type Sample } from './build.ts'

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
export const dhcpSamples: Sample[] = [
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
export const dnsSamples: Sample[] = [
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
    name: 'nbns query',
    frame: overUdp(
      137,
      137,
      nbns.encode({ kind: 'query', id: 0x8001, name: { name: 'LABHOST', suffix: 0x20 }, status: false }, true),
    ),
  },
  {
    name: 'nbns answer',
    frame: overUdp(
      137,
      137,
      nbns.encode({ kind: 'found', id: 0x8001, name: { name: 'LABHOST', suffix: 0x20 }, ttl: 300_000, addresses: [A.ip] }),
    ),
  },
  {
    name: 'nbns status query',
    frame: overUdp(137, 137, nbns.encode({ kind: 'query', id: 0x8002, name: { name: '*', suffix: 0 }, status: true })),
  },
  {
    name: 'nbns status answer',
    frame: overUdp(
      137,
      137,
      nbns.encode({
        kind: 'status',
        id: 0x8002,
        names: [
          { name: 'LABHOST', suffix: 0, group: false },
          { name: 'WORKGROUP', suffix: 0, group: true },
        ],
        mac: A.mac,
      }),
    ),
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
