// What is bound to adapters (fact sheet 2.4): protocols and services, and Hyper-V's switch.
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chosenOf, cim, systemError } from './cim.ts'

const CLASS = 'MSFT_NetAdapterBindingSettingData'

const filters = {
  Name: 'Name',
  InterfaceDescription: 'InterfaceDescription',
  DisplayName: 'DisplayName',
  ComponentID: 'ComponentID',
} as const

/** Filter drivers and what else is bound below the list that people see. */
const HIDDEN = 'ms_bridge'

function bindings(call: Call, all: boolean): PsObject[] {
  const adapters = new Map(call.kernel.adapters().map((one) => [one.index, one]))
  return call.kernel
    .bindings()
    .filter(({ component }) => all || component !== HIDDEN)
    .map(({ index, adapter, component, name, bound }) =>
      cim(CLASS, {
        Name: adapter,
        InterfaceDescription: adapters.get(index)?.description ?? '',
        DisplayName: name,
        ComponentID: component,
        Enabled: bound,
        InstanceID: `{${adapters.get(index)?.guid ?? ''}}::${component}`,
        InterfaceIndex: index,
        ifAlias: adapter,
        InterfaceAlias: adapter,
      }),
    )
}

const chosen = (call: Call, bound: Bound): PsObject[] =>
  chosenOf(call, bound, CLASS, bindings(call, bound.flag('AllBindings')), filters, 'query', ['InterfaceIndex', 'ComponentID'])

export const getNetAdapterBinding = cmdlet(
  {
    name: 'Get-NetAdapterBinding',
    module: 'NetAdapter',
    synopsis: 'Gets a list of bindings for a network adapter.',
    supports: ['Name', 'InterfaceDescription', 'DisplayName', 'ComponentID', 'AllBindings', 'IncludeHidden'],
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound)) yield* call.emit(one)
  },
)

function* bind(call: Call, bound: Bound, on: boolean) {
  for (const one of chosen(call, bound)) {
    const index = Number(property(one, 'InterfaceIndex'))
    const component = text(property(one, 'ComponentID') ?? null)
    const done = call.kernel.setBinding(index, component, on)
    if (!done.ok) call.error(systemError('The operation failed. ', 87, `${CLASS}:String`))
    else if (bound.flag('PassThru'))
      for (const now of bindings(call, true))
        if (property(now, 'InterfaceIndex') === index && property(now, 'ComponentID') === component) yield* call.emit(now)
  }
}

const change = {
  module: 'NetAdapter',
  supports: [
    'Name',
    'InterfaceDescription',
    'DisplayName',
    'ComponentID',
    'AllBindings',
    'IncludeHidden',
    'InputObject',
    'PassThru',
    'Confirm',
  ],
  defaultSet: 'ByName',
  classes: { InputObject: CLASS },
} as const

export const enableNetAdapterBinding = cmdlet(
  { ...change, name: 'Enable-NetAdapterBinding', synopsis: 'Enables a binding to a network adapter.' },
  (call, bound) => bind(call, bound, true),
)
export const disableNetAdapterBinding = cmdlet(
  { ...change, name: 'Disable-NetAdapterBinding', synopsis: 'Disables a binding to a network adapter.' },
  (call, bound) => bind(call, bound, false),
)
export const setNetAdapterBinding = cmdlet(
  {
    ...change,
    name: 'Set-NetAdapterBinding',
    synopsis: 'Sets the state of a binding on a network adapter.',
    supports: [...change.supports, 'Enabled'],
  },
  (call, bound) => (bound.has('Enabled') ? bind(call, bound, bound.flag('Enabled')) : undefined),
)
