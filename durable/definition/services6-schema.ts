import { z } from 'zod'
import { adapterName, cidr6, domainName, ip6 } from './names.ts'
import { duration } from './units.ts'

const DAY = 86_400_000_000

export const routerAdvertisement = z
  .strictObject({
    adapter: adapterName.describe('where it is said; the adapter has a fixed IPv6 address, and the machine forwards'),
    prefixes: z.array(cidr6).max(8).default([]).describe('prefixes to make addresses of; default: the network of the adapter'),
    valid: duration(365 * DAY)
      .default(DAY)
      .describe('how long an address made of a prefix lives; default 24h'),
    preferred: duration(365 * DAY)
      .default(DAY / 6)
      .describe('how long it is used for new connections; default 4h'),
    lifetime: duration(9_000_000_000)
      .default(1_800_000_000)
      .describe('how long it counts as a way out, at most 150m; 0s: not at all; default 30m'),
    managed: z.boolean().default(false).describe('addresses are to be asked for by DHCPv6'),
    other: z.boolean().default(false).describe('other settings are to be asked for by DHCPv6'),
    dnsServers: z
      .array(ip6)
      .max(4)
      .default([])
      .describe('default: the address of the adapter when the machine is a DNS server, else none'),
    domain: domainName.optional().describe('search domain'),
  })
  .describe('What a router says about IPv6 on a network (RFC 4861, RFC 8106)')

export const dhcpv6Server = z
  .strictObject({
    adapter: adapterName,
    first: ip6.optional().describe('first address to give; without one it gives settings only'),
    last: ip6.optional(),
    lease: duration(365 * DAY)
      .default(DAY)
      .describe('default 24h'),
    dnsServers: z.array(ip6).max(4).optional().describe('default: the address of the adapter when the machine is a DNS server'),
    domain: domainName.optional(),
  })
  .describe('A DHCPv6 server on one adapter (RFC 8415)')

export const ipv6Firewall = z
  .strictObject({ inside: z.array(adapterName).min(1).max(8), outside: adapterName })
  .describe('IPv6 is not translated; what begins outside is kept out (RFC 6092)')
