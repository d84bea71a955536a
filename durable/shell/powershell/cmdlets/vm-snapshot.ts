// Checkpoints (fact sheet 2.3, T14): what is on the disk and how the machine is set; standard ones have the memory besides, and
// the machine is saved after going back to one.
import type { VmCheckpointView, VmView } from '../../../engine/machine/views.ts'
import { civil, formatDate, localMicros } from '../../windows/calendar.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, type PsValue, property } from '../values/value.ts'
import { fullPath } from './get-content.ts'
import { hyperV, refuse, tail, typed, vmsOf } from './hyper-v.ts'
import { exportFailed } from './machines/export.ts'

function checkpointObject(call: Call, one: VmCheckpointView): PsObject {
  return object(
    typed('VMSnapshot', 'VirtualMachineBase'),
    {
      VMName: one.vm,
      VMId: one.vmId,
      Id: one.id,
      Name: one.name,
      // The documented type has no word for production checkpoints; going back tells them apart.
      SnapshotType: 'Standard',
      IsAutomaticCheckpoint: one.automatic,
      CreationTime: { kind: 'date', micros: localMicros({ ...call.kernel.clock(), now: one.createdAt }) } as PsValue,
      ParentSnapshotId: one.parent,
      ParentSnapshotName: one.parentName === '' ? null : one.parentName,
      State: one.state,
      ...tail(call),
    },
    `VMSnapshot (Name = '${one.name}', VMName = '${one.vm}') [Id = '${one.id}']`,
  )
}

/** `vm1 - (11/20/2025 - 10:15:04 AM)`. */
const defaultName = (call: Call, vm: VmView): string =>
  `${vm.name} - (${formatDate(civil(localMicros(call.kernel.clock())), 'M/d/yyyy - h:mm:ss tt')})`

/** By object, or by machine and name; a plain name that matches none is an error. */
function checkpointsOf(call: Call, bound: Bound): VmCheckpointView[] {
  const all = hyperV(call).checkpoints()
  if (bound.has('VMSnapshot')) {
    const ids = bound.list('VMSnapshot').map((one) => text(property(one, 'Id') ?? ''))
    return all.filter(({ id }) => ids.includes(id))
  }
  const vms = vmsOf(call, bound, 'VMName')
  const ofVms = all.filter(({ vmId }) => vms.some(({ id }) => id === vmId))
  if (!bound.has('Name')) return ofVms
  const found: VmCheckpointView[] = []
  for (const name of bound.texts('Name')) {
    const matches = wildcard(name)
    const some = ofVms.filter((one) => matches(one.name))
    if (some.length === 0 && vms.length > 0 && !/[*?[]/.test(name))
      call.error(refuse(`Hyper-V was unable to find a checkpoint with name "${name}".`, `${name}:String`))
    found.push(...some)
  }
  return found
}

function* passVm(call: Call, bound: Bound, id: string) {
  if (!bound.flag('Passthru')) return
  const now = hyperV(call)
    .checkpoints()
    .find((one) => one.id === id)
  if (now) yield* call.emit(checkpointObject(call, now))
}

export const checkpointVm = cmdlet(
  {
    name: 'Checkpoint-VM',
    module: 'Hyper-V',
    synopsis: 'Creates a checkpoint of a virtual machine.',
    supports: ['Name', 'VM', 'SnapshotName', 'Passthru', 'Confirm'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    for (const vm of vmsOf(call, bound, 'Name')) {
      const done = hyperV(call).makeCheckpoint(vm.id, bound.text('SnapshotName') ?? defaultName(call, vm))
      if (done.ok) yield* passVm(call, bound, String(done.value))
      else {
        const why = done.detail ?? 'The maximum number of checkpoints has been reached.'
        call.error(refuse(`Checkpoint operation failed.\n${why}`, `${vm.name}:String`, 'InvalidOperation', 'InvalidOperation'))
      }
    }
  },
)

export const getVmSnapshot = cmdlet(
  {
    name: 'Get-VMSnapshot',
    module: 'Hyper-V',
    synopsis: 'Gets the checkpoints of virtual machines.',
    supports: ['VMName', 'VM', 'Name'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of checkpointsOf(call, bound)) yield* call.emit(checkpointObject(call, one))
  },
)

export const restoreVmSnapshot = cmdlet(
  {
    name: 'Restore-VMSnapshot',
    module: 'Hyper-V',
    synopsis: 'Restores a virtual machine checkpoint.',
    supports: ['Name', 'VMName', 'VM', 'VMSnapshot', 'Passthru', 'Confirm'],
    defaultSet: 'SnapshotName',
  },
  function* (call, bound) {
    const found = checkpointsOf(call, bound)
    for (const { id } of found) if (hyperV(call).applyCheckpoint(id).ok) yield* passVm(call, bound, id)
  },
)

export const removeVmSnapshot = cmdlet(
  {
    name: 'Remove-VMSnapshot',
    module: 'Hyper-V',
    synopsis: 'Deletes checkpoints of virtual machines.',
    supports: ['Name', 'VMName', 'VM', 'VMSnapshot', 'IncludeAllChildSnapshots', 'Confirm'],
    defaultSet: 'SnapshotName',
  },
  (call, bound) => {
    for (const { id } of checkpointsOf(call, bound)) hyperV(call).removeCheckpoint(id, bound.flag('IncludeAllChildSnapshots'))
  },
)

export const exportVmSnapshot = cmdlet(
  {
    name: 'Export-VMSnapshot',
    module: 'Hyper-V',
    synopsis: 'Exports a checkpoint of a virtual machine to disk.',
    supports: ['Name', 'VMName', 'VM', 'VMSnapshot', 'Path', 'Passthru', 'Confirm'],
    defaultSet: 'SnapshotName',
  },
  function* (call, bound) {
    const folder = fullPath(call, bound.text('Path') ?? '')
    for (const one of checkpointsOf(call, bound)) {
      const done = hyperV(call).exportVm(one.vmId, folder, one.id)
      if (done.ok) yield* passVm(call, bound, one.id)
      else exportFailed(call, `checkpoint '${one.name}'`, one.vm, done)
    }
  },
)

export const renameVmSnapshot = cmdlet(
  {
    name: 'Rename-VMSnapshot',
    module: 'Hyper-V',
    synopsis: 'Renames a checkpoint of a virtual machine.',
    supports: ['Name', 'VMName', 'VM', 'VMSnapshot', 'NewName', 'Passthru', 'Confirm'],
    defaultSet: 'SnapshotName',
  },
  function* (call, bound) {
    for (const { id, name } of checkpointsOf(call, bound))
      if (hyperV(call).renameCheckpoint(id, bound.text('NewName') ?? name).ok) yield* passVm(call, bound, id)
  },
)
