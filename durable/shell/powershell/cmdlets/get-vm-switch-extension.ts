import type { SwitchView } from '../../../engine/machine/views.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, property } from '../values/value.ts'
import { byNames, hyperV, tail, typed } from './hyper-v.ts'

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
        yield* call.emit(
          object(typed('VMSwitchExtension'), {
            Id: extension.id,
            Name: extension.name,
            Vendor: 'Microsoft',
            Version: extension.version,
            ExtensionType: extension.type,
            ParentExtensionId: '',
            ParentExtensionName: '',
            SwitchId: one.id.toLowerCase(),
            SwitchName: one.name,
            Enabled: false,
            Running: true,
            ...tail(call),
          }),
        )
      }
    }
  },
)
