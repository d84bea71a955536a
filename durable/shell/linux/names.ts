import { parseIp } from '../../engine/wire/addresses.ts'
import { isIp6, reverseName6 } from '../ipv6.ts'
import { collect, recordsOf } from './events.ts'
import type { Got, Io, Need } from './io.ts'

export type Lookup<T> = Generator<Need, T, Got>

/** `10.163.27.172.in-addr.arpa` of 172.27.163.10; undefined when it is no address. */
export function reverseZone(address: string): string | undefined {
  if (parseIp(address) === undefined) return reverseName6(address)
  return `${address.split('.').reverse().join('.')}.in-addr.arpa`
}

/** The name that the system knows an address by, or undefined. */
export function* reverseName(io: Io, address: string): Lookup<string | undefined> {
  const zone = reverseZone(address)
  if (zone === undefined) return undefined
  const { events } = yield* collect(io, 'resolve', { name: zone, type: 'PTR' })
  for (const event of events) {
    const found = recordsOf(event, 'records').find((record) => record.type === 'PTR')
    if (found) return found.data.replace(/\.$/, '')
  }
  return undefined
}

/** A lookup that asks for each address only once. */
export function reverseNames(io: Io): (address: string) => Lookup<string | undefined> {
  const known = new Map<string, string | undefined>()
  return function* (address) {
    if (!known.has(address)) known.set(address, yield* reverseName(io, address))
    return known.get(address)
  }
}

export type Found =
  | { readonly kind: 'found'; readonly canonical: string; readonly addresses: readonly string[]; readonly source: string }
  | { readonly kind: 'not-found' | 'timeout' | 'no-server' }

export const isAddress = (text: string): boolean => parseIp(text) !== undefined || isIp6(text)

/** The addresses of a name of one family (IPv4 without a word), in the system's order of sources. An address is its own, of either. */
export function* forward(io: Io, name: string, type: 'A' | 'AAAA' = 'A'): Lookup<Found> {
  if (isAddress(name)) return { kind: 'found', canonical: name, addresses: [name], source: 'local' }
  const { events } = yield* collect(io, 'resolve', { name, type })
  for (const event of events) {
    const { kind, canonical, source } = event
    if (kind === 'resolved') {
      const addresses = recordsOf(event, 'records').flatMap((record) => (record.type === type ? [record.data] : []))
      if (addresses.length === 0) return { kind: 'not-found' }
      return {
        kind: 'found',
        canonical: typeof canonical === 'string' && canonical !== '' ? canonical : name,
        addresses,
        source: typeof source === 'string' ? source : '',
      }
    }
    if (kind === 'not-found' || kind === 'timeout' || kind === 'no-server') return { kind }
  }
  return { kind: 'timeout' }
}

/** The addresses of a name, of both families: IPv6 first where this machine could use it. */
export function* addressesOf(io: Io, name: string): Lookup<Found> {
  const four = yield* forward(io, name)
  if (isAddress(name)) return four
  const six = yield* forward(io, name, 'AAAA')
  if (six.kind !== 'found') return four
  if (four.kind !== 'found') return six
  const global = io.kernel
    .interfaces()
    .some((link) => link.ip6?.addresses.some(({ origin }) => origin !== 'link-local' && origin !== 'well-known'))
  return { ...four, addresses: global ? [...six.addresses, ...four.addresses] : [...four.addresses, ...six.addresses] }
}
