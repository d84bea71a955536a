// Integration services (fact sheet 2.7): what the host and the guest tell each other past the network.
import type { VmView } from '../../../engine/machine/views.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, property } from '../values/value.ts'
import { hyperV, refuse, tail, typed, vmsOf } from './hyper-v.ts'

type Chosen = { readonly vm: VmView; readonly name: string; readonly enabled: boolean }

function serviceObject(call: Call, { vm, name, enabled }: Chosen): PsObject {
  const contact = vm.state === 'Running' && enabled
  return object(typed('VMIntegrationComponent'), {
    VMName: vm.name,
    Name: name,
    Enabled: enabled,
    PrimaryStatusDescription: vm.state === 'Running' ? (enabled ? 'OK' : 'No Contact') : '',
    SecondaryStatusDescription: '',
    OperationalStatus: contact ? ['Ok'] : null,
    VMId: vm.id,
    ...tail(call),
  })
}

/** By object, or by machine and name; a plain name that no service has is an error. */
function chosen(call: Call, bound: Bound): Chosen[] {
  const given = bound.list('VMIntegrationService')
  const key = (id: string, name: string) => `${id} ${name}`
  const keys = given.map((one) => key(text(property(one, 'VMId') ?? ''), text(property(one, 'Name') ?? '')))
  const vms = bound.has('VMIntegrationService') ? hyperV(call).vms() : vmsOf(call, bound, 'VMName')
  const all = vms.flatMap((vm) => vm.services.map(({ name, enabled }) => ({ vm, name, enabled })))
  if (bound.has('VMIntegrationService')) return all.filter(({ vm, name }) => keys.includes(key(vm.id, name)))
  if (!bound.has('Name')) return all
  const found: Chosen[] = []
  for (const wanted of bound.texts('Name')) {
    const matches = wildcard(wanted)
    const some = all.filter(({ name }) => matches(name))
    if (some.length === 0 && vms.length > 0 && !hasWildcard(wanted))
      call.error(refuse(`Hyper-V was unable to find an integration service with name "${wanted}".`, `${wanted}:String`))
    found.push(...some)
  }
  return found
}

export const getVmIntegrationService = cmdlet(
  {
    name: 'Get-VMIntegrationService',
    module: 'Hyper-V',
    synopsis: 'Gets the integration services of a virtual machine.',
    supports: ['VMName', 'VM', 'Name'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound)) yield* call.emit(serviceObject(call, one))
  },
)

function* turn(call: Call, bound: Bound, enabled: boolean) {
  for (const one of chosen(call, bound)) {
    const now = hyperV(call)
      .vms()
      .find(({ id }) => id === one.vm.id)
    const others = (now?.services ?? []).filter((service) => service.enabled && service.name !== one.name).map(({ name }) => name)
    hyperV(call).setVm(one.vm.id, { services: enabled ? [...others, one.name] : others })
    if (bound.flag('Passthru')) yield* call.emit(serviceObject(call, { ...one, enabled }))
  }
}

const supports = ['VMName', 'VM', 'Name', 'VMIntegrationService', 'Passthru', 'Confirm']

export const enableVmIntegrationService = cmdlet(
  {
    name: 'Enable-VMIntegrationService',
    module: 'Hyper-V',
    synopsis: 'Enables an integration service of a virtual machine.',
    supports,
    defaultSet: 'VMName',
  },
  (call, bound) => turn(call, bound, true),
)

export const disableVmIntegrationService = cmdlet(
  {
    name: 'Disable-VMIntegrationService',
    module: 'Hyper-V',
    synopsis: 'Disables an integration service of a virtual machine.',
    supports,
    defaultSet: 'VMName',
  },
  (call, bound) => turn(call, bound, false),
)
