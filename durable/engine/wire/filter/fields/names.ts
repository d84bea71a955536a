// Words that may stand for a number in a filter, in lower case, as Wireshark shows them.
import type { Names } from '../field.ts'

export const ETHER_TYPES: Names = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd, '802.1q virtual lan': 0x8100 }

export const IP_PROTOCOLS: Names = { icmp: 1, igmp: 2, ipip: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, esp: 50, ah: 51, icmpv6: 58 }

export const CHECKSUM_STATES: Names = { bad: 0, good: 1, unverified: 2, 'not present': 3 }

export const DHCP_TYPES: Names = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
}

export const DNS_RCODES: Names = {
  'no error': 0,
  'format error': 1,
  'server failure': 2,
  'no such name': 3,
  'not implemented': 4,
  refused: 5,
  // What RFC 1035 and dig call them.
  noerror: 0,
  formerr: 1,
  servfail: 2,
  nxdomain: 3,
  notimp: 4,
}

export const L2TP_MESSAGES: Names = {
  sccrq: 1,
  sccrp: 2,
  scccn: 3,
  stopccn: 4,
  hello: 6,
  icrq: 10,
  icrp: 11,
  iccn: 12,
  cdn: 14,
}

export const PPP_CODES: Names = {
  'configuration request': 1,
  'configuration ack': 2,
  'configuration nak': 3,
  'configuration reject': 4,
  'termination request': 5,
  'termination ack': 6,
  'code reject': 7,
  'protocol reject': 8,
  'echo request': 9,
  'echo reply': 10,
  'discard request': 11,
}
