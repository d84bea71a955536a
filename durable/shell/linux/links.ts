import type { InterfaceView, RouteView } from '../../engine/machine/views.ts'
import { formatIp, inPrefix, maskOf, networkOf, parseIp } from '../../engine/wire/addresses.ts'
import type { Io } from './io.ts'

// What several tools read from the interfaces and the route table.

export const interfaceNamed = (io: Io, name: string): InterfaceView | undefined =>
  io.kernel.interfaces().find((link) => link.name === name)

/** Interfaces as Linux numbers them; hidden ones belong to other systems. */
export const listedInterfaces = (io: Io): InterfaceView[] => [...io.kernel.interfaces()].sort((a, b) => a.index - b.index)

export const interfaceName = (links: readonly InterfaceView[], index: number): string =>
  links.find((link) => link.index === index)?.name ?? `if${index}`

export const firstAddress = (link: InterfaceView | undefined): string =>
  link?.addresses.find((address) => address.state !== 'duplicate')?.address ?? ''

/** An Ethernet-like interface that a command means when it names none: the first that is not the loopback. */
export const firstLink = (io: Io): InterfaceView | undefined => listedInterfaces(io).find((link) => link.kind !== 'loopback')

export const numberOfIp = (text: string): number => parseIp(text) ?? 0

export const networkText = (address: string, prefixLength: number): string =>
  formatIp(networkOf(numberOfIp(address), prefixLength))

/**
 * The main table in the order in which the kernel lists it: by address, the longer prefix first, then by metric. Entries
 * of the local table (own addresses, loopback, broadcasts, multicast) are left out, as `ip route` does.
 */
export function mainTable(io: Io): RouteView[] {
  const links = io.kernel.interfaces()
  const own = new Set(links.flatMap((link) => link.addresses.map((address) => address.address)))
  const loopbacks = new Set(links.flatMap((link) => (link.kind === 'loopback' ? [link.index] : [])))
  return io.kernel
    .routes()
    .filter((route) => {
      if (route.mirrored) return true
      const first = numberOfIp(route.destination) >>> 24
      if (loopbacks.has(route.interface) || first === 127 || first >= 224) return false
      return !(
        route.prefixLength === 32 &&
        route.origin === 'kernel' &&
        (own.has(route.destination) || isBroadcast(links, route))
      )
    })
    .sort(
      (a, b) => numberOfIp(a.destination) - numberOfIp(b.destination) || b.prefixLength - a.prefixLength || a.metric - b.metric,
    )
}

const isBroadcast = (links: readonly InterfaceView[], route: RouteView): boolean =>
  links.some((link) => link.addresses.some((address) => broadcastText(address) === route.destination))

export const broadcastText = (address: { readonly address: string; readonly prefixLength: number }): string =>
  address.prefixLength >= 31 ? '' : formatIp((numberOfIp(address.address) | ~maskOf(address.prefixLength)) >>> 0)

/** The route that the kernel takes: the longest prefix, then the smallest metric, over interfaces that are up. */
export function routeTo(io: Io, destination: number): RouteView | undefined {
  const usable = new Set(io.kernel.interfaces().flatMap((link) => (link.enabled ? [link.index] : [])))
  let best: RouteView | undefined
  for (const route of io.kernel.routes()) {
    if (!usable.has(route.interface) || !inPrefix(destination, numberOfIp(route.destination), route.prefixLength)) continue
    if (
      !best ||
      route.prefixLength > best.prefixLength ||
      (route.prefixLength === best.prefixLength && route.metric < best.metric)
    ) {
      best = route
    }
  }
  return best
}

/** The address that packets along a route leave with. */
export function sourceOf(io: Io, route: RouteView): string {
  const link = io.kernel.interfaces().find((each) => each.index === route.interface)
  const near = route.gateway === '' ? route.destination : route.gateway
  const match = link?.addresses.find((each) => inPrefix(numberOfIp(near), numberOfIp(each.address), each.prefixLength))
  return match?.address ?? firstAddress(link)
}
