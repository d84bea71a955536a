import type { Simulation } from '../sim/simulation.ts'
import type { Frame } from './frame.ts'
import { VERDICTS, type VerdictCode, verdictNumber } from './verdict.ts'

/** A place where packets are seen: one per adapter, plus one per switch for what is dropped there. */
export type Vantage = {
  readonly number: number
  /** `ethernet` frames begin with an Ethernet header, `raw-ip` with an IP header. */
  readonly linkType: 'ethernet' | 'raw-ip'
  readonly machine: string
  readonly adapter: string
}

export type Direction = 'in' | 'out'

/** One packet seen at one place. `bytes` is what was there, `length` its whole length on the wire. */
export type Sighting = {
  readonly sequence: number
  readonly time: number
  readonly packet: number
  readonly cause: number
  readonly origin: number
  readonly vantage: number
  readonly direction: Direction
  readonly verdict: VerdictCode
  /** The table row, rule or missing entry that decided, where there is one. */
  readonly detail: string
  readonly length: number
  readonly bytes: Uint8Array
}

export const SENT = verdictNumber('sent')
export const DELIVERED = verdictNumber('delivered')

const NUMBERS_A_SLOT = 6

/** When more bytes than this are seen in a second of lab time, only the beginnings of packets are kept for the rest of it. */
export const BYTE_RATE = 4 * 1024 * 1024
export const BEGINNING = 128
const SECOND = 1_000_000

/** How much was seen in the present second of lab time: part of the lab's row, so that a restored lab keeps the same bytes. */
export type CaptureRate = { readonly second: number; readonly bytes: number }

/**
 * The capture that is always on: a ring of fixed slots over a ring of bytes, both overwritten in place. A reader takes
 * what came since it last looked; when it comes too late the oldest are gone, and `oldest` says from where on.
 */
export class Recorder {
  readonly vantages: Vantage[] = []
  private sequence = 0
  /** Before this one nothing was seen by this recorder: a restored lab goes on counting. */
  private first = 0
  private readonly slots: number
  private readonly room: number
  private readonly bytes: Uint8Array
  /** time, packet, cause, origin, place of the bytes (absolute, not wrapped), length on the wire. */
  private readonly numbers: Float64Array
  /** vantage << 16 | direction << 15 | verdict, and the captured length. */
  private readonly marks: Int32Array
  private readonly kept: Int32Array
  private readonly details: string[]
  /** Bytes written since the beginning, skipped ones included; where the ring's current lap began. */
  private written = 0
  private lap = 0
  /** `next` modulo the number of slots, kept beside it: a remainder of large numbers is slow, and this is the frame path. */
  private cursor = 0
  /** The end of the present second of lab time, and what was seen in it. */
  private secondEnds = SECOND
  private seenBytes = 0
  /** Reads everything seen so far and says so with `allRead`. Called in the middle of an event only by one that would fill the ring. */
  overrun: () => void = () => this.allRead()
  /** Where the next reading begins, and how far the ring may be filled before. */
  private readSequence = 0
  private readWritten = 0
  private readonly sim: Simulation

  constructor(sim: Simulation, slots = 4096, room = 1 << 20) {
    this.sim = sim
    this.slots = slots
    this.room = room
    this.bytes = new Uint8Array(room)
    this.numbers = new Float64Array(slots * NUMBERS_A_SLOT)
    this.marks = new Int32Array(slots)
    this.kept = new Int32Array(slots)
    this.details = new Array<string>(slots).fill('')
  }

  /** The sequence number that the next sighting gets. Never reused; stored with the lab's clock. */
  get next(): number {
    return this.sequence
  }
  set next(sequence: number) {
    this.sequence = sequence
    this.cursor = sequence % this.slots
    this.first = sequence
    this.allRead()
  }

  get rate(): CaptureRate {
    return { second: this.secondEnds / SECOND - 1, bytes: this.seenBytes }
  }
  set rate({ second, bytes }: CaptureRate) {
    this.secondEnds = (second + 1) * SECOND
    this.seenBytes = bytes
  }

  private nextSecond(): void {
    this.secondEnds = (Math.floor(this.sim.now / SECOND) + 1) * SECOND
    this.seenBytes = 0
  }

  vantage(machine: string, adapter: string, linkType: Vantage['linkType'] = 'ethernet'): number {
    const known = this.vantages.find((v) => v.machine === machine && v.adapter === adapter)
    if (known) return known.number
    this.vantages.push({ number: this.vantages.length, machine, adapter, linkType })
    return this.vantages.length - 1
  }

  /** Puts a place that came into being while the lab ran back under its number. */
  placeAt(number: number, machine: string, adapter: string): void {
    for (let next = this.vantages.length; next < number; next++)
      this.vantages.push({ number: next, machine: '', adapter: '', linkType: 'ethernet' })
    this.vantages[number] = { number, machine, adapter, linkType: 'ethernet' }
  }

  /** Answers the sighting's sequence number, for a later `amend`. */
  see(vantage: number, out: boolean, frame: Frame, verdict: number, detail = ''): number {
    const data = frame.bytes
    const length = data.length
    // What was not read yet stands in the newer half when it was seen; a lap may leave as much unused as the frame is long.
    const isFull =
      this.written + 2 * length > this.readWritten + (this.room >> 1) || this.sequence - this.readSequence >= this.slots
    if (isFull) this.overrun()
    const slot = this.cursor
    if (this.sim.now >= this.secondEnds) this.nextSecond()
    // Of everything that is seen, kept anew or not: what is kept must not depend on what a restored ring has forgotten.
    this.seenBytes += length
    const wanted = this.seenBytes > BYTE_RATE && length > BEGINNING ? BEGINNING : length
    let at = frame.stored
    // Only the newer half is used again, so that what is seen now can be read for another half of the ring.
    if (at < 0 || at < this.written - (this.room >> 1)) {
      at = this.keep(data, wanted)
      // A beginning is not what the next sighting may want.
      frame.stored = wanted === length ? at : -1
    }
    const n = slot * NUMBERS_A_SLOT
    const numbers = this.numbers
    numbers[n] = this.sim.now
    numbers[n + 1] = frame.id
    numbers[n + 2] = frame.cause
    numbers[n + 3] = frame.origin
    numbers[n + 4] = at
    numbers[n + 5] = length
    this.marks[slot] = (vantage << 16) | (out ? 0x8000 : 0) | verdict
    this.kept[slot] = wanted
    if (this.details[slot] !== detail) this.details[slot] = detail
    this.cursor = slot + 1 === this.slots ? 0 : slot + 1
    return this.sequence++
  }

  /** Copies the bytes into the ring and answers where, counted from the beginning. A frame is never split over the ring's end. */
  private keep(data: Uint8Array, length: number): number {
    let place = this.written - this.lap
    if (place + length > this.room) {
      this.lap += this.room
      place = 0
    }
    this.bytes.set(length === data.length ? data : data.subarray(0, length), place)
    const at = this.lap + place
    this.written = at + length
    return at
  }

  /** The verdict became known after the packet was seen; a sighting already overwritten stays gone. */
  amend(sequence: number, verdict: number, detail: string): void {
    if (sequence < this.sequence - this.slots) return
    const slot = sequence % this.slots
    this.marks[slot] = (this.marks[slot] & ~0xff) | verdict
    this.details[slot] = detail
  }

  /**
   * The oldest sequence number from which on all can still be read whole. Bytes kept early may be those of a late sighting,
   * of a frame that was long on its way: so it is looked for from the end.
   */
  get oldest(): number {
    const end = Math.max(this.first, this.next - this.slots)
    let from = this.next
    while (from > end && this.numbers[((from - 1) % this.slots) * NUMBERS_A_SLOT + 4] >= this.written - this.room) from--
    return from
  }

  /** The sightings with sequence number in [from, to), oldest first, with bytes copied out of the ring. */
  read(from: number, to = this.next): Sighting[] {
    const found: Sighting[] = []
    for (let sequence = Math.max(from, this.oldest); sequence < Math.min(to, this.next); sequence++) found.push(this.at(sequence))
    return found
  }

  /** Everything seen so far has been read by whoever must miss nothing. */
  allRead(): void {
    this.readSequence = this.sequence
    this.readWritten = this.written
  }

  /** Whether what was seen since takes a quarter of the ring, in slots or in bytes: time to read it, between two events. */
  get isFilling(): boolean {
    return this.sequence - this.readSequence > this.slots >> 2 || this.written - this.readWritten > this.room >> 2
  }

  /** Where in the ring bytes stand that were kept in this lap or the one before. A remainder would be slow. */
  private placeOf(at: number): number {
    const place = at - this.lap
    // As a small integer: places are looked at octet by octet.
    return (place < 0 ? place + this.room : place) | 0
  }

  /** Shows one sighting in place, without a copy: time, packet, place with direction and verdict, and where its bytes stand. */
  visit(
    sequence: number,
    look: (time: number, packet: number, mark: number, bytes: Uint8Array, from: number, to: number, at: number) => void,
  ): void {
    const slot = sequence % this.slots
    const n = slot * NUMBERS_A_SLOT
    const at = this.numbers[n + 4]
    const from = this.placeOf(at)
    look(this.numbers[n], this.numbers[n + 1], this.marks[slot], this.bytes, from, from + this.kept[slot], at)
  }

  /** Ids of the packets seen since `from` whose chain of causes begins at a command, oldest first, at most `limit`. */
  packetsOf(origin: number, from: number, limit: number): number[] {
    const found = new Set<number>()
    for (
      let sequence = Math.max(from, this.next - this.slots, this.first);
      sequence < this.next && found.size < limit;
      sequence++
    ) {
      const n = (sequence % this.slots) * NUMBERS_A_SLOT
      if (this.numbers[n + 3] === origin) found.add(this.numbers[n + 1])
    }
    return [...found]
  }

  private at(sequence: number): Sighting {
    const slot = sequence % this.slots
    const n = slot * NUMBERS_A_SLOT
    const place = this.placeOf(this.numbers[n + 4])
    const mark = this.marks[slot]
    return {
      sequence,
      time: this.numbers[n],
      packet: this.numbers[n + 1],
      cause: this.numbers[n + 2],
      origin: this.numbers[n + 3],
      vantage: mark >>> 16,
      direction: mark & 0x8000 ? 'out' : 'in',
      verdict: (VERDICTS[mark & 0xff] as (typeof VERDICTS)[number]).code,
      detail: this.details[slot] as string,
      length: this.numbers[n + 5],
      bytes: this.bytes.slice(place, place + this.kept[slot]),
    }
  }
}
