import type { Outcome } from '../../../engine/machine/kernel.ts'
import type { VmView } from '../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { hyperV, refuse, vmObject, vmsOf } from './hyper-v.ts'

const same = 'The virtual machine is already in the specified state.'

function* change(call: Call, bound: Bound, verb: string, act: (vm: VmView) => Outcome) {
  for (const vm of vmsOf(call, bound, 'Name')) {
    const done = act(vm)
    if (!done.ok && done.error === 'wrong-state') call.warn(same)
    else if (!done.ok) {
      const detail = done.detail ?? 'The operation cannot be performed while the object is in its current state.'
      call.error(refuse(`'${vm.name}' failed to ${verb}.\n${detail}`, `${vm.name}:String`, 'InvalidOperation', 'InvalidState'))
    }
    if (!bound.flag('Passthru')) continue
    const now = hyperV(call)
      .vms()
      .find((one) => one.id === vm.id)
    if (now !== undefined) yield* call.emit(vmObject(call, now))
  }
}

const common = { module: 'Hyper-V', defaultSet: 'Name' } as const

export const startVm = cmdlet(
  { ...common, name: 'Start-VM', synopsis: 'Starts a virtual machine.', supports: ['Name', 'VM', 'Passthru', 'Confirm'] },
  (call, bound) => change(call, bound, 'start', (vm) => hyperV(call).startVm(vm.id)),
)

export const stopVm = cmdlet(
  {
    ...common,
    name: 'Stop-VM',
    synopsis: 'Shuts down, turns off, or saves a virtual machine.',
    supports: ['Name', 'VM', 'TurnOff', 'Force', 'Save', 'Passthru', 'Confirm'],
  },
  (call, bound) =>
    change(call, bound, 'shut down', (vm) =>
      hyperV(call).stopVm(vm.id, bound.flag('TurnOff') ? 'turn-off' : bound.flag('Save') ? 'save' : 'shutdown'),
    ),
)

export const saveVm = cmdlet(
  { ...common, name: 'Save-VM', synopsis: 'Saves a virtual machine.', supports: ['Name', 'VM', 'Passthru', 'Confirm'] },
  (call, bound) => change(call, bound, 'save', (vm) => hyperV(call).stopVm(vm.id, 'save')),
)

export const suspendVm = cmdlet(
  { ...common, name: 'Suspend-VM', synopsis: 'Pauses a virtual machine.', supports: ['Name', 'VM', 'Passthru', 'Confirm'] },
  (call, bound) => change(call, bound, 'pause', (vm) => hyperV(call).pauseVm(vm.id)),
)

export const resumeVm = cmdlet(
  {
    ...common,
    name: 'Resume-VM',
    synopsis: 'Resumes a paused virtual machine.',
    supports: ['Name', 'VM', 'Passthru', 'Confirm'],
  },
  (call, bound) => change(call, bound, 'resume', (vm) => hyperV(call).resumeVm(vm.id)),
)

export const restartVm = cmdlet(
  {
    ...common,
    name: 'Restart-VM',
    synopsis: 'Restarts a virtual machine.',
    supports: ['Name', 'VM', 'Force', 'Passthru', 'Confirm'],
  },
  (call, bound) => change(call, bound, 'restart', (vm) => hyperV(call).resetVm(vm.id)),
)
