// `ip -6 route` (iproute.c, print_route).
import type { RouteView6 } from '../../../engine/machine/views.ts'
import { type Io, notSimulated } from '../io.ts'
import { interfaceName, listedInterfaces } from '../links.ts'
import { addressesOf6, inOrder6, numberOfIp6 } from '../six.ts'
import { INET6 } from './families.ts'
import type { Global } from './global.ts'
import { jsonText, type Plain } from './json.ts'
import { linuxOf, needsRoot, outcomeStatus } from './kernel-links.ts'
import { readQuestion, refusedRoute } from './route-question.ts'
import type { Hidden } from './route-text.ts'
import { readRoute, readSelector, type Selector, selects } from './route-words.ts'
import { lifeText } from './six.ts'
import { protocolText, tableText } from './tables.ts'

const MAIN = 254
const LOCAL = 255

/** A route as it is shown: of the kernel's own table too. */
export type Shown6 = Omit<RouteView6, 'type'> & { readonly type?: string }

const ORIGINS = { kernel: 2, ra: 9, redirect: 1, dhcp: 16 } as const
/** What people add says `boot`, which is not shown. */
const BOOT = 3
const protocolOf = ({ origin, persistent }: Shown6): number => (origin === 'static' ? (persistent ? 4 : BOOT) : ORIGINS[origin])

const PREFERENCES: { readonly [preference: number]: string } = { 1: 'high', 0: 'medium', [-1]: 'low' }

const destinationText = ({ destination, prefixLength }: Shown6): string =>
  prefixLength === 0 ? 'default' : prefixLength === 128 ? destination : `${destination}/${prefixLength}`

const NOTHING_HIDDEN: Hidden = { device: false, protocol: false, scope: false }

/** `showTable`: more than one table is listed. Routes that refuse are the loopback interface's. */
export function routeLine6(
  route: Shown6,
  device: string,
  now: number,
  { showTable, hidden }: { readonly showTable: boolean; readonly hidden: Hidden } = { showTable: true, hidden: NOTHING_HIDDEN },
): string {
  const words: string[] = route.type === undefined ? [] : [route.type]
  words.push(destinationText(route))
  if (route.gateway !== '') words.push(`via ${route.gateway}`)
  if (!hidden.device) words.push(`dev ${device === '' ? 'lo' : device}`)
  const { table = MAIN } = route
  if (showTable && table !== MAIN) words.push(`table ${tableText(table)}`)
  const protocol = protocolOf(route)
  if (protocol !== BOOT && !hidden.protocol) words.push(`proto ${protocolText(protocol)}`)
  if (route.source !== undefined) words.push(`src ${route.source}`)
  words.push(`metric ${route.metric}`)
  if (route.expiresAt !== null) words.push(`expires ${lifeText(route.expiresAt, now)}`)
  words.push(`pref ${PREFERENCES[route.preference] ?? 'medium'}`)
  return words.join(' ')
}

function routeJson6(route: Shown6, device: string, now: number, showTable: boolean): Plain {
  const { table = MAIN, type, source } = route
  const protocol = protocolOf(route)
  return {
    ...(type === undefined ? {} : { type }),
    dst: destinationText(route),
    ...(route.gateway === '' ? {} : { gateway: route.gateway }),
    dev: device === '' ? 'lo' : device,
    ...(showTable && table !== MAIN ? { table: tableText(table) } : {}),
    ...(protocol === BOOT ? {} : { protocol: protocolText(protocol) }),
    ...(source === undefined ? {} : { prefsrc: source }),
    metric: route.metric,
    flags: [],
    ...(route.expiresAt === null ? {} : { expires: Math.max(0, Math.floor((route.expiresAt - now) / 1_000_000)) }),
    pref: PREFERENCES[route.preference] ?? 'medium',
  }
}

export type OwnRoute6 = { readonly type: string; readonly dst: string; readonly metric: number }

/** What the kernel keeps by itself in the table `local`. */
export function ownRoute6({ type, dst, metric }: OwnRoute6, via = 0): Shown6 {
  const [destination = '', length = '128'] = dst.split('/')
  return {
    type,
    destination,
    prefixLength: Number(length),
    gateway: '',
    interface: via,
    metric,
    interfaceMetric: 0,
    origin: 'kernel',
    persistent: false,
    preference: 0,
    expiresAt: null,
    table: LOCAL,
  }
}

/** Its own addresses, and the groups of each link. */
function localRoutes(io: Io): Shown6[] {
  const rows = listedInterfaces(io)
    .filter((link) => link.up && addressesOf6(link).length > 0)
    .flatMap((link) => {
      const own = addressesOf6(link).filter((a) => a.state === 'preferred' || a.state === 'deprecated')
      const all = own.map((a) => ownRoute6({ type: 'local', dst: a.address, metric: 0 }, link.index))
      if (link.kind !== 'loopback') all.push(ownRoute6({ type: 'multicast', dst: 'ff00::/8', metric: 256 }, link.index))
      return all
    })
  return inOrder6(rows)
}

/** By table, the local one last. */
function listed6(io: Io, selector: Selector<bigint>): Shown6[] {
  const links = linuxOf(io).links()
  const device = links.find((link) => link.name === selector.device)
  const tables = Map.groupBy(linuxOf(io).linuxRoutes6() as Shown6[], ({ table = MAIN }) => table)
  const ordered = [...tables].toSorted(([a], [b]) => a - b).flatMap(([, routes]) => inOrder6(routes))
  return [...ordered, ...localRoutes(io)].filter(
    (route) =>
      (selector.all || (route.table ?? MAIN) === selector.table) &&
      (device === undefined || (route.interface === 0 ? device.name === 'lo' : route.interface === device.index)) &&
      (selector.protocol === undefined || protocolOf(route) === selector.protocol) &&
      (selector.scope === undefined || selector.scope === 0) &&
      (selector.type === undefined || (route.type ?? 'unicast') === selector.type) &&
      (selector.via === undefined || route.gateway === selector.via) &&
      (selector.source === undefined || route.source === selector.source) &&
      (selector.metric === undefined || route.metric === selector.metric) &&
      selects(selector, numberOfIp6(route.destination), route.prefixLength, INET6),
  )
}

export function showRoutes6(args: readonly string[], global: Global, io: Io): number {
  const selector = readSelector(args, INET6, global, io)
  if (typeof selector === 'number') return selector
  const { table, all } = selector
  if (
    table > 0 &&
    table < 253 &&
    !all &&
    !linuxOf(io)
      .linuxRoutes6()
      .some((route) => route.table === table)
  ) {
    io.err('Error: ipv6: FIB table does not exist.\nDump terminated\n')
    return 2
  }
  const links = listedInterfaces(io)
  const { now } = io.kernel.clock()
  const routes = listed6(io, selector)
  const hidden = { device: selector.device !== '', protocol: selector.protocol !== undefined, scope: false }
  const named = (route: Shown6): string => (route.interface === 0 ? '' : interfaceName(links, route.interface))
  if (global.json)
    io.out(
      jsonText(
        routes.map((route) => routeJson6(route, named(route), now, all)),
        global.pretty,
      ),
    )
  else for (const route of routes) io.out(`${routeLine6(route, named(route), now, { showTable: all, hidden })}\n`)
  return 0
}

export function flushRoutes6(args: readonly string[], global: Global, io: Io): number {
  const selector = readSelector(args, INET6, global, io)
  if (typeof selector === 'number') return selector
  if (selector.table === -1) return 0
  if (!io.root) {
    io.err('Failed to send flush request: Operation not permitted\n')
    return 255
  }
  const links = listedInterfaces(io)
  for (const route of listed6(io, selector)) {
    if (route.table === LOCAL) continue
    const { type = 'unicast', destination, prefixLength, gateway, table = MAIN, metric } = route
    const device = route.interface === 0 ? '' : interfaceName(links, route.interface)
    linuxOf(io).changeRoute6('delete', { type, destination, prefixLength, gateway, device, table, metric })
  }
  return 0
}

export function changeRoute6(
  verb: 'add' | 'change' | 'append' | 'prepend' | 'replace' | 'delete',
  args: readonly string[],
  global: Global,
  io: Io,
): number {
  const route = readRoute(args, INET6, global, io)
  if (typeof route === 'number') return route
  if (verb === 'prepend') {
    io.err(notSimulated('ip -6 route prepend'))
    return 1
  }
  if (needsRoot(io)) return 2
  return outcomeStatus(io, linuxOf(io).changeRoute6(verb, route))
}

export function routeGet6(args: readonly string[], global: Global, io: Io): number {
  const question = readQuestion(args, global, INET6, io)
  if (typeof question === 'number') return question
  const found = linuxOf(io).findRoute6(question)
  if ('error' in found) return refusedRoute(io, found.error)
  const { route, source, local } = found
  const multicast = route.destination === 'ff00::' && route.table === LOCAL
  const type = local ? 'local' : multicast ? 'multicast' : undefined
  const device = interfaceName(listedInterfaces(io), route.interface)
  const from = question.from === '' ? '::' : question.from
  const shown: Shown6 = {
    ...route,
    ...(type === undefined ? {} : { type }),
    destination: question.to,
    prefixLength: 128,
    expiresAt: null,
    source,
  }
  if (global.json) {
    const { type: kind, dst, ...rest } = routeJson6(shown, device, 0, true) as { readonly [key: string]: Plain }
    io.out(jsonText([{ ...(kind === undefined ? {} : { type: kind }), dst: dst ?? '', from, ...rest }], global.pretty))
    return 0
  }
  const { source: _, ...forwarded } = shown
  const line = routeLine6(question.iif === '' ? shown : forwarded, device, 0).replace(question.to, `${question.to} from ${from}`)
  io.out(`${question.iif === '' ? line : line.replace(/ pref \w+$/, ` iif ${question.iif}$&`)}\n`)
  return 0
}
