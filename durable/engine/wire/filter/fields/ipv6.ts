// As much of IPv6 and ICMPv6 as hosts say by themselves: neighbour and router discovery, echo.
import { both, bytesAt, type Field, field, type Layer, P, protocol, type Read, u8At, u16At, when } from '../field.ts'
import { IP_PROTOCOLS } from './names.ts'

const typeIs =
  (...types: readonly number[]) =>
  (b: Uint8Array, { at }: Layer): boolean =>
    types.includes(b[at])
const echo = typeIs(128, 129)

/** Where the options of a discovery message begin (RFC 4861 section 4). */
const OPTIONS_AT = new Map([
  [133, 8],
  [134, 16],
  [135, 24],
  [136, 24],
])

/** Visits the options: type, and where the whole of it begins and ends. */
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

export const ipv6: readonly Field[] = [
  protocol('ipv6', P.ipv6),
  field('ipv6.version', 'uint8', P.ipv6, u8At(0, 4)),
  field('ipv6.plen', 'uint16', P.ipv6, u16At(4)),
  field('ipv6.nxt', 'uint8', P.ipv6, u8At(6), IP_PROTOCOLS),
  field('ipv6.hlim', 'uint8', P.ipv6, u8At(7)),
  field('ipv6.src', 'ipv6', P.ipv6, bytesAt(8, 16)),
  field('ipv6.dst', 'ipv6', P.ipv6, bytesAt(24, 16)),
  field('ipv6.addr', 'ipv6', P.ipv6, both(bytesAt(8, 16), bytesAt(24, 16))),
]

export const icmpv6: readonly Field[] = [
  protocol('icmpv6', P.icmpv6),
  field('icmpv6.type', 'uint8', P.icmpv6, u8At(0)),
  field('icmpv6.code', 'uint8', P.icmpv6, u8At(1)),
  field('icmpv6.checksum', 'uint16', P.icmpv6, u16At(2)),
  field('icmpv6.echo.identifier', 'uint16', P.icmpv6, when(echo, u16At(4))),
  field('icmpv6.echo.sequence_number', 'uint16', P.icmpv6, when(echo, u16At(6))),
  field('icmpv6.nd.ns.target_address', 'ipv6', P.icmpv6, when(typeIs(135), bytesAt(8, 16))),
  field('icmpv6.nd.na.target_address', 'ipv6', P.icmpv6, when(typeIs(136), bytesAt(8, 16))),
  field('icmpv6.nd.ra.router_lifetime', 'uint16', P.icmpv6, when(typeIs(134), u16At(6))),
  field(
    'icmpv6.opt.type',
    'uint8',
    P.icmpv6,
    options((b, at, _end, out) => out.push(b[at])),
  ),
  field('icmpv6.opt.linkaddr', 'bytes', P.icmpv6, linkAddress(1, 2)),
  field('icmpv6.opt.src_linkaddr', 'bytes', P.icmpv6, linkAddress(1)),
  field('icmpv6.opt.target_linkaddr', 'bytes', P.icmpv6, linkAddress(2)),
]
