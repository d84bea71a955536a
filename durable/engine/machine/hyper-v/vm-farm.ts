// The virtual machines of a computer as they come and go: made, removed, their adapters plugged and pulled, another disk
// (fact sheet 2.2, 2.3).
import type { MachineDefinition, VmDefinition } from '../definition.ts'
import { nextAdapter, plugAdapter, unplugAdapter } from '../hot-plug.ts'
import type { Machine } from '../machine.ts'
import { NETWORK_ID } from './default-switch.ts'
import { DISK_FOLDER, type Disk, Disks } from './disks.ts'
import { askByDhcp, bareMachine, diskOf, installed } from './guest-machine.ts'
import type { HyperV, HyperVState, MadeVm } from './hyper-v.ts'
import { forgetMemory, restoreMemoryFile } from './memory-file.ts'
import { newVm, Vm, type VmState } from './vm.ts'
import { newAdapter, VmAdapter, type VmAdapterState } from './vm-adapter.ts'
import type { VmSettings } from './vm-settings.ts'
import type { Yard } from './yard.ts'

export const ADAPTER_NAME = 'Network Adapter'
const MOST_VMS = 32
/** Adapters that a machine may have: eight synthetic ones and four emulated ones. */
const MOST_SYNTHETIC = 8
const MOST_LEGACY = 4

/** Why something could not be done with a machine. */
export type VmRefusal = 'exhausted' | 'wrong-state' | 'legacy-generation' | 'mac-exhausted'

export type NewVm = {
  readonly name: string
  readonly generation: number
  readonly memoryBytes: number
  readonly switchId: string | null
  readonly path: string
  readonly version: string
}

/** What a machine that was written to files is made of. */
export type Adopted = {
  readonly definition: VmDefinition
  readonly settings: VmSettings
  readonly adapters: readonly VmAdapterState[]
}

export class VmFarm {
  readonly disks: Disks
  private readonly machine: Machine
  private readonly hyperV: HyperV
  private readonly yard: Yard
  /** By the name that the machine's own parts go by. */
  private readonly made = new Map<string, MadeVm>()
  private readonly removed: Set<string>
  /** After those that the definition names. Port 0 is the computer's own. */
  private nextPort = 1

  constructor(machine: Machine, hyperV: HyperV, yard: Yard, stored: HyperVState | undefined) {
    this.machine = machine
    this.hyperV = hyperV
    this.yard = yard
    this.disks = new Disks(stored?.disks)
    this.removed = new Set(stored?.removed ?? [])
    for (const definition of machine.definition.hyperV?.vms ?? []) this.addDefined(definition, stored)
    for (const vm of this.vms) {
      for (const { path } of vm.settings.drives)
        if (stored?.disks === undefined && path !== '') this.disks.put(diskOf(path, vm.guest))
      vm.bootable = this.bootDisk(vm.settings)?.machine === vm.definition.machine
    }
  }

  /** Machines of the definition that run nowhere: their virtual machine was removed. */
  get idle(): readonly string[] {
    const defined = this.machine.definition.hyperV?.vms ?? []
    const used = new Set(this.vms.map(({ guest }) => guest.name))
    return defined.filter(({ name, machine }) => this.removed.has(name) && !used.has(machine)).map(({ machine }) => machine)
  }

  /** The virtual machine that a machine runs in. */
  vmAround(machine: Machine): Vm | undefined {
    for (const { hyperV } of this.yard.machines.values()) for (const vm of hyperV?.vms ?? []) if (vm.guest === machine) return vm
    return undefined
  }

  private get vms(): Vm[] {
    return this.hyperV.vms
  }

  // The lab is built

  private addDefined(definition: VmDefinition, stored: HyperVState | undefined): void {
    const guest = this.yard.machines.get(definition.machine)
    const links = guest && [...guest.stack.interfaces.values()].filter((i) => i.kind === 'ethernet')
    if (!guest || !links || links.length === 0) return
    const first = this.nextPort
    this.nextPort += links.length
    if (this.removed.has(definition.name)) {
      for (const { index } of links) unplugAdapter(guest, index)
      return
    }
    const kept = stored?.vms.find(([name]) => name === definition.name)?.[1] ?? newVm(definition)
    const states = stored?.adapters[definition.name]
    const adapters = links.flatMap((via, at) => {
      // The first one stands on the Default Switch, as the dialog of a new machine proposes.
      const given = states
        ? states.find((one, i) => one.index === undefined && (one.at ?? i) === at)
        : newAdapter(ADAPTER_NAME, at === 0 ? NETWORK_ID : null)
      if (given === undefined) {
        unplugAdapter(guest, via.index)
        return []
      }
      if (definition.enlightened === false) unplugAdapter(guest, via.index)
      const adapter = new VmAdapter({ machine: this.machine, vm: definition.name, guest, via, at, port: first + at }, given)
      // None yet: it is drawn from the pool when the machine is first started (fact sheet 4.9).
      if (stored === undefined && guest.definition.adapters[at]?.mac === '') adapter.setMac(0, false)
      return [adapter]
    })
    const disk = `${DISK_FOLDER}\\${definition.name}.vhdx`
    this.vms.push(new Vm({ host: this.machine, definition, guest, adapters, disk, bootable: true }, kept))
    for (const adapter of adapters) this.yard.link(adapter)
  }

  /** What came while the lab was used: machines that people made, and adapters. */
  layOut(stored: HyperVState | undefined): void {
    for (const one of stored?.made ?? []) {
      const kept = stored?.vms.find(([name]) => name === one.definition.name)?.[1]
      this.addMade(one, kept ?? newVm(one.definition))
    }
    for (const vm of this.vms) {
      for (const [i, state] of (stored?.adapters[vm.definition.name] ?? []).entries())
        if (state.index !== undefined) this.openAdapter(vm, state, state.at ?? i)
      for (const { id, memory } of vm.checkpoints) if (memory) restoreMemoryFile(this.machine, id)
    }
  }

  private addMade(one: MadeVm, state: VmState): Vm {
    const { definition, guest: runs, bootable } = one
    const known = typeof runs === 'string' ? this.yard.machines.get(runs) : undefined
    const guest = known ?? this.yard.build(runs as MachineDefinition)
    const vm = new Vm({ host: this.machine, definition, guest, adapters: [], disk: '', bootable }, state)
    this.made.set(definition.name, one)
    this.vms.push(vm)
    return vm
  }

  // Machines

  /** Makes a machine, off and without a disk. */
  make({ name, generation, memoryBytes, switchId, version }: NewVm): Vm | VmRefusal {
    if (this.vms.length >= MOST_VMS) return 'exhausted'
    const key = this.freeName(name)
    const definition: VmDefinition = {
      name: key,
      machine: this.machineName(name),
      memoryBytes,
      generation,
      automaticStop: 'Save',
      automaticStart: 'StartIfRunning',
      running: false,
      reportsAddresses: true,
      processors: 1,
    }
    const vm = this.addMade({ definition, guest: bareMachine(definition.machine), bootable: false }, newVm(definition))
    vm.guest.restore()
    this.machine.eventLog?.write('vm.created', name, vm.id.toUpperCase())
    vm.settings = { ...vm.settings, name, automaticCheckpoints: true, ...(version === '' ? {} : { version }) }
    this.addAdapter(vm, { name: ADAPTER_NAME, switchId, legacy: false, mac: undefined })
    this.touched()
    return vm
  }

  /** One that was written to files, off, with the disks that its settings name. Undefined: there are as many as there may be. */
  adopt({ definition: given, settings, adapters }: Adopted): Vm | undefined {
    if (this.vms.length >= MOST_VMS) return undefined
    const definition = { ...given, machine: this.machineName(settings.name) }
    const vm = this.addMade({ definition, guest: bareMachine(definition.machine), bootable: false }, newVm(definition))
    vm.guest.restore()
    vm.settings = settings
    for (const [at, state] of adapters.entries()) {
      const { index, name: alias } = nextAdapter(vm.guest)
      const made = this.openAdapter(vm, { ...state, at, port: this.freePort(), index, alias, switch: null }, at, true)
      const fabric = state.switch === null ? undefined : this.hyperV.fabricOf(state.switch)
      if (fabric) made.connect(fabric, state.switch)
    }
    this.settle(vm)
    this.machine.eventLog?.write('vm.created', settings.name, vm.id.toUpperCase())
    this.touched()
    return vm
  }

  /** Off or saved. Its disks stay. */
  remove(vm: Vm): void {
    if (vm.state === 'Saved') vm.stop('turn-off')
    for (const { id } of vm.checkpoints) forgetMemory(this.machine, id)
    this.writeBack(vm)
    for (const adapter of [...vm.adapters]) this.pull(vm, adapter)
    const made = this.made.get(vm.definition.name)
    if (made === undefined) this.removed.add(vm.definition.name)
    else {
      this.made.delete(vm.definition.name)
      if (typeof made.guest !== 'string') this.yard.demolish(vm.guest)
    }
    this.vms.splice(this.vms.indexOf(vm), 1)
    this.machine.eventLog?.write('vm.deleted', vm.settings.name, vm.id.toUpperCase())
    this.touched()
  }

  freeName(name: string): string {
    const taken = new Set([...this.vms.map(({ definition }) => definition.name), ...this.removed])
    for (let n = 1; ; n++) {
      const key = n === 1 ? name : `${name} (${n})`
      if (!taken.has(key)) return key
    }
  }

  /** What its terminal and its place in the picture are called. */
  private machineName(name: string): string {
    const plain =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40) || 'vm'
    for (let n = 1; ; n++) {
      const one = n === 1 ? plain : `${plain}-${n}`
      // Nor may it be that of a cable or a switch: every part of the lab has a name of its own.
      if (!this.yard.machines.has(one) && this.machine.sim.part(one) === undefined) return one
    }
  }

  // Disks

  /** What is on the disk of whoever ran from it is on the disk. */
  writeBack(vm: Vm): void {
    const disk = this.bootDisk(vm.settings)
    if (disk && vm.bootable) this.disks.put({ ...disk, files: vm.guest.files.save() })
  }

  private bootDisk(settings: VmSettings): Disk | undefined {
    const paths = settings.drives.filter(({ kind, path }) => kind === 'disk' && path !== '').map(({ path }) => path)
    const first = settings.bootOrder.find((one) => paths.includes(one))
    return this.disks.get(first ?? paths[0] ?? '')
  }

  /** Drives have changed while the machine is off: what starts from now on is what is on the first disk. */
  settle(vm: Vm): void {
    const made = this.made.get(vm.definition.name)
    const disk = this.bootDisk(vm.settings)
    const os = disk?.os ?? null
    if (made === undefined) {
      vm.bootable = disk !== undefined && disk.machine === vm.definition.machine
      return
    }
    const known = disk && disk.machine !== '' ? this.yard.machines.get(disk.machine) : undefined
    if (known && this.vms.some((other) => other !== vm && other.guest === known)) return
    const next: MadeVm =
      disk === undefined || os === null
        ? { ...made, guest: bareMachine(vm.definition.machine), bootable: false }
        : known
          ? { ...made, guest: disk.machine, bootable: true }
          : { ...made, guest: installed(vm.definition.machine, vm.settings.name, disk), bootable: true }
    if (JSON.stringify(next.guest) === JSON.stringify(made.guest) && next.bootable === vm.bootable) return
    this.made.set(vm.definition.name, next)
    if (typeof made.guest !== 'string') this.yard.demolish(vm.guest)
    else for (const { via } of vm.adapters) unplugAdapter(vm.guest, via.index)
    const guest = known ?? this.yard.build(next.guest as MachineDefinition)
    if (known === undefined) guest.restore()
    if (disk && known === undefined) guest.files.load(disk.files)
    vm.guest = guest
    vm.bootable = next.bootable
    for (const adapter of vm.adapters) {
      const spot = nextAdapter(guest)
      const via = plugAdapter(guest, { ...spot, mac: adapter.mac, legacy: adapter.legacy })
      adapter.more = { ...adapter.more, index: spot.index, alias: spot.name }
      adapter.rehome(guest, via)
    }
    if (known === undefined && vm.bootable)
      askByDhcp(
        guest,
        vm.adapters.map(({ via }) => via.name),
      )
    this.touched()
  }

  // Adapters

  addAdapter(
    vm: Vm,
    what: { name: string; switchId: string | null; legacy: boolean; mac: number | undefined },
  ): VmAdapter | VmRefusal {
    if (what.legacy && vm.definition.generation === 2) return 'legacy-generation'
    // Only a generation 2 machine takes an adapter while it runs (fact sheet 2.2).
    if (vm.state !== 'Off' && (vm.definition.generation === 1 || vm.state !== 'Running')) return 'wrong-state'
    if (vm.adapters.filter(({ legacy }) => legacy === what.legacy).length >= (what.legacy ? MOST_LEGACY : MOST_SYNTHETIC))
      return 'exhausted'
    const at = Math.max(-1, ...vm.adapters.map((one) => one.at)) + 1
    const { index, name: alias } = nextAdapter(vm.guest)
    const drawn = what.mac ?? (vm.powered ? this.hyperV.board.takeMac() : 0)
    if (drawn === undefined) return 'mac-exhausted'
    const state: VmAdapterState = {
      ...newAdapter(what.name, what.switchId),
      at,
      port: this.freePort(),
      index,
      alias,
      mac: drawn,
      ...(what.mac === undefined ? {} : { staticMac: true }),
      ...(what.legacy ? { legacy: true } : {}),
    }
    const made = this.openAdapter(vm, state, at, true)
    const fabric = what.switchId === null ? undefined : this.hyperV.fabricOf(what.switchId)
    if (fabric) made.connect(fabric, what.switchId)
    made.setRunning(vm.powered)
    this.touched()
    return made
  }

  private freePort(): number {
    const taken = new Set(this.vms.flatMap(({ adapters }) => adapters.map(({ port }) => port)))
    let port = this.nextPort
    while (taken.has(port)) port++
    return port
  }

  openAdapter(vm: Vm, state: VmAdapterState, at: number, fresh = false): VmAdapter {
    const { guest, definition } = vm
    const { index = 0, alias = '', mac = 0, legacy = false, port = this.freePort() } = state
    const known = guest.stack.interfaces.get(index)
    const via = known ?? plugAdapter(guest, { index, name: alias, mac, legacy }, fresh)
    // Without drivers for it the system does not see it (fact sheet 4.15).
    if (!vm.enlightened && !legacy) unplugAdapter(guest, index)
    const adapter = new VmAdapter({ machine: this.machine, vm: definition.name, guest, via, at, port }, state)
    vm.adapters.push(adapter)
    adapter.setRunning(vm.powered)
    this.yard.link(adapter)
    return adapter
  }

  removeAdapter(vm: Vm, adapter: VmAdapter): VmRefusal | undefined {
    if (vm.state !== 'Off' && (vm.definition.generation === 1 || vm.state !== 'Running')) return 'wrong-state'
    this.pull(vm, adapter)
    this.touched()
    return undefined
  }

  pull(vm: Vm, adapter: VmAdapter): void {
    this.yard.unlink(adapter)
    adapter.cable.plug(false)
    adapter.remove()
    unplugAdapter(adapter.guest, adapter.via.index)
    vm.adapters.splice(vm.adapters.indexOf(adapter), 1)
  }

  /** Dynamic addresses are given at the first start (fact sheet 4.9). False: the pool is used up. */
  drawMacs(vm: Vm): boolean {
    for (const adapter of vm.adapters) {
      if (adapter.mac !== 0) continue
      const mac = this.hyperV.board.takeMac()
      if (mac === undefined) return false
      adapter.setMac(mac, false)
    }
    return true
  }

  private touched(): void {
    this.machine.sim.touch(this.hyperV)
  }

  save(): Pick<HyperVState, 'made' | 'removed' | 'disks'> {
    return {
      ...(this.made.size > 0 ? { made: [...this.made.values()] } : {}),
      ...(this.removed.size > 0 ? { removed: [...this.removed] } : {}),
      disks: this.disks.save(),
    }
  }
}
