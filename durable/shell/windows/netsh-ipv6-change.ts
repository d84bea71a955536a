// `netsh interface ipv6 add|set|delete ...`: addresses, routes, neighbours, servers and settings of interfaces.
import type { Outcome } from '../../engine/machine/kernel.ts'
import type { InterfaceView } from '../../engine/machine/views.ts'
import { formatIp6, parseCidr6, parseScopedIp6 } from '../../engine/wire/addresses.ts'
import { isIp6 } from '../ipv6.ts'
import { named } from './netsh.ts'
import type { ProgramIo } from './program.ts'
import { numberOf6, routes6 } from './six.ts'

const WRONG = 'The parameter is incorrect.'
const REASONS: { readonly [error: string]: string } = {
  'access-denied': 'The requested operation requires elevation (Run as administrator).',
  exists: 'The object already exists.',
  'not-found': 'Element not found.',
  'no-route': WRONG,
  invalid: WRONG,
}

export type Changed = { readonly lines: readonly string[]; readonly status: number }
const said = (text: string, status = 1): Changed => ({ lines: [text, ''], status })
/** What changes addresses and servers says nothing, everything else `Ok.` */
const outcome = (done: Outcome, quiet = false): Changed =>
  done.ok ? (quiet ? { lines: [''], status: 0 } : said('Ok.', 0)) : said(REASONS[done.error] ?? WRONG)

const KINDS = ['address', 'route', 'neighbors', 'dnsservers', 'interface'] as const

/** Undefined: such a command is not acted on. */
export function changeIpv6(
  verb: string,
  what: string,
  args: readonly string[],
  io: ProgramIo,
  interfaces: readonly InterfaceView[],
): Changed | undefined {
  const kind = KINDS.find((one) => what.length >= 3 && one.startsWith(what)) ?? (what === 'dns' ? 'dnsservers' : undefined)
  if (kind === undefined || (kind === 'interface' && verb !== 'set')) return undefined
  const on = (name: string | undefined): InterfaceView | undefined =>
    interfaces.find((one) => one.name.toLowerCase() === name?.toLowerCase() || String(one.index) === name)
  const noInterface = said('The filename, directory name, or volume label syntax is incorrect.')
  const unknown = (given: Record<string, string>, ...known: readonly string[]): Changed | undefined => {
    const other = Object.keys(given).find((key) => !known.includes(key))
    return other === undefined ? undefined : said(`${other} is not an acceptable value here: it is real, but not simulated.`)
  }
  const { kernel } = io
  switch (kind) {
    case 'address': {
      const given = named(args, 'interface', 'address')
      const bad = unknown(given, 'interface', 'address', 'store')
      if (bad) return bad
      const one = on(given['interface'])
      if (one === undefined) return noInterface
      const text = given['address'] ?? ''
      const prefix = parseCidr6(text)
      const ip = prefix?.address ?? parseScopedIp6(text)?.ip
      if (ip === undefined) return said(WRONG)
      const address = formatIp6(ip)
      const known = one.ip6?.addresses.some((own) => own.address === address)
      if (verb === 'delete') return outcome(kernel.removeAddress(one.index, address), true)
      if (verb === 'set' && known) kernel.removeAddress(one.index, address)
      return outcome(kernel.addAddress(one.index, address, prefix?.prefixLength ?? 64), true)
    }
    case 'route': {
      const given = named(args, 'prefix', 'interface', 'nexthop', 'metric')
      const bad = unknown(given, 'prefix', 'interface', 'nexthop', 'metric', 'store')
      if (bad) return bad
      const one = on(given['interface'])
      if (one === undefined) return noInterface
      const prefix = parseCidr6(given['prefix'] ?? '')
      const gateway = given['nexthop'] ?? ''
      const metric = Number(given['metric'] ?? 256)
      if (prefix === undefined || (gateway !== '' && !isIp6(gateway)) || !Number.isInteger(metric) || metric < 0)
        return said(WRONG)
      const { prefixLength } = prefix
      const destination = formatIp6(prefix.address)
      const hop = numberOf6(gateway) === 0n ? '' : gateway
      if (verb === 'delete') {
        const there = routes6(kernel).some(
          (route) => route.interface === one.index && route.destination === destination && route.prefixLength === prefixLength,
        )
        return outcome(
          there ? kernel.removeRoute(destination, prefixLength, hop || undefined) : { ok: false, error: 'not-found' },
        )
      }
      if (verb === 'set') kernel.removeRoute(destination, prefixLength, hop || undefined)
      const persistent = given['store']?.toLowerCase() !== 'active'
      return outcome(kernel.addRoute({ destination, prefixLength, gateway: hop, interface: one.index, metric, persistent }))
    }
    case 'neighbors': {
      const given = named(args, 'interface', 'address', 'neighbor')
      const bad = unknown(given, 'interface', 'address', 'neighbor', 'store')
      if (bad) return bad
      const one = on(given['interface'])
      if (one === undefined) return noInterface
      const address = given['address'] ?? ''
      if (verb === 'delete')
        return outcome(
          given['address'] === undefined ? kernel.flushNeighbors6(one.index) : kernel.removeNeighbor(one.index, address),
        )
      if (!isIp6(address)) return said(WRONG)
      return outcome(kernel.addNeighbor(one.index, address, given['neighbor'] ?? ''))
    }
    case 'dnsservers':
      return servers(verb, args, io, on)
    default: {
      const given = named(args, 'interface')
      const bad = unknown(given, 'interface', 'forwarding', 'metric', 'store')
      if (bad) return bad
      const one = on(given['interface'])
      if (one === undefined) return noInterface
      const forwarding = given['forwarding']
      if (forwarding !== undefined && !/^(en|dis)abled$/i.test(forwarding)) return said(WRONG)
      const outcomes: Outcome[] = []
      if (forwarding !== undefined) outcomes.push(kernel.setForwarding6(one.index, /^en/i.test(forwarding)))
      if (given['metric'] !== undefined) outcomes.push(kernel.setMetric(one.index, Number(given['metric'])))
      return outcome(outcomes.find((done) => !done.ok) ?? { ok: true })
    }
  }
}

/** `set dnsservers NAME dhcp|static ADDRESS`, `add ... [index=N]`, `delete ... ADDRESS|all`. */
function servers(
  verb: string,
  args: readonly string[],
  io: ProgramIo,
  on: (name: string | undefined) => InterfaceView | undefined,
): Changed {
  const given = verb === 'set' ? named(args, 'name', 'source', 'address') : named(args, 'name', 'address', 'index')
  const one = on(given['name'])
  if (one === undefined) return said('The filename, directory name, or volume label syntax is incorrect.')
  const set = (list: string[] | null) => outcome(io.kernel.setDnsServers(one.index, list, 6), true)
  const address = given['address'] ?? ''
  const known = one.ip6?.dnsByHand ? [...one.ip6.dnsServers] : []
  if (verb === 'set' && given['source'] === 'dhcp') return set(null)
  if (verb === 'set' && (address === '' || address === 'none')) return set([])
  if (verb === 'delete' && (address === '' || address === 'all')) return set([])
  if (!isIp6(address)) return said(`The configured DNS server is incorrect or does not exist.`)
  if (verb === 'set') return set([address])
  if (verb === 'delete')
    return known.includes(address)
      ? set(known.filter((server) => server !== address))
      : said('The system cannot find the file specified.')
  const index = Number(given['index'] ?? known.length + 1)
  if (!Number.isInteger(index) || index < 1) return said(WRONG)
  return set(known.filter((server) => server !== address).toSpliced(index - 1, 0, address))
}

/** `show dnsservers`. */
export const serverTable = (chosen: readonly InterfaceView[]): string[] =>
  chosen.flatMap((one) => {
    const list = one.ip6?.dnsServers ?? []
    const label = one.dhcp && !one.ip6?.dnsByHand ? 'DNS servers configured through DHCP:' : 'Statically Configured DNS Servers:'
    return [
      '',
      `Configuration for interface "${one.name}"`,
      `    ${label.padEnd(38)}${list[0] ?? 'None'}`,
      ...list.slice(1).map((server) => `${' '.repeat(42)}${server}`),
      `    ${'Register with which suffix:'.padEnd(38)}${one.kind === 'loopback' ? 'None' : 'Primary only'}`,
      '',
    ]
  })

/** `show joins`: groups of an interface. */
export const joinTable = (chosen: readonly InterfaceView[]): string[] =>
  chosen.flatMap((one) => [
    '',
    `Interface ${one.index}: ${one.name}`,
    '',
    'Scope       References  Last  Address',
    '----------  ----------  ----  ---------------------------------',
    ...(one.ip6?.groups ?? []).map((group) => `0                    1  Yes   ${group}`),
  ])
