// How the cmdlets of a port's settings name the adapters that they mean, and how what they change goes back.
import type { AdapterChange } from '../../../engine/machine/kernel.ts'
import type { VmAdapterView } from '../../../engine/machine/views.ts'
import type { Bound, Call } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { property } from '../values/value.ts'
import { adaptersOf } from './get-vm-network-adapter.ts'
import { adapterObject, hyperV, refuse, sortedAdapters } from './hyper-v.ts'

/** The parameters that name adapters, where the adapter's name is `nameParameter`. */
export const ADAPTER_PARAMETERS = ['VMName', 'VM', 'VMNetworkAdapter', 'VMNetworkAdapterName', 'ManagementOS'] as const

/** By object, by machine and name, or those of the computer; all of them when nothing is said. */
export function chosenAdapters(call: Call, bound: Bound, nameParameter = 'VMNetworkAdapterName'): VmAdapterView[] {
  if (bound.has('VMNetworkAdapter')) {
    const ids = bound.list('VMNetworkAdapter').map((one) => text(property(one, 'Id') ?? ''))
    return sortedAdapters(call).filter((one) => ids.includes(one.id))
  }
  return bound.has('VMName') || bound.has('VM') || bound.flag('ManagementOS')
    ? adaptersOf(call, bound, nameParameter)
    : sortedAdapters(call)
}

/** Changes what is set at an adapter's port; false when it was refused. */
export function changeAdapter(call: Call, one: VmAdapterView, change: AdapterChange): boolean {
  const done = hyperV(call).setAdapter(one.id, change)
  if (done.ok) return true
  if (done.error === 'wrong-state') {
    const why = 'The operation cannot be performed while the virtual machine is in its current state.'
    call.error(
      refuse(`Failed to modify device 'Ethernet Connection'.\n${why}`, `${one.name}:String`, 'InvalidOperation', 'InvalidState'),
    )
    return false
  }
  const reason =
    done.error === 'ics-switch'
      ? 'The automatic Internet Connection Sharing switch cannot be modified.'
      : (done.detail ?? 'The operation failed.')
  call.error(
    refuse(
      `Failed while applying switch port settings.\n${reason}`,
      `${one.name}:String`,
      'InvalidOperation',
      'InvalidOperation',
    ),
  )
  return false
}

/** The adapter as it is now, when `-Passthru` was given. */
export function* passAdapter(call: Call, bound: Bound, { id }: VmAdapterView) {
  if (!bound.flag('Passthru')) return
  const now = sortedAdapters(call).find((one) => one.id === id)
  if (now !== undefined) yield* call.emit(adapterObject(call, now))
}
