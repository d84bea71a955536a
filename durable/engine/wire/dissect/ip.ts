// IPv4, and as much of IPv6 as hosts say by themselves.
import { formatIp, formatIp6, readIp6 } from '../addresses.ts'
import { u16, u32 } from '../bytes.ts'
import { fold, add as sumOver } from '../checksum.ts'
import * as ipv4 from '../ipv4.ts'
import * as ipv6 from '../ipv6.ts'
import { add, broken, type Context, data, field, hex16, layer, protocol } from './context.ts'
import { dissectWhole, reassemble } from './fragments.ts'

const PROTOCOL_NAMES = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [47, 'Generic Routing Encapsulation'],
  [50, 'Encap Security Payload'],
  [58, 'ICMPv6'],
])
const protocolName = (n: number): string => PROTOCOL_NAMES.get(n) ?? 'Unknown'

/** "0x1234 [correct]", or what it should have been. */
export function checksumText(b: Uint8Array, sumAt: number, acc: number, from: number, to: number): string {
  const stored = u16(b, sumAt)
  const rest = fold(sumOver(acc, b, from, to))
  if (rest === 0) return `${hex16(stored)} [correct]`
  // The stored value taken out of the sum gives the right one.
  const right = fold((~rest & 0xffff) + (~stored & 0xffff))
  return `${hex16(stored)} [incorrect, should be ${hex16(right)}]`
}

function header(c: Context, at: number, headerLen: number): void {
  const { b } = c
  const l = layer(c, 'Internet Protocol Version 4', at, at + headerLen)
  add(l, 'Version', b[at] >> 4, at, 1)
  add(l, 'Header length', `${headerLen} bytes`, at, 1)
  add(l, 'Differentiated services', `0x${b[at + 1].toString(16).padStart(2, '0')}`, at + 1, 1)
  add(l, 'Total length', ipv4.totalLen(b, at), at + 2, 2)
  add(l, 'Identification', `${hex16(ipv4.id(b, at))} (${ipv4.id(b, at)})`, at + 4, 2)
  const bits = [ipv4.dontFragment(b, at) ? "Don't fragment" : '', ipv4.moreFragments(b, at) ? 'More fragments' : '']
  add(l, 'Flags', bits.filter((s) => s !== '').join(', ') || 'none', at + 6, 1)
  add(l, 'Fragment offset', ipv4.fragmentOffset(b, at), at + 6, 2)
  add(l, 'Time to live', ipv4.ttl(b, at), at + 8, 1)
  add(l, 'Protocol', `${protocolName(b[at + 9])} (${b[at + 9]})`, at + 9, 1)
  add(l, 'Header checksum', checksumText(b, at + 10, 0, at, at + headerLen), at + 10, 2)
  add(l, 'Source address', formatIp(ipv4.src(b, at)), at + 12, 4)
  add(l, 'Destination address', formatIp(ipv4.dst(b, at)), at + 16, 4)
  if (headerLen > ipv4.HEADER_LEN) add(l, 'Options', `${headerLen - ipv4.HEADER_LEN} bytes`, at + 20, headerLen - 20)
}

export function dissectIpv4(c: Context, at: number, end: number): void {
  const { b, columns } = c
  if (!c.quoted) protocol(c, 'IPv4', '')
  const checked = ipv4.check(b, at, end)
  const headerLen = end > at ? ipv4.headerLen(b, at) : 0
  const cut = c.quoted && checked === 'ipv4: bad total length'
  if (checked !== true && !cut) return broken(c, checked, at, end)
  header(c, at, headerLen)
  columns.source = formatIp(ipv4.src(b, at))
  columns.destination = formatIp(ipv4.dst(b, at))
  c.ip = { src: ipv4.src(b, at), dst: ipv4.dst(b, at) }
  c.ttl = ipv4.ttl(b, at)
  const stop = Math.min(end, at + ipv4.totalLen(b, at))
  const number = ipv4.protocol(b, at)
  const dataAt = at + headerLen
  const offset = ipv4.fragmentOffset(b, at)
  const fragment = offset > 0 || ipv4.moreFragments(b, at)
  const whole =
    fragment && !c.quoted && stop <= c.kept && c.memory !== undefined ? reassemble(c.memory, b, at, dataAt, stop) : undefined
  if (whole !== undefined) {
    if (!dissectWhole(c, number, whole, dataAt, stop)) protocol(c, 'IPv4', `${protocolName(number)} (${number})`)
  } else if (offset > 0 || (fragment && c.memory !== undefined)) {
    const off = `off=${offset}, ID=${hex16(ipv4.id(b, at)).slice(2)}`
    protocol(c, 'IPv4', `Fragmented IP protocol (proto=${protocolName(number)} ${number}, ${off})`)
    data(c, dataAt, stop)
  } else {
    // A first fragment by itself is shown as what it begins, but it is not whole.
    const outer = c.quoted
    c.quoted = outer || fragment
    if (!c.next(c, 'ip-protocol', number, dataAt, stop)) {
      protocol(c, 'IPv4', `${protocolName(number)} (${number})`)
      data(c, dataAt, stop)
    }
    c.quoted = outer
  }
  if (!c.quoted && !ipv4.checksumOk(b, at)) broken(c, 'ipv4: bad checksum', at, at + headerLen)
  if (end > stop) layer(c, 'Padding', stop, end).fields.push(field('Length', end - stop, stop, end))
}

export function dissectIpv6(c: Context, at: number, end: number): void {
  const { b, columns } = c
  if (!c.quoted) protocol(c, 'IPv6', '')
  if (end - at < 40 || b[at] >> 4 !== 6) return broken(c, 'ipv6: bad header', at, end)
  const source = formatIp6(readIp6(b, at + 8))
  const destination = formatIp6(readIp6(b, at + 24))
  const l = layer(c, 'Internet Protocol Version 6', at, at + 40)
  add(l, 'Traffic class and flow label', `0x${(u32(b, at) & 0xfffffff).toString(16)}`, at, 4)
  add(l, 'Payload length', u16(b, at + 4), at + 4, 2)
  add(l, 'Next header', `${protocolName(b[at + 6])} (${b[at + 6]})`, at + 6, 1)
  add(l, 'Hop limit', b[at + 7], at + 7, 1)
  add(l, 'Source address', source, at + 8, 16)
  add(l, 'Destination address', destination, at + 24, 16)
  Object.assign(columns, { source, destination })
  c.ip = { src: readIp6(b, at + 8), dst: readIp6(b, at + 24) }
  c.ttl = b[at + 7]
  const stop = Math.min(end, at + 40 + u16(b, at + 4))
  const upper = ipv6.walk(b, at, stop)
  if (typeof upper === 'string') return broken(c, upper, at, end)
  const { fragment, from, protocol: number } = upper
  extensions(c, at, fragment < 0 ? from : fragment)
  if (fragment >= 0) {
    const offset = ipv6.fragmentOffset(b, fragment)
    const piece = layer(c, 'Fragment header for IPv6', fragment, fragment + 8)
    add(piece, 'Next header', `${protocolName(number)} (${number})`, fragment, 1)
    add(piece, 'Offset', offset, fragment + 2, 2)
    add(piece, 'More fragments', ipv6.moreFragments(b, fragment) ? 'yes' : 'no', fragment + 3, 1)
    add(piece, 'Identification', `0x${ipv6.fragmentId(b, fragment).toString(16).padStart(8, '0')}`, fragment + 4, 4)
    protocol(c, 'IPv6', `IPv6 fragment (off=${offset} more=${ipv6.moreFragments(b, fragment) ? 'y' : 'n'} nxt=${number})`)
    return data(c, from, stop)
  }
  if (c.next(c, 'ip-protocol', number, from, stop)) return
  protocol(c, 'IPv6', `${protocolName(number)} (${number})`)
  data(c, from, stop)
}

/** The headers between the first one and what they carry. */
function extensions(c: Context, at: number, until: number): void {
  const { b } = c
  let number = b[at + 6]
  for (let i = at + 40; i + 2 <= until; ) {
    const size = number === ipv6.AUTHENTICATION ? (b[i + 1] + 2) * 4 : number === ipv6.FRAGMENT ? 8 : 8 + 8 * b[i + 1]
    layer(c, EXTENSIONS[number] ?? 'IPv6 extension header', i, Math.min(until, i + size))
    number = b[i]
    i += size
  }
}

const EXTENSIONS: { readonly [number: number]: string } = {
  [ipv6.HOP_BY_HOP]: 'IPv6 hop-by-hop options',
  [ipv6.ROUTING]: 'Routing header for IPv6',
  [ipv6.DESTINATION]: 'Destination options for IPv6',
  [ipv6.AUTHENTICATION]: 'Authentication header',
  [ipv6.FRAGMENT]: 'Fragment header for IPv6',
}
