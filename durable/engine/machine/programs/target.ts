// What ping, trace and tcp-connect share: from a name or number to an address.
import type { LookupResult } from '../../service/dns-client.ts'
import { formatIp, parseIp } from '../../wire/addresses.ts'
import type { ProcessHost } from '../program.ts'

export type Target = { address: number; name: string; canonical: string }

/** Begins to resolve: answers the target at once when it is a number, else undefined and `resolved` will be called. */
export function beginTarget(host: ProcessHost, text: string): Target | undefined {
  const ip = parseIp(text)
  if (ip !== undefined) return { address: ip, name: text, canonical: '' }
  if (!host.restoring) host.dns.lookup(text, 'A', host.owner, 0)
  return undefined
}

/** What the resolver found; undefined after an `unresolved` event and the end of the program. */
export function targetFrom(host: ProcessHost, text: string, result: LookupResult): Target | undefined {
  if ('failure' in result) {
    host.emit({ kind: 'unresolved', name: text, temporary: result.failure !== 'not-found' })
    host.exit(1)
    return undefined
  }
  for (const record of result.records)
    if (record.type === 'A') return { address: record.address, name: text, canonical: result.canonical }
  host.emit({ kind: 'unresolved', name: text, temporary: false })
  host.exit(1)
  return undefined
}

export const started = (host: ProcessHost, target: Target): void =>
  host.emit({ kind: 'started', name: target.name, address: formatIp(target.address), canonical: target.canonical })

/** PTR name of an address, as in-addr.arpa wants it (RFC 1035 section 3.5). */
export const reverseName = (ip: number): string =>
  `${ip & 255}.${(ip >>> 8) & 255}.${(ip >>> 16) & 255}.${ip >>> 24}.in-addr.arpa`

/** The name that a reverse lookup found, or empty. */
export function nameFrom(result: LookupResult): string {
  if ('failure' in result) return ''
  for (const record of result.records) if (record.type === 'PTR') return record.target
  return ''
}
