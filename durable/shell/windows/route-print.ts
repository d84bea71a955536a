import type { Kernel } from '../../engine/machine/kernel.ts'
import { formatIp } from '../../engine/wire/addresses.ts'
import { maskText, type RouteRow, routeTable, totalMetric } from './network.ts'
import { wildcard } from './regex/wildcard.ts'
import { routeLines6, routeRows6 } from './six.ts'

const rule = '='.repeat(75)

/** `route print` and `netstat -r`. */
export function routePrint(kernel: Kernel, filter = '*', family?: 4 | 6): string[] {
  const lines = [rule, 'Interface List', ...interfaceList(kernel), rule]
  if (family !== 6) lines.push('', 'IPv4 Route Table', rule, ...ipv4(kernel, filter))
  if (family !== 4) lines.push('', 'IPv6 Route Table', rule, ...ipv6(kernel))
  return lines
}

function interfaceList(kernel: Kernel): string[] {
  return [...kernel.interfaces()]
    .filter((one) => one.enabled && (one.kind !== 'ppp' || one.up))
    .sort((a, b) => b.index - a.index)
    .map((one) => {
      const mac = one.mac === '' ? '' : `${(one.mac.toLowerCase().match(/../g) ?? []).join(' ')} `
      return `${String(one.index).padStart(3)}...${mac.padEnd(24, '.')}${one.description}`
    })
}

function ipv4(kernel: Kernel, filter: string): string[] {
  const matches = wildcard(filter)
  const all = routeTable(kernel).filter((row) => matches(formatIp(row.network)))
  const active = all.filter((row) => row.interface.enabled && row.interface.up)
  const persistent = all.filter((row) => row.persistent)
  return [
    'Active Routes:',
    ...(active.length === 0
      ? ['  None']
      : ['Network Destination        Netmask          Gateway       Interface  Metric', ...active.map(activeLine)]),
    rule,
    'Persistent Routes:',
    ...(persistent.length === 0
      ? ['  None']
      : ['  Network Address          Netmask  Gateway Address  Metric', ...persistent.map(persistentLine), rule]),
  ]
}

const field = (text: string): string => text.padStart(17)

function activeLine(row: RouteRow): string {
  const gateway = row.gateway === '' ? 'On-link ' : row.gateway
  return (
    field(formatIp(row.network)) +
    field(maskText(row.prefixLength)) +
    field(gateway) +
    field(row.source) +
    String(totalMetric(row)).padStart(7)
  )
}

const persistentLine = (row: RouteRow): string =>
  field(formatIp(row.network)) +
  field(maskText(row.prefixLength)) +
  field(row.gateway === '' ? 'On-link ' : row.gateway) +
  (row.routeMetric === 256 ? 'Default' : String(row.routeMetric)).padStart(8)

function ipv6(kernel: Kernel): string[] {
  const persistent = kernel.routes6().filter((route) => route.persistent)
  return [
    'Active Routes:',
    ' If Metric Network Destination      Gateway',
    ...routeRows6(kernel).flatMap(routeLines6),
    rule,
    'Persistent Routes:',
    ...(persistent.length === 0
      ? ['  None']
      : [
          ' If Metric Network Destination      Gateway',
          ...persistent.flatMap((route) =>
            routeLines6({
              index: 0,
              metric: route.metric,
              prefix: `${route.destination}/${route.prefixLength}`,
              gateway: route.gateway,
            }),
          ),
          rule,
        ]),
  ]
}
