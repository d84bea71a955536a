// VLAN modes of an adapter's port (fact sheet 2.2, 4.13).
import type { VlanMode } from '../../../engine/link/virtual-port/vlan-mode.ts'
import type { VmAdapterView } from '../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { object, type PsValue } from '../values/value.ts'
import { adapterObject, refuse, tail, typed } from './hyper-v.ts'
import { ADAPTER_PARAMETERS, changeAdapter, chosenAdapters, passAdapter } from './vm-network-adapters.ts'

const MODES = ['Untagged', 'Access', 'Trunk', 'Isolated', 'Community', 'Promiscuous'] as const

/** `10-12,50`. */
export function listText(ids: readonly number[]): string {
  const sorted = [...ids].sort((a, b) => a - b)
  const runs: string[] = []
  for (let at = 0; at < sorted.length; ) {
    let end = at
    while (sorted[end + 1] === sorted[end] + 1) end++
    runs.push(end === at ? `${sorted[at]}` : `${sorted[at]}-${sorted[end]}`)
    at = end + 1
  }
  return runs.join(',')
}

/** The ids of `10-20,50`, or undefined when it is no list of VLANs. */
export function listOf(text: string): number[] | undefined {
  const ids = new Set<number>()
  for (const part of text.split(',')) {
    const [, low, high = low] = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4}))?\s*$/.exec(part) ?? []
    const [first, last] = [Number(low), Number(high)]
    if (low === undefined || first < 1 || last > 4094 || last < first) return undefined
    for (let id = first; id <= last; id++) ids.add(id)
  }
  return [...ids].sort((a, b) => a - b)
}

function setting(call: Call, one: VmAdapterView): Record<string, PsValue> {
  const { vlan } = one.settings
  const isPrivate = vlan.mode === 'Isolated' || vlan.mode === 'Community' || vlan.mode === 'Promiscuous'
  const allowed = vlan.mode === 'Trunk' ? vlan.allowedVlanIds : []
  const secondary = vlan.mode === 'Promiscuous' ? vlan.secondaryVlanIds : []
  return {
    OperationMode: isPrivate ? 'Private' : vlan.mode,
    AccessVlanId: vlan.mode === 'Access' ? vlan.vlanId : 0,
    NativeVlanId: vlan.mode === 'Trunk' ? vlan.nativeVlanId : 0,
    AllowedVlanIdList: [...allowed],
    AllowedVlanIdListString: listText(allowed),
    PrivateVlanMode: isPrivate ? vlan.mode : 0,
    PrimaryVlanId: isPrivate ? vlan.primaryVlanId : 0,
    SecondaryVlanId: vlan.mode === 'Isolated' || vlan.mode === 'Community' ? vlan.secondaryVlanId : 0,
    SecondaryVlanIdList: [...secondary],
    SecondaryVlanIdListString: listText(secondary),
    VMName: one.vm,
    AdapterName: one.name,
    VlanList: shown(vlan),
    ParentAdapter: adapterObject(call, one),
    IsTemplate: false,
    ...tail(call),
  }
}

/** The last column of the table. */
function shown(vlan: VlanMode): string {
  switch (vlan.mode) {
    case 'Untagged':
      return ''
    case 'Access':
      return `${vlan.vlanId}`
    case 'Trunk':
      return `${vlan.nativeVlanId},${listText(vlan.allowedVlanIds)}`
    case 'Isolated':
    case 'Community':
      return `${vlan.primaryVlanId},${vlan.secondaryVlanId}`
    case 'Promiscuous':
      return `${vlan.primaryVlanId},${listText(vlan.secondaryVlanIds)}`
    default:
      vlan satisfies never
      return ''
  }
}

export const getVmNetworkAdapterVlan = cmdlet(
  {
    name: 'Get-VMNetworkAdapterVlan',
    module: 'Hyper-V',
    synopsis: 'Gets the VLAN settings of virtual network adapters.',
    supports: ADAPTER_PARAMETERS,
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosenAdapters(call, bound))
      yield* call.emit(object(typed('VMNetworkAdapterVlanSetting'), setting(call, one)))
  },
)

/** The mode that the parameters ask for; a text says what is wrong with them. */
function modeOf(bound: Bound): VlanMode | string {
  const asked = MODES.filter((mode) => bound.flag(mode))
  if (asked.length > 1) return 'Only one VLAN operation mode can be specified.'
  const [mode] = asked
  const id = (name: string) => {
    const value = bound.number(name)
    return value !== undefined && value >= 1 && value <= 4094 ? value : undefined
  }
  const primaryVlanId = id('PrimaryVlanId')
  switch (mode) {
    case 'Untagged':
      return { mode }
    case 'Access': {
      const vlanId = id('VlanId')
      return vlanId === undefined ? 'The VLAN ID must be a number from 1 to 4094.' : { mode, vlanId }
    }
    case 'Trunk': {
      const nativeVlanId = bound.number('NativeVlanId')
      const allowedVlanIds = listOf(bound.text('AllowedVlanIdList') ?? '')
      if (nativeVlanId === undefined || nativeVlanId < 0 || nativeVlanId > 4094)
        return 'Trunk mode needs a native VLAN ID from 0 to 4094.'
      return allowedVlanIds === undefined
        ? 'Trunk mode needs a list of allowed VLAN IDs from 1 to 4094.'
        : { mode, nativeVlanId, allowedVlanIds }
    }
    case 'Isolated':
    case 'Community': {
      const secondaryVlanId = id('SecondaryVlanId')
      return primaryVlanId === undefined || secondaryVlanId === undefined
        ? `${mode} mode needs a primary and a secondary VLAN ID from 1 to 4094.`
        : { mode, primaryVlanId, secondaryVlanId }
    }
    case 'Promiscuous': {
      const secondaryVlanIds = listOf(bound.text('SecondaryVlanIdList') ?? '')
      return primaryVlanId === undefined || secondaryVlanIds === undefined
        ? 'Promiscuous mode needs a primary VLAN ID and a list of secondary VLAN IDs from 1 to 4094.'
        : { mode, primaryVlanId, secondaryVlanIds }
    }
    default:
      return 'A VLAN operation mode must be specified.'
  }
}

export const setVmNetworkAdapterVlan = cmdlet(
  {
    name: 'Set-VMNetworkAdapterVlan',
    module: 'Hyper-V',
    synopsis: 'Configures the VLAN settings of virtual network adapters.',
    supports: [
      ...ADAPTER_PARAMETERS,
      ...MODES,
      'VlanId',
      'NativeVlanId',
      'AllowedVlanIdList',
      'PrimaryVlanId',
      'SecondaryVlanId',
      'SecondaryVlanIdList',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const vlan = modeOf(bound)
    if (typeof vlan === 'string') return call.error(refuse(vlan, ''))
    for (const one of chosenAdapters(call, bound))
      if (changeAdapter(call, one, { settings: { vlan } })) yield* passAdapter(call, bound, one)
  },
)
