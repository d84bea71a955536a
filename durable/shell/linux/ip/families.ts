// The two address families as `ip` reads and writes them, so that one reader of words serves both.
import {
  formatIp,
  formatIp6,
  type Ip4,
  type Ip6,
  type IpAddress,
  inPrefix,
  inPrefix6,
  parseCidr6,
  parseIp,
  parseIp6,
} from '../../../engine/wire/addresses.ts'
import { parsePrefix } from './address.ts'
import type { Global } from './global.ts'

export type Prefix<Ip extends IpAddress> = { readonly address: Ip; readonly prefixLength: number }

export type Family<Ip extends IpAddress> = {
  readonly name: 'inet' | 'inet6'
  readonly bits: number
  readonly nowhere: Ip
  readonly parse: (text: string) => Ip | undefined
  readonly prefix: (text: string) => Prefix<Ip> | undefined
  readonly format: (ip: Ip) => string
  readonly within: (ip: Ip, network: Ip, length: number) => boolean
}

export const INET: Family<Ip4> = {
  name: 'inet',
  bits: 32,
  nowhere: 0,
  parse: parseIp,
  prefix: parsePrefix,
  format: formatIp,
  within: inPrefix,
}

export const INET6: Family<Ip6> = {
  name: 'inet6',
  bits: 128,
  nowhere: 0n,
  parse: parseIp6,
  prefix: parsePrefix6,
  format: formatIp6,
  within: inPrefix6,
}

function parsePrefix6(text: string): Prefix<Ip6> | undefined {
  if (text === 'default' || text === 'all' || text === 'any') return { address: 0n, prefixLength: 0 }
  const address = parseIp6(text)
  return parseCidr6(text) ?? (address === undefined ? undefined : { address, prefixLength: 128 })
}

/** What `ip` says of a word that is no prefix or address: `what` is expected of the family that was asked for. */
export const unexpected = (
  what: 'prefix' | 'address',
  global: Global,
  { name }: { readonly name: string },
  word: string,
): string => `Error: ${global.family === undefined ? 'any valid' : name} ${what} is expected rather than "${word}".`
