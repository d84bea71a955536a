import type { SwitchView } from '../../../engine/machine/views.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, property } from '../values/value.ts'
import { byNames, hyperV, refuse, tail, typed } from './hyper-v.ts'

type Extension = { readonly id: string; readonly name: string; readonly version: string; readonly type: string }

/** The set of ids belongs to the Windows build. */
export function extensionsOf(build: number): Extension[] {
  const own = `10.0.${build}.1`
  const wfp = {
    id: 'E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A',
    name: 'Microsoft Windows Filtering Platform',
    version: own,
    type: 'Filter',
  }
  if (build < 22000) {
    return [
      wfp,
      {
        id: 'E9B59CFA-2BE1-4B21-828F-B6FBDBDDC017',
        name: 'Microsoft Azure VFP Switch Extension',
        version: '10.0.10011.16384',
        type: 'Forwarding',
      },
      { id: 'EA24CD6C-D17A-4348-9190-09F0D5BE83DD', name: 'Microsoft NDIS Capture', version: own, type: 'Monitoring' },
    ]
  }
  return [
    wfp,
    {
      id: 'F74F241B-440F-4433-BB28-00F89EAD20D8',
      name: 'Microsoft Azure VFP Switch Filter Extension',
      version: own,
      type: 'Filter',
    },
    { id: '430BDADD-BAB0-41AB-A369-94B67FA5BE0A', name: 'Microsoft NDIS Capture', version: own, type: 'Monitoring' },
  ]
}

function switchesOf(call: Call, bound: Bound): SwitchView[] {
  const all = hyperV(call).switches()
  if (bound.has('VMSwitch')) {
    const ids = bound.list('VMSwitch').map((one) => text(property(one, 'Id') ?? '').toLowerCase())
    return all.filter((one) => ids.includes(one.id.toLowerCase()))
  }
  return byNames(call, all, bound.texts('VMSwitchName'), (one) => one.name, 'virtual switch')
}

/** On a new switch the filtering platform is on; on the Default Switch nothing is (fact sheet 1.3.8). */
const isEnabled = (one: SwitchView, { id, name }: Extension): boolean =>
  one.extensions?.includes(id) ?? (!one.ics && name === 'Microsoft Windows Filtering Platform')

function extensionObject(call: Call, one: SwitchView, extension: Extension): PsObject {
  return object(typed('VMSwitchExtension'), {
    Id: extension.id,
    Name: extension.name,
    Vendor: 'Microsoft',
    Version: extension.version,
    ExtensionType: extension.type,
    ParentExtensionId: '',
    ParentExtensionName: '',
    SwitchId: one.id.toLowerCase(),
    SwitchName: one.name,
    Enabled: isEnabled(one, extension),
    Running: true,
    ...tail(call),
  })
}

/** Extensions by object, or by name on switches by object or name. */
function* enable(call: Call, bound: Bound, on: boolean) {
  const known = extensionsOf(call.kernel.identity().build)
  const objects = bound.list('VMSwitchExtension').map((one) => ({
    name: text(property(one, 'Name') ?? ''),
    on: text(property(one, 'SwitchId') ?? ''),
  }))
  const all = hyperV(call).switches()
  const named = bound.has('VMSwitch') || bound.has('VMSwitchName') ? switchesOf(call, bound) : all.filter(({ ics }) => !ics)
  const pairs = bound.has('VMSwitchExtension')
    ? objects.flatMap(({ name, on: id }) => all.filter((one) => one.id.toLowerCase() === id).map((one) => ({ name, one })))
    : bound.texts('Name').flatMap((name) => named.map((one) => ({ name, one })))
  for (const { name, one } of pairs) {
    const matches = wildcard(name)
    const found = known.filter((extension) => matches(extension.name))
    if (found.length === 0)
      call.error(refuse(`Hyper-V was unable to find a virtual switch extension with name "${name}".`, `${name}:String`))
    for (const extension of found) {
      const now = all.find(({ id }) => id === one.id) ?? one
      const before = known.filter((each) => isEnabled(now, each)).map(({ id }) => id)
      // Only one forwarding extension is active on a switch: enabling one takes the place of another.
      const rest = before.filter(
        (id) =>
          id !== extension.id &&
          !(on && extension.type === 'Forwarding' && known.find((each) => each.id === id)?.type === 'Forwarding'),
      )
      const done = hyperV(call).setSwitch(one.id, { extensions: on ? [...rest, extension.id] : rest })
      const after = hyperV(call)
        .switches()
        .find(({ id }) => id === one.id)
      if (done.ok && after) yield* call.emit(extensionObject(call, after, extension))
      else if (!done.ok)
        call.error(
          refuse(
            `Failed while modifying virtual Ethernet switch.\nThe automatic Internet Connection Sharing switch cannot be modified.`,
            `${one.name}:String`,
            'InvalidOperation',
            'InvalidOperation',
          ),
        )
    }
  }
}

const changing = {
  module: 'Hyper-V',
  supports: ['Name', 'VMSwitch', 'VMSwitchName', 'VMSwitchExtension'],
  defaultSet: 'ExtensionName',
} as const
export const enableVmSwitchExtension = cmdlet(
  { ...changing, name: 'Enable-VMSwitchExtension', synopsis: 'Enables one or more extensions on one or more switches.' },
  (call, bound) => enable(call, bound, true),
)
export const disableVmSwitchExtension = cmdlet(
  {
    ...changing,
    name: 'Disable-VMSwitchExtension',
    synopsis: 'Disables one or more extensions on one or more virtual switches.',
  },
  (call, bound) => enable(call, bound, false),
)

export const getVmSystemSwitchExtension = cmdlet(
  {
    name: 'Get-VMSystemSwitchExtension',
    module: 'Hyper-V',
    synopsis: 'Gets the switch extensions installed on a virtual machine host.',
    supports: ['Name'],
    defaultSet: null,
  },
  function* (call, bound) {
    hyperV(call)
    const wanted = bound.texts('Name').map((name) => wildcard(name))
    for (const { id, name, version, type } of extensionsOf(call.kernel.identity().build))
      if (wanted.length === 0 || wanted.some((matches) => matches(name)))
        yield* call.emit(
          object(typed('VMSystemSwitchExtension'), {
            Id: id,
            Name: name,
            Vendor: 'Microsoft',
            Version: version,
            ExtensionType: type,
            ...tail(call),
          }),
        )
  },
)

export const getVmSwitchExtension = cmdlet(
  {
    name: 'Get-VMSwitchExtension',
    module: 'Hyper-V',
    synopsis: 'Gets the extensions on one or more virtual switches.',
    supports: ['VMSwitchName', 'VMSwitch', 'Name'],
    defaultSet: 'SwitchName',
  },
  function* (call, bound) {
    const wanted = bound.texts('Name').map((name) => wildcard(name))
    for (const one of switchesOf(call, bound)) {
      for (const extension of extensionsOf(call.kernel.identity().build)) {
        if (wanted.length > 0 && !wanted.some((matches) => matches(extension.name))) continue
        yield* call.emit(extensionObject(call, one, extension))
      }
    }
  },
)
