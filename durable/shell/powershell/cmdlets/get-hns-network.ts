import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { HnsNetworkView } from '../../../engine/machine/views.ts'
import { type Call, type Cmdlet, cmdlet, type Fault } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { custom, type PsObject, type PsValue, property } from '../values/value.ts'
import { extensionsOf } from './get-vm-switch-extension.ts'

/** The version of the schema goes with the Windows build. */
const version = (build: number): number => (build < 22000 ? 47_244_640_267 : 64_424_509_440)

/** 100-nanosecond steps since 1601. */
const fileTime = (kernel: Kernel, at: number): number => (kernel.clock().epochMicros + at + 11_644_473_600_000_000) * 10

const id = (written: string): string => written.replace(/[{}]/g, '').toUpperCase()

function subnet(kernel: Kernel, one: HnsNetworkView): PsObject {
  const health = custom({ LastErrorCode: 0, LastUpdateTime: fileTime(kernel, one.updatedAt) })
  const none: PsValue = ''
  return custom({
    AdditionalParams: none,
    AddressPrefix: one.addressPrefix,
    Flags: 0,
    GatewayAddress: one.gatewayAddress,
    Health: health,
    ID: id(one.subnetId),
    IpSubnets: [
      custom({
        AdditionalParams: none,
        Flags: 3,
        Health: health,
        ID: id(one.ipSubnetId),
        IpAddressPrefix: one.addressPrefix,
        ObjectType: 6,
        Policies: [],
        State: 0,
      }),
    ],
    ObjectType: 5,
    Policies: [],
    State: 0,
  })
}

function network(kernel: Kernel, one: HnsNetworkView): PsObject {
  const { build } = kernel.identity()
  const extensions = extensionsOf(build).map(({ id: extension, name, type }) =>
    custom({ Id: extension, IsEnabled: type === 'Monitoring', Name: name }),
  )
  const allocator = custom({
    AdapterNetCfgInstanceId: `{${id(one.interfaceGuid)}}`,
    Dhcp: true,
    Dns: true,
    Prefix: Number(one.addressPrefix.split('/')[1] ?? 20),
    SubnetIPAddress: one.addressPrefix.split('/')[0],
    Tag: 'ICS',
  })
  return custom({
    ActivityId: id(one.activityId),
    AdditionalParams: '',
    CurrentEndpointCount: 0,
    Extensions: extensions,
    Flags: one.flags,
    GatewayMac: one.gatewayMac,
    Health: custom({ LastErrorCode: 0, LastUpdateTime: fileTime(kernel, one.updatedAt) }),
    ID: id(one.id),
    IPv6: false,
    LayeredOn: id(one.layeredOn),
    MacPools: [custom({ EndMacAddress: one.macPool[1], StartMacAddress: one.macPool[0] })],
    MaxConcurrentEndpoints: 0,
    Name: one.name,
    NatName: one.natName,
    Policies: [],
    State: 1,
    Subnets: [subnet(kernel, one)],
    SwitchGuid: id(one.id),
    SwitchName: one.name,
    TotalEndpoints: 0,
    Type: one.type,
    Version: version(build),
    Resources: custom({
      AdditionalParams: '',
      AllocationOrder: 2,
      Allocators: [allocator],
      Health: custom({ LastErrorCode: 0, LastUpdateTime: fileTime(kernel, one.updatedAt) }),
      ID: id(one.activityId),
      State: 1,
    }),
  })
}

export const getHnsNetwork = cmdlet(
  {
    name: 'Get-HnsNetwork',
    module: 'HostNetworkingService',
    synopsis: 'Gets the networks of the Host Networking Service.',
    supports: ['Id'],
  },
  function* (call, bound) {
    const wanted = bound.text('Id')
    served(call)
    for (const one of call.kernel.hyperV?.hnsNetworks() ?? []) {
      if (wanted === undefined || id(wanted) === id(one.id)) yield* call.emit(network(call.kernel, one))
    }
  },
)

/** Everything is asked of the service. */
function served(call: Call): void {
  if (call.kernel.windows?.serviceRuns('hns') === false)
    call.fail({ message: 'The RPC server is unavailable.', category: 'NotSpecified', exception: 'Exception', id: 'HNS' })
}

const notFound = (wanted: string): Fault => ({
  message: `Element not found: ${id(wanted)}.`,
  category: 'ObjectNotFound',
  target: `${wanted}:String`,
  exception: 'Exception',
  id: 'HNS',
})

export const removeHnsNetwork = cmdlet(
  {
    name: 'Remove-HnsNetwork',
    module: 'HostNetworkingService',
    synopsis: 'Removes networks of the Host Networking Service; that of the Default Switch comes back with the next start.',
    supports: ['InputObjects'],
  },
  (call, bound) => {
    served(call)
    for (const given of bound.list('InputObjects')) {
      const wanted = text(property(given, 'ID') ?? property(given, 'Id') ?? given)
      if (call.kernel.hyperV?.removeHnsNetwork(id(wanted)).ok !== true) call.error(notFound(wanted))
    }
  },
)

/** What containers would have: ordinary machines on the Default Switch are no endpoints made through HNS (fact sheet 2.6). */
const NONE = [
  ['Get-HnsEndpoint', 'Gets the endpoints of the Host Networking Service; no container of a lab makes one.'],
  ['Get-HnsNamespace', 'Gets the namespaces of the Host Networking Service; no container of a lab makes one.'],
  ['Get-HnsPolicyList', 'Gets the policy lists of the Host Networking Service; no container of a lab makes one.'],
  ['Get-HnsEndpointAddresses', 'Gets the addresses of endpoints; there are none in a lab.'],
  ['Get-HnsEndpointStats', 'Gets the counters of endpoints; there are none in a lab.'],
  ['Remove-HnsEndpoint', 'Removes endpoints; there are none in a lab.'],
  ['Remove-HnsNamespace', 'Removes namespaces; there are none in a lab.'],
  ['Remove-HnsPolicyList', 'Removes policy lists; there are none in a lab.'],
] as const

export const hnsCmdlets: readonly Cmdlet[] = NONE.map(([name, synopsis]) => {
  const listing = /^Get-Hns(Endpoint|Namespace|PolicyList)$/.test(name)
  return cmdlet(
    { name, module: 'HostNetworkingService', synopsis, supports: [listing ? 'Id' : 'InputObjects'] },
    (call, bound) => {
      served(call)
      const wanted = bound.text('Id')
      if (wanted !== undefined) call.fail(notFound(wanted))
      for (const given of bound.list('InputObjects'))
        call.error(notFound(text(property(given, 'ID') ?? property(given, 'Id') ?? given)))
    },
  )
})
