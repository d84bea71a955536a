// Frames out of a capture file: pcap (both byte orders, micro- and nanoseconds) and pcapng (sections, several interfaces, enhanced
// and simple packet blocks; draft-ietf-opsawg-pcapng). Only Ethernet can be replayed.

export type Captured = {
  /** Microseconds since the first frame of the file. */
  readonly at: number
  readonly bytes: Uint8Array
  /** Bytes that the capture left out. */
  readonly cut: number
}

const ETHERNET = 1
const MAGIC = new Map([
  [0xa1b2c3d4, 1],
  [0xa1b23c4d, 1_000],
])
const SECTION = 0x0a0d0d0a
const BYTE_ORDER = 0x1a2b3c4d

/** Throws a sentence about what is wrong with the file. */
export function readCapture(file: Uint8Array): Captured[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 24) throw new Error('the file is too short to be a capture')
  if (view.getUint32(0) === SECTION) return fromStart(readPcapng(view))
  for (const little of [true, false]) {
    const scale = MAGIC.get(view.getUint32(0, little))
    if (scale !== undefined) return fromStart(readPcap(view, little, scale))
  }
  throw new Error('the file is neither pcap nor pcapng')
}

type Raw = { readonly nanos: number; readonly bytes: Uint8Array; readonly cut: number }

function fromStart(raw: readonly Raw[]): Captured[] {
  const first = raw[0]?.nanos ?? 0
  // Files of several interfaces may step back a little.
  return raw.map(({ nanos, bytes, cut }) => ({ at: Math.max(0, Math.round((nanos - first) / 1_000)), bytes, cut }))
}

function readPcap(view: DataView, little: boolean, scale: number): Raw[] {
  const linkType = view.getUint32(20, little) & 0x0fffffff
  if (linkType !== ETHERNET) throw new Error(`the capture is of link type ${linkType}, not of Ethernet`)
  const found: Raw[] = []
  const base = view.getUint32(24, little)
  for (let at = 24; at + 16 <= view.byteLength; ) {
    const length = view.getUint32(at + 8, little)
    const bytes = slice(view, at + 16, length)
    // Seconds since the first frame, so that nanoseconds stay exact.
    const nanos = (view.getUint32(at, little) - base) * 1e9 + view.getUint32(at + 4, little) * (1_000 / scale)
    found.push({ nanos, bytes, cut: Math.max(0, view.getUint32(at + 12, little) - length) })
    at += 16 + length
  }
  return found
}

type Interface = { readonly linkType: number; readonly nanos: number }

function readPcapng(view: DataView): Raw[] {
  const found: Raw[] = []
  let interfaces: Interface[] = []
  let little = true
  let origin: bigint | undefined
  for (let at = 0; at + 12 <= view.byteLength; ) {
    if (view.getUint32(at) === SECTION) {
      little = view.getUint32(at + 8, true) === BYTE_ORDER
      if (!little && view.getUint32(at + 8) !== BYTE_ORDER) throw new Error(`the section at byte ${at} has no byte order`)
      interfaces = []
    }
    const type = view.getUint32(at, little)
    const length = view.getUint32(at + 4, little)
    if (length < 12 || length % 4 !== 0 || at + length > view.byteLength) throw new Error(`the block at byte ${at} is cut off`)
    const body = at + 8
    if (type === 1)
      interfaces.push({ linkType: view.getUint16(body, little), nanos: resolution(view, body + 8, at + length - 4, little) })
    if (type === 6) {
      const its = ethernet(interfaces, view.getUint32(body, little))
      const stamp = (BigInt(view.getUint32(body + 4, little)) << 32n) | BigInt(view.getUint32(body + 8, little))
      const size = view.getUint32(body + 12, little)
      origin ??= stamp
      const nanos = Number(stamp - origin) * its.nanos
      found.push({ nanos, bytes: slice(view, body + 20, size), cut: Math.max(0, view.getUint32(body + 16, little) - size) })
    }
    if (type === 3) {
      ethernet(interfaces, 0)
      const size = Math.min(view.getUint32(body, little), length - 16)
      found.push({ nanos: found.at(-1)?.nanos ?? 0, bytes: slice(view, body + 4, size), cut: 0 })
    }
    at += length
  }
  return found
}

function ethernet(interfaces: readonly Interface[], index: number): Interface {
  const its = interfaces[index]
  if (!its) throw new Error(`a packet is of interface ${index}, which the file does not describe`)
  if (its.linkType !== ETHERNET) throw new Error(`interface ${index} is of link type ${its.linkType}, not Ethernet`)
  return its
}

/** Nanoseconds in a unit of its time stamps: option if_tsresol, by default microseconds. */
function resolution(view: DataView, from: number, to: number, little: boolean): number {
  for (let at = from; at + 4 <= to; ) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    if (code === 0) break
    if (code === 9) {
      const value = view.getUint8(at + 4)
      return value & 0x80 ? 1e9 / 2 ** (value & 0x7f) : 1e9 / 10 ** value
    }
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return 1_000
}

function slice(view: DataView, at: number, length: number): Uint8Array {
  if (at + length > view.byteLength) throw new Error(`the packet at byte ${at} is cut off`)
  return new Uint8Array(view.buffer, view.byteOffset + at, length)
}
