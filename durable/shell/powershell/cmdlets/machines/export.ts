// Virtual machines written to files and taken back in: Export-VM, Compare-VM, Import-VM (fact sheet 2.3).
import type { ExportedVmView, Outcome, VmImport } from '../../../../engine/machine/kernel.ts'
import { type Bound, type Call, cmdlet, type Fault } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { isObject, object, type PsObject, type PsValue, property } from '../../values/value.ts'
import { fullPath } from '../get-content.ts'
import { hyperV, refuse, tail, typed, vmObject, vmsOf } from '../hyper-v.ts'
import { nowOf } from './common.ts'

/** `what`: as the message names it. */
export function exportFailed(call: Call, what: string, target: string, done: Outcome & { readonly ok: false }): void {
  const exists = done.error === 'exists'
  const why = exists ? `The directory already exists: '${done.detail}'.` : 'There is not enough space on the disk. (0x80070070).'
  const [category, id] = exists ? ['ResourceExists', 'ObjectExists'] : ['ResourceUnavailable', 'OutOfMemory']
  call.error(refuse(`Failed to export the ${what}.\n${why}`, `${target}:String`, category, id))
}

export const exportVm = cmdlet(
  {
    name: 'Export-VM',
    module: 'Hyper-V',
    synopsis: 'Exports a virtual machine to disk.',
    supports: ['Name', 'VM', 'Path', 'CaptureLiveState', 'Passthru', 'Confirm'],
    defaultSet: 'Name',
  },
  function* (call, bound) {
    const folder = fullPath(call, bound.text('Path') ?? '')
    const state = bound.text('CaptureLiveState') ?? 'CaptureSavedState'
    const checkpoints = hyperV(call).checkpoints()
    for (const vm of vmsOf(call, bound, 'Name')) {
      if (vm.state !== 'Off' && state === 'CaptureSavedState')
        call.warn(
          `The memory of '${vm.name}' is not exported in this lab: the copy is what -CaptureLiveState CaptureCrashConsistentState gives.`,
        )
      if (checkpoints.some(({ vmId }) => vmId === vm.id))
        call.warn(`The checkpoints of '${vm.name}' are not exported in this lab: the copy is as the machine is now.`)
      const done = hyperV(call).exportVm(vm.id, folder)
      if (done.ok) {
        if (bound.flag('Passthru')) yield* call.emit(vmObject(call, nowOf(call, vm) ?? vm))
        continue
      }
      exportFailed(call, `virtual machine '${vm.name}'`, vm.name, done)
    }
  },
)

const SWITCH_MISSING = 33012
const DISK_MISSING = 40010

type Wish = Omit<VmImport, 'plugs'>

const wishOf = (call: Call, bound: Bound): Wish => ({
  path: fullPath(call, bound.text('Path') ?? ''),
  copy: bound.flag('Copy'),
  newId: bound.flag('GenerateNewId'),
  diskFolder: bound.has('VhdDestinationPath') ? fullPath(call, bound.text('VhdDestinationPath') ?? '') : '',
  folder: bound.has('VirtualMachinePath') ? fullPath(call, bound.text('VirtualMachinePath') ?? '') : '',
})

const notFound = (path: string): Fault =>
  refuse(
    `Unable to import virtual machine.\nThe virtual machine configuration file '${path}' was not found.`,
    `${path}:String`,
    'ObjectNotFound',
    'ObjectNotFound',
  )

/** A machine that is not there yet, as far as its file tells. */
const planned = (call: Call, { path }: Wish, one: ExportedVmView): PsObject =>
  object(
    typed('VirtualMachine', 'VirtualMachineBase'),
    {
      Name: one.name,
      Id: one.id,
      VMName: one.name,
      VMId: one.id,
      State: 'Off',
      Generation: one.generation,
      ConfigurationLocation: path,
      Path: path,
      ...tail(call),
    },
    `VirtualMachine (Name = '${one.name}') [Id = '${one.id}']`,
  )

function reportOf(call: Call, wish: Wish, one: ExportedVmView): PsObject {
  const problem = (Message: string, MessageId: number, Source: PsValue): PsObject =>
    object(typed('VMIncompatibility'), { Message, MessageId, Source }, typed('VMIncompatibility')[0])
  const adapters = one.adapters.map((each) =>
    object(
      typed('VMNetworkAdapter', 'VMNetworkAdapterBase'),
      { Name: each.name, Id: each.id, VMName: one.name, SwitchName: each.switch, Connected: each.switch !== '', Planned: true },
      `VMNetworkAdapter (Name = '${each.name}', VMName = '${one.name}') [VMId = '${one.id}']`,
    ),
  )
  const incompatibilities = [
    ...one.adapters.flatMap((each, at) =>
      each.found ? [] : [problem(`Could not find Ethernet switch '${each.switch}'.`, SWITCH_MISSING, adapters[at] ?? null)],
    ),
    ...one.disks.flatMap((each) =>
      each.found ? [] : [problem(`The virtual hard disk '${each.path}' was not found.`, DISK_MISSING, each.path)],
    ),
  ]
  return object(typed('VMCompatibilityReport'), {
    VM: planned(call, wish, one),
    OperationType: 'ImportVirtualMachine',
    Destination: call.kernel.identity().hostname.toUpperCase(),
    Path: wish.folder === '' ? null : wish.folder,
    SnapshotPath: null,
    VhdDestinationPath: wish.diskFolder === '' ? null : wish.diskFolder,
    VhdSourcePath: null,
    Incompatibilities: incompatibilities,
    // How it was asked for: what is done with the report later is the same.
    Copy: wish.copy,
    GenerateNewId: wish.newId,
  })
}

/** What a report was about, with what was changed at its adapters since. */
function askedBy(report: PsValue): VmImport | undefined {
  if (!isObject(report)) return undefined
  const at = (name: string) => text(property(report, name) ?? '')
  const found = property(report, 'Incompatibilities')
  const plugs: Record<string, string> = {}
  for (const one of Array.isArray(found) ? found : [found ?? null]) {
    const source = isObject(one) ? property(one, 'Source') : undefined
    if (source && isObject(source)) plugs[text(property(source, 'Id') ?? '')] = text(property(source, 'SwitchName') ?? '')
  }
  return {
    path: text(property(property(report, 'VM') ?? null, 'Path') ?? ''),
    copy: property(report, 'Copy') === true,
    newId: property(report, 'GenerateNewId') === true,
    diskFolder: at('VhdDestinationPath'),
    folder: at('Path'),
    plugs,
  }
}

const askedFor = (call: Call, bound: Bound): VmImport | undefined =>
  bound.has('CompatibilityReport') ? askedBy(bound.get('CompatibilityReport') ?? null) : { ...wishOf(call, bound), plugs: {} }

/** Comparing takes what importing takes. */
const OF_IMPORT = [
  'Path',
  'Copy',
  'Register',
  'GenerateNewId',
  'VhdDestinationPath',
  'VirtualMachinePath',
  'CompatibilityReport',
  'Confirm',
] as const

export const compareVm = cmdlet(
  {
    name: 'Compare-VM',
    module: 'Hyper-V',
    synopsis: 'Compares a virtual machine and a virtual machine host for compatibility, returning a compatibility report.',
    supports: OF_IMPORT,
    defaultSet: 'Register',
  },
  function* (call, bound) {
    const asked = askedFor(call, bound)
    const found = asked && hyperV(call).exportedVm(asked.path, asked.newId)
    if (asked === undefined || found === undefined) return call.error(notFound(asked?.path ?? ''))
    const switches = hyperV(call).switches()
    const adapters = found.adapters.map((one) => {
      const on = asked.plugs[one.id] ?? one.switch
      return { ...one, switch: on, found: on === '' || switches.some(({ name }) => name.toLowerCase() === on.toLowerCase()) }
    })
    yield* call.emit(reportOf(call, asked, { ...found, adapters }))
  },
)

const CONFIGURATION =
  'Unable to import virtual machine due to configuration errors.  Please use Compare-VM to repair the virtual machine.'

function refused(done: Outcome & { readonly ok: false }, path: string): Fault {
  const first = 'Unable to import virtual machine.'
  const target = `${path}:String`
  switch (done.error) {
    case 'invalid':
      return refuse(CONFIGURATION, '', 'NotSpecified', 'Unspecified')
    case 'exists':
      return refuse(
        `${first}\nThe operation failed because a virtual machine with the same identifier already exists. Select a new identifier and try the operation again.`,
        target,
        'ResourceExists',
        'ObjectExists',
      )
    case 'in-use':
      return refuse(
        `${first}\nFailed to copy file to '${done.detail}': The file exists. (0x80070050).`,
        target,
        'ResourceExists',
        'ObjectExists',
      )
    case 'not-found':
      return done.detail === path ? notFound(path) : refuse(CONFIGURATION, '', 'NotSpecified', 'Unspecified')
    default:
      return refuse(`${first}\nNo more virtual machines fit in this lab.`, target, 'ResourceUnavailable', 'OutOfMemory')
  }
}

export const importVm = cmdlet(
  {
    name: 'Import-VM',
    module: 'Hyper-V',
    synopsis: 'Imports a virtual machine from a file.',
    supports: OF_IMPORT,
    defaultSet: 'Register',
  },
  function* (call, bound) {
    const asked = askedFor(call, bound)
    if (asked === undefined) return call.error(notFound(''))
    const done = hyperV(call).importVm(asked)
    if (!done.ok) return call.error(refused(done, asked.path))
    const made = hyperV(call)
      .vms()
      .find(({ id }) => id === done.value)
    if (made) yield* call.emit(vmObject(call, made))
  },
)
