import { type IpAddress, readIp6 } from '../addresses.ts'
import { u16, u32 } from '../bytes.ts'
import type { LinkLayer } from '../pcap-filter/ast.ts'

const IPV4 = 0x0800
const IPV6 = 0x86dd
const ARP = 0x0806

/** The network addresses that a packet is from and for: those that a tool would want the names of. */
export function addressesOf(bytes: Uint8Array, link: LinkLayer): IpAddress[] {
  let net = link.netAt
  let type = link.typeAt < 0 ? ((bytes[0] as number) >> 4 === 6 ? IPV6 : IPV4) : u16(bytes, link.typeAt)
  for (; type === 0x8100 && net + 4 <= bytes.length; net += 4) type = u16(bytes, net + 2)
  if (type === IPV4 && net + 20 <= bytes.length) return [u32(bytes, net + 12), u32(bytes, net + 16)]
  if (type === IPV6 && net + 40 <= bytes.length) return [readIp6(bytes, net + 8), readIp6(bytes, net + 24)]
  if (type === ARP && net + 28 <= bytes.length) return [u32(bytes, net + 14), u32(bytes, net + 24)]
  return []
}
