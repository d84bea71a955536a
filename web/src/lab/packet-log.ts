import type { PacketRow } from '../../../durable/protocol.ts'

const KEPT = 20_000

/** The packets that this page knows, oldest first. `version` changes whenever the rows do. */
export class PacketLog {
  #rows: PacketRow[] = []
  #version = 0
  readonly #listeners = new Set<() => void>()

  /** The last sequence number seen, -1 before the first: what the lab is asked to continue after. */
  last = -1

  get rows(): readonly PacketRow[] {
    return this.#rows
  }

  readonly version = () => this.#version

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(packets: readonly PacketRow[], oldest: number): void {
    const fresh = packets.filter((one) => one.sequence > this.last)
    const gone = this.#rows.length > 0 && this.#rows[0].sequence < oldest
    if (fresh.length === 0 && !gone) return
    if (fresh.length > 0) this.last = fresh[fresh.length - 1].sequence
    const kept = gone ? this.#rows.filter((one) => one.sequence >= oldest) : this.#rows
    this.#rows = [...kept, ...fresh].slice(-KEPT)
    this.#tell()
  }

  /** Packets that were left out before, into their places. */
  fill(packets: readonly PacketRow[]): void {
    const known = new Set(this.#rows.map((one) => one.sequence))
    const missing = packets.filter((one) => !known.has(one.sequence))
    if (missing.length === 0) return
    this.#rows = [...this.#rows, ...missing].sort((a, b) => a.sequence - b.sequence).slice(-KEPT)
    this.last = Math.max(this.last, this.#rows[this.#rows.length - 1].sequence)
    this.#tell()
  }

  clear(): void {
    this.#rows = []
    this.last = -1
    this.#tell()
  }

  #tell(): void {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}
