// The pcapng capture file format (draft-ietf-opsawg-pcapng), written little-endian.

export const LINK_ETHERNET = 1
export const LINK_RAW_IP = 101

export type CapturedInterface = { readonly name: string; readonly linkType: number; readonly description?: string }
export type CapturedPacket = {
  /** Index into the interfaces. */
  readonly interface: number
  readonly timeMicros: number
  /** May be shorter than the packet was: `originalLength` tells. */
  readonly bytes: Uint8Array
  readonly originalLength: number
  readonly direction: 'in' | 'out'
  readonly comment?: string
}

const OPT_COMMENT = 1
const IF_NAME = 2
const IF_DESCRIPTION = 3
const IF_TSRESOL = 9
const EPB_FLAGS = 2

type Option = { readonly code: number; readonly data: Uint8Array }

function put16(b: Uint8Array, at: number, v: number): void {
  b[at] = v
  b[at + 1] = v >>> 8
}
function put32(b: Uint8Array, at: number, v: number): void {
  put16(b, at, v)
  put16(b, at + 2, v >>> 16)
}

/** Options are UTF-8 text; half a surrogate pair becomes U+FFFD. */
function utf8(code: number, s: string): Option {
  const out: number[] = []
  for (const char of s) {
    const point = char.codePointAt(0) ?? 0
    const c = point >= 0xd800 && point < 0xe000 ? 0xfffd : point
    if (c < 0x80) out.push(c)
    else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63))
    else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63))
    else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63))
  }
  return { code, data: Uint8Array.from(out.slice(0, 0xffff)) }
}

const padded = (n: number): number => (n + 3) & ~3

/** A block around `fixedLen` octets and its options; `fill` writes the former. */
function block(
  type: number,
  fixedLen: number,
  options: readonly Option[],
  fill: (b: Uint8Array, at: number) => void,
): Uint8Array {
  let total = 12 + fixedLen + (options.length === 0 ? 0 : 4)
  for (const o of options) total += 4 + padded(o.data.length)
  const b = new Uint8Array(total)
  put32(b, 0, type)
  put32(b, 4, total)
  fill(b, 8)
  let i = 8 + fixedLen
  for (const o of options) {
    put16(b, i, o.code)
    put16(b, i + 2, o.data.length)
    b.set(o.data, i + 4)
    i += 4 + padded(o.data.length)
  }
  put32(b, total - 4, total)
  return b
}

const sectionHeader = (): Uint8Array =>
  block(0x0a0d0d0a, 16, [], (b, at) => {
    put32(b, at, 0x1a2b3c4d)
    put16(b, at + 4, 1)
    // The section length is not given: all ones.
    put32(b, at + 8, 0xffffffff)
    put32(b, at + 12, 0xffffffff)
  })

function interfaceDescription({ name, linkType, description }: CapturedInterface): Uint8Array {
  const options = [utf8(IF_NAME, name)]
  if (description !== undefined) options.push(utf8(IF_DESCRIPTION, description))
  options.push({ code: IF_TSRESOL, data: Uint8Array.of(6) })
  return block(1, 8, options, (b, at) => put16(b, at, linkType))
}

function enhancedPacket(p: CapturedPacket, epochMicros: number): Uint8Array {
  const options: Option[] = [{ code: EPB_FLAGS, data: Uint8Array.of(p.direction === 'in' ? 1 : 2, 0, 0, 0) }]
  if (p.comment !== undefined) options.push(utf8(OPT_COMMENT, p.comment))
  const time = epochMicros + p.timeMicros
  return block(6, 20 + padded(p.bytes.length), options, (b, at) => {
    put32(b, at, p.interface)
    put32(b, at + 4, Math.floor(time / 0x100000000))
    put32(b, at + 8, time % 0x100000000)
    put32(b, at + 12, p.bytes.length)
    put32(b, at + 16, p.originalLength)
    b.set(p.bytes, at + 20)
  })
}

/** A whole capture file. `epochMicros` is what time zero of the packets is on the wall clock, in microseconds since 1970. */
export const pcapng = (
  interfaces: readonly CapturedInterface[],
  packets: Iterable<CapturedPacket>,
  epochMicros = 0,
): Uint8Array<ArrayBuffer> => joined([sectionHeader(), ...blocksOf(interfaces, packets, epochMicros)])

/** More of a file: interfaces that are new in it, numbered from where it was, and packets. */
export const pcapngMore = (
  interfaces: readonly CapturedInterface[],
  packets: Iterable<CapturedPacket>,
  epochMicros = 0,
): Uint8Array<ArrayBuffer> => joined(blocksOf(interfaces, packets, epochMicros))

function blocksOf(
  interfaces: readonly CapturedInterface[],
  packets: Iterable<CapturedPacket>,
  epochMicros: number,
): Uint8Array[] {
  const blocks = interfaces.map(interfaceDescription)
  for (const p of packets) blocks.push(enhancedPacket(p, epochMicros))
  return blocks
}

function joined(blocks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(blocks.reduce((n, b) => n + b.length, 0))
  let at = 0
  for (const b of blocks) {
    out.set(b, at)
    at += b.length
  }
  return out
}
