// What several commands derive from the same tables.

import type { Kernel } from '../../engine/machine/kernel.ts'
import type { AddressView, InterfaceView, NeighborView } from '../../engine/machine/views.ts'
import {
  broadcastOf,
  formatIp,
  formatMacWindows,
  type Ip4,
  inPrefix,
  maskOf,
  multicastMac,
  networkOf,
  parseIp,
} from '../../engine/wire/addresses.ts'

export const ip = (text: string): Ip4 => parseIp(text) ?? 0
export const maskText = (prefixLength: number): string => formatIp(maskOf(prefixLength))

/** `00155D0FA03B` -> `00-15-5D-0F-A0-3B` */
export const dashed = (mac: string): string => (mac.match(/../g) ?? []).join('-')

export const isV6 = (address: string): boolean => address.includes(':')

/** Addresses that take part in traffic: of interfaces that are on, connected and through with duplicate detection. */
export const usable = (one: InterfaceView): readonly AddressView[] =>
  one.enabled && one.up ? one.addresses.filter((address) => address.state === 'preferred' && !isV6(address.address)) : []

export const byIndex = (kernel: Kernel, index: number): InterfaceView | undefined =>
  kernel.interfaces().find((one) => one.index === index)

export type RouteRow = {
  readonly network: Ip4
  readonly prefixLength: number
  /** Empty: on-link. */
  readonly gateway: string
  readonly interface: InterfaceView
  /** Own address on the interface. */
  readonly source: string
  readonly routeMetric: number
  readonly origin: 'kernel' | 'dhcp' | 'static' | 'ppp'
  readonly persistent: boolean
}

export const totalMetric = (row: RouteRow): number => row.routeMetric + row.interface.metric

/** The IPv4 table as Windows shows it: what the stack holds plus the rows that every address brings. */
export function routeTable(kernel: Kernel): RouteRow[] {
  const rows = new Map<string, RouteRow>()
  const add = (row: RouteRow) => {
    const key = `${row.network}/${row.prefixLength} ${row.gateway} ${row.interface.index}`
    if (!rows.has(key)) rows.set(key, row)
  }
  const interfaces = kernel.interfaces()
  for (const route of kernel.routes()) {
    const on = interfaces.find((one) => one.index === route.interface)
    if (on === undefined || isV6(route.destination) || parseIp(route.destination) === undefined) continue
    add({
      network: ip(route.destination),
      prefixLength: route.prefixLength,
      gateway: route.gateway === '0.0.0.0' ? '' : route.gateway,
      interface: on,
      source: sourceOn(on, route.gateway),
      routeMetric: route.metric,
      origin: route.origin,
      persistent: route.persistent,
    })
  }
  for (const on of interfaces) {
    for (const { address, prefixLength } of usable(on)) {
      const own = ip(address)
      const local = (network: Ip4, length: number) =>
        add({
          network,
          prefixLength: length,
          gateway: '',
          interface: on,
          source: address,
          routeMetric: 256,
          origin: 'kernel',
          persistent: false,
        })
      if (prefixLength < 32) local(networkOf(own, prefixLength), prefixLength)
      local(own, 32)
      if (prefixLength < 31) local(broadcastOf(own, prefixLength), 32)
      local(ip('224.0.0.0'), 4)
      local(0xffffffff, 32)
    }
  }
  return [...rows.values()].sort(
    (a, b) =>
      a.network - b.network || a.prefixLength - b.prefixLength || ip(a.source) - ip(b.source) || totalMetric(a) - totalMetric(b),
  )
}

function sourceOn(on: InterfaceView, gateway: string): string {
  const near =
    gateway === ''
      ? undefined
      : on.addresses.find(
          (one) => !isV6(one.address) && inPrefix(ip(gateway), networkOf(ip(one.address), one.prefixLength), one.prefixLength),
        )
  return (near ?? on.addresses.find((one) => !isV6(one.address)))?.address ?? '0.0.0.0'
}

/** The rows that a packet to `address` could go by, the one that decides first. */
export function fittingRoutes(kernel: Kernel, address: string): RouteRow[] {
  const to = parseIp(address)
  if (to === undefined) return []
  return routeTable(kernel)
    .filter((row) => row.interface.enabled && row.interface.up && inPrefix(to, row.network, row.prefixLength))
    .sort((a, b) => b.prefixLength - a.prefixLength || totalMetric(a) - totalMetric(b))
}

/** The row that decides where a packet to `address` goes. */
export const routeTo = (kernel: Kernel, address: string): RouteRow | undefined => fittingRoutes(kernel, address)[0]

/** The interface whose servers name look-ups go to: the lowest metric among those that lead out and have a server. */
export function bestDnsInterface(kernel: Kernel): InterfaceView | undefined {
  return kernel
    .interfaces()
    .filter((one) => one.enabled && one.up && one.dnsServers.length > 0 && one.kind !== 'loopback')
    .sort((a, b) => Number(leadsOut(b)) - Number(leadsOut(a)) || a.metric - b.metric)[0]
}

/** A dialled connection leads out without the address of a gateway. */
const leadsOut = (one: InterfaceView): boolean => one.gateways.length > 0 || one.kind === 'ppp'

const groups = ['224.0.0.22', '224.0.0.251', '224.0.0.252', '239.255.255.250', '255.255.255.255']

/** Neighbours by address, with the permanent rows that Windows keeps for broadcast and its multicast groups. */
export function neighborTable(kernel: Kernel): NeighborView[] {
  const known = kernel.neighbors().filter((one) => !isV6(one.address))
  const rows = [...known]
  for (const on of kernel.interfaces()) {
    if (on.kind === 'loopback' || on.kind === 'ppp') continue
    const has = (address: string) => rows.some((one) => one.interface === on.index && one.address === address)
    const add = (address: string, mac: string) => {
      if (!has(address)) rows.push({ interface: on.index, address, mac, state: 'permanent' })
    }
    const own = usable(on)
    if (own.length === 0) continue
    for (const { address, prefixLength } of own)
      if (prefixLength < 31) add(formatIp(broadcastOf(ip(address), prefixLength)), 'FFFFFFFFFFFF')
    for (const group of groups) {
      // LLMNR is not joined on the Default Switch.
      if (on.hidden && group === '224.0.0.252') continue
      add(group, group === '255.255.255.255' ? 'FFFFFFFFFFFF' : formatMacWindows(multicastMac(ip(group))).replace(/-/g, ''))
    }
  }
  return rows.sort((a, b) => a.interface - b.interface || ip(a.address) - ip(b.address))
}

/** Whether `address` belongs to this machine. */
export const isOwn = (kernel: Kernel, address: string): boolean =>
  kernel.interfaces().some((one) => one.addresses.some((own) => own.address === address))
