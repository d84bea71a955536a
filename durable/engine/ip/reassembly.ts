// Fragments that wait for the rest of their datagram (RFC 791 section 3.2, RFC 1122 section 3.3.2, RFC 815), with what was
// learned since: fragments that overlap spoil the whole datagram (RFC 5722, as Linux and Windows treat IPv4, too), and what
// waits is bounded in number and in bytes.
import { fromBase64, toBase64 } from '../link/base64.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'

/** Datagrams that wait at a time, and octets they may hold together, before the oldest is given up. */
export const MAX_DATAGRAMS = 64
export const MAX_BYTES = 1 << 20
/** Counted for every datagram besides its octets. */
const OVERHEAD = 512
const MAX_PAYLOAD = 0xffff

/** What becomes of a fragment. */
export type Taken = 'waits' | 'whole' | 'again' | 'overlap' | 'spoilt' | 'too-long'

export type Waiting = {
  readonly src: Ip4
  readonly dst: Ip4
  readonly protocol: number
  readonly id: number
  /** Interface by which the first to arrive came. */
  readonly via: number
  readonly due: Micros
  /** Octets that are there, as [from, to) in order, neither touching nor overlapping. */
  runs: number[]
  data: Uint8Array
  /** Length of the payload, once the last fragment has come; -1 before. */
  total: number
  /** Ethernet and IP header of the fragment with offset 0; empty before it came. */
  head: Uint8Array
  /** Fragments overlapped: all that follows is dropped, until the time is over. */
  spoilt: boolean
  /** The longest fragment so far, with its IP header. */
  longest: number
  /** Packet that came first: named when the others do not come. */
  readonly packet: readonly [id: number, cause: number, origin: number]
}

export type StoredWaiting = readonly [
  Ip4,
  Ip4,
  number,
  number,
  number,
  number,
  readonly number[],
  string,
  number,
  string,
  boolean,
  number,
  readonly [number, number, number],
]

export class Reassembly {
  /** In the order in which they began. */
  private list: Waiting[] = []
  private bytes = 0
  dueAt: Micros = NEVER

  get size(): number {
    return this.list.length
  }
  get held(): number {
    return this.bytes
  }

  find(src: Ip4, dst: Ip4, protocol: number, id: number): Waiting | undefined {
    for (const w of this.list) if (w.id === id && w.src === src && w.dst === dst && w.protocol === protocol) return w
    return undefined
  }

  begin(key: Pick<Waiting, 'src' | 'dst' | 'protocol' | 'id' | 'via' | 'due' | 'packet'>): Waiting {
    const waiting = { ...key, runs: [], data: NOTHING, total: -1, head: NOTHING, spoilt: false, longest: 0 }
    this.list.push(waiting)
    this.bytes += OVERHEAD
    if (waiting.due < this.dueAt) this.dueAt = waiting.due
    return waiting
  }

  /** Adds octets [from, from + piece.length) of a payload. `last`: no more follow. */
  add(w: Waiting, from: number, piece: Uint8Array, last: boolean): Taken {
    if (w.spoilt) return 'spoilt'
    const to = from + piece.length
    if (to > MAX_PAYLOAD) return 'too-long'
    const at = this.place(w, from)
    const { runs } = w
    if (at < runs.length && runs[at] <= from && to <= runs[at + 1]) return 'again'
    const overlaps = at < runs.length && runs[at] < to
    const past = w.total >= 0 && (to > w.total || (last && to !== w.total))
    if (overlaps || past || (last && runs.length > 0 && runs[runs.length - 1] > to)) {
      this.spoil(w)
      return 'overlap'
    }
    if (last) w.total = to
    this.write(w, from, piece)
    const joinsLeft = at > 0 && runs[at - 1] === from
    const joinsRight = at < runs.length && runs[at] === to
    if (joinsLeft && joinsRight) runs.splice(at - 1, 2)
    else if (joinsLeft) runs[at - 1] = to
    else if (joinsRight) runs[at] = from
    else runs.splice(at, 0, from, to)
    return w.total >= 0 && runs.length === 2 && runs[0] === 0 && runs[1] === w.total && w.head.length > 0 ? 'whole' : 'waits'
  }

  /** Index in `runs` of the first run that ends after `from`. */
  private place({ runs }: Waiting, from: number): number {
    let low = 0
    let high = runs.length >> 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (runs[middle * 2 + 1] > from) high = middle
      else low = middle + 1
    }
    return low * 2
  }

  private write(w: Waiting, from: number, piece: Uint8Array): void {
    const need = from + piece.length
    if (need > w.data.length) {
      let size = Math.max(2048, w.data.length)
      while (size < need) size *= 2
      const grown = new Uint8Array(size)
      grown.set(w.data)
      this.bytes += size - w.data.length
      w.data = grown
    }
    w.data.set(piece, from)
  }

  private spoil(w: Waiting): void {
    this.bytes -= w.data.length
    Object.assign(w, { spoilt: true, data: NOTHING, head: NOTHING, runs: [] })
  }

  remove(w: Waiting): void {
    const at = this.list.indexOf(w)
    if (at < 0) return
    this.list.splice(at, 1)
    this.bytes -= w.data.length + OVERHEAD
    this.rearm()
  }

  /** The one to give up so that there is room again, oldest first; undefined while there is room. `kept` stays. */
  excess(kept: Waiting): Waiting | undefined {
    if (this.list.length <= MAX_DATAGRAMS && this.bytes <= MAX_BYTES) return undefined
    const oldest = this.list[0]
    return oldest === kept ? this.list[1] : oldest
  }

  /** Those whose time is over, oldest first. */
  due(now: Micros): Waiting[] {
    return this.list.filter((w) => w.due <= now)
  }

  clear(): void {
    this.list = []
    this.bytes = 0
    this.dueAt = NEVER
  }

  private rearm(): void {
    this.dueAt = NEVER
    for (const w of this.list) if (w.due < this.dueAt) this.dueAt = w.due
  }

  save(): StoredWaiting[] {
    return this.list.map((w) => [
      w.src,
      w.dst,
      w.protocol,
      w.id,
      w.via,
      w.due,
      [...w.runs],
      toBase64(w.data.subarray(0, w.runs.at(-1) ?? 0)),
      w.total,
      toBase64(w.head),
      w.spoilt,
      w.longest,
      w.packet,
    ])
  }

  load(stored: readonly StoredWaiting[]): void {
    this.clear()
    for (const [src, dst, protocol, id, via, due, runs, data, total, head, spoilt, longest, packet] of stored) {
      const w = this.begin({ src, dst, protocol, id, via, due, packet })
      Object.assign(w, { runs: [...runs], total, head: fromBase64(head) ?? NOTHING, spoilt, longest })
      this.write(w, 0, fromBase64(data) ?? NOTHING)
    }
  }
}

const NOTHING = new Uint8Array(0)
