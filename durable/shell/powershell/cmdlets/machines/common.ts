// What the cmdlets of machines' settings share: who is meant, what is refused, what is passed on.
import type { Outcome, VmChange } from '../../../../engine/machine/kernel.ts'
import type { VmView } from '../../../../engine/machine/views.ts'
import type { Bound, Call, Fault } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsValue, property } from '../../values/value.ts'
import { hyperV, refuse, vmObject, vmsOf } from '../hyper-v.ts'

export const STATE = 'The operation cannot be performed while the object is in its current state.'

export const wrongState = (vm: VmView, first: string, second = STATE): Fault =>
  refuse(`${first}\n${second}`, `${vm.name}:String`, 'InvalidOperation', 'InvalidState')

/** Machines by object of another type that knows its machine (`-VMProcessor`), or by machine or name. */
export function ownersOf(call: Call, bound: Bound, parameter: string, nameParameter = 'VMName'): VmView[] {
  if (!bound.has(parameter)) return vmsOf(call, bound, nameParameter)
  const ids = bound.list(parameter).map((one) => text(property(one, 'VMId') ?? ''))
  return hyperV(call)
    .vms()
    .filter(({ id }) => ids.includes(id))
}

export const nowOf = (call: Call, { id }: VmView): VmView | undefined =>
  hyperV(call)
    .vms()
    .find((one) => one.id === id)

/** Changes a machine; false: it was refused, and told so. `first`: the first line of the message. */
export function changeVm(call: Call, vm: VmView, what: VmChange, first: string): boolean {
  const done: Outcome = hyperV(call).setVm(vm.id, what)
  if (done.ok) return true
  call.error(wrongState(vm, first))
  return false
}

export function* passVm(call: Call, bound: Bound, vm: VmView) {
  const now = nowOf(call, vm)
  if (now && bound.flag('Passthru')) yield* call.emit(vmObject(call, now))
}

export const mib = (bytes: number): PsValue => bytes / 1_048_576
