import { cmdlet } from '../cmdlet.ts'
import { byNames, hyperV, switchObject } from './hyper-v.ts'

export const getVmSwitch = cmdlet(
  {
    name: 'Get-VMSwitch',
    module: 'Hyper-V',
    synopsis: 'Gets virtual switches.',
    supports: ['Name', 'Id', 'SwitchType'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    let found = [...hyperV(call).switches()]
    const name = bound.text('Name')
    if (name !== undefined) found = byNames(call, found, [name], (one) => one.name, 'virtual switch')
    if (bound.has('Id')) found = found.filter((one) => bound.texts('Id').some((id) => id.toLowerCase() === one.id.toLowerCase()))
    if (bound.has('SwitchType')) found = found.filter((one) => bound.texts('SwitchType').includes(one.type))
    for (const one of found) yield* call.emit(switchObject(call, one))
  },
)
