// Names that a machine knows by itself: its own, and those of the hosts file.
import type { Stack } from '../ip/stack.ts'
import {
  formatAddress,
  formatIp6,
  type Ip4,
  type Ip6,
  type IpAddress,
  ip6Bytes,
  isLinkLocalIp6,
  LOOPBACK_IP6,
  parseIp,
  readIp6,
} from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import type { DnsCacheRow } from './dns-client-cache.ts'
import type { LookupResult } from './dns-lookup.ts'
import type { PlainRecord } from './dns-stored.ts'

export type HostsEntry = { readonly ip: IpAddress; readonly names: readonly string[] }

const LOOPBACK: Ip4 = 0x7f000001
/** The time to live that Windows shows for names of the hosts file. */
const HOSTS_TTL = 604800

/** The name under in-addr.arpa or ip6.arpa (RFC 1035 section 3.5, RFC 3596 section 2.5). */
export function reverseName(ip: IpAddress): string {
  if (typeof ip === 'number') return `${ip & 255}.${(ip >>> 8) & 255}.${(ip >>> 16) & 255}.${ip >>> 24}.in-addr.arpa`
  const digits = [...ip6Bytes(ip)].flatMap((byte) => [byte >>> 4, byte & 15]).map((digit) => digit.toString(16))
  return `${digits.reverse().join('.')}.ip6.arpa`
}

export function addressOfReverse(name: string): IpAddress | undefined {
  const m = /^([\d.]+)\.in-addr\.arpa$/i.exec(name)
  if (m !== null) return parseIp(m[1].split('.').reverse().join('.'))
  const six = /^((?:[0-9a-f]\.){32})ip6\.arpa$/i.exec(name)
  if (six === null) return undefined
  const digits = six[1].split('.').reverse().join('')
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
  return readIp6(bytes, 0)
}

/** The machine's own names and addresses. */
export function ownName(stack: Stack, ownNames: readonly string[], name: string, type: string): LookupResult | undefined {
  const reverse = type === 'PTR' ? addressOfReverse(name) : undefined
  if (reverse !== undefined) {
    const loops = typeof reverse === 'number' ? reverse >>> 24 === 127 : reverse === LOOPBACK_IP6
    const owner = typeof reverse === 'number' ? stack.ownerOf(reverse) : stack.ip6?.ownerOf(reverse)
    const own = loops ? 'localhost' : owner === undefined ? undefined : ownNames[0]
    return own === undefined
      ? undefined
      : { source: 'local', canonical: name, records: [{ name, ttl: 0, type: 'PTR', target: own }] }
  }
  const loopback = /^(.*\.)?localhost\.?$/i.test(name)
  const own = loopback ? name : ownNames.find((known) => dns.sameName(known, name))
  if (own === undefined) return undefined
  if (type === 'AAAA') {
    const found = loopback && stack.ip6 !== undefined ? [LOOPBACK_IP6] : ownAddresses6(stack)
    const records = found.map((ip) => ({ name: own, ttl: 0, type: 'AAAA' as const, address: formatIp6(ip) }))
    return { source: 'local', canonical: own, records }
  }
  if (type !== 'A') return { source: 'local', canonical: own, records: [] }
  const addresses = loopback ? [LOOPBACK] : ownAddresses(stack)
  return { source: 'local', canonical: own, records: addresses.map((address) => ({ name: own, ttl: 0, type, address })) }
}

/** Best interface first; a machine without an address still has loopback. */
function ownAddresses(stack: Stack): Ip4[] {
  const found = [...stack.interfaces.values()]
    .filter((via) => via.kind !== 'loopback' && via.up)
    .sort((a, b) => a.metric - b.metric)
    .flatMap((via) => via.addresses.filter((a) => a.state === 'preferred').map((a) => a.ip))
  return found.length === 0 ? [LOOPBACK] : found
}

/** Global addresses: a link-local one means nothing without its zone. */
function ownAddresses6(stack: Stack): Ip6[] {
  return [...(stack.ip6?.interfaces.values() ?? [])]
    .filter((i6) => i6.via.kind !== 'loopback' && i6.via.up)
    .sort((a, b) => a.via.metric - b.via.metric)
    .flatMap((i6) => i6.addresses.filter((a) => a.state === 'preferred' && !isLinkLocalIp6(a.ip)).map((a) => a.ip))
}

export function hostsName(entries: readonly HostsEntry[], name: string, type: string): LookupResult | undefined {
  if (type === 'PTR') {
    const ip = addressOfReverse(name)
    const entry = entries.find((e) => e.ip === ip && e.names.length > 0)
    if (entry === undefined) return undefined
    return { source: 'hosts', canonical: name, records: [{ name, ttl: HOSTS_TTL, type, target: entry.names[0] }] }
  }
  const found = entries.filter((e) => e.names.some((known) => dns.sameName(known, name)))
  if (found.length === 0) return undefined
  const canonical = found[0].names[0]
  const records: PlainRecord[] = []
  for (const { ip } of found) {
    if (typeof ip === 'number') {
      if (type === 'A') records.push({ name: canonical, ttl: HOSTS_TTL, type, address: ip })
    } else if (type === 'AAAA') records.push({ name: canonical, ttl: HOSTS_TTL, type, address: formatIp6(ip) })
  }
  return { source: 'hosts', canonical, records }
}

/** Windows loads the hosts file into its cache, both ways. */
export function hostsRows(entries: readonly HostsEntry[], expiresAt: number): DnsCacheRow[] {
  return entries.flatMap(({ ip, names }) => {
    const shown = { expiresAt, found: true }
    const reverse = reverseName(ip)
    const forward = names.map((name) => ({
      entry: name,
      name,
      type: typeof ip === 'number' ? 'A' : 'AAAA',
      data: formatAddress(ip),
      ...shown,
    }))
    return names.length === 0 ? [] : [...forward, { entry: reverse, name: reverse, type: 'PTR', data: names[0], ...shown }]
  })
}

export const HOSTS_SECONDS = HOSTS_TTL
