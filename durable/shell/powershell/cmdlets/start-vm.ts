import type { Outcome } from '../../../engine/machine/kernel.ts'
import type { VmView } from '../../../engine/machine/views.ts'
import { pause } from '../../windows/program.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { hyperV, refuse, vmObject, vmsOf } from './hyper-v.ts'

const same = 'The virtual machine is already in the specified state.'

function* change(call: Call, bound: Bound, verb: string, act: (vm: VmView) => Outcome, which = (_: VmView) => true) {
  for (const vm of vmsOf(call, bound, 'Name').filter(which)) {
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

/** How long a guest is waited for that cannot be asked to shut down, before its plug is pulled (fact sheet 2.3). */
const PATIENCE = 300_000_000

export const stopVm = cmdlet(
  {
    ...common,
    name: 'Stop-VM',
    synopsis: 'Shuts down, turns off, or saves a virtual machine.',
    supports: ['Name', 'VM', 'TurnOff', 'Force', 'Save', 'Passthru', 'Confirm'],
  },
  function* (call, bound) {
    const how = bound.flag('TurnOff') ? 'turn-off' : bound.flag('Save') ? 'save' : 'shutdown'
    for (const vm of bound.flag('Force') && how === 'shutdown' ? vmsOf(call, bound, 'Name') : []) {
      const service = vm.services.find(({ name }) => name === 'Shutdown')
      if (vm.state !== 'Running' || service?.answers) continue
      yield* pause(PATIENCE)
      hyperV(call).stopVm(vm.id, 'turn-off')
      if (!bound.flag('Passthru')) continue
      const now = hyperV(call)
        .vms()
        .find(({ id }) => id === vm.id)
      if (now) yield* call.emit(vmObject(call, now))
    }
    const left = (vm: VmView) =>
      !bound.flag('Force') ||
      how !== 'shutdown' ||
      vm.state !== 'Running' ||
      vm.services.some(({ name, answers }) => name === 'Shutdown' && answers)
    yield* change(call, bound, 'shut down', (vm) => hyperV(call).stopVm(vm.id, how), left)
  },
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

/** Until the guest's service answers, or says an address; a second apart. False: it took too long. */
function* awaitGuest(call: Call, vm: VmView, until: string, seconds: number) {
  for (let waited = 0; ; waited++) {
    const now = hyperV(call)
      .vms()
      .find(({ id }) => id === vm.id)
    const heart = now?.services.some(({ name, answers }) => name === 'Heartbeat' && answers) ?? false
    const addressed = hyperV(call)
      .adapters()
      .some(({ vmId, addresses }) => vmId === vm.id && addresses.length > 0)
    if (until === 'IPAddress' ? addressed : heart) return true
    if (seconds > 0 && waited >= seconds) return false
    yield* pause(1_000_000)
  }
}

export const restartVm = cmdlet(
  {
    ...common,
    name: 'Restart-VM',
    synopsis: 'Restarts a virtual machine.',
    supports: ['Name', 'VM', 'Force', 'Wait', 'For', 'Timeout', 'Delay', 'Passthru', 'Confirm'],
  },
  function* (call, bound) {
    yield* change(call, bound, 'restart', (vm) => hyperV(call).resetVm(vm.id))
    const until = bound.text('For') ?? 'Heartbeat'
    if (!bound.flag('Wait')) return
    const delay = bound.number('Delay') ?? 0
    if (delay > 0) yield* pause(delay * 1_000_000)
    for (const vm of vmsOf(call, bound, 'Name'))
      if (!(yield* awaitGuest(call, vm, until, bound.number('Timeout') ?? 0)))
        call.error(
          refuse(
            `The operation timed out while waiting for the virtual machine '${vm.name}' to restart.`,
            `${vm.name}:String`,
            'OperationTimeout',
            'OperationTimeout',
          ),
        )
  },
)
