// What Windows tools read and print of IPv6. Zones are interface indexes here.
import type { Kernel } from '../../engine/machine/kernel.ts'
import type { AddressView6, InterfaceView, RouteView6 } from '../../engine/machine/views.ts'
import { type Ip6, inPrefix6, isLinkLocalIp6, isMulticastIp6, parseIp6 } from '../../engine/wire/addresses.ts'

export const numberOf6 = (text: string): Ip6 => parseIp6(text.replace(/%.*$/, '')) ?? 0n

/** The addresses of an interface: of a kernel that tells only the link-local one, that. */
export function addressesOf6(one: InterfaceView): readonly AddressView6[] {
  if (one.ip6) return one.ip6.addresses
  const only = (address: string, prefixLength: number, origin: AddressView6['origin']): AddressView6 => ({
    address,
    prefixLength,
    origin,
    state: 'preferred',
    preferredUntil: null,
    validUntil: null,
  })
  if (one.kind === 'loopback') return [only('::1', 128, 'well-known')]
  return one.linkLocal6 === '' ? [] : [only(one.linkLocal6, 64, 'link-local')]
}

/** With the zone that a link-local address needs. */
export const zoned = (address: string, index: number): string =>
  isLinkLocalIp6(numberOf6(address)) ? `${address}%${index}` : address

export type Row6 = { readonly index: number; readonly metric: number; readonly prefix: string; readonly gateway: string }

/** The table as `route print` shows it: with the addresses themselves, and the groups of every interface. */
export function routeRows6(kernel: Kernel): Row6[] {
  const up = kernel.interfaces().filter((one) => one.enabled && one.up && addressesOf6(one).length > 0)
  const rows: Row6[] = []
  const known = new Set(up.map((one) => one.index))
  const cost = (one: InterfaceView) => one.metric + 256
  for (const route of routes6(kernel)) {
    if (!known.has(route.interface)) continue
    rows.push({
      index: route.interface,
      metric: route.metric + route.interfaceMetric,
      prefix: `${route.destination}/${route.prefixLength}`,
      gateway: route.gateway,
    })
  }
  for (const one of up) {
    const told = one.ip6 !== undefined
    for (const a of addressesOf6(one))
      if (told || one.kind === 'loopback')
        rows.push({ index: one.index, metric: cost(one), prefix: `${a.address}/128`, gateway: '' })
    if (!told && one.kind !== 'loopback') rows.push({ index: one.index, metric: cost(one), prefix: 'fe80::/64', gateway: '' })
    rows.push({ index: one.index, metric: cost(one), prefix: 'ff00::/8', gateway: '' })
  }
  const seen = new Set<string>()
  return rows
    .filter((row) => {
      const key = `${row.index} ${row.prefix} ${row.gateway}`
      return seen.has(key) ? false : seen.add(key)
    })
    .sort((a, b) => order(a, b))
}

const order = (a: Row6, b: Row6): number => {
  const [x, y] = [numberOf6(a.prefix.split('/')[0] as string), numberOf6(b.prefix.split('/')[0] as string)]
  return x < y ? -1 : x > y ? 1 : Number(a.prefix.split('/')[1]) - Number(b.prefix.split('/')[1]) || a.index - b.index
}

export const routes6 = (kernel: Kernel): RouteView6[] => kernel.routes6()

/** Long prefixes break the line; the gateway is then on the next line at column 34 (fact sheet 3.4). */
export function routeLines6(row: Row6): string[] {
  const head = `${String(row.index).padStart(3)}${String(row.metric).padStart(7)} `
  const gateway = row.gateway === '' ? 'On-link' : row.gateway
  return row.prefix.length < 25
    ? [`${head}${row.prefix.padEnd(25)}${gateway}`]
    : [`${head}${row.prefix}`, `${' '.repeat(36)}${gateway}`]
}

/** The neighbours of an interface, with the groups that are always there. */
export function neighborRows6(kernel: Kernel, one: InterfaceView): { address: string; mac: string; state: string }[] {
  const groups = (one.ip6?.groups ?? []).map((address) => ({
    address,
    mac: `3333${(numberOf6(address) & 0xffffffffn).toString(16).padStart(8, '0')}`.toUpperCase(),
    state: 'permanent',
  }))
  const learned = kernel.neighbors6().filter((n) => n.interface === one.index)
  return [...learned, ...(one.kind === 'loopback' ? [] : groups)]
}

/** The route that leads to an address, for those who show it. */
export function routeTo6(kernel: Kernel, address: string): RouteView6 | undefined {
  const ip = numberOf6(address)
  if (isMulticastIp6(ip)) return undefined
  let best: RouteView6 | undefined
  for (const route of kernel.routes6()) {
    if (!inPrefix6(ip, numberOf6(route.destination), route.prefixLength)) continue
    const cost = route.metric + route.interfaceMetric
    if (
      !best ||
      route.prefixLength > best.prefixLength ||
      (route.prefixLength === best.prefixLength && cost < best.metric + best.interfaceMetric)
    )
      best = route
  }
  return best
}

/** The address that Windows would speak from on an interface. */
export function sourceOf6(one: InterfaceView | undefined, address: string): string {
  const own = one === undefined ? [] : addressesOf6(one).filter((a) => a.state === 'preferred')
  const scoped = isLinkLocalIp6(numberOf6(address))
  const fit = own.filter((a) => isLinkLocalIp6(numberOf6(a.address)) === scoped)
  return (fit.find((a) => a.origin === 'temporary') ?? fit[0])?.address ?? ''
}
