// ICMPv6: errors, echo, neighbour and router discovery (RFC 4861, 4191, 8106), listener discovery (RFC 2710, 3810).
import { u16, u32 } from '../../bytes.ts'
import {
  bytesAt,
  type Field,
  type FieldType,
  field,
  type Layer,
  P,
  protocol,
  type Read,
  u8At,
  u16At,
  u32At,
  when,
} from '../field.ts'

const TYPE =
  (...types: readonly number[]) =>
  (b: Uint8Array, { at }: Layer): boolean =>
    types.includes(b[at])
const echo = TYPE(128, 129)
const [ra, ns, na, redirect] = [TYPE(134), TYPE(135), TYPE(136), TYPE(137)]
const report = TYPE(143)
/** A query of version 2 is longer than one of version 1 (RFC 3810 section 8.1). */
const query2 = (b: Uint8Array, { at, end }: Layer): boolean => b[at] === 130 && end - at >= 28
const query1 = (b: Uint8Array, { at, end }: Layer): boolean => (b[at] === 130 && end - at < 28) || b[at] === 131 || b[at] === 132

/** Where the options of a discovery message begin (RFC 4861 section 4). */
const OPTIONS_AT = new Map([
  [133, 8],
  [134, 16],
  [135, 24],
  [136, 24],
  [137, 40],
])

/** Visits the options: where the whole of each begins and ends. */
const options =
  (take: (b: Uint8Array, at: number, end: number, out: (number | string | Uint8Array)[]) => void): Read =>
  (b, { at, end }, out) => {
    const from = OPTIONS_AT.get(b[at])
    if (from === undefined) return
    for (let i = at + from; i + 8 <= end && b[i + 1] > 0 && i + 8 * b[i + 1] <= end; i += 8 * b[i + 1]) {
      take(b, i, i + 8 * b[i + 1], out)
    }
  }
const linkAddress = (...types: readonly number[]): Read =>
  options((b, at, end, out) => {
    if (types.includes(b[at]) && end - at === 8) out.push(b.subarray(at + 2, at + 8))
  })

const icmp = (name: string, type: FieldType, read: Read): Field => field(`icmpv6.${name}`, type, P.icmpv6, read)
/** A field of an option of one type and, for prefixes, of one size. */
const inOption = (
  name: string,
  type: FieldType,
  of: number,
  take: (b: Uint8Array, at: number) => number | Uint8Array,
  size = 8,
): Field =>
  icmp(
    `opt.${name}`,
    type,
    options((b, at, end, out) => {
      if (b[at] === of && end - at >= size) out.push(take(b, at))
    }),
  )
const PREFIX = 3
const prefix = (name: string, type: FieldType, take: (b: Uint8Array, at: number) => number | Uint8Array): Field =>
  inOption(name, type, PREFIX, take, 32)

/** Visits the address records of a report: where each begins. */
const records =
  (take: (b: Uint8Array, at: number, out: (number | string | Uint8Array)[]) => void): Read =>
  (b, { at, end }, out) => {
    if (b[at] !== 143 || at + 8 > end) return
    let i = at + 8
    for (let n = u16(b, at + 6); n > 0 && i + 20 <= end; n--) {
      take(b, i, out)
      i += 20 + 16 * u16(b, i + 2) + 4 * b[i + 1]
    }
  }

export const icmpv6: readonly Field[] = [
  protocol('icmpv6', P.icmpv6),
  icmp('type', 'uint8', u8At(0)),
  icmp('code', 'uint8', u8At(1)),
  icmp('checksum', 'uint16', u16At(2)),
  icmp('mtu', 'uint32', when(TYPE(2), u32At(4))),
  icmp('pointer', 'uint32', when(TYPE(4), u32At(4))),
  icmp('echo.identifier', 'uint16', when(echo, u16At(4))),
  icmp('echo.sequence_number', 'uint16', when(echo, u16At(6))),
  icmp('nd.ra.cur_hop_limit', 'uint8', when(ra, u8At(4))),
  icmp('nd.ra.flag', 'uint8', when(ra, u8At(5))),
  icmp('nd.ra.flag.m', 'boolean', when(ra, u8At(5, 7, 1))),
  icmp('nd.ra.flag.o', 'boolean', when(ra, u8At(5, 6, 1))),
  icmp('nd.ra.flag.prf', 'uint8', when(ra, u8At(5, 3, 3))),
  icmp('nd.ra.router_lifetime', 'uint16', when(ra, u16At(6))),
  icmp('nd.ra.reachable_time', 'uint32', when(ra, u32At(8))),
  icmp('nd.ra.retrans_timer', 'uint32', when(ra, u32At(12))),
  icmp('nd.ns.target_address', 'ipv6', when(ns, bytesAt(8, 16))),
  icmp('nd.na.flag.r', 'boolean', when(na, u8At(4, 7, 1))),
  icmp('nd.na.flag.s', 'boolean', when(na, u8At(4, 6, 1))),
  icmp('nd.na.flag.o', 'boolean', when(na, u8At(4, 5, 1))),
  icmp('nd.na.target_address', 'ipv6', when(na, bytesAt(8, 16))),
  icmp('nd.rd.target_address', 'ipv6', when(redirect, bytesAt(8, 16))),
  icmp('rd.na.destination_address', 'ipv6', when(redirect, bytesAt(24, 16))),
  icmp(
    'opt.type',
    'uint8',
    options((b, at, _end, out) => out.push(b[at])),
  ),
  icmp(
    'opt.length',
    'uint8',
    options((b, at, _end, out) => out.push(b[at + 1])),
  ),
  icmp('opt.linkaddr', 'bytes', linkAddress(1, 2)),
  icmp('opt.src_linkaddr', 'bytes', linkAddress(1)),
  icmp('opt.target_linkaddr', 'bytes', linkAddress(2)),
  prefix('prefix.length', 'uint8', (b, at) => b[at + 2]),
  prefix('prefix.flag.l', 'boolean', (b, at) => b[at + 3] >> 7),
  prefix('prefix.flag.a', 'boolean', (b, at) => (b[at + 3] >> 6) & 1),
  prefix('prefix.valid_lifetime', 'uint32', (b, at) => u32(b, at + 4)),
  prefix('prefix.preferred_lifetime', 'uint32', (b, at) => u32(b, at + 8)),
  prefix('prefix', 'ipv6', (b, at) => b.subarray(at + 16, at + 32)),
  inOption('mtu', 'uint32', 5, (b, at) => u32(b, at + 4)),
  inOption('nonce', 'bytes', 14, (b, at) => b.subarray(at + 2, at + 8 * b[at + 1])),
  inOption('rdnss.lifetime', 'uint32', 25, (b, at) => u32(b, at + 4)),
  icmp(
    'opt.rdnss',
    'ipv6',
    options((b, at, end, out) => {
      if (b[at] === 25) for (let i = at + 8; i + 16 <= end; i += 16) out.push(b.subarray(i, i + 16))
    }),
  ),
  inOption('dnssl.lifetime', 'uint32', 31, (b, at) => u32(b, at + 4)),
  icmp('mld.maximum_response_delay', 'uint16', when(query1, u16At(4))),
  icmp('mld.maximum_response_code', 'uint16', when(query2, u16At(4))),
  icmp(
    'mld.multicast_address',
    'ipv6',
    when((b, layer) => query1(b, layer) || query2(b, layer), bytesAt(8, 16)),
  ),
  icmp('mld.flag.s', 'boolean', when(query2, u8At(24, 3, 1))),
  icmp('mld.flag.qrv', 'uint8', when(query2, u8At(24, 0, 7))),
  icmp('mld.qqi', 'uint8', when(query2, u8At(25))),
  icmp('mld.nb_sources', 'uint16', when(query2, u16At(26))),
  icmp('mldr.nb_mcast_records', 'uint16', when(report, u16At(6))),
  icmp(
    'mldr.mar.record_type',
    'uint8',
    records((b, at, out) => out.push(b[at])),
  ),
  icmp(
    'mldr.mar.nb_sources',
    'uint16',
    records((b, at, out) => out.push(u16(b, at + 2))),
  ),
  icmp(
    'mldr.mar.multicast_address',
    'ipv6',
    records((b, at, out) => out.push(b.subarray(at + 4, at + 20))),
  ),
]
