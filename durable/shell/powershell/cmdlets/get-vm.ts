import { cmdlet } from '../cmdlet.ts'
import { hyperV, refuse, vmObject, vmsOf } from './hyper-v.ts'

export const getVm = cmdlet(
  {
    name: 'Get-VM',
    module: 'Hyper-V',
    synopsis: 'Gets the virtual machines from this computer.',
    supports: ['Name', 'Id'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    const id = bound.text('Id')
    if (id !== undefined) {
      const one = hyperV(call)
        .vms()
        .find((vm) => vm.id.toLowerCase() === id.toLowerCase())
      if (one === undefined) call.error(refuse(`Hyper-V was unable to find a virtual machine with ID "${id}".`, `${id}:Guid`))
      else yield* call.emit(vmObject(call, one))
      return
    }
    for (const vm of vmsOf(call, bound, 'Name')) yield* call.emit(vmObject(call, vm))
  },
)
