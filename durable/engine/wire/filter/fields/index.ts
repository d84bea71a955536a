// Every field and protocol that a filter may name. A new family is one file and one line here.
import type { Field } from '../field.ts'
import { dhcp } from './dhcp.ts'
import { dhcpv6 } from './dhcpv6.ts'
import { dns } from './dns.ts'
import { arp, ethernet, frame, vlan } from './frame.ts'
import { http } from './http.ts'
import { icmpv6 } from './icmpv6.ts'
import { icmp, igmp, ip } from './ip.ts'
import { ipv6 } from './ipv6.ts'
import { l2tp, ppp } from './l2tp.ts'
import { tcp, udp } from './transport.ts'

const families = [frame, ethernet, vlan, arp, ip, icmp, igmp, ipv6, icmpv6, udp, tcp, dhcp, dhcpv6, dns, l2tp, ppp, http]

export const fields: ReadonlyMap<string, Field> = new Map(families.flat().map((field) => [field.name, field]))

/** Wireshark still knows DHCP by the name of its elder. */
export const fieldNamed = (name: string): Field | undefined =>
  fields.get(name) ?? (name === 'bootp' || name.startsWith('bootp.') ? fields.get(`dhcp${name.slice(5)}`) : undefined)

/** Names that Wireshark knows and that cannot be known here, with what to write instead; by their beginning. */
const ELSEWHERE: readonly (readonly [prefix: string, advice: string])[] = [
  ['tcp.seq', 'relative numbers need the whole conversation; use tcp.seq_raw'],
  ['tcp.ack', 'relative numbers need the whole conversation; use tcp.ack_raw'],
  ['tcp.nxtseq', 'relative numbers need the whole conversation; use tcp.seq_raw and tcp.len'],
  ['tcp.window_size', 'scaled windows need the whole conversation; use tcp.window_size_value'],
  ['tcp.options.sack_', 'relative numbers need the whole conversation; use tcp.options.sack and its octets'],
  ['tcp.stream', 'streams are not numbered here; use addresses and ports'],
  ['udp.stream', 'streams are not numbered here; use addresses and ports'],
  ['tcp.analysis', 'nothing is analysed across packets here'],
  ['frame.time', 'packets have lab time; use frame.time_relative'],
  ['frame.protocols', 'name the protocol itself, such as “dns”'],
  ['dns.response_', 'packets are not matched with each other here; use dns.id'],
  ['icmp.resp', 'packets are not matched with each other here; use icmp.ident and icmp.seq'],
  ['ip.geoip', 'addresses of a lab are nowhere on a map'],
]

export const advice = (name: string): string | undefined => ELSEWHERE.find(([prefix]) => name.startsWith(prefix))?.[1]
