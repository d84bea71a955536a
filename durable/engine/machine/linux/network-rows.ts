// What rtnetlink tells of as rows: links, addresses, routes, neighbours and rules, each with what makes it another one.
import type { Json } from '../../sim/json.ts'
import { NEVER } from '../../sim/time.ts'
import { allRouteViews6, ip6View, neighborViews6 } from '../ip6-views.ts'
import { neighborViews } from '../kernel-views.ts'
import type { Machine } from '../machine.ts'
import type { NetworkLook } from '../program.ts'
import { linkCalls } from './link-calls.ts'
import type { LinkView } from './linux-views.ts'
import { routeCalls } from './route-calls.ts'
import { routeCalls6 } from './route6-calls.ts'
import type { LinuxSystem } from './system.ts'

export type NetworkObject = 'link' | 'address' | 'route' | 'neigh' | 'rule'

/** `key` says which it is, `shown` what of it is told; `view` is what a shell prints it from. */
export type NetworkRow = {
  readonly key: string
  readonly object: NetworkObject
  readonly family: 0 | 4 | 6
  readonly device: string
  readonly shown: string
  readonly view: Json
}

function networkRows(machine: Machine, linux: LinuxSystem): NetworkRow[] {
  const links = linkCalls(machine, linux).links()
  const named = (index: number): string => links.find((link) => link.index === index)?.name ?? ''
  const row = (
    object: NetworkObject,
    family: NetworkRow['family'],
    device: string,
    key: readonly unknown[],
    shown: unknown,
    view: unknown,
  ): NetworkRow => ({
    key: `${object} ${family} ${key.join(' ')}`,
    object,
    family,
    device,
    shown: JSON.stringify(shown),
    view: view as Json,
  })
  return [
    ...links.map((link) => row('link', 0, link.name, [link.index], told(link), { link, near: near(link, links) })),
    ...addressRows(machine, linux, row, named),
    ...routeRows(machine, linux, row, links),
    ...neighborRows(machine, row, named),
    ...routeCalls(machine, linux)
      .rules()
      .map((rule) => row('rule', 4, '', [JSON.stringify(rule)], '', rule)),
    ...routeCalls6(machine, linux)
      .rules6()
      .map((rule) => row('rule', 6, '', [JSON.stringify(rule)], '', rule)),
  ]
}

type MakeRow = (
  object: NetworkObject,
  family: NetworkRow['family'],
  device: string,
  key: readonly unknown[],
  shown: unknown,
  view: unknown,
) => NetworkRow

/** Counters and groups change without a word. */
function told(link: LinkView): unknown {
  const { counters: _, groups: __, ...rest } = link
  return rest
}

const near = (link: LinkView, links: readonly LinkView[]): readonly LinkView[] =>
  links.filter((one) => one.index === link.master || one.index === link.lower)

function addressRows(machine: Machine, linux: LinuxSystem, row: MakeRow, named: (index: number) => string): NetworkRow[] {
  const four = routeCalls(machine, linux)
    .addresses()
    .filter(({ tentative }) => !tentative)
    .map((address) => {
      const { validUntil: _, ...rest } = address
      const device = named(address.interface)
      return row('address', 4, device, [address.interface, address.address, address.prefixLength], rest, { device, address })
    })
  const six = [...machine.stack.interfaces.values()].flatMap((via) =>
    (ip6View(machine, via)?.addresses ?? [])
      // Of those that a machine makes for itself only the result is told.
      .filter(({ state, origin }) => state !== 'tentative' || origin === 'manual')
      .map((address) => {
        const { address: text, prefixLength, state } = address
        const view = { index: via.index, device: via.name, kind: via.kind, address }
        return row('address', 6, via.name, [via.index, text, prefixLength], state, view)
      }),
  )
  return [...four, ...six]
}

function routeRows(machine: Machine, linux: LinuxSystem, row: MakeRow, links: readonly LinkView[]): NetworkRow[] {
  const four = routeCalls(machine, linux)
    .linuxRoutes()
    .filter((route) => route.interface === 0 || links.some((link) => link.index === route.interface && link.enabled))
    .map((route) => {
      const { linkDown: _, ...rest } = route
      const link = links.find((one) => one.index === route.interface)
      return row('route', 4, link?.name ?? '', [JSON.stringify(rest)], '', { route, links: link ? [link] : [] })
    })
  const six = allRouteViews6(machine).map((route) => {
    const { expiresAt: _, ...rest } = route
    const device = links.find((one) => one.index === route.interface)?.name ?? ''
    return row('route', 6, device, [JSON.stringify(rest)], '', { route, device })
  })
  const own = [...machine.stack.interfaces.values()].flatMap((via) => {
    const i6 = ip6View(machine, via)
    if (!via.enabled || !via.up || !i6?.enabled) return []
    const local = i6.addresses.filter(({ state }) => state === 'preferred' || state === 'deprecated')
    const found = local.map(({ address }) => ({ type: 'local', dst: address, metric: 0 }))
    if (via.kind !== 'loopback') found.push({ type: 'multicast', dst: 'ff00::/8', metric: 256 })
    return found.map((one) => row('route', 6, via.name, ['own', via.index, one.dst], '', { own: one, device: via.name }))
  })
  return [...four, ...six, ...own]
}

function neighborRows(machine: Machine, row: MakeRow, named: (index: number) => string): NetworkRow[] {
  const all = [...neighborViews(machine), ...neighborViews6(machine)]
  return all
    .filter(({ interface: index }) => machine.stack.interfaces.get(index)?.enabled)
    .map((one) => {
      const { used: _, confirmed: __, updated: ___, probes: ____, ...neighbor } = one
      const device = named(one.interface)
      const family = one.address.includes(':') ? 6 : 4
      return row('neigh', family, device, [one.interface, one.address], [one.mac, one.state], { device, neighbor })
    })
}

/** A short text that is another one when anything changed that changes by itself; what people change is told otherwise. */
function networkMark(machine: Machine): string {
  const { now } = machine.sim
  const parts: (string | number)[] = [machine.stack.routes.version, machine.ip6.routes.all.length]
  for (const via of machine.stack.interfaces.values()) {
    parts.push(via.index, via.enabled ? 1 : 0, via.up ? 1 : 0, via.mtu)
    for (const { ip, state } of via.addresses) parts.push(ip, state)
    for (const n of via.neighbors.all) parts.push(n.ip, n.state, n.mac, n.state === 'reachable' && n.reachableUntil < now ? 1 : 0)
    const i6 = machine.ip6.interfaces.get(via.index)
    if (i6 === undefined) continue
    for (const { ip, state } of i6.addresses) parts.push(String(ip), state)
    for (const n of i6.neighbors.all)
      parts.push(String(n.ip), n.state, n.mac, n.state === 'reachable' && n.reachableUntil < now ? 1 : 0)
  }
  return parts.join(' ')
}

/** A machine's network, as a program looks at it. */
export const networkLook = (machine: Machine, linux: LinuxSystem): NetworkLook => ({
  rows: () => networkRows(machine, linux),
  mark: () => networkMark(machine),
  nextStale: () => nextStale(machine),
})

/** When the next neighbour goes stale, which nothing else tells. */
function nextStale(machine: Machine): number {
  let at = NEVER
  const look = (entries: Iterable<{ readonly state: string; readonly reachableUntil: number }>) => {
    for (const { state, reachableUntil } of entries)
      if (state === 'reachable' && reachableUntil >= machine.sim.now && reachableUntil < at) at = reachableUntil
  }
  for (const via of machine.stack.interfaces.values()) look(via.neighbors.all)
  for (const i6 of machine.ip6.interfaces.values()) look(i6.neighbors.all)
  return at === NEVER ? NEVER : at + 1
}
