// Adapters that are plugged in and pulled, of machines and of the computer (fact sheet 2.2).
import { isGroupMac, parseMac } from '../../../../engine/wire/addresses.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { adapterObject, hyperV, refuse, sortedAdapters, vmsOf } from '../hyper-v.ts'
import { chosenAdapters } from '../vm-network-adapters.ts'
import { wrongState } from './common.ts'

const ICS = 'The automatic Internet Connection Sharing switch cannot be modified.'

/** Twelve digits, with separators or without. Null: none was given. */
export function macOf(call: Call, given: string | undefined): number | null | undefined {
  if (given === undefined) return null
  const mac = parseMac(/^[0-9a-f]{12}$/i.test(given) ? (given.match(/../g) ?? []).join('-') : given)
  if (mac !== undefined && mac !== 0 && !isGroupMac(mac)) return mac
  call.error(refuse('The specified MAC address is not valid.', `${given}:String`))
  return undefined
}

function switchNamed(call: Call, name: string | undefined): string | null | undefined {
  if (name === undefined) return null
  const found = hyperV(call)
    .switches()
    .find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (found) return found.id
  call.error(refuse(`Hyper-V was unable to find a virtual switch with name "${name}".`, `${name}:String`))
  return undefined
}

export const addVmNetworkAdapter = cmdlet(
  {
    name: 'Add-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Adds a virtual network adapter to a virtual machine.',
    supports: [
      'VMName',
      'VM',
      'ManagementOS',
      'SwitchName',
      'Name',
      'StaticMacAddress',
      'DynamicMacAddress',
      'IsLegacy',
      'DeviceNaming',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const mac = macOf(call, bound.text('StaticMacAddress'))
    const switchId = switchNamed(call, bound.text('SwitchName'))
    if (mac === undefined || switchId === undefined) return
    const legacy = bound.flag('IsLegacy')
    if (bound.flag('ManagementOS')) return yield* addOwn(call, bound, switchId, mac)
    for (const vm of vmsOf(call, bound, 'VMName')) {
      const done = hyperV(call).addAdapter(vm.id, { name: bound.text('Name') ?? 'Network Adapter', switchId, legacy, mac })
      const first = "Failed to add device 'Ethernet Connection'."
      if (done.ok) yield* named(call, bound, String(done.value))
      else if (done.error === 'wrong-state')
        call.error(wrongState(vm, first, 'The operation cannot be performed while the virtual machine is in its current state.'))
      else {
        const why =
          done.error === 'invalid'
            ? 'Generation 2 virtual machines do not support legacy network adapters.'
            : 'The virtual machine has as many network adapters as it may have.'
        call.error(refuse(`${first}\n${why}`, `${vm.name}:String`, 'InvalidOperation', 'InvalidOperation'))
      }
    }
  },
)

function* named(call: Call, bound: Bound, id: string) {
  // A dynamic address is what an adapter gets without a static one.
  void bound.flag('DynamicMacAddress')
  if (bound.has('DeviceNaming')) hyperV(call).setAdapter(id, { deviceNaming: bound.text('DeviceNaming') === 'On' })
  const now = sortedAdapters(call).find((one) => one.id === id)
  if (now && bound.flag('Passthru')) yield* call.emit(adapterObject(call, now))
}

/** Without a switch it is the only one there is besides the Default Switch; with several the real one asks for a name. */
function* addOwn(call: Call, bound: Bound, given: string | null, mac: number | null) {
  const own = hyperV(call)
    .switches()
    .filter(({ ics }) => !ics)
  const switchId = given ?? (own.length === 1 ? own[0].id : null)
  const name = bound.text('Name') ?? own.find(({ id }) => id === switchId)?.name ?? 'Network Adapter'
  const done = hyperV(call).addAdapter(null, { name, switchId, legacy: false, mac })
  if (done.ok) return yield* named(call, bound, String(done.value))
  const why =
    done.error === 'ics-switch'
      ? ICS
      : done.error === 'not-found'
        ? 'A virtual switch must be named; use -SwitchName.'
        : 'No more adapters or MAC addresses are available.'
  call.error(
    refuse(
      `Failed while adding virtual Ethernet switch connections.\n${why}`,
      `${name}:String`,
      'InvalidOperation',
      'InvalidOperation',
    ),
  )
}

export const removeVmNetworkAdapter = cmdlet(
  {
    name: 'Remove-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Removes one or more virtual network adapters from a virtual machine.',
    supports: ['VMName', 'VM', 'VMNetworkAdapter', 'ManagementOS', 'Name', 'SwitchName', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const onSwitch = bound.text('SwitchName')?.toLowerCase()
    for (const one of chosenAdapters(call, bound, 'Name')) {
      if (onSwitch !== undefined && one.switch.toLowerCase() !== onSwitch) continue
      const done = hyperV(call).removeAdapter(one.id)
      if (done.ok) {
        if (bound.flag('Passthru')) yield* call.emit(adapterObject(call, one))
        continue
      }
      const vm = hyperV(call)
        .vms()
        .find(({ id }) => id === one.vmId)
      if (vm)
        call.error(
          wrongState(
            vm,
            "Failed to remove device 'Ethernet Connection'.",
            'The operation cannot be performed while the virtual machine is in its current state.',
          ),
        )
      else
        call.error(
          refuse(
            `Failed while removing virtual Ethernet switch connections.\n${ICS}`,
            `${one.name}:String`,
            'InvalidOperation',
            'InvalidOperation',
          ),
        )
    }
  },
)
