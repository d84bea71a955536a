import type { InterfaceView } from '../../../engine/machine/views.ts'
import { cmdlet } from '../cmdlet.ts'
import { cim, select } from './cim.ts'

/** The network's name: of the Wi-Fi, of the DNS suffix, or none known. The Default Switch has no profile. */
export function profileName(one: InterfaceView): string | undefined {
  if (one.hidden || !one.enabled || !one.up || one.kind === 'loopback') return undefined
  if (one.kind === 'ppp') return one.name
  return one.ssid !== ''
    ? one.ssid
    : one.gateways.length === 0
      ? 'Unidentified network'
      : one.dnsSuffix !== ''
        ? one.dnsSuffix
        : 'Network'
}

const filters = {
  Name: 'Name',
  InterfaceAlias: 'InterfaceAlias',
  InterfaceIndex: 'InterfaceIndex',
  NetworkCategory: 'NetworkCategory',
  IPv4Connectivity: 'IPv4Connectivity',
} as const

export const getNetConnectionProfile = cmdlet(
  {
    name: 'Get-NetConnectionProfile',
    module: 'NetConnection',
    synopsis: 'Gets a connection profile.',
    supports: Object.keys(filters),
  },
  (call, bound) => {
    const items = call.kernel.interfaces().flatMap((one) => {
      const name = profileName(one)
      if (name === undefined) return []
      const known = one.gateways.length > 0 || one.kind === 'ppp'
      return [
        cim('MSFT_NetConnectionProfile', {
          Name: name,
          InterfaceAlias: one.name,
          InterfaceIndex: one.index,
          NetworkCategory: 'Public',
          DomainAuthenticationKind: 'None',
          IPv4Connectivity: known ? 'Internet' : one.addresses.length > 0 ? 'LocalNetwork' : 'NoTraffic',
          IPv6Connectivity: 'NoTraffic',
        }),
      ]
    })
    return select(call, bound, 'MSFT_NetConnectionProfile', items, filters, 'query')
  },
)
