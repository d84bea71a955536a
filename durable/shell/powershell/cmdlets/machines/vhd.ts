// Virtual hard disks as files of the computer.
import type { DiskView } from '../../../../engine/machine/views.ts'
import { type Call, cmdlet } from '../../cmdlet.ts'
import { object, type PsObject } from '../../values/value.ts'
import { hyperV, refuse, tail, typed } from '../hyper-v.ts'

const SMALL = 4_194_304
const LARGE = 9_663_676_416

function diskObject(call: Call, one: DiskView): PsObject {
  return object(
    typed('Vhd').map((name) => name.replace('.PowerShell', '')),
    {
      ComputerName: call.kernel.identity().hostname.toUpperCase(),
      Path: one.path,
      VhdFormat: /\.vhd$/i.test(one.path) ? 'VHD' : 'VHDX',
      VhdType: one.kind,
      FileSize: one.kind === 'Fixed' ? one.sizeBytes + SMALL : one.os === '' || one.kind === 'Differencing' ? SMALL : LARGE,
      Size: one.sizeBytes,
      MinimumSize: null,
      LogicalSectorSize: 512,
      PhysicalSectorSize: 4096,
      BlockSize: one.kind === 'Fixed' ? 0 : 33_554_432,
      ParentPath: one.parent,
      DiskIdentifier: '',
      FragmentationPercentage: 0,
      Alignment: 1,
      Attached: one.usedBy !== '',
      DiskNumber: null,
      IsPMEMCompatible: false,
      AddressAbstractionType: 'None',
      Number: null,
      ...tail(call),
    },
    one.path,
  )
}

const named = (call: Call, path: string): DiskView | undefined =>
  hyperV(call)
    .disks()
    .find((one) => one.path.toLowerCase() === path.replaceAll('/', '\\').toLowerCase())

export const newVhd = cmdlet(
  {
    name: 'New-VHD',
    module: 'Hyper-V',
    synopsis: 'Creates one or more new virtual hard disks.',
    supports: ['Path', 'SizeBytes', 'Dynamic', 'Fixed', 'Differencing', 'ParentPath', 'Confirm'],
    defaultSet: 'DynamicWithoutSource',
  },
  function* (call, bound) {
    const parent = bound.text('ParentPath') ?? ''
    const kind = parent !== '' ? 'Differencing' : bound.flag('Fixed') ? 'Fixed' : 'Dynamic'
    if (kind !== 'Differencing' && !bound.has('SizeBytes'))
      return call.error(
        refuse(
          'Failed to create the virtual hard disk.\nThe size of the disk must be given; use -SizeBytes.',
          'SizeBytes:String',
        ),
      )
    for (const path of bound.texts('Path')) {
      const failed = `Failed to create the virtual hard disk.\nThe system failed to create '${path}':`
      const done = /\.(vhdx?|avhdx)$/i.test(path)
        ? hyperV(call).makeDisk({ path, sizeBytes: bound.number('SizeBytes') ?? 0, kind, parent })
        : undefined
      if (done === undefined)
        call.error(refuse(`${failed} The parameter is incorrect. (0x80070057).`, `${path}:String`, 'InvalidArgument'))
      else if (!done.ok) {
        const exists = done.error === 'exists'
        const why = exists
          ? 'The file exists. (0x80070050).'
          : done.error === 'not-found'
            ? 'The system cannot find the file specified. (0x80070002).'
            : 'There is not enough space on the disk. (0x80070070).'
        const id = exists ? 'ObjectExists' : 'ObjectNotFound'
        call.error(refuse(`${failed} ${why}`, `${path}:String`, exists ? 'ResourceExists' : 'ObjectNotFound', id))
      } else {
        const made = named(call, path)
        if (made) yield* call.emit(diskObject(call, made))
      }
    }
  },
)

export const getVhd = cmdlet(
  {
    name: 'Get-VHD',
    module: 'Hyper-V',
    synopsis: 'Gets the virtual hard disk object associated with a virtual hard disk.',
    supports: ['Path', 'VMId'],
    defaultSet: 'Path',
  },
  function* (call, bound) {
    const ids = bound.texts('VMId').map((id) => id.toLowerCase())
    const ofVms = hyperV(call)
      .vms()
      .filter(({ id }) => ids.includes(id.toLowerCase()))
      .flatMap(({ drives }) => drives.filter(({ kind, path }) => kind === 'disk' && path !== '').map(({ path }) => path))
    for (const path of [...bound.texts('Path'), ...ofVms]) {
      const found = named(call, path)
      if (found) yield* call.emit(diskObject(call, found))
      else
        call.error(
          refuse(
            `Getting the mounted storage instance for the path '${path}' failed.\nThe operation cannot be performed because the object is not found.`,
            `${path}:String`,
            'ObjectNotFound',
            'ObjectNotFound',
          ),
        )
    }
  },
)
