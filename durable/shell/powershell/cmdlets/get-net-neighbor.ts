import type { Kernel } from '../../../engine/machine/kernel.ts'
import { byIndex, dashed, neighborTable } from '../../windows/network.ts'
import { neighborRows6 } from '../../windows/six.ts'
import { cmdlet } from '../cmdlet.ts'
import type { PsObject } from '../values/value.ts'
import { cim, ofInterface, select } from './cim.ts'

export const neighborFilters = {
  IPAddress: 'IPAddress',
  InterfaceAlias: 'InterfaceAlias',
  InterfaceIndex: 'InterfaceIndex',
  State: 'State',
  LinkLayerAddress: 'LinkLayerAddress',
  AddressFamily: 'AddressFamily',
  PolicyStore: 'PolicyStore',
} as const

/** IPv6 first, the highest interface first, as the real list has them. */
export function neighborObjects(kernel: Kernel): PsObject[] {
  const four = neighborTable(kernel).map((one) => ({ ...one, family: 'IPv4' }))
  const six = kernel
    .interfaces()
    .flatMap((on) => neighborRows6(kernel, on).map((one) => ({ ...one, interface: on.index, family: 'IPv6' })))
  return [...[...six].sort((a, b) => b.interface - a.interface), ...[...four].sort((a, b) => b.interface - a.interface)].map(
    (one) =>
      cim('MSFT_NetNeighbor', {
        ifIndex: one.interface,
        IPAddress: one.address,
        InterfaceIndex: one.interface,
        InterfaceAlias: byIndex(kernel, one.interface)?.name ?? '',
        LinkLayerAddress: dashed(one.mac === '' ? '000000000000' : one.mac),
        State: one.state[0].toUpperCase() + one.state.slice(1),
        AddressFamily: one.family,
        PolicyStore: 'ActiveStore',
      }),
  )
}

export const getNetNeighbor = cmdlet(
  {
    name: 'Get-NetNeighbor',
    module: 'NetTCPIP',
    synopsis: 'Gets neighbor cache entries.',
    supports: [...Object.keys(neighborFilters), 'AssociatedIPInterface', 'IncludeAllCompartments'],
    classes: { AssociatedIPInterface: 'MSFT_NetIPInterface' },
  },
  (call, bound) =>
    select(call, bound, 'MSFT_NetNeighbor', ofInterface(bound, neighborObjects(call.kernel)), neighborFilters, 'query'),
)
