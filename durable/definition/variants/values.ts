// What each kind of value is called by: `{{net}}`, `{{net.host(10)}}`, `{{server.reverse}}`.
import {
  broadcastOf,
  formatIp,
  formatMac,
  formatMacBare,
  formatMacWindows,
  type Ip4,
  type Mac,
  maskOf,
  networkOf,
} from '../../engine/wire/addresses.ts'
import type { Placeholder, Scalar } from './placeholder.ts'
import type { DrawSource } from './schema.ts'

/** Answers undefined when the argument does not fit. */
type Member = Scalar | ((argument: number) => Scalar | undefined)

export type Value = {
  readonly kind: DrawSource['draw']
  readonly self: Scalar
  /** What a teacher reads beside it, such as the title of a fault. */
  readonly title: string
  readonly members: { readonly [member: string]: Member }
  /** Of networks and hosts: what others are drawn from, or draw around. */
  readonly address?: Ip4
  readonly prefixLength?: number
}

export function networkValue(address: Ip4, prefixLength: number): Value {
  const last = broadcastOf(address, prefixLength)
  return {
    kind: 'network',
    self: `${formatIp(address)}/${prefixLength}`,
    title: '',
    address,
    prefixLength,
    members: {
      prefix: `${formatIp(address)}/${prefixLength}`,
      network: formatIp(address),
      length: prefixLength,
      mask: formatIp(maskOf(prefixLength)),
      wildcard: formatIp(~maskOf(prefixLength) >>> 0),
      first: formatIp(address + 1),
      last: formatIp(last - 1),
      broadcast: formatIp(last),
      host: (number) => (number > 0 && address + number < last ? formatIp(address + number) : undefined),
      octets: (count) => (count > 0 && count < 5 ? formatIp(address).split('.').slice(0, count).join('.') : undefined),
    },
  }
}

export function hostValue(address: Ip4, prefixLength: number): Value {
  const octets = formatIp(address).split('.')
  return {
    kind: 'host',
    self: formatIp(address),
    title: '',
    address,
    prefixLength,
    members: {
      cidr: `${formatIp(address)}/${prefixLength}`,
      network: formatIp(networkOf(address, prefixLength)),
      prefix: `${formatIp(networkOf(address, prefixLength))}/${prefixLength}`,
      length: prefixLength,
      mask: formatIp(maskOf(prefixLength)),
      number: address - networkOf(address, prefixLength),
      reverse: `${[...octets].reverse().join('.')}.in-addr.arpa`,
      octet: (which) => (which > 0 && which < 5 ? Number(octets[which - 1]) : undefined),
    },
  }
}

export const numberValue = (number: number): Value => ({
  kind: 'number',
  self: number,
  title: '',
  members: { text: String(number), plus: (more) => number + more, minus: (less) => number - less },
})

export const nameValue = (name: string): Value => ({
  kind: 'name',
  self: name,
  title: '',
  members: { upper: name.toUpperCase(), title: name.charAt(0).toUpperCase() + name.slice(1) },
})

export const macValue = (mac: Mac): Value => ({
  kind: 'mac',
  self: formatMac(mac),
  title: '',
  members: { dashed: formatMacWindows(mac), plain: formatMacBare(mac) },
})

/** `fields` of an entry that is a block; a plain entry has none. */
export function oneValue(entry: Scalar | { readonly [field: string]: Scalar }, at: number): Value {
  if (typeof entry !== 'object') return { kind: 'one', self: entry, title: '', members: { text: String(entry) } }
  const [first] = Object.values(entry)
  return { kind: 'one', self: first ?? at + 1, title: '', members: entry }
}

export const overlayValue = (key: string, title: string, words: { readonly [word: string]: Scalar }): Value => ({
  kind: 'overlay',
  self: key,
  title,
  members: { ...words, title },
})

export function memberOf(
  value: Value,
  { name, member, argument }: Placeholder,
): { readonly is: Scalar } | { readonly wrong: string } {
  if (member === '') return { is: value.self }
  const found = Object.hasOwn(value.members, member) ? value.members[member] : undefined
  if (found === undefined) {
    const known = Object.entries(value.members).map(([one, is]) => (typeof is === 'function' ? `${one}(N)` : one))
    return { wrong: `stands for nothing: ${name} has ${known.length === 0 ? 'no members' : `the members ${known.join(', ')}`}` }
  }
  if (typeof found !== 'function')
    return argument === undefined ? { is: found } : { wrong: `takes no number: write {{${name}.${member}}}` }
  if (argument === undefined) return { wrong: `needs a number: {{${name}.${member}(1)}}` }
  const is = found(argument)
  return is === undefined ? { wrong: `stands for nothing: ${name} has no ${member} ${argument}` } : { is }
}
