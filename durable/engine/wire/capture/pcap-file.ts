// The pcap file format (draft-ietf-opsawg-pcap): written little-endian with microseconds as Linux does, read in either order
// and resolution.

export type PcapPacket = {
  /** Since the epoch. */
  readonly timeMicros: number
  /** May be shorter than the packet was. */
  readonly bytes: Uint8Array
  readonly length: number
}
export type PcapFile = { readonly linkType: number; readonly snapLength: number; readonly packets: readonly PcapPacket[] }

const MAGIC_MICROS = 0xa1b2c3d4
const MAGIC_NANOS = 0xa1b23c4d
export const FILE_HEADER = 24
export const PACKET_HEADER = 16
const LONGEST = 262_144

export function pcapHeader(linkType: number, snapLength: number): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC_MICROS, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, snapLength, true)
  view.setUint32(20, linkType, true)
  return bytes
}

export function pcapRecord({ timeMicros, bytes, length }: PcapPacket): Uint8Array {
  const out = new Uint8Array(PACKET_HEADER + bytes.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, Math.floor(timeMicros / 1_000_000), true)
  view.setUint32(4, timeMicros % 1_000_000, true)
  view.setUint32(8, bytes.length, true)
  view.setUint32(12, length, true)
  out.set(bytes, PACKET_HEADER)
  return out
}

/** The packets of a file, or what libpcap says of it. A file cut short in a packet tells so behind the packets before. */
export function readPcap(file: Uint8Array): (PcapFile & { readonly fault?: string }) | string {
  if (file.length < FILE_HEADER)
    return `truncated dump file; tried to read ${FILE_HEADER} file header bytes, only got ${file.length}`
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const little = [MAGIC_MICROS, MAGIC_NANOS].includes(view.getUint32(0, true))
  const magic = view.getUint32(0, little)
  if (magic !== MAGIC_MICROS && magic !== MAGIC_NANOS) return 'unknown file format'
  const packets: PcapPacket[] = []
  const found = { linkType: view.getUint32(20, little) & 0xffff, snapLength: view.getUint32(16, little), packets }
  for (let at = FILE_HEADER; at < file.length; ) {
    const left = file.length - at
    if (left < PACKET_HEADER)
      return { ...found, fault: `truncated dump file; tried to read ${PACKET_HEADER} header bytes, only got ${left}` }
    const [seconds, fraction, captured, length] = [0, 4, 8, 12].map((offset) => view.getUint32(at + offset, little)) as [
      number,
      number,
      number,
      number,
    ]
    if (captured > LONGEST)
      return { ...found, fault: `invalid packet capture length ${captured}, bigger than snaplen of ${found.snapLength}` }
    if (left - PACKET_HEADER < captured)
      return {
        ...found,
        fault: `truncated dump file; tried to read ${captured} captured bytes, only got ${left - PACKET_HEADER}`,
      }
    const micros = magic === MAGIC_MICROS ? fraction : Math.floor(fraction / 1000)
    const from = at + PACKET_HEADER
    packets.push({ timeMicros: seconds * 1_000_000 + micros, bytes: file.subarray(from, from + captured), length })
    at = from + captured
  }
  return found
}
