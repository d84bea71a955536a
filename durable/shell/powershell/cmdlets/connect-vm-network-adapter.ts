import type { SwitchView, VmAdapterView } from '../../../engine/machine/views.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { isObject, type PsObject, property } from '../values/value.ts'
import { adapterObject, byNames, hyperV, refuse, sortedAdapters, vmsOf } from './hyper-v.ts'

/** By object, or by machine and optional adapter name; none at all is one error. */
function targets(call: Call, bound: Bound): VmAdapterView[] {
  const all = sortedAdapters(call)
  if (bound.has('VMNetworkAdapter')) {
    const ids = bound.list('VMNetworkAdapter').map((one) => text(property(one, 'Id') ?? ''))
    return all.filter((one) => ids.includes(one.id))
  }
  const names = bound.texts('Name').map((name) => wildcard(name))
  const vms = vmsOf(call, bound, 'VMName')
  const found = vms.flatMap((vm) =>
    all.filter((one) => one.vmId === vm.id && (names.length === 0 || names.some((matches) => matches(one.name)))),
  )
  if (found.length === 0 && vms.length > 0)
    call.error(refuse('No network adapter was found with the given criteria.', '', 'ObjectNotFound', 'ObjectNotFound'))
  return found
}

/** Adapters of a machine that is not imported yet (`Compare-VM`): the report has them, nobody else. */
function replug(bound: Bound, switchName: string): boolean {
  const found = bound
    .list('VMNetworkAdapter')
    .filter((one): one is PsObject => isObject(one) && property(one, 'Planned') === true)
  for (const { props } of found) {
    props.set('SwitchName', switchName)
    props.set('Connected', switchName !== '')
  }
  return found.length > 0
}

function* apply(call: Call, bound: Bound, onto: SwitchView | null) {
  const switchId = onto?.id ?? null
  if (replug(bound, onto?.name ?? '')) return
  for (const one of targets(call, bound)) {
    const done = hyperV(call).connectAdapter(one.id, switchId)
    if (!done.ok)
      call.error(
        refuse(
          `Failed to modify device 'Ethernet Connection'.\n${done.detail ?? 'The operation failed.'}`,
          `${one.vm}:String`,
          'NotSpecified',
          'Unspecified',
        ),
      )
    else if (bound.flag('Passthru')) {
      const now = hyperV(call)
        .adapters()
        .find((other) => other.id === one.id)
      if (now !== undefined) yield* call.emit(adapterObject(call, now))
    }
  }
}

export const connectVmNetworkAdapter = cmdlet(
  {
    name: 'Connect-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Connects a virtual network adapter to a virtual switch.',
    supports: ['VMName', 'Name', 'SwitchName', 'VMSwitch', 'VMNetworkAdapter', 'Passthru', 'Confirm'],
    defaultSet: 'Name_SwitchName',
  },
  function* (call, bound) {
    const object = bound.get('VMSwitch')
    const all = hyperV(call).switches()
    const id = object === undefined ? '' : text(property(object, 'Id') ?? '').toLowerCase()
    const found =
      object === undefined
        ? byNames(call, all, bound.texts('SwitchName'), (one) => one.name, 'virtual switch')
        : all.filter((one) => one.id.toLowerCase() === id)
    if (found.length === 1) yield* apply(call, bound, found[0] ?? null)
    else if (found.length > 1)
      call.error(
        refuse(
          `Hyper-V found ${found.length} virtual switches that match the given criteria; name one of them.`,
          `${bound.text('SwitchName')}:String`,
        ),
      )
  },
)

export const disconnectVmNetworkAdapter = cmdlet(
  {
    name: 'Disconnect-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Disconnects a virtual network adapter from a virtual switch.',
    supports: ['VMName', 'Name', 'VMNetworkAdapter', 'Passthru', 'Confirm'],
    defaultSet: 'Name',
  },
  (call, bound) => apply(call, bound, null),
)
