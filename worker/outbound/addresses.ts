import ipaddr from 'ipaddr.js'

// Where an address leads. What other organisations' people type in as an address must not lead into a network of ours.

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Prefixes that embed an IPv4 address, or stay within a site, and that the library's names do not cover. */
const INNER: readonly (readonly [ipaddr.IPv6, number])[] = [
  // 6to4 and NAT64: whatever they embed is reached through a relay (RFC 3056, 6052, 8215).
  [ipaddr.IPv6.parse('2002::'), 16],
  [ipaddr.IPv6.parse('64:ff9b::'), 96],
  [ipaddr.IPv6.parse('64:ff9b:1::'), 48],
  // IPv4-compatible, and the old site-local (RFC 4291, 3879).
  [ipaddr.IPv6.parse('::'), 96],
  [ipaddr.IPv6.parse('fec0::'), 10],
]

/** The address that a text is: also one of the old ways to write IPv4, which the URL parser has made plain before. */
export const parseAddress = (text: string): Address | undefined => {
  const bare = text.replace(/^\[(.*)\]$/, '$1')
  return ipaddr.isValid(bare) ? ipaddr.parse(bare) : undefined
}

export const isLoopback = (address: Address): boolean => address.range() === 'loopback'

/** Anything but unicast of the public Internet: private, loopback, link-local (with the metadata services), multicast, reserved. */
export function isPublic(address: Address): boolean {
  if (address instanceof ipaddr.IPv6) {
    if (address.isIPv4MappedAddress()) return isPublic(address.toIPv4Address())
    if (INNER.some(([prefix, bits]) => address.match(prefix, bits))) return false
  }
  return address.range() === 'unicast'
}
