// System calls about virtual machines: their life, their settings, their adapters and disks.
import { isGroupMac } from '../../wire/addresses.ts'
import type { AdapterChange, HyperVCalls, Outcome, VmChange } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { VmCheckpointView, VmView } from '../views.ts'
import { defaultHostId, icsRefused, isIcs } from './calls.ts'
import type { HostAdapter } from './host-adapter.ts'
import type { HyperV } from './hyper-v.ts'
import { INTEGRATION_SERVICES, type Vm, type VmCheckpoint } from './vm.ts'
import type { VmAdapter } from './vm-adapter.ts'
import { exportedView, exportVm, importVm } from './vm-export.ts'
import type { VmSettings } from './vm-settings.ts'
import type { VmSwitch } from './vm-switch.ts'

type VmCalls = Pick<
  HyperVCalls,
  | 'vms'
  | 'startVm'
  | 'stopVm'
  | 'resetVm'
  | 'pauseVm'
  | 'resumeVm'
  | 'setVm'
  | 'newVm'
  | 'removeVm'
  | 'exportVm'
  | 'exportedVm'
  | 'importVm'
  | 'disks'
  | 'makeDisk'
  | 'removeDisk'
  | 'copyToVm'
  | 'meterVm'
  | 'addAdapter'
  | 'removeAdapter'
  | 'setAdapter'
  | 'checkpoints'
  | 'makeCheckpoint'
  | 'applyCheckpoint'
  | 'renameCheckpoint'
  | 'removeCheckpoint'
>

/** What can be set only while a machine is off (fact sheet 2.3). */
const STATIC: readonly (keyof VmChange)[] = [
  'memoryBytes',
  'dynamicMemory',
  'processors',
  'exposeExtensions',
  'secureBoot',
  'version',
]

export function vmCalls(machine: Machine, hyperV: HyperV): VmCalls {
  const { farm } = hyperV
  const vmById = (id: string, act: (vm: Vm) => Outcome): Outcome => {
    const vm = hyperV.vms.find((v) => v.id.toUpperCase() === id.toUpperCase())
    return vm ? act(vm) : failed('not-found')
  }
  const checkpointById = (id: string, act: (vm: Vm, one: VmCheckpoint) => Outcome): Outcome => {
    for (const vm of hyperV.vms) {
      const one = vm.checkpoints.find((each) => each.id === id)
      if (one) return act(vm, one)
    }
    return failed('not-found')
  }
  const adapterById = (id: string): { vm: Vm; adapter: VmAdapter } | undefined => {
    for (const vm of hyperV.vms) for (const adapter of vm.adapters) if (adapter.id === id) return { vm, adapter }
    return undefined
  }
  const hostById = (id: string): { it: VmSwitch; host: HostAdapter } | undefined => {
    for (const it of hyperV.switches) for (const host of it.hosts) if (host.state.id === id) return { it, host }
    return undefined
  }
  const touched = (): Outcome => {
    machine.sim.touch(hyperV)
    return OK
  }
  const placeOf = (switchId: string | null): string | null | undefined =>
    switchId === null ? null : hyperV.fabricOf(switchId) ? switchId.toUpperCase() : undefined

  return {
    vms: () => hyperV.vms.map((vm) => vmView(machine, vm)),
    startVm: (id) => vmById(id, (vm) => start(hyperV, vm)),
    stopVm: (id, how) =>
      vmById(id, (vm) => {
        if (how !== 'shutdown' || vm.state === 'Off' || vm.answers('Shutdown')) return did(hyperV.stopVm(vm, how))
        return failed('no-service', 'The shutdown integration service of the virtual machine is not available.')
      }),
    resetVm: (id) => vmById(id, (vm) => did(vm.reset())),
    pauseVm: (id) => vmById(id, (vm) => did(vm.pause())),
    resumeVm: (id) => vmById(id, (vm) => did(vm.resume())),
    setVm: (id, change) => vmById(id, (vm) => set(hyperV, vm, change)),
    newVm: ({ switchId, ...what }) => {
      const place = placeOf(switchId)
      if (place === undefined) return failed('not-found')
      const made = farm.make({ ...what, switchId: place, path: '' })
      return typeof made === 'string' ? failed('exhausted') : { ok: true, value: made.id }
    },
    removeVm: (id) =>
      vmById(id, (vm) => {
        if (vm.powered) return failed('wrong-state')
        farm.remove(vm)
        return touched()
      }),
    exportVm: (id, folder, checkpoint) =>
      vmById(id, (vm) => {
        const at = checkpoint === undefined ? undefined : vm.checkpoints.find((one) => one.id === checkpoint)
        return checkpoint !== undefined && at === undefined ? failed('not-found') : exportVm(machine, hyperV, vm, folder, at)
      }),
    exportedVm: (path, newId) => exportedView(machine, hyperV, path, newId),
    importVm: (what) => {
      const done = importVm(machine, hyperV, what)
      touched()
      return done
    },
    disks: () =>
      farm.disks.list.map(({ path, sizeBytes, kind, parent, os }) => ({
        path,
        sizeBytes,
        kind,
        parent,
        os: os ?? '',
        usedBy: userOf(hyperV, path)?.settings.name ?? '',
      })),
    makeDisk: ({ path, sizeBytes, kind, parent }) => {
      if (farm.disks.get(path)) return failed('exists')
      const from = parent === '' ? undefined : farm.disks.get(parent)
      if (parent !== '' && from === undefined) return failed('not-found')
      const rest = { os: from?.os ?? null, build: from?.build ?? 0, files: from?.files ?? [], machine: '' }
      const put = farm.disks.put({ path, sizeBytes: from?.sizeBytes ?? sizeBytes, kind, parent: from?.path ?? '', ...rest })
      touched()
      return put ? OK : failed('exhausted')
    },
    removeDisk: (path) => {
      if (userOf(hyperV, path)) return failed('in-use')
      return farm.disks.delete(path) ? touched() : failed('not-found')
    },
    copyToVm: (id, source, destination, force) => vmById(id, (vm) => copyTo(machine, vm, source, destination, force)),
    meterVm: (id, on) =>
      vmById(id, (vm) => {
        vm.settings = { ...vm.settings, metering: on ? { since: machine.sim.now, ran: 0 } : null }
        return touched()
      }),
    addAdapter: (vmId, { name, switchId, legacy, mac }) => {
      if (mac !== null && (isGroupMac(mac) || mac === 0)) return failed('invalid', 'mac')
      if (vmId === null) return addHostAdapter(machine, hyperV, name, switchId, mac)
      return vmById(vmId, (vm) => {
        const place = placeOf(switchId)
        if (place === undefined) return failed('not-found')
        const made = farm.addAdapter(vm, { name, switchId: place, legacy, mac: mac ?? undefined })
        if (typeof made !== 'string') return { ok: true, value: made.id }
        return made === 'legacy-generation'
          ? failed('invalid', 'legacy')
          : failed(made === 'wrong-state' ? 'wrong-state' : 'exhausted')
      })
    },
    removeAdapter: (adapterId) => {
      if (adapterId === defaultHostId(machine, hyperV)) return icsRefused(machine)
      const host = hostById(adapterId)
      if (host) {
        host.it.removeHost(host.host)
        return touched()
      }
      const found = adapterById(adapterId)
      if (found === undefined) return failed('not-found')
      return farm.removeAdapter(found.vm, found.adapter) === undefined ? touched() : failed('wrong-state')
    },
    setAdapter: (adapterId, change) => {
      const found = adapterById(adapterId)
      const own = hostById(adapterId)
      if (found) return setGuestAdapter(hyperV, found.vm, found.adapter, change)
      if (own === undefined) return adapterId === defaultHostId(machine, hyperV) ? icsRefused(machine) : failed('not-found')
      const { name, settings, mac } = change
      own.host.set({ name: name ?? own.host.state.name, settings: { ...own.host.state.settings, ...settings } })
      if (typeof mac === 'number') own.host.mac = mac
      return touched()
    },
    checkpoints: () => hyperV.vms.flatMap((vm) => vm.checkpoints.map((one) => checkpointView(vm, one))),
    makeCheckpoint: (id, name) =>
      vmById(id, (vm) => {
        const { checkpointType } = vm.settings
        if (checkpointType === 'Disabled') return failed('wrong-state', 'Checkpoints are disabled for the virtual machine.')
        // Without the service that freezes the guest's disks there is only the other kind (fact sheet 2.7).
        const frozen = !vm.powered || vm.answers('VSS')
        if (checkpointType === 'ProductionOnly' && !frozen)
          return failed('no-service', `Production checkpoints cannot be created for '${vm.settings.name}'.`)
        const made = hyperV.checkpoints.make(vm, name, checkpointType === 'Standard' || !frozen)
        return made ? { ok: true, value: made.id } : failed('exhausted')
      }),
    applyCheckpoint: (id) =>
      checkpointById(id, (vm, one) => {
        hyperV.checkpoints.apply(vm, one)
        return touched()
      }),
    renameCheckpoint: (id, name) =>
      checkpointById(id, (vm, one) => {
        vm.checkpoints = vm.checkpoints.map((other) => (other === one ? { ...other, name } : other))
        return touched()
      }),
    removeCheckpoint: (id, children) =>
      checkpointById(id, (vm, one) => {
        hyperV.checkpoints.forget(vm, one, children)
        return touched()
      }),
  }
}

const did = (done: boolean): Outcome => (done ? OK : failed('wrong-state'))

function vmView(machine: Machine, vm: Vm): VmView {
  const { settings: s, state, definition } = vm
  const ran = state === 'Running' && s.metering ? machine.sim.now - Math.max(vm.startedAt, s.metering.since) : 0
  return {
    id: vm.id,
    name: s.name,
    notes: s.notes,
    state,
    memoryBytes: vm.powered ? s.memoryBytes : 0,
    startedAt: state === 'Running' ? vm.startedAt : null,
    generation: definition.generation,
    version: s.version,
    automaticStop: s.automaticStop,
    automaticStart: s.automaticStart,
    checkpointType: s.checkpointType,
    services: INTEGRATION_SERVICES.map((name) => ({ name, enabled: vm.has(name), answers: vm.answers(name) })),
    automaticCheckpoints: s.automaticCheckpoints,
    startDelay: s.startDelay,
    startupBytes: s.memoryBytes,
    dynamicMemory: s.dynamicMemory,
    minimumBytes: s.minimumBytes,
    maximumBytes: s.maximumBytes,
    processors: s.processors,
    exposeExtensions: s.exposeExtensions,
    secureBoot: s.secureBoot,
    tpm: s.tpm,
    path: s.path,
    bootOrder: s.bootOrder,
    drives: s.drives,
    parentCheckpoint: vm.checkpoints.find(({ id }) => id === vm.after)?.name ?? '',
    metering: s.metering && { since: s.metering.since, ran: s.metering.ran + ran },
    machine: vm.bootable ? vm.guest.name : '',
  }
}

function start(hyperV: HyperV, vm: Vm): Outcome {
  if (vm.powered && vm.state !== 'Paused') return failed('wrong-state')
  return hyperV.startVm(vm)
}

function set(hyperV: HyperV, vm: Vm, change: VmChange): Outcome {
  const off = vm.state === 'Off'
  const differs = (key: keyof VmChange) =>
    change[key] !== undefined && JSON.stringify(change[key]) !== JSON.stringify(vm.settings[key as keyof VmSettings])
  if (!off && STATIC.some(differs)) return failed('wrong-state')
  // Discs are changed while a machine runs; IDE disks and drives themselves are not.
  if (!off && differs('drives') && shapeOf(change.drives) !== shapeOf(vm.settings.drives)) return failed('wrong-state')
  const services = change.services ? INTEGRATION_SERVICES.filter((name) => change.services?.includes(name)) : vm.settings.services
  vm.settings = { ...vm.settings, ...change, services } as VmSettings
  if (off && (change.drives || change.bootOrder)) hyperV.farm.settle(vm)
  return OK
}

const shapeOf = (drives: VmChange['drives']): string =>
  JSON.stringify(drives?.map(({ kind, path, ...place }) => (kind === 'dvd' ? { kind, ...place } : { kind, path, ...place })))

const userOf = (hyperV: HyperV, path: string): Vm | undefined =>
  hyperV.vms.find(({ settings }) => settings.drives.some((drive) => drive.path.toLowerCase() === path.toLowerCase()))

function copyTo(machine: Machine, vm: Vm, source: string, destination: string, force: boolean): Outcome {
  const text = machine.files.read(source)
  if (text === undefined) return failed('not-found', source)
  if (!vm.answers('Guest Service Interface')) return failed('no-service')
  const { guest } = vm
  const separator = guest.windows ? '\\' : '/'
  const name = source.split(/[\\/]/).pop() ?? ''
  const folder = destination.endsWith(separator) || guest.files.list(destination) !== undefined || !/\.[^\\/]*$/.test(destination)
  const path = folder ? `${destination.replace(/[\\/]+$/, '')}${separator}${name}` : destination
  if (!force && guest.files.read(path) !== undefined) return failed('exists', path)
  const done = guest.files.write(path, text)
  guest.sim.touch(guest)
  return done === 'ok' ? OK : failed(done)
}

function addHostAdapter(machine: Machine, hyperV: HyperV, name: string, switchId: string | null, mac: number | null): Outcome {
  if (switchId === null) return failed('not-found')
  if (isIcs(switchId)) return icsRefused(machine)
  const it = hyperV.switchOf(switchId)
  if (it === undefined) return failed('not-found')
  const made = hyperV.board.addHost(it, name, mac ?? undefined)
  return made ? { ok: true, value: made.state.id } : failed('exhausted')
}

function setGuestAdapter(hyperV: HyperV, vm: Vm, adapter: VmAdapter, change: AdapterChange): Outcome {
  const { name, settings, mac, deviceNaming } = change
  if (mac !== undefined && vm.state !== 'Off') return failed('wrong-state')
  if (typeof mac === 'number' && (isGroupMac(mac) || mac === 0)) return failed('invalid', 'mac')
  adapter.name = name ?? adapter.name
  if (settings) adapter.settings = { ...adapter.settings, ...settings }
  if (typeof mac === 'number') adapter.setMac(mac, true)
  else if (mac === null && adapter.more.staticMac) adapter.setMac(0, false)
  if (deviceNaming !== undefined) adapter.more = { ...adapter.more, deviceNaming }
  vm.guest.sim.touch(hyperV)
  return OK
}

const checkpointView = (vm: Vm, one: VmCheckpoint): VmCheckpointView => ({
  id: one.id,
  name: one.name,
  vm: vm.settings.name,
  vmId: vm.id,
  createdAt: one.createdAt,
  parent: one.parent,
  parentName: vm.checkpoints.find(({ id }) => id === one.parent)?.name ?? '',
  standard: one.standard ?? false,
  automatic: one.automatic ?? false,
  state: one.memory ? 'Saved' : 'Off',
})
