// The octets of one direction of a connection, in a ring that grows by doubling up to what its owner allows. Beyond `length`, which
// counts what is there without a gap, octets may already have been put where they belong.

/** How much all rings of a machine take together. */
export type Memory = { used: number; readonly limit: number }

const EMPTY = new Uint8Array(0)
const SMALLEST = 4096

export class Ring {
  private bytes = EMPTY
  private start = 0
  length = 0

  get capacity(): number {
    return this.bytes.length
  }

  /** Room for `octets` from the start on; false when the machine has no memory for them. */
  reserve(octets: number, memory: Memory): boolean {
    const has = this.bytes.length
    if (octets <= has) return true
    let size = has === 0 ? SMALLEST : has
    while (size < octets) size *= 2
    if (memory.used + size - has > memory.limit) return false
    const bytes = new Uint8Array(size)
    const head = this.bytes.subarray(this.start)
    bytes.set(head)
    bytes.set(this.bytes.subarray(0, this.start), head.length)
    memory.used += size - has
    this.bytes = bytes
    this.start = 0
    return true
  }

  /** Puts octets at a distance from the start; there is room for them. */
  put(offset: number, from: Uint8Array, at: number, octets: number): void {
    const { bytes } = this
    const place = (this.start + offset) & (bytes.length - 1)
    const first = Math.min(octets, bytes.length - place)
    bytes.set(first === from.length ? from : from.subarray(at, at + first), place)
    if (first < octets) bytes.set(from.subarray(at + first, at + octets), 0)
  }

  /** Copies octets that are there. */
  copy(offset: number, octets: number, to: Uint8Array, at: number): void {
    const { bytes } = this
    const place = (this.start + offset) & (bytes.length - 1)
    const first = Math.min(octets, bytes.length - place)
    to.set(bytes.subarray(place, place + first), at)
    if (first < octets) to.set(bytes.subarray(0, octets - first), at + first)
  }

  slice(offset: number, octets: number): Uint8Array {
    const out = new Uint8Array(octets)
    if (octets > 0) this.copy(offset, octets, out, 0)
    return out
  }

  /** Forgets the oldest octets. */
  drop(octets: number): void {
    this.start = (this.start + octets) & (this.bytes.length - 1)
    this.length -= octets
  }

  free(memory: Memory): void {
    memory.used -= this.bytes.length
    this.bytes = EMPTY
    this.start = 0
    this.length = 0
  }
}
