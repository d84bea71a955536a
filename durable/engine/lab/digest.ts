// A running hash of everything that was seen, over whole bytes: two runs are the same when their digests are.
import type { Recorder } from '../link/recorder.ts'

/** Two independent 32-bit hashes, as eight hexadecimal digits each. */
export type Digest = string

const PRIME = 0x01000193
const MIX = 0xc2b2ae35
const OTHER = 0x85ebca6b

const FIRST = 0x811c9dc5
const SECOND = 0x9e3779b9
/** Contents whose hash is remembered, by their place in the ring; a prime, since places are often even. */
const CACHED = 251

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')

export class SightingDigest {
  private readonly recorder: Recorder
  private a: number
  private b: number
  /** The first sighting not yet counted in. */
  private next: number
  private readonly places = new Float64Array(CACHED).fill(-1)
  private readonly lengths = new Int32Array(CACHED)
  private readonly firsts = new Int32Array(CACHED)
  private readonly seconds = new Int32Array(CACHED)

  constructor(recorder: Recorder, stored?: Digest) {
    this.recorder = recorder
    this.a = (stored === undefined ? FIRST : Number.parseInt(stored.slice(0, 8), 16)) | 0
    this.b = (stored === undefined ? SECOND : Number.parseInt(stored.slice(8), 16)) | 0
    this.next = recorder.next
  }

  /** Counts in what was seen since the last call. To be called before the ring has overwritten it. */
  absorb(): void {
    for (; this.next < this.recorder.next; this.next++) this.recorder.visit(this.next, this.take)
  }

  value(): Digest {
    this.absorb()
    return hex(this.a) + hex(this.b)
  }

  private readonly take = (
    time: number,
    packet: number,
    mark: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    at: number,
  ): void => {
    // A frame is seen at several places, and its bytes stand in the ring once.
    const known = from % CACHED
    if (this.places[known] !== at || this.lengths[known] !== to - from) {
      this.places[known] = at
      this.lengths[known] = to - from
      this.content(bytes, from, to, known)
    }
    this.number(time)
    this.number(Math.floor(time / 0x1_0000_0000))
    this.number(packet)
    this.number(mark)
    this.number(to - from)
    this.a = Math.imul(this.a ^ (this.firsts[known] as number), PRIME)
    this.b = Math.imul((this.b + (this.seconds[known] as number)) | 0, MIX) ^ (this.b >>> 15)
  }

  /** Its lower 32 bits. */
  private number(value: number): void {
    const low = value | 0
    this.a = Math.imul(this.a ^ low, PRIME)
    this.b = Math.imul((this.b + low) | 0, MIX) ^ (this.b >>> 15)
  }

  private content(bytes: Uint8Array, from: number, to: number, known: number): void {
    let a = FIRST | 0
    let b = SECOND | 0
    let i = from
    // Four octets at a time: this is a good part of what a packet costs.
    for (const whole = to - 3; i < whole; i += 4) {
      const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
      a = Math.imul(a ^ word, PRIME) ^ (a >>> 15)
      b = Math.imul((b + word + 1) | 0, OTHER) ^ (b >>> 13)
    }
    for (; i < to; i++) {
      a = Math.imul(a ^ bytes[i], PRIME) ^ (a >>> 15)
      b = Math.imul((b + bytes[i] + 1) | 0, OTHER) ^ (b >>> 13)
    }
    this.firsts[known] = a
    this.seconds[known] = b
  }
}
