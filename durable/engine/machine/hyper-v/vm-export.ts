// Virtual machines as files (fact sheet 2.3): written out with their disks, looked at, and registered or copied again, under the number
// that they had or a new one. Memory and checkpoints are not written.
import type { VmDefinition } from '../definition.ts'
import { guidOf } from '../guid.ts'
import type { ExportedVmView, Outcome, VmImport } from '../kernel.ts'
import { failed } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { NETWORK_ID } from './default-switch.ts'
import { DISK_FOLDER, type Disk } from './disks.ts'
import type { HyperV } from './hyper-v.ts'
import { switchName } from './switch-events.ts'
import type { Vm, VmCheckpoint } from './vm.ts'
import type { VmAdapterState } from './vm-adapter.ts'
import type { VmSettings } from './vm-settings.ts'
import { WSL_ID } from './wsl.ts'

export type ExportedVm = {
  readonly id: string
  readonly definition: VmDefinition
  readonly settings: VmSettings
  readonly adapters: readonly { readonly id: string; readonly state: VmAdapterState; readonly switch: string }[]
}

/** A configuration's file begins with this: whoever writes something else there has none. */
const MAGIC = 'vmcx1\n'
const nameOf = (path: string): string => path.split('\\').pop() ?? ''

/** As it is now, or as it was at a checkpoint. `exists`: it was exported there before; `exhausted`: there is no room for its disks. */
export function exportVm(machine: Machine, { farm }: HyperV, vm: Vm, folder: string, at?: VmCheckpoint): Outcome {
  const root = `${folder.replace(/\\+$/, '')}\\${vm.settings.name}`
  const config = `${root}\\Virtual Machines\\${vm.id.toUpperCase()}.vmcx`
  if (machine.files.read(config) !== undefined) return failed('exists', root)
  farm.writeBack(vm)
  const moved = (path: string) => (path === '' ? '' : `${root}\\Virtual Hard Disks\\${nameOf(path)}`)
  const settings = at?.settings ?? vm.settings
  const { drives, bootOrder } = settings
  for (const { kind, path } of drives) {
    const disk = kind === 'disk' ? farm.disks.get(path) : undefined
    if (disk && !farm.disks.put(copyOf(disk, moved(path), vm, at?.files))) return failed('exhausted')
  }
  const disksOf = (path: string) => (drives.some((one) => one.kind === 'disk' && one.path === path) ? moved(path) : path)
  const written: ExportedVm = {
    id: vm.id,
    definition: { ...vm.definition, running: false },
    settings: {
      ...settings,
      path: root,
      metering: null,
      drives: drives.map((one) => (one.kind === 'disk' ? { ...one, path: moved(one.path) } : one)),
      bootOrder: bootOrder.map(disksOf),
    },
    adapters: at
      ? at.adapters.map((state, i) => adapterOf(machine, vm.adapters.find((one) => one.at === (state.at ?? i))?.id ?? '', state))
      : vm.adapters.map((adapter) =>
          adapterOf(machine, adapter.id, { ...adapter.save(), at: adapter.at, mac: adapter.mac, legacy: adapter.legacy }),
        ),
  }
  const done = machine.files.write(config, `${MAGIC}${JSON.stringify(written)}`)
  machine.sim.touch(machine)
  return done === 'ok' ? { ok: true, value: config } : failed(done)
}

const adapterOf = (machine: Machine, id: string, state: VmAdapterState): ExportedVm['adapters'][number] => ({
  id,
  state,
  switch: state.switch === null ? '' : switchName(machine, state.switch),
})

/** What is installed on a copy is what ran from the disk, as another machine of its kind; `files` as they were at a checkpoint. */
const copyOf = (disk: Disk, path: string, { guest, bootable }: Vm, files?: VmCheckpoint['files']): Disk => {
  const ran = bootable && disk.machine === guest.name
  return { ...disk, path, machine: '', ...(ran ? { files: files ?? guest.files.save(), like: guest.definition } : {}) }
}

function exported(machine: Machine, path: string): ExportedVm | undefined {
  const text = machine.files.read(path)
  if (text === undefined || !text.startsWith(MAGIC)) return undefined
  try {
    return JSON.parse(text.slice(MAGIC.length)) as ExportedVm
  } catch {
    return undefined
  }
}

/** What a configuration asks of this computer, and what of it is not there. */
export function exportedView(machine: Machine, hyperV: HyperV, path: string, newId: boolean): ExportedVmView | undefined {
  const found = exported(machine, path)
  if (found === undefined) return undefined
  const key = newId ? hyperV.farm.freeName(found.settings.name) : found.definition.name
  return {
    id: guidOf(machine.sim.seed, `vm/${key}`),
    name: found.settings.name,
    generation: found.definition.generation,
    adapters: found.adapters.map((one) => ({
      id: one.id,
      name: one.state.name,
      switch: one.switch,
      found: one.switch === '' || idOf(machine, hyperV, one.switch) !== undefined,
    })),
    disks: found.settings.drives
      .filter(({ kind, path: disk }) => kind === 'disk' && disk !== '')
      .map((one) => ({ path: one.path, found: hyperV.farm.disks.get(one.path) !== undefined })),
  }
}

function idOf(machine: Machine, { switches, hasDefaultSwitch, wsl }: HyperV, name: string): string | undefined {
  const same = (one: string) => one.toLowerCase() === name.toLowerCase()
  const ics = [hasDefaultSwitch ? NETWORK_ID : '', wsl.fabric ? WSL_ID : ''].find(
    (id) => id !== '' && same(switchName(machine, id)),
  )
  return ics ?? switches.find((one) => same(one.name))?.id
}

/**
 * `not-found`: no configuration, or a disk of it is not there (its path); `exists`: a machine has its number; `invalid`: it wants a switch
 * that is not there; `in-use`: a file of that name is where a copy would go.
 */
export function importVm(machine: Machine, hyperV: HyperV, { path, copy, newId, diskFolder, folder, plugs }: VmImport): Outcome {
  const { farm } = hyperV
  const found = exported(machine, path)
  if (found === undefined) return failed('not-found', path)
  const { settings, definition } = found
  const key = newId ? farm.freeName(settings.name) : definition.name
  if (hyperV.vms.some((vm) => vm.definition.name === key)) return failed('exists')
  const wanted = found.adapters.map(({ id, state, switch: name }) => {
    const on = plugs[id] ?? name
    return { state, id: on === '' ? null : idOf(machine, hyperV, on) }
  })
  if (wanted.some(({ id }) => id === undefined)) return failed('invalid', 'switch')
  const target = (disk: string) => (copy ? `${(diskFolder || DISK_FOLDER).replace(/\\+$/, '')}\\${nameOf(disk)}` : disk)
  const disks = settings.drives.flatMap(({ kind, path: one }) => (kind === 'disk' && one !== '' ? [one] : []))
  const missing = disks.find((one) => farm.disks.get(one) === undefined)
  if (missing !== undefined) return failed('not-found', missing)
  const taken = disks.map(target).find((one) => copy && farm.disks.get(one) !== undefined)
  if (taken !== undefined) return failed('in-use', taken)
  if (copy)
    for (const one of disks) {
      const disk = farm.disks.get(one)
      if (disk && !farm.disks.put({ ...disk, path: target(one) })) return failed('exhausted')
    }
  const adapters = wanted.map(({ state, id }) => ({ ...kept(state, newId), switch: id ?? null }))
  const made = farm.adopt({
    definition: { ...definition, name: key },
    adapters,
    settings: {
      ...settings,
      path: folder || (copy ? 'C:\\ProgramData\\Microsoft\\Windows\\Hyper-V' : settings.path),
      drives: settings.drives.map((one) => (one.kind === 'disk' && one.path !== '' ? { ...one, path: target(one.path) } : one)),
      bootOrder: settings.bootOrder.map((one) => (disks.includes(one) ? target(one) : one)),
    },
  })
  return made === undefined ? failed('exhausted') : { ok: true, value: made.id }
}

/** With a new number a dynamic address is drawn anew at the first start; else the copy keeps it (fact sheet 2.3). */
const kept = (state: VmAdapterState, newId: boolean): VmAdapterState => (newId && !state.staticMac ? { ...state, mac: 0 } : state)
