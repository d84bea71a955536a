import { z } from 'zod'
import { parseIp, parseIp6 } from '../engine/wire/addresses.ts'
import { adapterName, anyIp, domainName, ip, mac, named, shownName, text } from './names.ts'
import { duration } from './units.ts'

const RECORD_TYPES = ['A', 'AAAA', 'NS', 'CNAME', 'PTR', 'MX', 'TXT', 'SOA', 'SRV'] as const
const RECORD = /^(\S+)\s+(?:(\d{1,7})\s+)?([A-Z]+)\s+(\S.*)$/

/** One line of a zone: `www A 203.0.113.10`, with a TTL in seconds between name and type where it is not 300. */
const zoneRecord = z
  .string()
  .max(512)
  .transform((line, context) => {
    const [, name, ttl, type, value] = RECORD.exec(line) ?? []
    const fault = (message: string) => {
      context.issues.push({ code: 'custom', message, input: line })
      return z.NEVER
    }
    if (name === undefined) return fault('must be `name type value` or `name ttl type value`, such as `www A 203.0.113.10`')
    if (!RECORD_TYPES.includes(type as (typeof RECORD_TYPES)[number]))
      return fault(`has the type ${type}; known are ${RECORD_TYPES.join(', ')}`)
    if (type === 'A' && parseIp(value) === undefined) return fault(`has no IPv4 address as value: ${value}`)
    if (type === 'AAAA' && parseIp6(value) === undefined) return fault(`has no IPv6 address as value: ${value}`)
    return { name, ttl: Number(ttl ?? 300), type, value: value.trim() }
  })

export const zone = z
  .array(zoneRecord)
  .max(2_000)
  .describe(
    'One record a line: `name [ttl] type value`. Names are relative to the zone, "@" is the zone itself, a name that ends with a dot is whole. ' +
      'Names in values (NS, CNAME, PTR, MX) are always whole.',
  )

export const dns = z
  .strictObject({
    mode: z
      .enum(['authority', 'resolver', 'forwarder'])
      .describe(
        'authority: answers for its zones; resolver: walks the tree from the root servers; forwarder: passes questions on',
      ),
    upstream: z
      .array(anyIp)
      .max(8)
      .default([])
      .describe('forwarder: whom to ask, none = the DNS servers of the machine itself; resolver: the root servers'),
    zones: named(
      z.string().regex(/^(\.|[A-Za-z0-9_][A-Za-z0-9_.-]{0,252})$/, 'must be a domain name, or "." for the root'),
      zone,
      64,
    ).default({}),
    localDomain: domainName.optional().describe('forwarder: names of its DHCP clients are answered under this domain'),
  })
  .describe('A DNS server')

const page = z.union([
  z.string().max(65_536),
  z.strictObject({
    type: text(100).optional().describe('media type; default: by the end of the path'),
    body: z.string().max(65_536).default(''),
    redirect: text(500).optional().describe('where the page has gone'),
  }),
])

export const http = z
  .strictObject({
    port: z.int().min(1).max(65_535).default(80),
    server: text(80).default('').describe('what it calls itself; default: as the usual server of the system does'),
    pages: named(z.string().regex(/^\/[!-~]{0,255}$/, 'must be a path that begins with /'), page, 64)
      .default({})
      .describe(
        'path: text, or `body`, `type` and `redirect`. Without pages there is a welcome at /, and /10MiB or /5000 answer that many octets',
      ),
  })
  .describe('A web server (HTTP/1.1)')

export const ssh = z
  .strictObject({
    port: z.int().min(1).max(65_535).default(22),
    software: z
      .string()
      .regex(/^[!-,.-~]+( [!-~ ]{0,80})?$/, 'must be a software version as RFC 4253 wants it, such as OpenSSH_9.6p1')
      .default('OpenSSH_9.6p1 Ubuntu-3ubuntu13.14'),
  })
  .describe('The beginning of an SSH server: it says who it is; key exchange is not simulated')

export const dhcpServer = z
  .strictObject({
    adapter: adapterName.describe('it serves the network of this adapter'),
    first: ip,
    last: ip,
    lease: duration(365 * 86_400_000_000)
      .default(86_400_000_000)
      .describe('default 24h'),
    router: ip.optional().describe('default: the address of the adapter'),
    dnsServers: z
      .array(ip)
      .max(4)
      .optional()
      .describe('default: the address of the adapter when the machine is a DNS server, else none'),
    domain: domainName.optional(),
    reservations: z
      .array(z.strictObject({ mac, address: ip }))
      .max(64)
      .default([]),
  })
  .describe('A DHCP server on one adapter')

export const nat = z
  .strictObject({
    inside: z.array(adapterName).min(1).max(8),
    outside: adapterName,
    filtering: z
      .enum(['endpoint-independent', 'address-dependent', 'address-and-port-dependent'])
      .default('address-dependent')
      .describe(
        'who outside may answer to a mapped port: anybody, any port of whom the inside sent to, or only that very port (RFC 4787)',
      ),
    hairpin: z.boolean().default(true).describe('whether the inside reaches itself by the outside address'),
    forwards: z
      .array(
        z.strictObject({
          protocol: z.enum(['tcp', 'udp']),
          port: z.int().min(1).max(65_535).describe('outside'),
          to: ip.describe('address inside'),
          toPort: z.int().min(1).max(65_535).optional().describe('default: the same port'),
        }),
      )
      .max(64)
      .default([])
      .describe('ports that are forwarded to the inside'),
  })
  .describe('Address and port translation from the inside adapters to the address of the outside one')

export const vpnServer = z
  .strictObject({
    address: ip.describe('its own address on every tunnel'),
    first: ip.describe('first address for clients'),
    last: ip,
    dnsServers: z.array(ip).max(4).default([]),
    users: named(shownName, text(64), 32).describe('account: password'),
  })
  .describe('An L2TP server that computers dial into')

export const vpn = z
  .strictObject({
    server: z.string().min(1).max(253).describe('name or address'),
    user: shownName,
    password: text(64),
    suffix: domainName.optional().describe('DNS suffix of the connection'),
  })
  .describe('A VPN connection that the computer can dial')
