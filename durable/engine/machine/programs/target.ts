// What ping, trace and tcp-connect share: from a name or number to an address.
import type { Interface } from '../../ip/interface.ts'
import { sortDestinations } from '../../ip/v6/select-destination.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import { reverseName } from '../../service/dns-local-names.ts'
import { formatAddress, type IpAddress, isLinkLocalIp6, parseIp, parseIp6, parseScopedIp6 } from '../../wire/addresses.ts'
import type { ProcessHost } from '../program.ts'

export { reverseName }

/** `scope`: index of the interface that a link-local address belongs to, 0 = none was named. */
export type Target = { address: IpAddress; scope: number; name: string; canonical: string }

export type Family = 4 | 6

/** Begins to resolve: answers the target at once when it is a number, else undefined and `resolved` will be called. */
export function beginTarget(host: ProcessHost, text: string, family?: Family): Target | undefined {
  const ip = parseIp(text)
  if (ip !== undefined && family !== 6) return { address: ip, scope: 0, name: text, canonical: '' }
  const scoped = family === 4 ? undefined : parseScopedIp6(text)
  if (scoped !== undefined) {
    const scope = scoped.zone === '' ? 0 : zoneIndex(host, scoped.zone)
    if (scope !== undefined) return { address: scoped.ip, scope, name: text, canonical: '' }
    if (!host.restoring) unresolved(host, text, false)
    return undefined
  }
  if (!host.restoring) host.dns.lookupAddresses(text, family, host.owner, 0)
  return undefined
}

/** A zone is an index in Windows and a name in Linux, which takes the number too (RFC 4007 section 11.2). */
export function zoneIndex(host: ProcessHost, zone: string): number | undefined {
  const found: Interface | undefined = /^\d+$/.test(zone) ? host.stack.interfaces.get(Number(zone)) : host.stack.byName(zone)
  return found?.index
}

function unresolved(host: ProcessHost, name: string, temporary: boolean): undefined {
  host.emit({ kind: 'unresolved', name, temporary })
  host.exit(1)
  return undefined
}

/** What the resolver found, best address first (RFC 6724); undefined after an `unresolved` event and the end of the program. */
export function targetFrom(host: ProcessHost, text: string, result: LookupResult): Target | undefined {
  if ('failure' in result) return unresolved(host, text, result.failure !== 'not-found')
  const found: IpAddress[] = []
  for (const record of result.records) {
    if (record.type === 'A') found.push(record.address)
    const ip = record.type === 'AAAA' ? parseIp6(record.address) : undefined
    if (ip !== undefined) found.push(ip)
  }
  const address = found.length > 1 ? sortDestinations(host.stack, found)[0] : found[0]
  if (address === undefined) return unresolved(host, text, false)
  return { address, scope: 0, name: text, canonical: result.canonical }
}

/** The address as a person would type it again: a link-local one with its zone. */
export function scopedText(host: ProcessHost, address: IpAddress, scope: number): string {
  const text = formatAddress(address)
  if (typeof address === 'number' || scope === 0 || !isLinkLocalIp6(address)) return text
  const via = host.stack.interfaces.get(scope)
  return `${text}%${host.stack.profile.name === 'windows' ? scope : (via?.name ?? scope)}`
}

export const started = (host: ProcessHost, target: Target): void =>
  host.emit({
    kind: 'started',
    name: target.name,
    address: scopedText(host, target.address, target.scope),
    canonical: target.canonical,
  })

/** The name that a reverse lookup found, or empty. */
export function nameFrom(result: LookupResult): string {
  if ('failure' in result) return ''
  for (const record of result.records) if (record.type === 'PTR') return record.target
  return ''
}
