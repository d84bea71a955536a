// Which way the computer would send: asked, not sent.
import { pathTo } from '../../ip/output.ts'
import { pathTo6 } from '../../ip/v6/output6.ts'
import { formatAddress, formatIp, formatIp6, type Ip6, networkOf, parseAddress, parseIp } from '../../wire/addresses.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'

export type FoundRoute = {
  readonly source: string
  readonly sourceInterface: number
  readonly interface: number
  /** Empty: on-link. */
  readonly gateway: string
  /** Of the route, with its length. */
  readonly prefix: string
}

export interface RouteCalls {
  /** Null: an address is none. Empty `local` and 0 as interface: whichever. */
  findRoute(remote: string, local: string, index: number): FoundRoute | 'no-route' | null
  /** Addresses that packets carry only when somebody names them. */
  skippedAsSource(index: number): string[]
  setSkipAsSource(index: number, address: string, skip: boolean): Outcome
}

export function routeCalls(machine: Machine): RouteCalls {
  const { stack, ip6 } = machine
  return {
    skippedAsSource: (index) => (stack.interfaces.get(index)?.skips ?? []).map(formatIp),
    setSkipAsSource: (index, address, skip) => {
      const via = stack.interfaces.get(index)
      const ip = parseIp(address)
      if (via === undefined || ip === undefined || !via.addresses.some((a) => a.ip === ip)) return failed('not-found')
      const others = via.skips.filter((one) => one !== ip)
      via.skips = skip ? [...others, ip] : others
      stack.changed()
      return OK
    },
    findRoute: (remoteText, localText, index) => {
      const remote = parseAddress(remoteText.replace(/%.*$/, ''))
      const local = localText === '' ? undefined : parseAddress(localText)
      if (remote === undefined || (localText !== '' && local === undefined) || typeof remote !== typeof (local ?? remote))
        return null
      const via = index === 0 ? undefined : stack.interfaces.get(index)
      if (index !== 0 && via === undefined) return null
      if (typeof remote === 'bigint') {
        const path = pathTo6(ip6, remote, { via, source: local as Ip6 | undefined })
        if (typeof path === 'string') return 'no-route'
        const out = path.via.via
        const route = ip6.routes.all.find(
          (r) => r.interface === out.index && (r.gateway === path.nextHop || (r.gateway === 0n && path.nextHop === remote)),
        )
        return {
          source: formatIp6(path.source),
          sourceInterface: out.index,
          interface: out.index,
          gateway: path.nextHop === remote ? '' : formatIp6(path.nextHop),
          prefix: route === undefined ? `${formatIp6(remote)}/128` : `${formatIp6(route.destination)}/${route.prefixLength}`,
        }
      }
      const path = pathTo(stack, remote, { via, source: local as number | undefined })
      if (typeof path === 'string') return 'no-route'
      const owner = stack.ownerOf(path.source) ?? path.via
      const route = path.local ? undefined : stack.routes.lookup(remote, stack.interfaces, path.via.index)
      const prefix =
        route === undefined
          ? `${formatAddress(remote)}/32`
          : `${formatIp(networkOf(route.destination, route.prefixLength))}/${route.prefixLength}`
      return {
        source: formatIp(path.source),
        sourceInterface: owner.index,
        interface: path.local ? owner.index : path.via.index,
        gateway: route === undefined || route.gateway === 0 ? '' : formatIp(route.gateway),
        prefix,
      }
    },
  }
}
