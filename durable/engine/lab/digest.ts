// A running hash of everything that was seen, over whole bytes: two runs are the same when their digests are.
import type { Place, Recorder } from '../link/recorder.ts'

/** Two independent 32-bit hashes, as eight hexadecimal digits each. */
export type Digest = string

const PRIME = 0x01000193

export class SightingDigest {
  private readonly recorder: Recorder
  private a: number
  private b: number
  /** The first sighting not yet counted in. */
  private next: number
  /** Where the ring stood when all was counted in. */
  private counted: Place

  constructor(recorder: Recorder, stored?: Digest) {
    this.recorder = recorder
    this.a = stored === undefined ? 0x811c9dc5 : Number.parseInt(stored.slice(0, 8), 16)
    this.b = stored === undefined ? 0x9e3779b9 : Number.parseInt(stored.slice(8), 16)
    this.next = recorder.next
    this.counted = recorder.place
  }

  /** Counts in what was seen since the last call. To be called before the ring has overwritten it. */
  absorb(): void {
    for (; this.next < this.recorder.next; this.next++) this.recorder.visit(this.next, this.take)
    this.counted = this.recorder.place
  }

  /** True when a good part of the ring has not been counted in: it must be, before it is overwritten. */
  get due(): boolean {
    return this.recorder.isFilling(this.counted)
  }

  value(): Digest {
    this.absorb()
    return this.a.toString(16).padStart(8, '0') + this.b.toString(16).padStart(8, '0')
  }

  private readonly take = (time: number, packet: number, mark: number, bytes: Uint8Array, from: number, to: number): void => {
    this.number(time % 0x1_0000_0000)
    this.number(Math.floor(time / 0x1_0000_0000))
    this.number(packet)
    this.number(mark)
    let { a, b } = this
    for (let i = from; i < to; i++) {
      a = Math.imul(a ^ bytes[i], PRIME)
      b = Math.imul(b + bytes[i] + 1, 0x85ebca6b) ^ (b >>> 13)
    }
    this.a = a >>> 0
    this.b = b >>> 0
  }

  private number(value: number): void {
    this.a = Math.imul(this.a ^ value, PRIME) >>> 0
    this.b = (Math.imul(this.b + value, 0xc2b2ae35) ^ (this.b >>> 15)) >>> 0
  }
}
