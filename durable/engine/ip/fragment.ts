// Cutting a packet into fragments (RFC 791 section 3.2, "An Example Fragmentation Procedure").
import { newFrame, put16 } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'

/** Bit of an option's type that says: copied into every fragment. */
const COPIED = 0x80
const END_OF_OPTIONS = 0
const NO_OPERATION = 1

/**
 * The fragments of the packet whose IP header begins at `at`, each with room for an Ethernet header, none longer than `mtu`.
 * A fragment may itself be cut again. Don't-fragment is left as it is: whoever calls has decided. Empty when not even eight
 * octets fit behind the header.
 */
export function fragmentsOf(bytes: Uint8Array, at: number, mtu: number): Uint8Array[] {
  const head = ipv4.headerLen(bytes, at)
  const end = at + ipv4.totalLen(bytes, at)
  const offset = ipv4.fragmentOffset(bytes, at)
  const flags = bytes[at + 6] & 0xc0
  const wasLast = !ipv4.moreFragments(bytes, at)
  const later = laterHeader(bytes, at, head)
  const pieces: Uint8Array[] = []
  for (let from = at + head; from < end; ) {
    const header = from === at + head ? bytes.subarray(at, at + head) : later
    const room = (mtu - header.length) & ~7
    if (room <= 0) return []
    const to = from + room >= end ? end : from + room
    const piece = newFrame(ethernet.HEADER_LEN + header.length + to - from)
    piece.set(header, ethernet.HEADER_LEN)
    piece.set(bytes.subarray(from, to), ethernet.HEADER_LEN + header.length)
    const more = to < end || !wasLast ? 0x20 : 0
    put16(piece, ethernet.HEADER_LEN + 2, header.length + to - from)
    put16(piece, ethernet.HEADER_LEN + 6, ((flags | more) << 8) | ((offset + from - at - head) >> 3))
    ipv4.fixChecksum(piece, ethernet.HEADER_LEN)
    pieces.push(piece)
    from = to
  }
  return pieces
}

/** The header of every fragment but the first: of its options only those that are copied, padded to 32 bits. */
function laterHeader(bytes: Uint8Array, at: number, head: number): Uint8Array {
  if (head === ipv4.HEADER_LEN) return bytes.subarray(at, at + head)
  const kept: number[] = []
  for (let i = at + ipv4.HEADER_LEN; i < at + head && bytes[i] !== END_OF_OPTIONS; ) {
    const length = bytes[i] === NO_OPERATION ? 1 : i + 1 < at + head ? bytes[i + 1] : 0
    if (length < 1 || i + length > at + head || (length === 1 && bytes[i] !== NO_OPERATION)) break
    if ((bytes[i] & COPIED) !== 0) for (let k = 0; k < length; k++) kept.push(bytes[i + k])
    i += length
  }
  while (kept.length % 4 !== 0) kept.push(END_OF_OPTIONS)
  const header = new Uint8Array(ipv4.HEADER_LEN + kept.length)
  header.set(bytes.subarray(at, at + ipv4.HEADER_LEN))
  header.set(kept, ipv4.HEADER_LEN)
  header[0] = 0x40 | (header.length >> 2)
  return header
}
