import { byIndex, dashed, neighborTable } from '../../windows/network.ts'
import { neighborRows6 } from '../../windows/six.ts'
import { cmdlet } from '../cmdlet.ts'
import { cim, select } from './cim.ts'

const filters = {
  IPAddress: 'IPAddress',
  InterfaceAlias: 'InterfaceAlias',
  InterfaceIndex: 'InterfaceIndex',
  State: 'State',
  LinkLayerAddress: 'LinkLayerAddress',
  AddressFamily: 'AddressFamily',
  PolicyStore: 'PolicyStore',
} as const

export const getNetNeighbor = cmdlet(
  { name: 'Get-NetNeighbor', module: 'NetTCPIP', synopsis: 'Gets neighbor cache entries.', supports: Object.keys(filters) },
  (call, bound) => {
    const four = neighborTable(call.kernel).map((one) => ({ ...one, family: 'IPv4' }))
    const six = call.kernel
      .interfaces()
      .flatMap((on) => neighborRows6(call.kernel, on).map((one) => ({ ...one, interface: on.index, family: 'IPv6' })))
    const items = [
      ...[...six].sort((a, b) => b.interface - a.interface),
      ...[...four].sort((a, b) => b.interface - a.interface),
    ].map((one) =>
      cim('MSFT_NetNeighbor', {
        ifIndex: one.interface,
        IPAddress: one.address,
        InterfaceIndex: one.interface,
        InterfaceAlias: byIndex(call.kernel, one.interface)?.name ?? '',
        LinkLayerAddress: dashed(one.mac === '' ? '000000000000' : one.mac),
        State: one.state[0].toUpperCase() + one.state.slice(1),
        AddressFamily: one.family,
        PolicyStore: 'ActiveStore',
      }),
    )
    return select(call, bound, 'MSFT_NetNeighbor', items, filters, 'query')
  },
)
