// What the primitives of a capture filter test, in the order in which libpcap's code does: a load beyond the end of a packet
// rejects it, so the order shows.
import type { Ip4, Mac } from '../addresses.ts'
import { and, compare, load, masked, not, number, or, type Test } from './ast.ts'

export const IP = 0x0800
export const IP6 = 0x86dd
export const ARP = 0x0806
export const RARP = 0x8035

export type Way = 'src' | 'dst' | 'either' | 'both'

/** `shift`: octets of VLAN tags and labels that the expression has stepped over so far. */
export const etherType = (type: number, shift: number): Test => {
  const field = load('type', 0, 2, shift)
  // IEEE 802.2: what is no type is a length, and the SAP follows.
  return type > 1500 ? compare(field, '=', type) : and(compare(field, '<=', 1500), compare(load('type', 2, 1, shift), '=', type))
}

export const ipProtocol = (protocol: number, shift: number): Test =>
  and(etherType(IP, shift), compare(load('net', 9, 1, shift), '=', protocol))

/** Also behind a fragment header, as libpcap has it. */
export function ip6Protocol(protocol: number, shift: number): Test {
  const next = load('net', 6, 1, shift)
  const fragment = and(compare(next, '=', 44), compare(load('net', 40, 1, shift), '=', protocol))
  return and(etherType(IP6, shift), or(compare(next, '=', protocol), fragment))
}

export const anyProtocol = (protocol: number, shift: number): Test =>
  or(ip6Protocol(protocol, shift), ipProtocol(protocol, shift))

export const firstFragment = (shift: number): Test => compare(masked(load('net', 6, 2, shift), 0x1fff), '=', 0)

function ways(way: Way, src: Test, dst: Test): Test {
  switch (way) {
    case 'src':
      return src
    case 'dst':
      return dst
    case 'either':
      return or(src, dst)
    case 'both':
      return and(src, dst)
    default:
      way satisfies never
      return src
  }
}

function addressAt(type: number, src: number, dst: number, ip: Ip4, mask: Ip4, way: Way, shift: number): Test {
  const at = (offset: number): Test => compare(masked(load('net', offset, 4, shift), mask), '=', (ip & mask) >>> 0)
  return and(etherType(type, shift), ways(way, at(src), at(dst)))
}

export const ip4Host = (ip: Ip4, mask: Ip4, way: Way, shift: number): Test => addressAt(IP, 12, 16, ip, mask, way, shift)
export const arpHost = (type: number, ip: Ip4, mask: Ip4, way: Way, shift: number): Test =>
  addressAt(type, 14, 24, ip, mask, way, shift)

export const anyHost = (ip: Ip4, mask: Ip4, way: Way, shift: number): Test =>
  or(ip4Host(ip, mask, way, shift), arpHost(ARP, ip, mask, way, shift), arpHost(RARP, ip, mask, way, shift))

/** Four words of address and mask. */
export function ip6Host(address: readonly number[], mask: readonly number[], way: Way, shift: number): Test {
  const at = (offset: number): Test => {
    const [first, ...rest] = [3, 2, 1, 0]
      .filter((word) => (mask[word] as number) !== 0)
      .map((word) => {
        const bits = mask[word] as number
        return compare(masked(load('net', offset + 4 * word, 4, shift), bits), '=', ((address[word] as number) & bits) >>> 0)
      })
    return first === undefined ? compare(number(0), '=', 0) : and(first, ...rest)
  }
  return and(etherType(IP6, shift), ways(way, at(8), at(24)))
}

export function macHost(mac: Mac, way: Way): Test {
  const at = (offset: number): Test =>
    and(
      compare(load('frame', offset + 2, 4, 0), '=', mac % 0x100000000),
      compare(load('frame', offset, 2, 0), '=', Math.floor(mac / 0x100000000)),
    )
  return ways(way, at(6), at(0))
}

export type Transport = 'tcp' | 'udp' | 'sctp'
const NUMBERS: { readonly [name in Transport]: number } = { tcp: 6, udp: 17, sctp: 132 }

/** Ports of the first fragments of IPv4 packets, and of IPv6 packets without extension headers. */
export function ports(first: number, last: number, transport: Transport | undefined, way: Way, shift: number): Test {
  const within = (base: 'net' | 'transport', offset: number): Test => {
    const field = load(base, offset, 2, shift)
    return first === last ? compare(field, '=', first) : and(compare(field, '>=', first), compare(field, '<=', last))
  }
  const names: readonly Transport[] = transport === undefined ? ['sctp', 'tcp', 'udp'] : [transport]
  const carried = (offset: number): Test => {
    const [one, ...more] = names.map((name) => compare(load('net', offset, 1, shift), '=', NUMBERS[name]))
    return one === undefined ? compare(number(0), '=', 1) : or(one, ...more)
  }
  const six = and(etherType(IP6, shift), carried(6), ways(way, within('net', 40), within('net', 42)))
  const four = and(
    etherType(IP, shift),
    carried(9),
    firstFragment(shift),
    ways(way, within('transport', 0), within('transport', 2)),
  )
  return or(six, four)
}

export const BROADCAST = macHost(0xffffffffffff, 'dst')
export const GROUP: Test = compare(masked(load('frame', 0, 1, 0), 1), '!=', 0)

/** Any broadcast form of a network of which only the mask is known. */
export function ipBroadcast(mask: Ip4, shift: number): Test {
  const host = ~mask >>> 0
  const part = masked(load('net', 16, 4, shift), host)
  return and(etherType(IP, shift), or(compare(part, '=', 0), compare(part, '=', host)))
}

export const ipMulticast = (shift: number): Test => and(etherType(IP, shift), compare(load('net', 16, 1, shift), '>=', 224))
export const ip6Multicast = (shift: number): Test => and(etherType(IP6, shift), compare(load('net', 24, 1, shift), '=', 255))

/** A tag of IEEE 802.1Q or 802.1ad; `id` undefined: any. */
export function vlanTag(id: number | undefined, shift: number): Test {
  const type = load('type', 0, 2, shift)
  const tagged = or(compare(type, '=', 0x8100), compare(type, '=', 0x88a8), compare(type, '=', 0x9100))
  return id === undefined ? tagged : and(tagged, compare(masked(load('net', 0, 2, shift), 0x0fff), '=', id))
}

export const wireLength = (relation: '<=' | '>=', length: number): Test =>
  relation === '<='
    ? not({ kind: 'compare', relation: '>', a: { kind: 'length' }, b: number(length) })
    : { kind: 'compare', relation: '>=', a: { kind: 'length' }, b: number(length) }
