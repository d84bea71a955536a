// Checkpoints of virtual machines (fact sheet 2.3): made, gone back to, forgotten. What a machine remembers of itself is in `vm.ts`,
// its memory in a part of its own.
import { plugAdapter } from '../hot-plug.ts'
import type { Machine } from '../machine.ts'
import type { HyperV } from './hyper-v.ts'
import { forgetMemory, MemoryFile, memoryFile } from './memory-file.ts'
import type { Vm, VmCheckpoint } from './vm.ts'
import type { VmAdapterState } from './vm-adapter.ts'
import type { VmFarm } from './vm-farm.ts'
import type { Memory, Yard } from './yard.ts'

/** Memory of machines that is kept in all. */
const MOST_MEMORY_FILES = 12

export class Checkpoints {
  private readonly machine: Machine
  private readonly hyperV: HyperV
  private readonly yard: Yard
  private readonly farm: VmFarm

  constructor(machine: Machine, hyperV: HyperV, yard: Yard) {
    this.machine = machine
    this.hyperV = hyperV
    this.yard = yard
    this.farm = hyperV.farm
  }

  /** `exhausted`: there are as many as there may be, or the memory is more than can be kept. */
  make(vm: Vm, name: string, standard: boolean, automatic = false): VmCheckpoint | undefined {
    const withMemory = standard && vm.powered && vm.bootable
    const rows = withMemory ? this.yard.remember(vm.guest) : undefined
    const kept = this.hyperV.vms.flatMap(({ checkpoints }) => checkpoints).filter(({ memory }) => memory).length
    if (withMemory && (rows === undefined || kept >= MOST_MEMORY_FILES)) return undefined
    const made = vm.checkpoint(name, { standard, automatic, memory: withMemory })
    if (made && rows) this.machine.world.add(new MemoryFile(this.machine, made.id, rows))
    this.machine.sim.touch(this.hyperV)
    return made
  }

  apply(vm: Vm, it: VmCheckpoint): void {
    vm.apply(it)
    const rows = it.memory ? memoryFile(this.machine, it.id)?.rows : undefined
    this.putAdapters(vm, it.adapters)
    if (rows) {
      this.rebuild(vm, rows)
      vm.enter('Saved')
    }
    this.machine.sim.touch(this.hyperV)
  }

  /** The adapters that there were, as they were set; others are pulled. */
  private putAdapters(vm: Vm, states: readonly VmAdapterState[]): void {
    const wanted = new Map(states.map((state, i) => [state.at ?? i, state]))
    for (const adapter of [...vm.adapters]) if (!wanted.has(adapter.at)) this.farm.pull(vm, adapter)
    for (const [at, state] of wanted) {
      const known = vm.adapters.find((one) => one.at === at)
      const adapter = known ?? this.farm.openAdapter(vm, state, at, true)
      adapter.name = state.name
      adapter.settings = state.settings
      const fabric = state.switch === null ? undefined : this.hyperV.fabricOf(state.switch)
      adapter.connect(fabric, fabric ? state.switch : null)
    }
    vm.adapters.sort((a, b) => a.at - b.at)
  }

  /** The machine as its memory has it, in the place of the one that is there. */
  private rebuild(vm: Vm, rows: Memory): void {
    const { definition } = vm.guest
    const files = vm.guest.files.save()
    const plugged = vm.adapters.map(({ via, mac, legacy, more }) => ({
      index: via.index,
      name: more.alias ?? via.name,
      mac: mac,
      legacy,
    }))
    this.yard.demolish(vm.guest)
    const guest = this.yard.build(definition, rows)
    for (const one of plugged) if (!guest.stack.interfaces.has(one.index)) plugAdapter(guest, one)
    vm.guest = guest
    for (const adapter of vm.adapters) {
      const via = guest.stack.interfaces.get(adapter.via.index)
      if (via) adapter.rehome(guest, via)
    }
    guest.restore()
    guest.files.load(files)
    guest.saveState()
  }

  forget(vm: Vm, it: VmCheckpoint, children: boolean): void {
    for (const id of vm.forget(it, children)) forgetMemory(this.machine, id)
    this.machine.sim.touch(this.hyperV)
  }
}
