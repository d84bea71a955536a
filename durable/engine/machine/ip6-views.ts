// IPv6 as system calls answer it: text at the edge.
import type { Interface } from '../ip/interface.ts'
import type { Address6 } from '../ip/v6/interface6.ts'
import type { Route6 } from '../ip/v6/routes6.ts'
import { storeTime } from '../sim/time.ts'
import { formatIp6, formatMacBare } from '../wire/addresses.ts'
import type { Machine } from './machine.ts'
import type { AddressView6, Ip6View, NeighborView, RouteView6 } from './views.ts'

function addressView(machine: Machine, a: Address6): AddressView6 {
  const old = a.state === 'preferred' && a.preferredUntil <= machine.sim.now
  return {
    address: formatIp6(a.ip),
    prefixLength: a.prefixLength,
    origin: a.origin,
    state: old ? 'deprecated' : a.state,
    preferredUntil: storeTime(a.preferredUntil),
    validUntil: storeTime(a.validUntil),
  }
}

export function ip6View(machine: Machine, via: Interface): Ip6View | undefined {
  const i6 = machine.ip6.interfaces.get(via.index)
  if (i6 === undefined) return undefined
  const gateways = machine.ip6.routes.all.filter((r) => r.interface === via.index && r.prefixLength === 0 && r.gateway !== 0n)
  return {
    enabled: i6.enabled,
    forwarding: i6.forwarding,
    acceptsRa: i6.acceptsRa,
    asksDhcp: i6.asksDhcp,
    mtu: i6.mtu,
    hopLimit: i6.hopLimit || machine.stack.hopLimits.six,
    managed: i6.managed,
    other: i6.other,
    addresses: i6.running ? i6.addresses.map((a) => addressView(machine, a)) : [],
    gateways: [...new Set(gateways.map((route) => formatIp6(route.gateway)))],
    dnsServers: i6.servers.map(formatIp6),
    ...(i6.ownDns === undefined ? {} : { dnsByHand: true }),
    domains: i6.domains.map(({ value }) => value),
    groups: [...i6.groups.keys()].map(formatIp6),
  }
}

/** The link-local address as it is at the moment; of Linux' loopback its own. */
export function linkLocalText(machine: Machine, via: Interface): string {
  if (via.kind === 'loopback') return via.linkLocal6
  const own = machine.ip6.interfaces.get(via.index)?.linkLocal
  return own === undefined || own.state === 'duplicate' ? '' : formatIp6(own.ip)
}

export function neighborViews6(machine: Machine): NeighborView[] {
  const { now } = machine.sim
  const found: NeighborView[] = []
  for (const i6 of machine.ip6.interfaces.values()) {
    for (const n of i6.neighbors.all) {
      const state = n.state === 'reachable' && n.reachableUntil < now ? 'stale' : n.state
      const mac = n.mac === 0 ? '' : formatMacBare(n.mac)
      found.push({ interface: i6.via.index, address: formatIp6(n.ip), mac, state, isRouter: n.isRouter, ...n.times })
    }
  }
  return found
}

/** Routes that are in the kernel: those of links that are up, and those that refuse. */
const isThere = ({ stack }: Machine, route: Route6): boolean =>
  route.type !== undefined || stack.interfaces.get(route.interface)?.up === true

/** Of the main table, where they lead somewhere. */
export const routeViews6 = (machine: Machine): RouteView6[] =>
  machine.ip6.routes.all
    .filter((route) => route.table === undefined && route.type === undefined && isThere(machine, route))
    .map((route) => routeView6(machine, route))

/** Of every table that people wrote. */
export const allRouteViews6 = (machine: Machine): RouteView6[] =>
  machine.ip6.routes.all.filter((route) => isThere(machine, route)).map((route) => routeView6(machine, route))

export const routeView6 = ({ stack }: Machine, route: Route6): RouteView6 => ({
  destination: formatIp6(route.destination),
  prefixLength: route.prefixLength,
  gateway: route.gateway === 0n ? '' : formatIp6(route.gateway),
  interface: route.interface,
  metric: route.metric,
  interfaceMetric: stack.interfaces.get(route.interface)?.metric ?? 0,
  origin: route.origin,
  persistent: route.persistent,
  preference: route.preference,
  expiresAt: storeTime(route.expiresAt),
  ...(route.table === undefined ? {} : { table: route.table }),
  ...(route.type === undefined ? {} : { type: route.type }),
  ...(route.source === undefined ? {} : { source: formatIp6(route.source) }),
})
