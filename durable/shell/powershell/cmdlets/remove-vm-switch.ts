import { cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { property } from '../values/value.ts'
import { byNames, hyperV, refuse } from './hyper-v.ts'

const failed = 'Failed while removing virtual Ethernet switch.'

export const removeVmSwitch = cmdlet(
  {
    name: 'Remove-VMSwitch',
    module: 'Hyper-V',
    synopsis: 'Deletes a virtual switch.',
    supports: ['Name', 'VMSwitch', 'Force', 'Confirm'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    const all = hyperV(call).switches()
    const ids = bound.list('VMSwitch').map((one) => text(property(one, 'Id') ?? '').toLowerCase())
    const found = bound.has('VMSwitch')
      ? all.filter((one) => ids.includes(one.id.toLowerCase()))
      : byNames(call, all, bound.texts('Name'), (one) => one.name, 'virtual switch')
    for (const one of found) {
      const done = hyperV(call).removeSwitch(one.id)
      if (done.ok) continue
      const reasons: Record<string, [string, string, string]> = {
        'ics-switch': [
          'The automatic Internet Connection Sharing switch cannot be modified.',
          'InvalidOperation',
          'InvalidOperation',
        ],
        'in-use': [
          `The virtual switch '${one.name}' cannot be deleted because it is being used by running virtual machines or assigned to child pools.`,
          'ResourceBusy',
          'ObjectInUse',
        ],
      }
      const [reason, category, id] = reasons[done.error] ?? [
        done.detail ?? 'The operation failed.',
        'NotSpecified',
        'Unspecified',
      ]
      call.error({ ...refuse(`${failed}\n${reason}`, `${one.name}:String`, category, id) })
    }
  },
)
