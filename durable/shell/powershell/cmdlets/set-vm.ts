// What is set for a virtual machine (fact sheet 2.3).
import type { VmChange } from '../../../engine/machine/kernel.ts'
import type { VmView } from '../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { hyperV, vmObject, vmsOf } from './hyper-v.ts'
import { changeVm } from './machines/common.ts'

function* change(call: Call, bound: Bound, vms: readonly VmView[], what: VmChange) {
  for (const vm of vms) {
    const { id } = vm
    if (!changeVm(call, vm, what, `Modifying the properties of '${vm.name}' failed.`)) continue
    const now = hyperV(call)
      .vms()
      .find((one) => one.id === id)
    if (now && bound.flag('Passthru')) yield* call.emit(vmObject(call, now))
  }
}

export const setVm = cmdlet(
  {
    name: 'Set-VM',
    module: 'Hyper-V',
    synopsis: 'Configures a virtual machine.',
    supports: [
      'Name',
      'VM',
      'NewVMName',
      'Notes',
      'AutomaticStartAction',
      'AutomaticStopAction',
      'CheckpointType',
      'AutomaticCheckpointsEnabled',
      'AutomaticStartDelay',
      'MemoryStartupBytes',
      'MemoryMinimumBytes',
      'MemoryMaximumBytes',
      'DynamicMemory',
      'StaticMemory',
      'ProcessorCount',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'Name',
  },
  (call, bound) => {
    const given = <T>(parameter: string, name: keyof VmChange): Partial<Record<keyof VmChange, T>> =>
      bound.has(parameter) ? { [name]: bound.text(parameter) as T } : {}
    const number = (parameter: string, name: keyof VmChange) => (bound.has(parameter) ? { [name]: bound.number(parameter) } : {})
    return change(call, bound, vmsOf(call, bound, 'Name'), {
      ...given('NewVMName', 'name'),
      ...given('Notes', 'notes'),
      ...given('AutomaticStartAction', 'automaticStart'),
      ...given('AutomaticStopAction', 'automaticStop'),
      ...given('CheckpointType', 'checkpointType'),
      ...number('AutomaticStartDelay', 'startDelay'),
      ...number('MemoryStartupBytes', 'memoryBytes'),
      ...number('MemoryMinimumBytes', 'minimumBytes'),
      ...number('MemoryMaximumBytes', 'maximumBytes'),
      ...number('ProcessorCount', 'processors'),
      ...(bound.has('AutomaticCheckpointsEnabled') ? { automaticCheckpoints: bound.flag('AutomaticCheckpointsEnabled') } : {}),
      ...(bound.flag('DynamicMemory') ? { dynamicMemory: true } : bound.flag('StaticMemory') ? { dynamicMemory: false } : {}),
    } as VmChange)
  },
)

export const renameVm = cmdlet(
  {
    name: 'Rename-VM',
    module: 'Hyper-V',
    synopsis: 'Renames a virtual machine.',
    supports: ['Name', 'VM', 'NewName', 'Passthru', 'Confirm'],
    defaultSet: 'Name',
  },
  (call, bound) => change(call, bound, vmsOf(call, bound, 'Name'), { name: bound.text('NewName') ?? '' }),
)
