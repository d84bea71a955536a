// One route as `ip route` prints it, in text and in JSON (iproute.c, print_route).
import type { LinkView, LinuxRoute } from '../../../engine/machine/linux/linux-views.ts'
import { scopeText } from './address.ts'
import type { Global } from './global.ts'
import type { Plain } from './json.ts'
import { protocolText, tableText } from './tables.ts'

export const destinationText = (route: LinuxRoute): string =>
  route.prefixLength === 0 && route.destination === '0.0.0.0'
    ? 'default'
    : route.prefixLength === 32
      ? route.destination
      : `${route.destination}/${route.prefixLength}`

/** What the listing was asked for is the same in every line, and left out. */
export type Hidden = { readonly device: boolean; readonly protocol: boolean; readonly scope: boolean }

/** `showTable`: more than one table is listed. */
export function routeLine(
  route: LinuxRoute,
  links: readonly LinkView[],
  global: Global,
  showTable: boolean,
  hidden: Hidden,
): string {
  const link = links.find((one) => one.index === route.interface)
  const words: string[] = []
  if (route.type !== 'unicast' || global.details) words.push(route.type)
  words.push(destinationText(route))
  if (route.gateway !== '') words.push(`via ${route.gateway}`)
  if (link && !hidden.device) words.push(`dev ${link.name}`)
  if (showTable && route.table !== 254) words.push(`table ${tableText(route.table)}`)
  if ((route.protocol !== 3 || global.details) && !hidden.protocol) words.push(`proto ${protocolText(route.protocol)}`)
  if ((route.scope !== 0 || global.details) && !hidden.scope) words.push(`scope ${scopeText(route.scope)}`)
  if (route.source !== '') words.push(`src ${route.source}`)
  if (route.metric > 0) words.push(`metric ${route.metric}`)
  if (route.linkDown) words.push('linkdown')
  if (route.onlink) words.push('onlink')
  if (route.mtu > 0) words.push(`mtu ${route.mtu}`)
  return `${words.join(' ')} `
}

export function routeJson(route: LinuxRoute, links: readonly LinkView[], global: Global, showTable: boolean): Plain {
  const link = links.find((one) => one.index === route.interface)
  const flags = [...(route.linkDown ? ['linkdown'] : []), ...(route.onlink ? ['onlink'] : [])]
  return {
    ...(route.type !== 'unicast' || global.details ? { type: route.type } : {}),
    dst: destinationText(route),
    ...(route.gateway === '' ? {} : { gateway: route.gateway }),
    ...(link ? { dev: link.name } : {}),
    ...(showTable && route.table !== 254 ? { table: tableText(route.table) } : {}),
    ...(route.protocol !== 3 || global.details ? { protocol: protocolText(route.protocol) } : {}),
    ...(route.scope !== 0 || global.details ? { scope: scopeText(route.scope) } : {}),
    ...(route.source === '' ? {} : { prefsrc: route.source }),
    ...(route.metric > 0 ? { metric: route.metric } : {}),
    flags,
  }
}
