// Names that a machine knows by itself: its own, and those of the hosts file.
import type { Stack } from '../ip/stack.ts'
import { formatIp, type Ip4, parseIp } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import type { DnsCacheRow } from './dns-client-cache.ts'
import type { LookupResult } from './dns-lookup.ts'
import type { PlainRecord } from './dns-stored.ts'

export type HostsEntry = { readonly ip: Ip4; readonly names: readonly string[] }

const LOOPBACK: Ip4 = 0x7f000001
/** The time to live that Windows shows for names of the hosts file. */
const HOSTS_TTL = 604800

/** The name under in-addr.arpa (RFC 1035 section 3.5). */
export const reverseName = (ip: Ip4): string => `${ip & 255}.${(ip >>> 8) & 255}.${(ip >>> 16) & 255}.${ip >>> 24}.in-addr.arpa`

export function addressOfReverse(name: string): Ip4 | undefined {
  const m = /^([\d.]+)\.in-addr\.arpa$/i.exec(name)
  return m === null ? undefined : parseIp(m[1].split('.').reverse().join('.'))
}

/** The machine's own names and addresses. */
export function ownName(stack: Stack, ownNames: readonly string[], name: string, type: string): LookupResult | undefined {
  const reverse = type === 'PTR' ? addressOfReverse(name) : undefined
  if (reverse !== undefined) {
    const own = reverse >>> 24 === 127 ? 'localhost' : stack.ownerOf(reverse) === undefined ? undefined : ownNames[0]
    return own === undefined
      ? undefined
      : { source: 'local', canonical: name, records: [{ name, ttl: 0, type: 'PTR', target: own }] }
  }
  const loopback = /^(.*\.)?localhost\.?$/i.test(name)
  const own = loopback ? name : ownNames.find((known) => dns.sameName(known, name))
  if (own === undefined) return undefined
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
  const records: PlainRecord[] =
    type === 'A' ? found.map((e) => ({ name: canonical, ttl: HOSTS_TTL, type: 'A', address: e.ip })) : []
  return { source: 'hosts', canonical, records }
}

/** Windows loads the hosts file into its cache, both ways. */
export function hostsRows(entries: readonly HostsEntry[], expiresAt: number): DnsCacheRow[] {
  return entries.flatMap(({ ip, names }) => {
    const shown = { expiresAt, found: true }
    const reverse = reverseName(ip)
    const forward = names.map((name) => ({ entry: name, name, type: 'A', data: formatIp(ip), ...shown }))
    return names.length === 0 ? [] : [...forward, { entry: reverse, name: reverse, type: 'PTR', data: names[0], ...shown }]
  })
}

export const HOSTS_SECONDS = HOSTS_TTL
