// What machines have used (fact sheet 2.3). Network figures come from the metering entries of the adapters' access lists.
import type { VmView } from '../../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { object } from '../../values/value.ts'
import { hyperV, refuse, tail, typed, vmsOf } from '../hyper-v.ts'
import { mib } from './common.ts'

const ANYBODY = [
  { kind: 'ip4', network: 0, prefixLength: 0 },
  { kind: 'ip6', network: '::', prefixLength: 0 },
] as const

/** An adapter without metering entries gets those for everybody, in both directions. */
function meterAdapters(call: Call, vm: VmView, on: boolean): void {
  for (const one of hyperV(call)
    .adapters()
    .filter(({ vmId }) => vmId === vm.id)) {
    const others = one.settings.acl.filter(({ action }) => action !== 'Meter')
    const own = one.settings.acl.filter(({ action }) => action === 'Meter')
    const usual = ANYBODY.flatMap((match) =>
      (['Inbound', 'Outbound'] as const).map((direction) => ({ action: 'Meter', direction, side: 'Remote', match }) as const),
    )
    hyperV(call).setAdapter(one.id, {
      settings: { acl: on ? [...others, ...(own.length > 0 ? own : usual)] : others } as never,
    })
  }
}

function setter(name: string, synopsis: string, act: (call: Call, vm: VmView) => void) {
  return cmdlet(
    { name, module: 'Hyper-V', synopsis, supports: ['VMName', 'VM'], defaultSet: 'VMName' },
    (call: Call, bound: Bound) => {
      for (const vm of vmsOf(call, bound, 'VMName')) act(call, vm)
    },
  )
}

export const enableVmResourceMetering = setter(
  'Enable-VMResourceMetering',
  'Collects resource utilization data for a virtual machine.',
  (call, vm) => {
    meterAdapters(call, vm, true)
    hyperV(call).meterVm(vm.id, true)
  },
)
export const disableVmResourceMetering = setter(
  'Disable-VMResourceMetering',
  'Disables collection of resource utilization data for a virtual machine.',
  (call, vm) => {
    meterAdapters(call, vm, false)
    hyperV(call).meterVm(vm.id, false)
  },
)
export const resetVmResourceMetering = setter(
  'Reset-VMResourceMetering',
  'Resets the resource utilization data collected by Hyper-V resource metering.',
  (call, vm) => {
    if (vm.metering === null) return call.error(unmetered(vm))
    meterAdapters(call, vm, false)
    meterAdapters(call, vm, true)
    hyperV(call).meterVm(vm.id, true)
  },
)

const unmetered = (vm: VmView) =>
  refuse(
    `Resource metering is not enabled for the virtual machine '${vm.name}'.`,
    `${vm.name}:String`,
    'InvalidOperation',
    'InvalidOperation',
  )

export const measureVm = cmdlet(
  {
    name: 'Measure-VM',
    module: 'Hyper-V',
    synopsis: 'Reports resource utilization data for one or more virtual machines.',
    supports: ['Name', 'VM'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    for (const vm of vmsOf(call, bound, 'Name')) {
      if (vm.metering === null) {
        call.error(unmetered(vm))
        continue
      }
      const sums = { Inbound: 0, Outbound: 0 }
      for (const { settings, metered } of hyperV(call)
        .adapters()
        .filter(({ vmId }) => vmId === vm.id)) {
        // The counts stand in the order of the metering entries.
        const meters = settings.acl.filter(({ action }) => action === 'Meter')
        for (const [i, { direction }] of meters.entries()) sums[direction] += metered[i] ?? 0
      }
      const memory = vm.state === 'Running' || vm.metering.ran > 0 ? vm.startupBytes : 0
      yield* call.emit(
        object(
          typed('VMMeteringReportForVirtualMachine', 'VMMeteringReport'),
          {
            VMId: vm.id,
            VMName: vm.name,
            AvgCPU: 0,
            AvgRAM: mib(memory),
            MaxRAM: mib(memory),
            MinRAM: mib(memory),
            TotalDisk: mib(136_365_211_648),
            MeteringDuration: { kind: 'span', micros: vm.metering.ran },
            NetworkInbound: Math.floor(sums.Inbound / 1_048_576),
            NetworkOutbound: Math.floor(sums.Outbound / 1_048_576),
            NetworkMeteredTrafficReport: [],
            ...tail(call),
          },
          `VMMeteringReport (VMName = '${vm.name}')`,
        ),
      )
    }
  },
)
