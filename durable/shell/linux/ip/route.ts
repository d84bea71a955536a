import type { LinkView, LinuxRoute } from '../../../engine/machine/linux/linux-views.ts'
import { type Ip4, parseIp } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { INET } from './families.ts'
import { begins, type Global } from './global.ts'
import { jsonText } from './json.ts'
import { linuxOf, needsRoot, outcomeStatus } from './kernel-links.ts'
import { routeGet } from './route-get.ts'
import { routeJson, routeLine } from './route-text.ts'
import { readRoute, readSelector, type Selector, selects } from './route-words.ts'
import { changeRoute6, flushRoutes6, routeGet6, showRoutes6 } from './route6.ts'
import { speaksSix } from './six.ts'

const CHANGES = ['add', 'change', 'chg', 'append', 'prepend', 'replace', 'delete'] as const

export function ipRoute(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'get')) return speaksSix(rest, global) ? routeGet6(rest, global, io) : routeGet(rest, global, io)
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

/** In the order of the kernel's trie: by address, the longer prefix first, then by metric; the main table before the local one. */
function listed(io: Io, selector: Selector<Ip4>, links: readonly LinkView[]): LinuxRoute[] {
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
        selects(selector, number(route), route.prefixLength, INET),
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
  if (speaksSix(args, global)) return showRoutes6(args, global, io)
  const selector = readSelector(args, INET, global, io)
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
  if (speaksSix(args, global)) return flushRoutes6(args, global, io)
  const selector = readSelector(args, INET, global, io)
  if (typeof selector === 'number') return selector
  if (selector.table === -1) return 0
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
  if (speaksSix(args, global)) return changeRoute6(verb, args, global, io)
  const route = readRoute(args, INET, global, io)
  if (typeof route === 'number') return route
  if (needsRoot(io)) return 2
  return outcomeStatus(io, linuxOf(io).changeRoute(verb, route))
}
