import type { VmAdapterView } from '../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, property } from '../values/value.ts'
import { adaptersOf } from './get-vm-network-adapter.ts'
import { adapterObject, sortedAdapters, tail, typed } from './hyper-v.ts'

const supports = ['VMName', 'VM', 'VMNetworkAdapter', 'VMNetworkAdapterName', 'ManagementOS'] as const

function chosen(call: Call, bound: Bound): VmAdapterView[] {
  if (!bound.has('VMNetworkAdapter'))
    return bound.has('VMName') || bound.has('VM') || bound.flag('ManagementOS')
      ? adaptersOf(call, bound, 'VMNetworkAdapterName')
      : sortedAdapters(call)
  const ids = bound.list('VMNetworkAdapter').map((one) => text(property(one, 'Id') ?? ''))
  return sortedAdapters(call).filter((one) => ids.includes(one.id))
}

export const getVmNetworkAdapterVlan = cmdlet(
  {
    name: 'Get-VMNetworkAdapterVlan',
    module: 'Hyper-V',
    synopsis: 'Gets the VLAN settings of virtual network adapters.',
    supports,
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound)) {
      yield* call.emit(
        object(typed('VMNetworkAdapterVlanSetting'), {
          OperationMode: 'Untagged',
          AccessVlanId: 0,
          NativeVlanId: 0,
          AllowedVlanIdList: [],
          AllowedVlanIdListString: '',
          PrivateVlanMode: 0,
          PrimaryVlanId: 0,
          SecondaryVlanId: 0,
          SecondaryVlanIdList: [],
          SecondaryVlanIdListString: '',
          VMName: one.vm,
          AdapterName: one.name,
          VlanList: '',
          ParentAdapter: adapterObject(call, one),
          IsTemplate: false,
          ...tail(call),
        }),
      )
    }
  },
)

/** No access list can be set here yet, so there is never one to show. */
export const getVmNetworkAdapterAcl = cmdlet(
  {
    name: 'Get-VMNetworkAdapterAcl',
    module: 'Hyper-V',
    synopsis: 'Gets the ACLs of virtual network adapters.',
    supports,
    defaultSet: 'VMName',
  },
  (call, bound) => {
    chosen(call, bound)
  },
)
