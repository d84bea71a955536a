// DHCP guard and router guard (fact sheet 4.11): what a virtual machine may not send, being no server and no router.
import { u16 } from '../../wire/bytes.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import type { Flow } from './flow.ts'

const BOOTREPLY = 2
const DHCP_SERVER = 67
const DHCP6_SERVER = 547
const DHCP6_ADVERTISE = 2
const DHCP6_REPLY = 7
const DHCP6_RECONFIGURE = 10
const UDP_HEADER = 8

const ICMP_REDIRECT = 5
const ICMP_ROUTER = 9
const ICMP6 = 58
const ICMP6_ROUTER = 134
const ICMP6_REDIRECT = 137

/** Whether this is the word of a DHCP server: OFFER, ACK or NAK, or its like of DHCPv6. */
export function isDhcpServerMessage({ ip, protocol, srcPort, at }: Flow, b: Uint8Array): boolean {
  const payload = at + UDP_HEADER
  if (protocol !== ipv4.UDP || at < 0 || payload >= b.length || u16(b, at + 4) <= UDP_HEADER) return false
  const first = b[payload]
  if (ip === 4) return srcPort === DHCP_SERVER && first === BOOTREPLY
  return srcPort === DHCP6_SERVER && (first === DHCP6_ADVERTISE || first === DHCP6_REPLY || first === DHCP6_RECONFIGURE)
}

/** Whether this is the word of a router: an advertisement or a redirect. */
export function isRouterMessage({ ip, protocol, at }: Flow, b: Uint8Array): boolean {
  if (at < 0) return false
  const type = b[at]
  if (ip === 4) return protocol === ipv4.ICMP && (type === ICMP_REDIRECT || type === ICMP_ROUTER)
  return protocol === ICMP6 && (type === ICMP6_ROUTER || type === ICMP6_REDIRECT)
}
