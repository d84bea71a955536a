// Virtual hard disks as the computer's files: what stands on them, and which machine uses them. An installation is an image
// that the lab begins with; installing a system by hand is not simulated.
import type { MachineDefinition } from '../definition.ts'
import type { StoredFile } from '../files.ts'
import type { Os } from '../views.ts'

export type Disk = {
  readonly path: string
  readonly sizeBytes: number
  readonly kind: 'Dynamic' | 'Fixed' | 'Differencing'
  readonly parent: string
  /** Null: nothing is installed. */
  readonly os: Os | null
  readonly build: number
  /** Files that whoever ran from it has written. */
  readonly files: readonly StoredFile[]
  /** The definition's machine that is installed there. */
  readonly machine: string
  /** Of a copy: the machine whose installation it is; younger than the format. */
  readonly like?: MachineDefinition
}

export const DISK_FOLDER = 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks'
const GIB = 1024 ** 3
export const DEFAULT_SIZE = 127 * GIB
const MOST_DISKS = 128

/** Images that every lab has. */
export const IMAGES: readonly Disk[] = [image('ubuntu-24.04', 'ubuntu-24.04', 0), image('windows-11', 'windows-11', 26_100)]

function image(name: string, os: Os, build: number): Disk {
  return {
    path: `C:\\Images\\${name}.vhdx`,
    sizeBytes: DEFAULT_SIZE,
    kind: 'Dynamic',
    parent: '',
    os,
    build,
    files: [],
    machine: '',
  }
}

export class Disks {
  /** By path, without regard to case. */
  private readonly disks = new Map<string, Disk>()

  constructor(state: readonly Disk[] | undefined) {
    for (const disk of state ?? IMAGES) this.put(disk)
  }

  get list(): readonly Disk[] {
    return [...this.disks.values()]
  }

  get(path: string): Disk | undefined {
    return this.disks.get(keyOf(path))
  }

  /** False: there are as many as a lab may have. */
  put(disk: Disk): boolean {
    const key = keyOf(disk.path)
    if (!this.disks.has(key) && this.disks.size >= MOST_DISKS) return false
    this.disks.set(key, disk)
    return true
  }

  delete(path: string): boolean {
    return this.disks.delete(keyOf(path))
  }

  /** Whether nothing was ever done with disks here: then nothing need be stored. */
  save(): readonly Disk[] {
    return this.list
  }
}

const keyOf = (path: string): string => path.replaceAll('/', '\\').toLowerCase()
