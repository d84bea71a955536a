// Machines that people make and remove (fact sheet 2.3).
import { cmdlet } from '../../cmdlet.ts'
import { hyperV, refuse, vmObject, vmsOf } from '../hyper-v.ts'
import { nowOf, wrongState } from './common.ts'

const MIB = 1_048_576
const FAILED = 'Failed to create a new virtual machine.'

export const newVm = cmdlet(
  {
    name: 'New-VM',
    module: 'Hyper-V',
    synopsis: 'Creates a new virtual machine.',
    supports: [
      'Name',
      'MemoryStartupBytes',
      'Generation',
      'SwitchName',
      'VHDPath',
      'NewVHDPath',
      'NewVHDSizeBytes',
      'NoVHD',
      'BootDevice',
      'Path',
      'Version',
      'Force',
      'Confirm',
    ],
    defaultSet: 'No_VHD',
  },
  function* (call, bound) {
    const name = bound.text('Name') ?? 'New Virtual Machine'
    const target = `${name}:String`
    const memoryBytes = bound.number('MemoryStartupBytes') ?? 512 * MIB
    if (memoryBytes < 32 * MIB || memoryBytes % (2 * MIB) !== 0)
      return call.error(
        refuse(`${FAILED}\nThe amount of memory must be at least 32 MB and a multiple of 2 MB.`, target, 'InvalidArgument'),
      )
    const wanted = bound.text('SwitchName')
    const onto = hyperV(call)
      .switches()
      .find((one) => one.name.toLowerCase() === wanted?.toLowerCase())
    if (wanted !== undefined && onto === undefined)
      return call.error(refuse(`Hyper-V was unable to find a virtual switch with name "${wanted}".`, `${wanted}:String`))
    const path = bound.text('NewVHDPath') ?? bound.text('VHDPath')
    const known = hyperV(call)
      .disks()
      .find((one) => one.path.toLowerCase() === path?.toLowerCase())
    if (bound.has('VHDPath') && (known === undefined || known.usedBy !== '')) {
      const why =
        known === undefined
          ? `Cannot find path '${path}' because it does not exist.`
          : `The file '${path}' is used by the virtual machine '${known.usedBy}'.`
      return call.error(refuse(`${FAILED}\n${why}`, target, 'ObjectNotFound', 'ObjectNotFound'))
    }
    if (bound.has('NewVHDPath')) {
      const made = hyperV(call).makeDisk({
        path: path ?? '',
        sizeBytes: bound.number('NewVHDSizeBytes') ?? 0,
        kind: 'Dynamic',
        parent: '',
      })
      if (!made.ok) return call.error(refuse(`${FAILED}\nThe file exists: '${path}'.`, target, 'ResourceExists', 'ObjectExists'))
    }
    const generation = bound.number('Generation') ?? 1
    const done = hyperV(call).newVm({
      name,
      generation,
      memoryBytes,
      switchId: onto?.id ?? null,
      version: bound.text('Version') ?? '',
    })
    if (!done.ok)
      return call.error(
        refuse(`${FAILED}\nNo more virtual machines fit in this lab.`, target, 'ResourceUnavailable', 'OutOfMemory'),
      )
    const id = String(done.value)
    const disk = {
      kind: 'disk',
      controller: generation === 1 ? 'IDE' : 'SCSI',
      number: 0,
      location: 0,
      path: path ?? '',
    } as const
    const folder = bound.text('Path')
    const adapter = hyperV(call)
      .adapters()
      .find(({ vmId }) => vmId === id)
    const first = /NetworkAdapter/.test(bound.text('BootDevice') ?? '') ? [adapter?.id ?? ''] : []
    const dvd = { kind: 'dvd', controller: 'IDE', number: 1, location: 0, path: '' } as const
    hyperV(call).setVm(id, {
      ...(folder === undefined ? {} : { path: `${folder}\\${name}` }),
      ...(bound.has('BootDevice') ? { bootOrder: first } : {}),
      drives: [...(path === undefined ? [] : [disk]), ...(generation === 1 ? [dvd] : [])],
    })
    const made = hyperV(call)
      .vms()
      .find((one) => one.id === id)
    if (made) yield* call.emit(vmObject(call, made))
  },
)

export const removeVm = cmdlet(
  {
    name: 'Remove-VM',
    module: 'Hyper-V',
    synopsis: 'Deletes a virtual machine.',
    supports: ['Name', 'VM', 'Force', 'Passthru', 'Confirm'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    for (const vm of vmsOf(call, bound, 'Name')) {
      const was = nowOf(call, vm)
      const done = hyperV(call).removeVm(vm.id)
      if (!done.ok) call.error(wrongState(vm, 'Failed to remove the virtual machine.'))
      else if (was && bound.flag('Passthru')) yield* call.emit(vmObject(call, was))
    }
  },
)
