// UDP and TCP.
import { u16, u32 } from '../../bytes.ts'
import { pseudo } from '../../checksum.ts'
import * as ipv4 from '../../ipv4.ts'
import * as ipv6 from '../../ipv6.ts'
import { both, type Field, field, type Layer, P, protocol, type Read, u16At, u32At } from '../field.ts'
import { sumStatus } from './ip.ts'
import { CHECKSUM_STATES } from './names.ts'

const between =
  (number: number) =>
  (b: Uint8Array, { ip, at, end }: Layer): number =>
    b[ip] >> 4 === 6
      ? pseudo(ipv6.src(b, ip), ipv6.dst(b, ip), number, end - at)
      : pseudo(ipv4.src(b, ip), ipv4.dst(b, ip), number, end - at)

const udpStatus: Read = (b, layer, out, subject) => {
  // RFC 768: zero is "not computed".
  if (u16(b, layer.at + 6) === 0) out.push(CHECKSUM_STATES['not present'])
  else if (layer.ip >= 0 && layer.at + u16(b, layer.at + 4) === layer.end) sumStatus(between(ipv4.UDP))(b, layer, out, subject)
  else out.push(CHECKSUM_STATES['unverified'])
}

export const udp: readonly Field[] = [
  protocol('udp', P.udp),
  field('udp.srcport', 'uint16', P.udp, u16At(0)),
  field('udp.dstport', 'uint16', P.udp, u16At(2)),
  field('udp.port', 'uint16', P.udp, both(u16At(0), u16At(2))),
  field('udp.length', 'uint16', P.udp, u16At(4)),
  field('udp.checksum', 'uint16', P.udp, u16At(6)),
  field('udp.checksum.status', 'uint8', P.udp, udpStatus, CHECKSUM_STATES),
  field('udp.payload', 'bytes', P.udp, (b, { at, end }, out) => {
    if (end > at + 8) out.push(b.subarray(at + 8, end))
  }),
]

/** Octets of header, or 0 when they are not all there. */
function headerLen(b: Uint8Array, { at, end }: Layer): number {
  const n = end - at >= 20 ? (b[at + 12] >> 4) << 2 : 0
  return n >= 20 && at + n <= end ? n : 0
}

/** What the header carries, by what the packet says of its length; a quotation is cut, but its length is known. */
const payloadLen: Read = (b, layer, out) => {
  const n = headerLen(b, layer)
  if (n === 0) return
  const { ip } = layer
  out.push(ip < 0 ? layer.end - layer.at - n : Math.max(0, ip + ipv4.totalLen(b, ip) - layer.at - n))
}

/** Visits the options: kind, and where the whole of it begins and ends. */
const options =
  (take: (b: Uint8Array, at: number, end: number, out: (number | string | Uint8Array)[]) => void): Read =>
  (b, layer, out) => {
    const end = layer.at + headerLen(b, layer)
    let i = layer.at + 20
    while (i < end) {
      const size = b[i] < 2 ? 1 : i + 1 < end ? b[i + 1] : 0
      if (size === 0 || (b[i] >= 2 && size < 2) || i + size > end) return
      take(b, i, i + size, out)
      // End of option list: what follows is padding.
      if (b[i] === 0) return
      i += size
    }
  }
const option = (kind: number, size: number, take: (b: Uint8Array, at: number) => number): Read =>
  options((b, at, end, out) => {
    if (b[at] === kind && end - at === size) out.push(take(b, at))
  })

/** The whole of an option, which is there or not. */
const present = (name: string, kind: number): Field =>
  field(
    `tcp.options.${name}`,
    'protocol',
    P.tcp,
    options((b, at, end, out) => {
      if (b[at] === kind) out.push(b.subarray(at, end))
    }),
  )

const flag = (name: string, shift: number): Field => field(`tcp.flags.${name}`, 'boolean', P.tcp, u16At(12, shift, 1))

export const tcp: readonly Field[] = [
  protocol('tcp', P.tcp),
  field('tcp.srcport', 'uint16', P.tcp, u16At(0)),
  field('tcp.dstport', 'uint16', P.tcp, u16At(2)),
  field('tcp.port', 'uint16', P.tcp, both(u16At(0), u16At(2))),
  field('tcp.seq_raw', 'uint32', P.tcp, u32At(4)),
  field('tcp.ack_raw', 'uint32', P.tcp, u32At(8)),
  field('tcp.hdr_len', 'uint8', P.tcp, (b, layer, out) => {
    if (layer.end - layer.at >= 13) out.push((b[layer.at + 12] >> 4) << 2)
  }),
  field('tcp.flags', 'uint16', P.tcp, u16At(12, 0, 0xfff)),
  flag('fin', 0),
  flag('syn', 1),
  flag('reset', 2),
  flag('push', 3),
  flag('ack', 4),
  flag('urg', 5),
  flag('ece', 6),
  flag('cwr', 7),
  flag('ae', 8),
  field('tcp.flags.res', 'boolean', P.tcp, (b, layer, out) => {
    if (layer.end - layer.at >= 13) out.push((b[layer.at + 12] & 0x0e) === 0 ? 0 : 1)
  }),
  field('tcp.window_size_value', 'uint16', P.tcp, u16At(14)),
  field('tcp.checksum', 'uint16', P.tcp, u16At(16)),
  field(
    'tcp.checksum.status',
    'uint8',
    P.tcp,
    (b, layer, out, subject) => {
      if (layer.end - layer.at >= 18) sumStatus(between(ipv4.TCP))(b, layer, out, subject)
    },
    CHECKSUM_STATES,
  ),
  field('tcp.urgent_pointer', 'uint16', P.tcp, u16At(18)),
  field('tcp.len', 'uint32', P.tcp, payloadLen),
  field('tcp.payload', 'bytes', P.tcp, (b, layer, out) => {
    const n = headerLen(b, layer)
    if (n > 0 && layer.end > layer.at + n) out.push(b.subarray(layer.at + n, layer.end))
  }),
  field('tcp.options', 'bytes', P.tcp, (b, layer, out) => {
    const n = headerLen(b, layer)
    if (n > 20) out.push(b.subarray(layer.at + 20, layer.at + n))
  }),
  field(
    'tcp.option_kind',
    'uint8',
    P.tcp,
    options((b, at, _end, out) => out.push(b[at])),
  ),
  field(
    'tcp.option_len',
    'uint8',
    P.tcp,
    options((b, at, end, out) => {
      if (b[at] > 1) out.push(end - at)
    }),
  ),
  present('nop', 1),
  present('mss', 2),
  present('wscale', 3),
  present('sack_perm', 4),
  present('sack', 5),
  present('timestamp', 8),
  field(
    'tcp.options.mss_val',
    'uint16',
    P.tcp,
    option(2, 4, (b, at) => u16(b, at + 2)),
  ),
  field(
    'tcp.options.wscale.shift',
    'uint8',
    P.tcp,
    option(3, 3, (b, at) => b[at + 2]),
  ),
  field(
    'tcp.options.wscale.multiplier',
    'uint16',
    P.tcp,
    option(3, 3, (b, at) => 1 << Math.min(b[at + 2], 14)),
  ),
  field(
    'tcp.options.sack.count',
    'uint8',
    P.tcp,
    options((b, at, end, out) => {
      if (b[at] === 5 && end - at > 2 && (end - at - 2) % 8 === 0) out.push((end - at - 2) / 8)
    }),
  ),
  field(
    'tcp.options.timestamp.tsval',
    'uint32',
    P.tcp,
    option(8, 10, (b, at) => u32(b, at + 2)),
  ),
  field(
    'tcp.options.timestamp.tsecr',
    'uint32',
    P.tcp,
    option(8, 10, (b, at) => u32(b, at + 6)),
  ),
]
