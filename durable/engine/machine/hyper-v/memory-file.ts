// The memory of a virtual machine at the moment of a standard checkpoint: the rows of all its parts. A row of its own, as it
// is long and never changes.
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { NEVER } from '../../sim/time.ts'
import type { Machine } from '../machine.ts'
import type { Memory } from './yard.ts'

export type MemoryFileState = { readonly rows: Memory }

export class MemoryFile implements Part {
  readonly kind = 'vm-memory'
  readonly version = 1
  readonly name: string
  readonly rows: Memory

  constructor(host: Machine, checkpoint: string, rows: Memory) {
    this.name = nameOf(host, checkpoint)
    this.rows = rows
  }

  pollAt(): number {
    return NEVER
  }
  transientAt(): number {
    return NEVER
  }
  poll(): void {}

  save(): MemoryFileState & Json {
    return { rows: this.rows }
  }
}

const nameOf = (host: Machine, checkpoint: string): string => `${host.name}/memory/${checkpoint}`

export const memoryFile = (host: Machine, checkpoint: string): MemoryFile | undefined => {
  const part = host.sim.part(nameOf(host, checkpoint))
  return part instanceof MemoryFile ? part : undefined
}

/** Puts back what was stored of a checkpoint. */
export function restoreMemoryFile(host: Machine, checkpoint: string): void {
  const stored = host.world.stored<MemoryFileState>(nameOf(host, checkpoint))
  if (stored) host.world.add(new MemoryFile(host, checkpoint, stored.rows))
}

export function forgetMemory(host: Machine, checkpoint: string): void {
  const file = memoryFile(host, checkpoint)
  if (file) host.sim.remove(file)
}
