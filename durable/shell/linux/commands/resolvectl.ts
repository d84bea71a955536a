import type { InterfaceView } from '../../../engine/machine/views.ts'
import { parseIp, parseIp6 } from '../../../engine/wire/addresses.ts'
import { isIp6 } from '../../ipv6.ts'
import { milliseconds } from '../format.ts'
import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { interfaceName, interfaceNamed, listedInterfaces, routeTo } from '../links.ts'
import { addressesOf, isAddress, reverseName, reverseZone } from '../names.ts'
import { routeTo6 } from '../six.ts'

export const resolvectl: Command = {
  name: 'resolvectl',
  summary: 'the name service of systemd: status, query, flush-caches, dns',
  usage:
    'resolvectl [status [LINK]]\nresolvectl query NAME-OR-ADDRESS...\nresolvectl flush-caches\nresolvectl dns [LINK [SERVER]...]\nresolvectl domain [LINK]',
  completions: ['status', 'query', 'flush-caches', 'dns', 'domain'],
  run: runResolvectl,
}

const REAL = [
  'statistics',
  'reset-statistics',
  'service',
  'openpgp',
  'tlsa',
  'default-route',
  'llmnr',
  'mdns',
  'dnssec',
  'dnsovertls',
  'nta',
  'revert',
  'monitor',
  'log-level',
  'show-cache',
  'show-server-state',
  'reset-server-features',
]

function* runResolvectl(args: readonly string[], io: Io): Run {
  const [verb = 'status', ...rest] = args
  switch (verb) {
    case 'status':
      return status(io, rest[0])
    case 'query':
      return yield* query(io, rest)
    case 'flush-caches':
      return io.kernel.flushDnsCache().ok ? 0 : 1
    case 'dns':
      return dns(io, rest)
    case 'domain': {
      if (rest.length > 1) return unsupported(io, 'resolvectl domain: setting a domain')
      for (const link of shownLinks(io)) io.out(`Link ${link.index} (${link.name}): ${link.dnsSuffix}\n`)
      return 0
    }
    default:
      if (verb.startsWith('-')) return unsupported(io, `resolvectl: option ${verb}`)
      if (REAL.includes(verb)) return unsupported(io, `resolvectl ${verb}`)
      io.err(`Unknown command verb '${verb}'.\n`)
      return 1
  }
}

function unsupported(io: Io, what: string): number {
  io.err(notSimulated(what))
  return 1
}

const shownLinks = (io: Io): InterfaceView[] => listedInterfaces(io).filter((link) => link.kind !== 'loopback')

/** What DHCP said comes before what routers said. */
const serversOf = (link: InterfaceView): readonly string[] => [...link.dnsServers, ...(link.ip6?.dnsServers ?? [])]

function status(io: Io, name: string | undefined): number {
  if (name !== undefined && !interfaceNamed(io, name)) {
    io.err(`Failed to resolve interface "${name}": No such device\n`)
    return 1
  }
  const protocols = '-LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported'
  if (name === undefined) io.out(`Global\n         Protocols: ${protocols}\n  resolv.conf mode: uplink\n`)
  for (const link of shownLinks(io)) {
    if (name !== undefined && link.name !== name) continue
    const servers = serversOf(link)
    const usable = link.enabled && link.up && servers.length > 0
    const rows: [string, string][] = [
      ['Current Scopes', usable ? 'DNS' : 'none'],
      ['Protocols', `${usable ? '+' : '-'}DefaultRoute ${protocols}`],
    ]
    if (usable) rows.push(['Current DNS Server', servers[0] ?? ''], ['DNS Servers', servers.join(' ')])
    if (usable && link.dnsSuffix !== '') rows.push(['DNS Domain', link.dnsSuffix])
    const width = Math.max(...rows.map(([label]) => label.length))
    io.out(`${name === undefined ? '\n' : ''}Link ${link.index} (${link.name})\n`)
    for (const [label, text] of rows) io.out(`${label.padStart(Math.max(width, 18))}: ${text}\n`)
  }
  return 0
}

function* query(io: Io, names: readonly string[]): Run {
  if (names.length === 0) {
    io.err('Too few arguments.\n')
    return 1
  }
  const option = names.find((name) => name.startsWith('-'))
  if (option !== undefined) return unsupported(io, `resolvectl query: option ${option}`)
  let failed = 0
  for (const [i, name] of names.entries()) {
    if (i > 0) io.out('\n')
    const begun = io.kernel.clock().now
    if (isAddress(name)) {
      const found = yield* reverseName(io, name)
      if (found === undefined) {
        io.err(`${name}: resolve call failed: Name '${reverseZone(name)}' not found\n`)
        failed = 1
        continue
      }
      io.out(`${answerLine(io, name, found, name)}\n`)
      provenance(io, begun, 'network')
      continue
    }
    const found = yield* addressesOf(io, name)
    if (found.kind !== 'found') {
      const why =
        found.kind === 'not-found' ? `Name '${name}' not found` : 'All attempts to contact name servers or networks failed'
      io.err(`${name}: resolve call failed: ${why}\n`)
      failed = 1
      continue
    }
    for (const [n, address] of found.addresses.entries()) {
      io.out(`${answerLine(io, n === 0 ? name : ' '.repeat(name.length), address, address, n > 0)}\n`)
    }
    if (found.canonical !== name) io.out(`${' '.repeat(name.length + 2)}(${found.canonical})\n`)
    provenance(io, begun, found.source === 'cache' ? 'cache' : found.source === 'dns' ? 'network' : 'synthetic')
  }
  return failed
}

/** `name: value` and, in column 50, by which link it came. */
function answerLine(io: Io, label: string, value: string, address: string, more = false): string {
  const six = parseIp6(address)
  const route = six === undefined ? routeTo(io, parseIp(address) ?? 0) : routeTo6(io, six)
  const text = `${label}${more ? ' ' : ':'} ${value}`
  return route ? `${text.padEnd(46)} -- link: ${interfaceName(listedInterfaces(io), route.interface)}` : text
}

function provenance(io: Io, begun: number, source: string): void {
  const took = milliseconds(io.kernel.clock().now - begun).replace(/\.?0+$/, '')
  io.out(`\n-- Information acquired via protocol DNS in ${took}ms.\n`)
  io.out('-- Data is authenticated: no; Data was acquired via local or encrypted transport: no\n')
  io.out(`-- Data from: ${source}\n`)
}

function dns(io: Io, args: readonly string[]): number {
  const [name, ...servers] = args
  const link = name === undefined ? undefined : interfaceNamed(io, name)
  if (name !== undefined && !link) {
    io.err(`Failed to resolve interface "${name}": No such device\n`)
    return 1
  }
  if (link && servers.length > 0) {
    const wrong = servers.find((server) => server !== '' && parseIp(server) === undefined && !isIp6(server))
    if (wrong !== undefined) {
      io.err(`Failed to parse DNS server address: ${wrong}\n`)
      return 1
    }
    if (!io.root) {
      io.err('Failed to set DNS configuration: Interactive authentication required.\n')
      return 1
    }
    const wanted = servers.filter((server) => server !== '')
    return io.kernel.setDnsServers(link.index, wanted.length > 0 ? wanted : null).ok ? 0 : 1
  }
  if (!link) io.out('Global:\n')
  for (const each of shownLinks(io)) {
    if (!link || each.index === link.index)
      io.out(
        `Link ${each.index} (${each.name}):${serversOf(each)
          .map((server) => ` ${server}`)
          .join('')}\n`,
      )
  }
  return 0
}
