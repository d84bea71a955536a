// IPv4, ICMP and IGMP.
import { u16, u32 } from '../../bytes.ts'
import { add, fold } from '../../checksum.ts'
import * as icmpWire from '../../icmp.ts'
import * as igmpWire from '../../igmp.ts'
import * as ipv4 from '../../ipv4.ts'
import * as ipv6 from '../../ipv6.ts'
import { both, type Field, field, type Layer, P, protocol, type Read, u8At, u16At, u32At, when } from '../field.ts'
import { CHECKSUM_STATES, IP_PROTOCOLS } from './names.ts'

const BAD = 0
const GOOD = 1
const UNVERIFIED = 2

const headerStatus: Read = (b, { at, end }, out) => {
  const header = ipv4.headerLen(b, at)
  out.push(header < ipv4.HEADER_LEN || at + header > end ? UNVERIFIED : fold(add(0, b, at, at + header)) === 0 ? GOOD : BAD)
}

/** Whether the packet around a header was kept whole: a fragment, a quotation or a cut capture cannot be verified. */
const whole = (b: Uint8Array, { ip, end }: Layer): boolean =>
  ip >= 0 && (b[ip] >> 4 === 6 ? ipv6.end(b, ip) === end : ip + ipv4.totalLen(b, ip) === end && !ipv4.moreFragments(b, ip))

/** The state of a checksum that covers the header and all it carries; `acc` is the sum of the pseudo header. */
export const sumStatus =
  (acc: (b: Uint8Array, layer: Layer) => number): Read =>
  (b, layer, out) => {
    out.push(!whole(b, layer) ? UNVERIFIED : fold(add(acc(b, layer), b, layer.at, layer.end)) === 0 ? GOOD : BAD)
  }

export const ip: readonly Field[] = [
  protocol('ip', P.ip),
  field('ip.version', 'uint8', P.ip | P.ipv6, u8At(0, 4)),
  field('ip.hdr_len', 'uint8', P.ip, (b, { at }, out) => {
    out.push(ipv4.headerLen(b, at))
  }),
  field('ip.dsfield', 'uint8', P.ip, u8At(1)),
  field('ip.dsfield.dscp', 'uint8', P.ip, u8At(1, 2)),
  field('ip.dsfield.ecn', 'uint8', P.ip, u8At(1, 0, 3)),
  field('ip.len', 'uint16', P.ip, u16At(2)),
  field('ip.id', 'uint16', P.ip, u16At(4)),
  field('ip.flags', 'uint8', P.ip, u8At(6, 5)),
  field('ip.flags.rb', 'boolean', P.ip, u8At(6, 7, 1)),
  field('ip.flags.df', 'boolean', P.ip, u8At(6, 6, 1)),
  field('ip.flags.mf', 'boolean', P.ip, u8At(6, 5, 1)),
  // As it is in the header, in units of eight octets.
  field('ip.frag_offset', 'uint16', P.ip, u16At(6, 0, 0x1fff)),
  field('ip.ttl', 'uint8', P.ip, u8At(8)),
  field('ip.proto', 'uint8', P.ip, u8At(9), IP_PROTOCOLS),
  field('ip.checksum', 'uint16', P.ip, u16At(10)),
  field('ip.checksum.status', 'uint8', P.ip, headerStatus, CHECKSUM_STATES),
  field('ip.src', 'ipv4', P.ip, u32At(12)),
  field('ip.dst', 'ipv4', P.ip, u32At(16)),
  field('ip.addr', 'ipv4', P.ip, both(u32At(12), u32At(16))),
]

const typeIs =
  (...types: readonly number[]) =>
  (b: Uint8Array, { at }: Layer): boolean =>
    types.includes(b[at])
/** Echo, timestamp, information and address mask. */
const numbered = typeIs(0, 8, 13, 14, 15, 16, 17, 18)
const swapped =
  (offset: number): Read =>
  (b, { at, end }, out) => {
    if (at + offset + 2 <= end) out.push((b[at + offset + 1] << 8) | b[at + offset])
  }
/** What an error quotes of ICMP is not verified, be it whole or not. */
const icmpStatus: Read = (b, layer, out, subject) => {
  if (layer.quoted) out.push(UNVERIFIED)
  else sumStatus(() => 0)(b, layer, out, subject)
}
const fragmentationNeeded = (b: Uint8Array, { at }: Layer): boolean =>
  b[at] === icmpWire.UNREACHABLE && b[at + 1] === icmpWire.FRAGMENTATION_NEEDED

export const icmp: readonly Field[] = [
  protocol('icmp', P.icmp),
  field('icmp.type', 'uint8', P.icmp, u8At(0)),
  field('icmp.code', 'uint8', P.icmp, u8At(1)),
  field('icmp.checksum', 'uint16', P.icmp, u16At(2)),
  field('icmp.checksum.status', 'uint8', P.icmp, icmpStatus, CHECKSUM_STATES),
  field('icmp.ident', 'uint16', P.icmp, when(numbered, u16At(4))),
  field('icmp.ident_le', 'uint16', P.icmp, when(numbered, swapped(4))),
  field('icmp.seq', 'uint16', P.icmp, when(numbered, u16At(6))),
  field('icmp.seq_le', 'uint16', P.icmp, when(numbered, swapped(6))),
  field('icmp.mtu', 'uint16', P.icmp, when(fragmentationNeeded, u16At(6))),
  field('icmp.redir_gw', 'ipv4', P.icmp, when(typeIs(icmpWire.REDIRECT), u32At(4))),
  field('icmp.pointer', 'uint32', P.icmp, when(typeIs(icmpWire.PARAMETER_PROBLEM), u8At(4))),
]

const isQuery = typeIs(igmpWire.QUERY)
const isReport3 = typeIs(igmpWire.REPORT_V3)
/** A query of version 3 is longer than eight octets (RFC 3376 section 7.1); a report says it by its type. */
function version(b: Uint8Array, { at, end }: Layer): number {
  if (b[at] === igmpWire.QUERY) return end - at >= 12 ? 3 : b[at + 1] === 0 ? 1 : 2
  return b[at] === igmpWire.REPORT_V3 ? 3 : b[at] === 0x12 ? 1 : 2
}
const query3 = (b: Uint8Array, l: Layer): boolean => isQuery(b, l) && version(b, l) === 3

/** Visits the group records of a version 3 report: `at` of each, and how many sources it has. */
const records =
  (take: (b: Uint8Array, at: number, sources: number, out: (number | string | Uint8Array)[]) => void): Read =>
  (b, { at, end }, out) => {
    let i = at + 8
    for (let n = u16(b, at + 6); n > 0 && i + 8 <= end; n--) {
      const sources = u16(b, i + 2)
      const next = i + 8 + 4 * (sources + b[i + 1])
      if (next > end) return
      take(b, i, sources, out)
      i = next
    }
  }
const addresses = (b: Uint8Array, at: number, count: number, out: (number | string | Uint8Array)[]): void => {
  for (let k = 0; k < count; k++) out.push(u32(b, at + 4 * k))
}
const fromRecords = (take: Parameters<typeof records>[0]): Read => when(isReport3, records(take))

export const igmp: readonly Field[] = [
  protocol('igmp', P.igmp),
  field('igmp.type', 'uint8', P.igmp, u8At(0)),
  field('igmp.version', 'uint8', P.igmp, (b, layer, out) => {
    out.push(version(b, layer))
  }),
  field(
    'igmp.max_resp',
    'uint8',
    P.igmp,
    when((b, l) => !isReport3(b, l), u8At(1)),
  ),
  field('igmp.checksum', 'uint16', P.igmp, u16At(2)),
  field('igmp.maddr', 'ipv4', P.igmp, (b, layer, out, subject) => {
    if (!isReport3(b, layer)) u32At(4)(b, layer, out, subject)
    else records((octets, at, _sources, found) => found.push(u32(octets, at + 4)))(b, layer, out, subject)
  }),
  field('igmp.s', 'boolean', P.igmp, when(query3, u8At(8, 3, 1))),
  field('igmp.qrv', 'uint8', P.igmp, when(query3, u8At(8, 0, 7))),
  field('igmp.qqic', 'uint8', P.igmp, when(query3, u8At(9))),
  field('igmp.num_src', 'uint16', P.igmp, (b, layer, out, subject) => {
    if (query3(b, layer)) u16At(10)(b, layer, out, subject)
    else fromRecords((_octets, _at, sources, found) => found.push(sources))(b, layer, out, subject)
  }),
  field('igmp.saddr', 'ipv4', P.igmp, (b, layer, out, subject) => {
    const { at, end } = layer
    if (query3(b, layer)) addresses(b, at + 12, Math.min(u16(b, at + 10), (end - at - 12) >> 2), out)
    else fromRecords((octets, from, sources, found) => addresses(octets, from + 8, sources, found))(b, layer, out, subject)
  }),
  field('igmp.num_grp_recs', 'uint16', P.igmp, when(isReport3, u16At(6))),
  field(
    'igmp.record_type',
    'uint8',
    P.igmp,
    fromRecords((octets, at, _sources, out) => out.push(octets[at])),
  ),
]
