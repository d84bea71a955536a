// A running hash of everything that was seen, over whole bytes: two runs are the same when their digests are.
import type { Recorder } from '../link/recorder.ts'

/** Two independent 32-bit hashes, as eight hexadecimal digits each. */
export type Digest = string

const PRIME = 0x01000193
const MIX = 0xc2b2ae35
const OTHER = 0x85ebca6b

export class SightingDigest {
  private readonly recorder: Recorder
  private a: number
  private b: number
  /** The first sighting not yet counted in. */
  private next: number

  constructor(recorder: Recorder, stored?: Digest) {
    this.recorder = recorder
    this.a = stored === undefined ? 0x811c9dc5 : Number.parseInt(stored.slice(0, 8), 16)
    this.b = stored === undefined ? 0x9e3779b9 : Number.parseInt(stored.slice(8), 16)
    this.next = recorder.next
  }

  /** Counts in what was seen since the last call. To be called before the ring has overwritten it. */
  absorb(): void {
    for (; this.next < this.recorder.next; this.next++) this.recorder.visit(this.next, this.take)
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
    this.number(to - from)
    let { a, b } = this
    let i = from
    // Four octets at a time: this is a good part of what a packet costs.
    for (const whole = to - 3; i < whole; i += 4) {
      const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
      a = Math.imul(a ^ word, PRIME) ^ (a >>> 15)
      b = Math.imul(b + word + 1, OTHER) ^ (b >>> 13)
    }
    for (; i < to; i++) {
      a = Math.imul(a ^ bytes[i], PRIME) ^ (a >>> 15)
      b = Math.imul(b + bytes[i] + 1, OTHER) ^ (b >>> 13)
    }
    this.a = a >>> 0
    this.b = b >>> 0
  }

  private number(value: number): void {
    this.a = Math.imul(this.a ^ value, PRIME) >>> 0
    this.b = (Math.imul(this.b + value, MIX) ^ (this.b >>> 15)) >>> 0
  }
}
