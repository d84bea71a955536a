// Drives of machines: hard disks and DVD (fact sheet 2.3, for those who build a machine by hand).
import type { VmView } from '../../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { object, type PsObject, property } from '../../values/value.ts'
import { hyperV, refuse, tail, typed, vmsOf } from '../hyper-v.ts'
import { changeVm, nowOf } from './common.ts'

type Drive = VmView['drives'][number]
type Kind = Drive['kind']

const TYPES = { disk: 'HardDiskDrive', dvd: 'DvdDrive' } as const
/** What messages call them. */
const DEVICES = { disk: 'Virtual Hard Disk', dvd: 'Virtual CD/DVD Disk' } as const

const samePlace = (a: Drive, b: Drive): boolean =>
  a.controller === b.controller && a.number === b.number && a.location === b.location

function driveObject(call: Call, vm: VmView, one: Drive): PsObject {
  return object(
    typed(TYPES[one.kind], 'Drive'),
    {
      Path: one.path === '' ? null : one.path,
      DiskNumber: null,
      DvdMediaType: one.kind === 'dvd' ? (one.path === '' ? 'None' : 'ISO') : null,
      ControllerType: one.controller,
      ControllerNumber: one.number,
      ControllerLocation: one.location,
      PoolName: 'Primordial',
      Name: `${one.kind === 'disk' ? 'Hard Drive' : 'DVD Drive'} on ${one.controller} controller number ${one.number} at location ${one.location}`,
      Id: `Microsoft:${vm.id}\\${one.controller}\\${one.number}\\${one.location}`,
      VMId: vm.id,
      VMName: vm.name,
      ...tail(call),
    },
    `${TYPES[one.kind]} (Name = '${one.kind === 'disk' ? 'Hard Drive' : 'DVD Drive'}', VMName = '${vm.name}')`,
  )
}

/** Drives by object, or by machine and place. */
function chosen(call: Call, bound: Bound, kind: Kind, parameter: string): { vm: VmView; drive: Drive }[] {
  const all = hyperV(call)
    .vms()
    .flatMap((vm) => vm.drives.filter((one) => one.kind === kind).map((drive) => ({ vm, drive })))
  if (bound.has(parameter)) {
    const ids = bound.list(parameter).map((one) => text(property(one, 'Id') ?? ''))
    return all.filter(({ vm, drive }) => ids.includes(text(property(driveObject(call, vm, drive), 'Id') ?? '')))
  }
  const vms = vmsOf(call, bound, 'VMName').map(({ id }) => id)
  const is = (name: string, value: number | string) =>
    !bound.has(name) || text(bound.get(name) ?? '').toLowerCase() === String(value).toLowerCase()
  return all.filter(
    ({ vm, drive }) =>
      vms.includes(vm.id) &&
      is('ControllerType', drive.controller) &&
      is('ControllerNumber', drive.number) &&
      is('ControllerLocation', drive.location),
  )
}

function getter(name: string, synopsis: string, kind: Kind) {
  return cmdlet(
    {
      name,
      module: 'Hyper-V',
      synopsis,
      supports: ['VMName', 'VM', 'ControllerNumber', 'ControllerLocation', ...(kind === 'disk' ? ['ControllerType'] : [])],
      defaultSet: 'VMName',
    },
    function* (call, bound) {
      for (const { vm, drive } of chosen(call, bound, kind, '')) yield* call.emit(driveObject(call, vm, drive))
    },
  )
}
export const getVmHardDiskDrive = getter('Get-VMHardDiskDrive', 'Gets the virtual hard disk drives of virtual machines.', 'disk')
export const getVmDvdDrive = getter('Get-VMDvdDrive', 'Gets the DVD drives of virtual machines.', 'dvd')

/** A disk must be there and free; of a disc only the end of its name is looked at. */
function faultOf(call: Call, kind: Kind, path: string): string | undefined {
  if (path === '') return undefined
  if (kind === 'dvd') return /\.iso$/i.test(path) ? undefined : `The file '${path}' is not an ISO image.`
  const known = hyperV(call)
    .disks()
    .find((one) => one.path.toLowerCase() === path.toLowerCase())
  if (known === undefined) return `The system cannot find the file specified: '${path}'.`
  return known.usedBy === '' ? undefined : `The file '${path}' is used by the virtual machine '${known.usedBy}'.`
}

function* addDrive(call: Call, bound: Bound, kind: Kind) {
  const path = bound.text('Path') ?? ''
  const first = `Failed to add device '${DEVICES[kind]}'.`
  for (const vm of vmsOf(call, bound, 'VMName')) {
    const why = faultOf(call, kind, path)
    if (why !== undefined) {
      call.error(refuse(`${first}\n${why}`, `${vm.name}:String`, 'ObjectNotFound', 'ObjectNotFound'))
      continue
    }
    const usual = vm.generation === 1 && (kind === 'dvd' || !bound.has('ControllerType')) ? 'IDE' : 'SCSI'
    const controller = (bound.text('ControllerType') ?? usual) as Drive['controller']
    const free = (number: number, location: number) =>
      !vm.drives.some((one) => one.controller === controller && one.number === number && one.location === location)
    const [numbers, locations] = controller === 'IDE' ? [2, 2] : [1, 64]
    const places = Array.from({ length: numbers * locations }, (_, i) => [Math.floor(i / locations), i % locations] as const)
    const place = places.find(
      ([number, location]) =>
        free(number, location) &&
        number === (bound.number('ControllerNumber') ?? number) &&
        location === (bound.number('ControllerLocation') ?? location),
    )
    if (place === undefined || (vm.generation === 2 && controller === 'IDE')) {
      call.error(
        refuse(`${first}\nThere is no such place on a controller, or it is taken.`, `${vm.name}:String`, 'InvalidOperation'),
      )
      continue
    }
    const drive: Drive = { kind, controller, number: place[0], location: place[1], path }
    if (!changeVm(call, vm, { drives: [...vm.drives, drive] }, first)) continue
    if (bound.flag('Passthru')) yield* call.emit(driveObject(call, nowOf(call, vm) ?? vm, drive))
  }
}

const add = ['VMName', 'VM', 'ControllerNumber', 'ControllerLocation', 'Path', 'Passthru', 'Confirm'] as const
export const addVmHardDiskDrive = cmdlet(
  {
    name: 'Add-VMHardDiskDrive',
    module: 'Hyper-V',
    synopsis: 'Adds a hard disk drive to a virtual machine.',
    supports: [...add, 'ControllerType'],
    defaultSet: 'VMName',
  },
  (call, bound) => addDrive(call, bound, 'disk'),
)
export const addVmDvdDrive = cmdlet(
  {
    name: 'Add-VMDvdDrive',
    module: 'Hyper-V',
    synopsis: 'Adds a DVD drive to a virtual machine.',
    supports: [...add],
    defaultSet: 'VMName',
  },
  (call, bound) => addDrive(call, bound, 'dvd'),
)

function* setDrive(call: Call, bound: Bound, kind: Kind, parameter: string) {
  const path = bound.text('Path') ?? ''
  for (const { vm, drive } of chosen(call, bound, kind, parameter)) {
    const first = `Failed to modify device '${DEVICES[kind]}'.`
    const why = bound.has('Path') ? faultOf(call, kind, path) : undefined
    if (why !== undefined) {
      call.error(refuse(`${first}\n${why}`, `${vm.name}:String`, 'ObjectNotFound', 'ObjectNotFound'))
      continue
    }
    const now = nowOf(call, vm) ?? vm
    const next = { ...drive, ...(bound.has('Path') ? { path } : {}) }
    if (!changeVm(call, vm, { drives: now.drives.map((one) => (samePlace(one, drive) ? next : one)) }, first)) continue
    if (bound.flag('Passthru')) yield* call.emit(driveObject(call, vm, next))
  }
}

const place = ['VMName', 'ControllerNumber', 'ControllerLocation', 'Path', 'Passthru', 'Confirm'] as const
export const setVmDvdDrive = cmdlet(
  {
    name: 'Set-VMDvdDrive',
    module: 'Hyper-V',
    synopsis: 'Configures a virtual DVD drive.',
    supports: [...place, 'VMDvdDrive'],
    defaultSet: 'VMName',
  },
  (call, bound) => setDrive(call, bound, 'dvd', 'VMDvdDrive'),
)
export const setVmHardDiskDrive = cmdlet(
  {
    name: 'Set-VMHardDiskDrive',
    module: 'Hyper-V',
    synopsis: 'Configures a virtual hard disk.',
    supports: [...place, 'VMHardDiskDrive', 'ControllerType'],
    defaultSet: 'VMName',
  },
  (call, bound) => setDrive(call, bound, 'disk', 'VMHardDiskDrive'),
)

function* removeDrive(call: Call, bound: Bound, kind: Kind, parameter: string) {
  for (const { vm, drive } of chosen(call, bound, kind, parameter)) {
    const now = nowOf(call, vm) ?? vm
    const first = `Failed to remove device '${DEVICES[kind]}'.`
    if (!changeVm(call, vm, { drives: now.drives.filter((one) => !samePlace(one, drive)) }, first)) continue
    if (bound.flag('Passthru')) yield* call.emit(driveObject(call, vm, drive))
  }
}
const taking = ['VMName', 'ControllerNumber', 'ControllerLocation', 'Passthru', 'Confirm'] as const
export const removeVmHardDiskDrive = cmdlet(
  {
    name: 'Remove-VMHardDiskDrive',
    module: 'Hyper-V',
    synopsis: 'Removes a hard disk drive from a virtual machine.',
    supports: [...taking, 'VMHardDiskDrive', 'ControllerType'],
    defaultSet: 'VMName',
  },
  (call, bound) => removeDrive(call, bound, 'disk', 'VMHardDiskDrive'),
)
export const removeVmDvdDrive = cmdlet(
  {
    name: 'Remove-VMDvdDrive',
    module: 'Hyper-V',
    synopsis: 'Deletes a DVD drive from a virtual machine.',
    supports: [...taking, 'VMDvdDrive'],
    defaultSet: 'VMName',
  },
  (call, bound) => removeDrive(call, bound, 'dvd', 'VMDvdDrive'),
)
