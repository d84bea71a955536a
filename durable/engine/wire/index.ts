// The registry: every codec (the contract suite runs over them) and every dissector, by the number that selects it.
import * as arp from './arp.ts'
import * as dhcp from './dhcp.ts'
import * as dhcpv6 from './dhcpv6.ts'
import type { Dissector } from './dissect/context.ts'
import { dissectDhcp } from './dissect/dhcp.ts'
import { dissectDhcp6 } from './dissect/dhcp6.ts'
import { dissectDns, dissectDnsOverTcp, dissectLlmnr, dissectMdns } from './dissect/dns.ts'
import { dissectHttp } from './dissect/http.ts'
import { dissectIcmp, dissectIcmp6, dissectIgmp } from './dissect/icmp.ts'
import { dissectIpv4, dissectIpv6 } from './dissect/ip.ts'
import { dissectArp, dissectVlan } from './dissect/link.ts'
import { dissectNbns } from './dissect/nbns.ts'
import { dissectSsh, PORT as SSH } from './dissect/ssh.ts'
import { dissectTcp, dissectUdp } from './dissect/transport.ts'
import { dissectL2tp } from './dissect/tunnel.ts'
import * as dns from './dns.ts'
import * as ethernet from './ethernet.ts'
import * as icmp from './icmp.ts'
import * as icmpv6 from './icmpv6.ts'
import * as igmp from './igmp.ts'
import * as ipv4 from './ipv4.ts'
import * as ipv6 from './ipv6.ts'
import * as l2tp from './l2tp.ts'
import * as mld from './mld.ts'
import * as nbns from './nbns.ts'
import * as ndp from './ndp.ts'
import * as ppp from './ppp.ts'
import * as tcp from './tcp.ts'
import * as udp from './udp.ts'

/** The value half of a protocol, between two addresses where a pseudo header asks for them. */
export type Codec<V> = {
  readonly name: string
  readonly parse: (b: Uint8Array, at: number, end: number, ip: udp.Between) => V | string
  readonly len: (value: V) => number
  readonly emit: (value: V, out: Uint8Array, at: number, ip: udp.Between) => void
}

/** `emit` of IPv4 writes only the header; as a codec it is a packet with its payload. */
const ipv4Packet: Codec<ipv4.Ipv4> = {
  name: 'ipv4',
  parse: ipv4.parse,
  len: (p) => ipv4.HEADER_LEN + p.payload.length,
  emit(p, out, at) {
    ipv4.emit(p, p.payload.length, out, at)
    out.set(p.payload, at + ipv4.HEADER_LEN)
  },
}

const ipv6Packet: Codec<ipv6.Ipv6> = {
  name: 'ipv6',
  parse: ipv6.parse,
  len: (p) => ipv6.HEADER_LEN + p.payload.length,
  emit(p, out, at) {
    ipv6.emit(p, p.payload.length, out, at)
    out.set(p.payload, at + ipv6.HEADER_LEN)
  },
}

export const codecs = {
  arp: { name: 'arp', ...arp } satisfies Codec<arp.Arp>,
  ipv4: ipv4Packet,
  icmp: { name: 'icmp', ...icmp } satisfies Codec<icmp.Icmp>,
  igmp: { name: 'igmp', ...igmp } satisfies Codec<igmp.Igmp>,
  ipv6: ipv6Packet,
  icmpv6: { name: 'icmpv6', ...icmpv6 } satisfies Codec<icmpv6.Icmp6>,
  ndp: { name: 'ndp', ...ndp } satisfies Codec<ndp.Ndp>,
  mld: { name: 'mld', ...mld } satisfies Codec<mld.Mld>,
  udp: { name: 'udp', ...udp } satisfies Codec<udp.Udp>,
  tcp: { name: 'tcp', ...tcp } satisfies Codec<tcp.Tcp>,
  dhcp: { name: 'dhcp', ...dhcp } satisfies Codec<dhcp.Dhcp>,
  dhcpv6: { name: 'dhcpv6', ...dhcpv6 } satisfies Codec<dhcpv6.Dhcpv6>,
  dns: { name: 'dns', ...dns } satisfies Codec<dns.Dns>,
  l2tp: { name: 'l2tp', ...l2tp } satisfies Codec<l2tp.L2tp>,
  ppp: { name: 'ppp', ...ppp } satisfies Codec<ppp.Ppp>,
}

export const dissectors: readonly Dissector[] = [
  { table: 'ethertype', number: ethernet.TYPE_IPV4, dissect: dissectIpv4 },
  { table: 'ethertype', number: ethernet.TYPE_ARP, dissect: dissectArp },
  { table: 'ethertype', number: ethernet.TYPE_VLAN, dissect: dissectVlan },
  { table: 'ethertype', number: ethernet.TYPE_IPV6, dissect: dissectIpv6 },
  { table: 'ip-protocol', number: ipv4.ICMP, dissect: dissectIcmp },
  { table: 'ip-protocol', number: ipv4.IGMP, dissect: dissectIgmp },
  { table: 'ip-protocol', number: ipv4.TCP, dissect: dissectTcp },
  { table: 'ip-protocol', number: ipv4.UDP, dissect: dissectUdp },
  { table: 'ip-protocol', number: 58, dissect: dissectIcmp6 },
  { table: 'udp-port', number: dns.PORT, dissect: dissectDns },
  { table: 'udp-port', number: nbns.PORT, dissect: dissectNbns },
  { table: 'udp-port', number: dhcp.SERVER_PORT, dissect: dissectDhcp },
  { table: 'udp-port', number: dhcp.CLIENT_PORT, dissect: dissectDhcp },
  { table: 'udp-port', number: dhcpv6.SERVER_PORT, dissect: dissectDhcp6 },
  { table: 'udp-port', number: dhcpv6.CLIENT_PORT, dissect: dissectDhcp6 },
  { table: 'udp-port', number: l2tp.PORT, dissect: dissectL2tp },
  { table: 'udp-port', number: 5353, dissect: dissectMdns },
  { table: 'udp-port', number: 5355, dissect: dissectLlmnr },
  { table: 'tcp-port', number: dns.PORT, dissect: dissectDnsOverTcp },
  { table: 'tcp-port', number: SSH, dissect: dissectSsh },
  { table: 'tcp-port', number: 80, dissect: dissectHttp },
]
