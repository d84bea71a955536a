// IPv6's own header, and that of fragments (RFC 8200).
import { u16, u32 } from '../../bytes.ts'
import * as ip6 from '../../ipv6.ts'
import { both, bytesAt, type Field, field, P, protocol, type Read, u8At, u16At } from '../field.ts'
import { IP_PROTOCOLS } from './names.ts'

/** Fragment headers: those that come directly, as ours do, or after others. */
const fragment =
  (take: (b: Uint8Array, at: number) => number): Read =>
  (b, { at, end }, out) => {
    if (at + ip6.HEADER_LEN > end) return
    let next = b[at + 6]
    let i = at + ip6.HEADER_LEN
    for (let n = 0; n < 8 && i + 8 <= end; n++) {
      if (next === ip6.FRAGMENT) {
        out.push(take(b, i))
        return
      }
      if (next !== ip6.HOP_BY_HOP && next !== ip6.ROUTING && next !== ip6.DESTINATION) return
      next = b[i]
      i += 8 * (b[i + 1] + 1)
    }
  }

export const ipv6: readonly Field[] = [
  protocol('ipv6', P.ipv6),
  field('ipv6.version', 'uint8', P.ipv6, u8At(0, 4)),
  field('ipv6.tclass', 'uint32', P.ipv6, u16At(0, 4, 0xff)),
  field('ipv6.tclass.dscp', 'uint32', P.ipv6, u16At(0, 6, 0x3f)),
  field('ipv6.tclass.ecn', 'uint32', P.ipv6, u16At(0, 4, 3)),
  field('ipv6.flow', 'uint32', P.ipv6, (b, { at, end }, out) => {
    if (at + 4 <= end) out.push(u32(b, at) & 0xfffff)
  }),
  field('ipv6.plen', 'uint16', P.ipv6, u16At(4)),
  field('ipv6.nxt', 'uint8', P.ipv6, u8At(6), IP_PROTOCOLS),
  field('ipv6.hlim', 'uint8', P.ipv6, u8At(7)),
  field('ipv6.src', 'ipv6', P.ipv6, bytesAt(8, 16)),
  field('ipv6.dst', 'ipv6', P.ipv6, bytesAt(24, 16)),
  field('ipv6.addr', 'ipv6', P.ipv6, both(bytesAt(8, 16), bytesAt(24, 16))),
  field(
    'ipv6.fraghdr.nxt',
    'uint8',
    P.ipv6,
    fragment((b, at) => b[at]),
  ),
  field(
    'ipv6.fraghdr.offset',
    'uint16',
    P.ipv6,
    fragment((b, at) => u16(b, at + 2) >> 3),
  ),
  field(
    'ipv6.fraghdr.more',
    'boolean',
    P.ipv6,
    fragment((b, at) => b[at + 3] & 1),
  ),
  field(
    'ipv6.fraghdr.ident',
    'uint32',
    P.ipv6,
    fragment((b, at) => u32(b, at + 4)),
  ),
]
