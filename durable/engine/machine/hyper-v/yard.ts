// What Hyper-V needs of the lab around it to make computers while the lab is used.
import type { MachineDefinition } from '../definition.ts'
import type { Machine } from '../machine.ts'
import type { VmAdapter } from './vm-adapter.ts'

/** Rows that a machine is put back from, by the names of its parts. */
export type Memory = readonly (readonly [name: string, data: string])[]

export type Yard = {
  /** All machines of the lab, by name. */
  readonly machines: ReadonlyMap<string, Machine>
  /** Builds a machine, from memory or with nothing but what its definition says; while a lab is put back, from its rows. */
  build(definition: MachineDefinition, memory?: Memory): Machine
  /** Takes a machine apart. */
  demolish(machine: Machine): void
  /** Everything that a machine knows at this moment; undefined: it is more than can be kept. */
  remember(machine: Machine): Memory | undefined
  /** An adapter's link in the picture. */
  link(adapter: VmAdapter): void
  unlink(adapter: VmAdapter): void
}
