import type { LinkView, LinuxRoute, RouteRequest } from '../../../engine/machine/linux/linux-views.ts'
import { formatIp, inPrefix, parseIp } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { parsePrefix, scopeNumber } from './address.ts'
import { begins, type Global } from './global.ts'
import { jsonText } from './json.ts'
import { linkNamed, linuxOf, needsRoot, outcomeStatus } from './kernel-links.ts'
import { routeGet } from './route-get.ts'
import { routeJson, routeLine } from './route-text.ts'
import { route6, routeGet6, speaksSix } from './six.ts'
import { protocolNumber, tableNumber } from './tables.ts'

const CHANGES = ['add', 'change', 'chg', 'append', 'prepend', 'replace', 'delete'] as const

export function ipRoute(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'get')) return speaksSix(rest, global) ? routeGet6(rest, io) : routeGet(rest, global, io)
  for (const name of CHANGES) if (begins(verb, name)) return change(name === 'chg' ? 'change' : name, rest, global, io)
  if (begins(verb, 'flush')) return flush(rest, global, io)
  if (begins(verb, 'help')) {
    io.err(
      'Usage: ip route { show | flush } [ SELECTOR ]\n       ip route get ADDRESS [ from ADDRESS ] [ iif DEV ] [ oif DEV ] [ mark NUMBER ]\n       ip route { add | del | change | append | replace } [ TYPE ] PREFIX [ via ADDRESS ] [ dev DEV ] [ table TABLE ] [ proto PROTO ] [ scope SCOPE ] [ src ADDRESS ] [ metric METRIC ] [ onlink ]\n',
    )
    return 255
  }
  for (const real of ['save', 'restore', 'showdump', 'test']) {
    if (!begins(verb, real)) continue
    io.err(notSimulated(`ip route ${real}`))
    return 1
  }
  io.err(`Command "${verb}" is unknown, try "ip route help".\n`)
  return 255
}

type Prefix = { readonly address: number; readonly prefixLength: number }
type Selector = {
  table: number
  all: boolean
  device: string
  protocol?: number
  scope?: number
  type?: string
  via?: string
  source?: string
  metric?: number
  exact?: Prefix
  root?: Prefix
  match?: Prefix
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

function readSelector(args: readonly string[], io: Io): Selector | number {
  const selector: Selector = { table: 254, all: false, device: '' }
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
      const prefix = parsePrefix(word)
      if (prefix === undefined) return fail(`Error: any valid prefix is expected rather than "${word}".`, 1)
      selector[how] = prefix
    }
  }
  if (selector.device !== '' && !linkNamed(io, selector.device)) return fail(`Cannot find device "${selector.device}"`, 1)
  return selector
}

/** In the order of the kernel's trie: by address, the longer prefix first, then by metric; the main table before the local one. */
function listed(io: Io, selector: Selector, links: readonly LinkView[]): LinuxRoute[] {
  const device = links.find((link) => link.name === selector.device)
  const number = (route: LinuxRoute): number => parseIp(route.destination) ?? 0
  const rank = (route: LinuxRoute): number => (route.table === 255 ? 1 : 0)
  return linuxOf(io)
    .linuxRoutes()
    .filter(
      (route) =>
        (selector.all || route.table === selector.table) &&
        (device === undefined || route.interface === device.index) &&
        (selector.protocol === undefined || route.protocol === selector.protocol) &&
        (selector.scope === undefined || route.scope === selector.scope) &&
        (selector.type === undefined || route.type === selector.type) &&
        (selector.via === undefined || route.gateway === selector.via) &&
        (selector.source === undefined || route.source === selector.source) &&
        (selector.metric === undefined || route.metric === selector.metric) &&
        (!selector.exact || (number(route) === selector.exact.address && route.prefixLength === selector.exact.prefixLength)) &&
        (!selector.root ||
          (route.prefixLength >= selector.root.prefixLength &&
            inPrefix(number(route), selector.root.address, selector.root.prefixLength))) &&
        (!selector.match ||
          (route.prefixLength <= selector.match.prefixLength &&
            inPrefix(selector.match.address, number(route), route.prefixLength))),
    )
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        (rank(a) === 0 && a.table !== b.table ? a.table - b.table : 0) ||
        number(a) - number(b) ||
        a.prefixLength - b.prefixLength ||
        a.metric - b.metric,
    )
}

function show(args: readonly string[], global: Global, io: Io): number {
  if (speaksSix(args, global)) return route6('show', args, global, io)
  const selector = readSelector(args, io)
  if (typeof selector === 'number') return selector
  const links = linuxOf(io).links()
  const routes = listed(io, selector, links)
  if (
    selector.table > 0 &&
    ![253, 254, 255].includes(selector.table) &&
    !selector.all &&
    !linuxOf(io)
      .linuxRoutes()
      .some((route) => route.table === selector.table)
  ) {
    io.err('Error: ipv4: FIB table does not exist.\nDump terminated\n')
    return 2
  }
  const showTable = selector.all
  const hidden = {
    device: selector.device !== '',
    protocol: selector.protocol !== undefined,
    scope: selector.scope !== undefined,
  }
  if (global.json)
    io.out(
      jsonText(
        routes.map((route) => routeJson(route, links, global, showTable)),
        global.pretty,
      ),
    )
  else for (const route of routes) io.out(`${routeLine(route, links, global, showTable, hidden)}\n`)
  return 0
}

function flush(args: readonly string[], global: Global, io: Io): number {
  if (args.length === 0) {
    io.err('"ip route flush" requires arguments.\n')
    return 255
  }
  const selector = readSelector(args, io)
  if (typeof selector === 'number') return selector
  if (global.family === 6 || selector.table === -1) return 0
  if (!io.root) {
    io.err('Failed to send flush request: Operation not permitted\n')
    return 255
  }
  const links = linuxOf(io).links()
  const gone = listed(io, selector, links).filter((route) => route.table !== 255)
  if (gone.length === 0 && global.statistics > 0) io.out('Nothing to flush.\n')
  for (const route of gone)
    linuxOf(io).changeRoute('delete', {
      type: route.type,
      destination: route.destination,
      prefixLength: route.prefixLength,
      gateway: route.gateway,
      device: links.find((link) => link.index === route.interface)?.name ?? '',
      table: route.table,
      metric: route.metric,
    })
  return 0
}

function change(
  verb: 'add' | 'change' | 'append' | 'prepend' | 'replace' | 'delete',
  args: readonly string[],
  global: Global,
  io: Io,
): number {
  if (speaksSix(args, global)) {
    if (verb === 'add' || verb === 'replace' || verb === 'delete')
      return route6(verb === 'delete' ? 'del' : verb, args, global, io)
    io.err(notSimulated(`ip -6 route ${verb}`))
    return 1
  }
  const route = readRoute(args, io)
  if (typeof route === 'number') return route
  if (needsRoot(io)) return 2
  return outcomeStatus(io, linuxOf(io).changeRoute(verb, route))
}

function readRoute(args: readonly string[], io: Io): RouteRequest | number {
  let prefix: Prefix | undefined
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
      const text = value === 'inet' ? (args[++i] ?? '') : (value ?? '')
      if (parseIp(text) === undefined)
        return fail(
          text.includes(':')
            ? notSimulated('ip route: an IPv6 next hop').trimEnd()
            : `Error: any valid address is expected rather than "${text}".`,
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
      if (parseIp(value ?? '') === undefined) return fail(`Error: any valid address is expected rather than "${value}".`)
      route.source = value ?? ''
    } else if (word === 'mtu') route.mtu = Number(value)
    else if (word === 'onlink') route.onlink = true
    else if (['nexthop', 'nhid', 'encap', 'tos', 'dsfield', 'congctl', 'advmss', 'window', 'rtt', 'initcwnd'].includes(word))
      return fail(notSimulated(`ip route: ${word}`).trimEnd())
    else if (ROUTE_TYPES.includes(word) && prefix === undefined && route.type === 'unicast') {
      if (['nat', 'anycast', 'multicast', 'local', 'broadcast'].includes(word))
        return fail(notSimulated(`ip route: the type ${word}`).trimEnd())
      route.type = word
    } else if (word === 'to') continue
    else if (prefix === undefined) {
      prefix = parsePrefix(word)
      if (prefix === undefined) return fail(`Error: any valid prefix is expected rather than "${word}".`)
    } else return fail(`Error: either "to" is duplicate, or "${word}" is a garbage.`, 255)
  }
  if (route.device !== '' && !linkNamed(io, route.device)) return fail(`Cannot find device "${route.device}"`)
  const found = prefix ?? { address: 0, prefixLength: 0 }
  return { ...route, destination: formatIp(found.address), prefixLength: found.prefixLength }
}
