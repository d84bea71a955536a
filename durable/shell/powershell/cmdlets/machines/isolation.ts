// Isolation of an adapter by VLAN (fact sheet 2.2): another way to the same port mode. Virtual subnets belong to network
// virtualization, which a Windows client has no use for.
import type { VlanMode } from '../../../../engine/link/virtual-port/vlan-mode.ts'
import type { VmAdapterView } from '../../../../engine/machine/views.ts'
import { type Call, cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { object, type PsObject } from '../../values/value.ts'
import { adapterObject, refuse, sortedAdapters, tail, typed } from '../hyper-v.ts'
import { ADAPTER_PARAMETERS, changeAdapter, chosenAdapters } from '../vm-network-adapters.ts'

function isolationObject(call: Call, one: VmAdapterView): PsObject {
  const { vlan } = one.settings
  const on = vlan.mode === 'Access'
  return object(
    typed('VMNetworkAdapterIsolationSetting'),
    {
      IsolationMode: on ? 'Vlan' : 'None',
      AllowUntaggedTraffic: on,
      DefaultIsolationID: vlan.mode === 'Access' ? vlan.vlanId : 0,
      MultiTenantStack: 'Off',
      ParentAdapter: adapterObject(call, one),
      IsTemplate: true,
      ...tail(call),
    },
    'VMNetworkAdapterIsolationSetting',
  )
}

export const getVmNetworkAdapterIsolation = cmdlet(
  {
    name: 'Get-VMNetworkAdapterIsolation',
    module: 'Hyper-V',
    synopsis: 'Gets isolation settings for a virtual network adapter.',
    supports: [...ADAPTER_PARAMETERS],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosenAdapters(call, bound)) yield* call.emit(isolationObject(call, one))
  },
)

export const setVmNetworkAdapterIsolation = cmdlet(
  {
    name: 'Set-VMNetworkAdapterIsolation',
    module: 'Hyper-V',
    synopsis: 'Modifies isolation settings for a virtual network adapter.',
    supports: [...ADAPTER_PARAMETERS, 'IsolationMode', 'DefaultIsolationID', 'AllowUntaggedTraffic', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const mode = bound.text('IsolationMode')
    if (mode === 'NativeVirtualSubnet' || mode === 'ExternalVirtualSubnet')
      throw new NotSimulated(`Set-VMNetworkAdapterIsolation: ${mode} is real, but it is not simulated here.`)
    const id = bound.number('DefaultIsolationID')
    if (id !== undefined && (id < 0 || id > 4094)) return call.error(refuse('The VLAN id must be from 0 to 4094.', `${id}:Int32`))
    for (const one of chosenAdapters(call, bound)) {
      const { vlan } = one.settings
      const number = id ?? (vlan.mode === 'Access' ? vlan.vlanId : 0)
      const untagged = bound.has('AllowUntaggedTraffic') ? bound.flag('AllowUntaggedTraffic') : true
      const off = mode === 'None' || (mode === undefined && vlan.mode !== 'Access') || number === 0 || !untagged
      const next: VlanMode = off ? { mode: 'Untagged' } : { mode: 'Access', vlanId: number }
      if (!changeAdapter(call, one, { settings: { vlan: next } }) || !bound.flag('Passthru')) continue
      const now = sortedAdapters(call).find((other) => other.id === one.id)
      if (now) yield* call.emit(isolationObject(call, now))
    }
  },
)
