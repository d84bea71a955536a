import type { VmAdapterView } from '../../../engine/machine/views.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { adapterObject, hyperV, refuse, sortedAdapters, vmsOf } from './hyper-v.ts'

/** Adapters by machine, or those of the management system, narrowed by name. */
export function adaptersOf(call: Call, bound: Bound, nameParameter: string): VmAdapterView[] {
  const all = sortedAdapters(call)
  const chosen = bound.flag('All')
    ? all
    : bound.flag('ManagementOS')
      ? all.filter((one) => one.managementOs)
      : vmsOf(call, bound, 'VMName').flatMap((vm) => all.filter((one) => one.vmId === vm.id))
  const name = bound.text(nameParameter)
  if (name === undefined) return chosen
  const matches = wildcard(name)
  const found = chosen.filter((one) => matches(one.name))
  if (found.length === 0 && !hasWildcard(name))
    call.error(refuse(`Hyper-V was unable to find a network adapter with name "${name}".`, `${name}:String`))
  return found
}

export const getVmNetworkAdapter = cmdlet(
  {
    name: 'Get-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Gets the virtual network adapters of virtual machines and of the management operating system.',
    supports: ['All', 'VMName', 'VM', 'ManagementOS', 'Name', 'SwitchName', 'IsLegacy'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const onSwitch = bound.text('SwitchName')
    if (
      onSwitch !== undefined &&
      !hyperV(call)
        .switches()
        .some((one) => one.name.toLowerCase() === onSwitch.toLowerCase())
    ) {
      call.error(refuse(`Hyper-V was unable to find a virtual switch with name "${onSwitch}".`, `${onSwitch}:String`))
      return
    }
    const legacy = bound.has('IsLegacy') ? bound.flag('IsLegacy') : undefined
    for (const one of adaptersOf(call, bound, 'Name')) {
      if (legacy !== undefined && legacy !== (one.legacy ?? false)) continue
      if (onSwitch === undefined || one.switch.toLowerCase() === onSwitch.toLowerCase())
        yield* call.emit(adapterObject(call, one))
    }
  },
)
