import type { RouteView } from '../../engine/machine/views.ts'
import { formatIp, maskOf } from '../../engine/wire/addresses.ts'
import type { Io } from './io.ts'
import { interfaceName, listedInterfaces, mainTable } from './links.ts'
import { type Lookup, reverseNames } from './names.ts'

export type TableStyle = { readonly numeric: boolean; readonly columns: 'metric' | 'window' }

/** The route table as net-tools prints it: names (of hosts, not of networks) are cut to 15 characters. */
export function* routeTable(io: Io, style: TableStyle): Lookup<string> {
  const links = listedInterfaces(io)
  const nameOf = reverseNames(io)
  const window = style.columns === 'window'
  let text = 'Kernel IP routing table\nDestination     Gateway         Genmask         Flags '
  text += window ? '  MSS Window  irtt Iface\n' : 'Metric Ref    Use Iface\n'
  for (const route of mainTable(io)) {
    let [destination, gateway] = [route.destination, route.gateway === '' ? '0.0.0.0' : route.gateway]
    if (!style.numeric) {
      if (route.prefixLength === 0) destination = 'default'
      else if (route.prefixLength === 32) destination = (yield* nameOf(destination)) ?? destination
      if (route.gateway !== '') gateway = (yield* nameOf(gateway)) ?? gateway
    }
    const whole = route.mirrored && route.prefixLength === 0
    const cells = [destination, gateway, whole ? '255.255.255.255' : formatIp(maskOf(route.prefixLength))].map((cell) =>
      cell.slice(0, 15).padEnd(16),
    )
    const name = interfaceName(links, route.interface)
    const rest = window
      ? `${flagsOf(route).padEnd(5)} ${'0'.padStart(5)} ${'0'.padEnd(5)} ${'0'.padStart(6)} ${name}`
      : `${flagsOf(route).padEnd(5)} ${String(route.metric).padEnd(6)} ${'0'.padEnd(2)} ${'0'.padStart(7)} ${name}`
    text += `${cells.join('')}${rest}\n`
  }
  return text
}

const flagsOf = (route: RouteView): string =>
  route.mirrored ? 'U' : `U${route.gateway === '' ? '' : 'G'}${route.prefixLength === 32 ? 'H' : ''}`
