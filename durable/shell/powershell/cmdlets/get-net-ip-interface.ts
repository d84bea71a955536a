import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { InterfaceView } from '../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { type PsObject, property } from '../values/value.ts'
import { cim, select } from './cim.ts'

function row(kernel: Kernel, one: InterfaceView, family: 'IPv4' | 'IPv6'): PsObject {
  const weak = kernel.windowsNet?.weakHost(one.index)
  const manual = kernel.windowsNet?.manualMetrics() ?? []
  const enabled = (on: boolean | undefined): string => (on ? 'Enabled' : 'Disabled')
  const loop = one.kind === 'loopback'
  const six = family === 'IPv6' ? one.ip6 : undefined
  const dhcp = family === 'IPv6' ? !loop && six?.asksDhcp !== false : one.dhcp
  return cim('MSFT_NetIPInterface', {
    InterfaceIndex: one.index,
    InterfaceAlias: one.name,
    CompartmentId: 1,
    AddressFamily: family,
    Forwarding: enabled(family === 'IPv4' ? one.forwarding : one.ip6?.forwarding),
    ConnectionState: one.up ? 'Connected' : 'Disconnected',
    NlMtu: family === 'IPv6' ? (one.ip6?.mtu ?? one.mtu) : one.mtu,
    NlMtuBytes: family === 'IPv6' ? (one.ip6?.mtu ?? one.mtu) : one.mtu,
    InterfaceMetric: one.metric,
    AutomaticMetric: enabled(!manual.includes(one.index)),
    Dhcp: dhcp ? 'Enabled' : 'Disabled',
    // Windows asks for routers of IPv4 when DHCP tells it to, which no server here does.
    RouterDiscovery: family === 'IPv4' ? 'ControlledByDHCP' : enabled(six?.acceptsRa),
    ManagedAddressConfiguration: enabled(six?.managed),
    OtherStatefulConfiguration: enabled(six?.other),
    NeighborDiscoverySupported: loop ? 'No' : 'Yes',
    WeakHostSend: enabled(weak?.send),
    WeakHostReceive: enabled(weak?.receive),
    PolicyStore: 'ActiveStore',
    ifIndex: one.index,
    ifAlias: one.name,
  })
}

/** IPv6 first, as the real list has them. */
export function interfaceObjects(kernel: Kernel): PsObject[] {
  const all = [...kernel.interfaces()].filter((one) => one.enabled).sort((a, b) => b.index - a.index)
  const six = all.filter((one) => one.linkLocal6 !== '' || one.kind === 'loopback')
  return [...six.map((one) => row(kernel, one, 'IPv6')), ...all.map((one) => row(kernel, one, 'IPv4'))]
}

export const interfaceFilters = {
  InterfaceAlias: 'InterfaceAlias',
  InterfaceIndex: 'InterfaceIndex',
  AddressFamily: 'AddressFamily',
  ConnectionState: 'ConnectionState',
  Forwarding: 'Forwarding',
  Dhcp: 'Dhcp',
  InterfaceMetric: 'InterfaceMetric',
  NlMtuBytes: 'NlMtuBytes',
  AutomaticMetric: 'AutomaticMetric',
  RouterDiscovery: 'RouterDiscovery',
  ManagedAddressConfiguration: 'ManagedAddressConfiguration',
  OtherStatefulConfiguration: 'OtherStatefulConfiguration',
  NeighborDiscoverySupported: 'NeighborDiscoverySupported',
  WeakHostSend: 'WeakHostSend',
  WeakHostReceive: 'WeakHostReceive',
  CompartmentId: 'CompartmentId',
  PolicyStore: 'PolicyStore',
} as const

const OF = ['AssociatedAdapter', 'AssociatedIPAddress', 'AssociatedNeighbor', 'AssociatedRoute']

/** Those of the adapter, address, neighbour or route that is given. */
function ofObject(call: Call, bound: Bound): PsObject[] {
  const all = interfaceObjects(call.kernel)
  for (const name of OF) {
    const given = bound.get(name)
    if (given === undefined) continue
    const index = property(given, 'InterfaceIndex') ?? property(given, 'ifIndex')
    const family = property(given, 'AddressFamily')
    return all.filter(
      (one) => property(one, 'InterfaceIndex') === index && (family === undefined || property(one, 'AddressFamily') === family),
    )
  }
  return all
}

export const getNetIpInterface = cmdlet(
  {
    name: 'Get-NetIPInterface',
    module: 'NetTCPIP',
    synopsis: 'Gets an IP interface.',
    supports: [...Object.keys(interfaceFilters), ...OF, 'IncludeAllCompartments'],
    classes: {
      AssociatedAdapter: 'MSFT_NetAdapter',
      AssociatedIPAddress: 'MSFT_NetIPAddress',
      AssociatedNeighbor: 'MSFT_NetNeighbor',
      AssociatedRoute: 'MSFT_NetRoute',
    },
    defaultSet: 'ByName',
  },
  (call, bound) => select(call, bound, 'MSFT_NetIPInterface', ofObject(call, bound), interfaceFilters, 'query'),
)
