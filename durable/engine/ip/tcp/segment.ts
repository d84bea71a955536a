// A segment that has arrived, read in place: one record for all of them, since a machine works on one at a time and
// nothing of it is needed afterwards. An owner that is told of a segment may make the machine read another; so nobody reads this
// after a call out.
import { u16, u32 } from '../../wire/bytes.ts'
import { add, fold } from '../../wire/checksum.ts'
import * as tcp from '../../wire/tcp.ts'

export const MAX_SACKS = 4

export class Segment {
  bytes: Uint8Array = new Uint8Array(0)
  srcPort = 0
  dstPort = 0
  seq = 0
  ack = 0
  flags = 0
  /** As it stands there, not scaled. */
  window = 0
  dataAt = 0
  /** Octets of data, and the room in sequence space: with SYN and FIN. */
  octets = 0
  length = 0
  /** Options; -1 = absent. */
  mss = -1
  scale = -1
  sackOk = false
  stamped = false
  stamp = 0
  echo = 0
  sacks = 0
  readonly left = new Int32Array(MAX_SACKS)
  readonly right = new Int32Array(MAX_SACKS)

  has(flag: number): boolean {
    return (this.flags & flag) !== 0
  }

  /** True, or what is wrong with it. `pseudo` is the sum of the pseudo header's addresses. */
  read(bytes: Uint8Array, at: number, end: number, pseudo: number): true | tcp.Malformed {
    const checked = tcp.check(bytes, at, end)
    if (checked !== true) return checked
    if (fold(add(pseudo + tcp.PROTOCOL + end - at, bytes, at, end)) !== 0) return 'tcp: bad checksum'
    this.srcPort = u16(bytes, at)
    this.dstPort = u16(bytes, at + 2)
    if (this.srcPort === 0 || this.dstPort === 0) return 'tcp: port zero'
    this.bytes = bytes
    this.seq = u32(bytes, at + 4) | 0
    this.ack = u32(bytes, at + 8) | 0
    const flags = bytes[at + 13]
    this.flags = flags
    this.window = u16(bytes, at + 14)
    const dataAt = at + tcp.dataOffset(bytes, at)
    this.dataAt = dataAt
    this.octets = end - dataAt
    this.length = end - dataAt + ((flags & tcp.SYN) >> 1) + (flags & tcp.FIN)
    this.mss = -1
    this.scale = -1
    this.sackOk = false
    this.stamped = false
    this.sacks = 0
    return dataAt === at + tcp.HEADER_LEN || this.readOptions(bytes, at + tcp.HEADER_LEN, dataAt) ? true : 'tcp: bad option'
  }

  /** Unknown options, and known ones of the wrong size, are passed over (RFC 9293 section 3.1). */
  private readOptions(b: Uint8Array, at: number, end: number): boolean {
    // What nearly every segment has: two fillers and the timestamps (RFC 7323 appendix A).
    if (end - at === 12 && b[at] === 1 && b[at + 1] === 1 && b[at + 2] === tcp.TIMESTAMPS && b[at + 3] === 10) {
      this.readStamps(b, at + 4)
      return true
    }
    let i = at
    while (i < end && b[i] !== 0) {
      const kind = b[i]
      if (kind === 1) {
        i++
        continue
      }
      const size = i + 1 < end ? b[i + 1] : 0
      if (size < 2 || i + size > end) return false
      if (kind === tcp.MSS && size === 4) this.mss = u16(b, i + 2)
      else if (kind === tcp.WINDOW_SCALE && size === 3) this.scale = b[i + 2]
      else if (kind === tcp.SACK_PERMITTED && size === 2) this.sackOk = true
      else if (kind === tcp.TIMESTAMPS && size === 10) this.readStamps(b, i + 2)
      else if (kind === tcp.SACK && size > 2 && (size - 2) % 8 === 0) this.readSacks(b, i + 2, i + size)
      i += size
    }
    return true
  }

  private readStamps(b: Uint8Array, at: number): void {
    this.stamped = true
    this.stamp = u32(b, at) | 0
    this.echo = u32(b, at + 4) | 0
  }

  private readSacks(b: Uint8Array, at: number, end: number): void {
    for (let i = at; i < end && this.sacks < MAX_SACKS; i += 8) {
      this.left[this.sacks] = u32(b, i)
      this.right[this.sacks] = u32(b, i + 4)
      this.sacks++
    }
  }
}
