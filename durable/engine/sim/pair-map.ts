/**
 * A hash table from two unsigned 32-bit numbers to an index: flow tables stand on the frame path, and a Map keyed by a
 * number above 2^31 has to hash a heap number. Open addressing with linear probing; deleted places are closed up.
 */
export class PairMap {
  private keys: Uint32Array
  private values: Int32Array
  private mask: number
  size = 0

  constructor(capacity = 64) {
    this.keys = new Uint32Array(capacity * 2)
    this.values = new Int32Array(capacity).fill(-1)
    this.mask = capacity - 1
  }

  /** The index, or -1. */
  get(a: number, b: number): number {
    const { keys, values, mask } = this
    for (let at = hash(a, b) & mask; ; at = (at + 1) & mask) {
      const value = values[at]
      if (value < 0 || (keys[at * 2] === a && keys[at * 2 + 1] === b)) return value
    }
  }

  set(a: number, b: number, value: number): void {
    if ((this.size + 1) * 2 > this.mask + 1) this.grow()
    const { keys, values, mask } = this
    let at = hash(a, b) & mask
    while (values[at] >= 0 && (keys[at * 2] !== a || keys[at * 2 + 1] !== b)) at = (at + 1) & mask
    if (values[at] < 0) this.size++
    keys[at * 2] = a
    keys[at * 2 + 1] = b
    values[at] = value
  }

  delete(a: number, b: number): void {
    const { keys, values, mask } = this
    let at = hash(a, b) & mask
    while (keys[at * 2] !== a || keys[at * 2 + 1] !== b) {
      if (values[at] < 0) return
      at = (at + 1) & mask
    }
    if (values[at] < 0) return
    this.size--
    values[at] = -1
    for (let next = (at + 1) & mask; values[next] >= 0; next = (next + 1) & mask) {
      const home = hash(keys[next * 2], keys[next * 2 + 1]) & mask
      if (((next - home) & mask) < ((next - at) & mask)) continue
      keys[at * 2] = keys[next * 2]
      keys[at * 2 + 1] = keys[next * 2 + 1]
      values[at] = values[next]
      values[next] = -1
      at = next
    }
  }

  clear(): void {
    this.values.fill(-1)
    this.size = 0
  }

  private grow(): void {
    const { keys, values } = this
    const capacity = (this.mask + 1) * 2
    this.keys = new Uint32Array(capacity * 2)
    this.values = new Int32Array(capacity).fill(-1)
    this.mask = capacity - 1
    this.size = 0
    for (let at = 0; at < values.length; at++) {
      if (values[at] >= 0) this.set(keys[at * 2], keys[at * 2 + 1], values[at])
    }
  }
}

function hash(a: number, b: number): number {
  const h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b)
  return h ^ (h >>> 15)
}
