// The words of `ip route`, of either family: which routes are meant, and a route that is made.
import type { RouteRequest } from '../../../engine/machine/linux/linux-views.ts'
import type { IpAddress } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { scopeNumber } from './address.ts'
import { type Family, type Prefix, unexpected } from './families.ts'
import type { Global } from './global.ts'
import { linkNamed } from './kernel-links.ts'
import { protocolNumber, tableNumber } from './tables.ts'

/** Which routes are meant. */
export type Selector<Ip extends IpAddress> = {
  table: number
  all: boolean
  device: string
  protocol?: number
  scope?: number
  type?: string
  via?: string
  source?: string
  metric?: number
  exact?: Prefix<Ip>
  root?: Prefix<Ip>
  match?: Prefix<Ip>
}
const ROUTE_TYPES = [
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'throw',
  'unreachable',
  'prohibit',
  'blackhole',
  'nat',
  'anycast',
]

export function readSelector<Ip extends IpAddress>(
  args: readonly string[],
  family: Family<Ip>,
  global: Global,
  io: Io,
): Selector<Ip> | number {
  const selector: Selector<Ip> = { table: 254, all: false, device: '' }
  const fail = (text: string, status: number) => {
    io.err(`${text}\n`)
    return status
  }
  let how: 'exact' | 'root' | 'match' = 'exact'
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const value = args[i + 1]
    const takes = ['table', 'dev', 'oif', 'proto', 'protocol', 'scope', 'type', 'via', 'src', 'metric', 'vrf'].includes(word)
    if (takes && value === undefined) return fail('Command line is not complete. Try option "help"', 255)
    if (takes) i++
    if (word === 'table') {
      if (value === 'all' || value === '0') selector.all = true
      else if (value === 'cache') selector.table = -1
      else {
        const table = tableNumber(value ?? '')
        if (table === undefined) return fail(`Error: argument "${value}" is wrong: table id value is invalid\n`, 255)
        selector.table = table
      }
    } else if (word === 'cache') selector.table = -1
    else if (word === 'dev' || word === 'oif') selector.device = value ?? ''
    else if (word === 'proto' || word === 'protocol') {
      const protocol = protocolNumber(value ?? '')
      if (protocol === undefined) return fail(`Error: argument "${value}" is wrong: invalid "protocol"\n`, 255)
      selector.protocol = protocol
    } else if (word === 'scope') {
      const scope = scopeNumber(value ?? '')
      if (scope === undefined) return fail(`Error: argument "${value}" is wrong: invalid "scope"\n`, 255)
      selector.scope = scope
    } else if (word === 'type') {
      if (!ROUTE_TYPES.includes(value ?? ''))
        return fail(`Error: argument "${value}" is wrong: node type value is invalid\n`, 255)
      selector.type = value ?? ''
    } else if (word === 'via') selector.via = value ?? ''
    else if (word === 'src') selector.source = value ?? ''
    else if (word === 'metric') selector.metric = Number(value)
    else if (word === 'vrf') return fail(notSimulated('ip route: the selector vrf').trimEnd(), 1)
    else if (word === 'root' || word === 'match' || word === 'exact') how = word
    else if (word === 'to') continue
    else {
      const prefix = family.prefix(word)
      if (prefix === undefined) return fail(unexpected('prefix', global, family, word), 1)
      selector[how] = prefix
    }
  }
  if (selector.device !== '' && !linkNamed(io, selector.device)) return fail(`Cannot find device "${selector.device}"`, 1)
  return selector
}

export const selects = <Ip extends IpAddress>(
  { exact, root, match }: Selector<Ip>,
  to: Ip,
  length: number,
  { within }: Family<Ip>,
): boolean =>
  (exact === undefined || (to === exact.address && length === exact.prefixLength)) &&
  (root === undefined || (length >= root.prefixLength && within(to, root.address, root.prefixLength))) &&
  (match === undefined || (length <= match.prefixLength && within(match.address, to, length)))

/** A route that is to be made or taken away. */
export function readRoute<Ip extends IpAddress>(
  args: readonly string[],
  family: Family<Ip>,
  global: Global,
  io: Io,
): RouteRequest | number {
  let prefix: Prefix<Ip> | undefined
  const route: { -readonly [K in keyof RouteRequest]: RouteRequest[K] } = {
    type: 'unicast',
    destination: '',
    prefixLength: 0,
    gateway: '',
    device: '',
    table: 0,
  }
  const fail = (text: string, status = 1) => {
    io.err(`${text}\n`)
    return status
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const value = args[i + 1]
    const takes = [
      'via',
      'dev',
      'oif',
      'metric',
      'priority',
      'preference',
      'table',
      'proto',
      'protocol',
      'scope',
      'src',
      'mtu',
      'tos',
      'dsfield',
    ].includes(word)
    if (takes && value === undefined) return fail('Command line is not complete. Try option "help"', 255)
    if (takes) i++
    if (word === 'via') {
      const text = value === family.name ? (args[++i] ?? '') : (value ?? '')
      if (family.parse(text) === undefined)
        return fail(
          family.bits === 32 && text.includes(':')
            ? notSimulated('ip route: an IPv6 next hop').trimEnd()
            : unexpected('address', global, family, text),
        )
      route.gateway = text
    } else if (word === 'dev' || word === 'oif') route.device = value ?? ''
    else if (word === 'metric' || word === 'priority' || word === 'preference') {
      if (!/^\d{1,10}$/.test(value ?? '')) return fail(`Error: argument "${value}" is wrong: "metric" value is invalid\n`, 255)
      route.metric = Number(value)
    } else if (word === 'table') {
      const table = tableNumber(value ?? '')
      if (table === undefined) return fail(`Error: argument "${value}" is wrong: "table" value is invalid\n`, 255)
      route.table = table
    } else if (word === 'proto' || word === 'protocol') {
      const protocol = protocolNumber(value ?? '')
      if (protocol === undefined) return fail(`Error: argument "${value}" is wrong: "protocol" value is invalid\n`, 255)
      route.protocol = protocol
    } else if (word === 'scope') {
      const scope = scopeNumber(value ?? '')
      if (scope === undefined) return fail(`Error: argument "${value}" is wrong: "scope" value is invalid\n`, 255)
      route.scope = scope
    } else if (word === 'src') {
      if (family.parse(value ?? '') === undefined) return fail(unexpected('address', global, family, value ?? ''))
      route.source = value ?? ''
    } else if (word === 'mtu') route.mtu = Number(value)
    else if (word === 'onlink') route.onlink = true
    else if (
      [
        'nexthop',
        'nhid',
        'encap',
        'tos',
        'dsfield',
        'congctl',
        'advmss',
        'window',
        'rtt',
        'initcwnd',
        'expires',
        'pref',
      ].includes(word)
    )
      return fail(notSimulated(`ip route: ${word}`).trimEnd())
    else if (ROUTE_TYPES.includes(word) && prefix === undefined && route.type === 'unicast') {
      if (['nat', 'anycast', 'multicast', 'local', 'broadcast'].includes(word))
        return fail(notSimulated(`ip route: the type ${word}`).trimEnd())
      route.type = word
    } else if (word === 'to') continue
    else if (prefix === undefined) {
      prefix = family.prefix(word)
      if (prefix === undefined) return fail(unexpected('prefix', global, family, word))
    } else return fail(`Error: either "to" is duplicate, or "${word}" is a garbage.`, 255)
  }
  if (route.device !== '' && !linkNamed(io, route.device)) return fail(`Cannot find device "${route.device}"`)
  const { address, prefixLength } = prefix ?? { address: family.nowhere, prefixLength: 0 }
  return { ...route, destination: family.format(address), prefixLength }
}
