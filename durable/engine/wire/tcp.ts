// TCP segments (RFC 9293); window scale and timestamps (RFC 7323); SACK (RFC 2018).
// Offsets count from the first octet of the TCP header.
import { put16, put32, u16, u32 } from './bytes.ts'
import { add, fold, pseudo } from './checksum.ts'
import type { Between } from './udp.ts'

export const PROTOCOL = 6
export const HEADER_LEN = 20

export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10
export const URG = 0x20
export const ECE = 0x40
export const CWR = 0x80

export type SackBlock = { readonly left: number; readonly right: number }
export type TcpOptions = {
  readonly mss?: number
  readonly windowScale?: number
  readonly sackPermitted?: boolean
  readonly timestamps?: { readonly value: number; readonly echo: number }
  readonly sack?: readonly SackBlock[]
}
export type Tcp = {
  readonly srcPort: number
  readonly dstPort: number
  readonly seq: number
  readonly ack: number
  readonly flags: number
  readonly window: number
  readonly urgent: number
  readonly options: TcpOptions
  readonly payload: Uint8Array
}
export type Malformed = 'tcp: truncated' | 'tcp: bad data offset' | 'tcp: bad checksum' | 'tcp: bad option' | 'tcp: port zero'

export const srcPort = (b: Uint8Array, at: number): number => u16(b, at)
export const dstPort = (b: Uint8Array, at: number): number => u16(b, at + 2)
export const seq = (b: Uint8Array, at: number): number => u32(b, at + 4)
export const ack = (b: Uint8Array, at: number): number => u32(b, at + 8)
/** In octets. */
export const dataOffset = (b: Uint8Array, at: number): number => (b[at + 12] >> 4) << 2
export const flags = (b: Uint8Array, at: number): number => b[at + 13]
export const window = (b: Uint8Array, at: number): number => u16(b, at + 14)
export const sum = (b: Uint8Array, at: number): number => u16(b, at + 16)
export const urgent = (b: Uint8Array, at: number): number => u16(b, at + 18)

/** These only store. A NAT adjusts the checksum itself, once for address and port. */
export const setSrcPort = (b: Uint8Array, at: number, port: number): void => put16(b, at, port)
export const setDstPort = (b: Uint8Array, at: number, port: number): void => put16(b, at + 2, port)
export const setSum = (b: Uint8Array, at: number, sum: number): void => put16(b, at + 16, sum)

/** True when every getter above, and the options, is inside b[at..end). */
export function check(b: Uint8Array, at: number, end: number): true | Malformed {
  if (end - at < HEADER_LEN) return 'tcp: truncated'
  return dataOffset(b, at) < HEADER_LEN || dataOffset(b, at) > end - at ? 'tcp: bad data offset' : true
}

export const MSS = 2
export const WINDOW_SCALE = 3
export const SACK_PERMITTED = 4
export const SACK = 5
export const TIMESTAMPS = 8

/** Unknown options, and known ones of the wrong size, are passed over (RFC 9293 section 3.1). */
export function parseOptions(b: Uint8Array, at: number, end: number): TcpOptions | Malformed {
  const found: { -readonly [K in keyof TcpOptions]: TcpOptions[K] } = {}
  let i = at
  while (i < end && b[i] !== 0) {
    if (b[i] === 1) {
      i++
      continue
    }
    const size = i + 1 < end ? b[i + 1] : 0
    if (size < 2 || i + size > end) return 'tcp: bad option'
    if (b[i] === MSS && size === 4) found.mss = u16(b, i + 2)
    else if (b[i] === WINDOW_SCALE && size === 3) found.windowScale = b[i + 2]
    else if (b[i] === SACK_PERMITTED && size === 2) found.sackPermitted = true
    else if (b[i] === TIMESTAMPS && size === 10) found.timestamps = { value: u32(b, i + 2), echo: u32(b, i + 6) }
    else if (b[i] === SACK && size > 2 && (size - 2) % 8 === 0) {
      const blocks: SackBlock[] = []
      for (let s = i + 2; s < i + size; s += 8) blocks.push({ left: u32(b, s), right: u32(b, s + 4) })
      found.sack = blocks
    }
    i += size
  }
  return found
}

export function parse(b: Uint8Array, at: number, end: number, ip: Between): Tcp | Malformed {
  const checked = check(b, at, end)
  if (checked !== true) return checked
  if (fold(add(pseudo(ip.src, ip.dst, PROTOCOL, end - at), b, at, end)) !== 0) return 'tcp: bad checksum'
  if (srcPort(b, at) === 0 || dstPort(b, at) === 0) return 'tcp: port zero'
  const data = at + dataOffset(b, at)
  const options = parseOptions(b, at + HEADER_LEN, data)
  if (typeof options === 'string') return options
  return {
    srcPort: srcPort(b, at),
    dstPort: dstPort(b, at),
    seq: seq(b, at),
    ack: ack(b, at),
    flags: flags(b, at),
    window: window(b, at),
    urgent: urgent(b, at),
    options,
    payload: b.subarray(data, end),
  }
}

const fixedOptionsLen = (o: TcpOptions): number =>
  (o.mss === undefined ? 0 : 4) +
  (o.timestamps === undefined ? 0 : 12) +
  (o.sackPermitted && o.timestamps === undefined ? 4 : 0) +
  (o.windowScale === undefined ? 0 : 4)

/** SACK blocks take the room that the other options leave of 40 octets. */
const sackBlocks = (o: TcpOptions): number =>
  Math.max(0, Math.min(o.sack?.length ?? 0, Math.floor((40 - fixedOptionsLen(o) - 4) / 8)))

export function headerLen(o: TcpOptions): number {
  const blocks = sackBlocks(o)
  return HEADER_LEN + fixedOptionsLen(o) + (blocks === 0 ? 0 : 4 + 8 * blocks)
}

export const len = (s: Tcp): number => headerLen(s.options) + s.payload.length

/** Each option is padded in front to four octets, as Linux lays them out. */
function emitOptions(o: TcpOptions, out: Uint8Array, at: number): void {
  let i = at
  if (o.mss !== undefined) {
    put16(out, i, (MSS << 8) | 4)
    put16(out, i + 2, o.mss)
    i += 4
  }
  if (o.sackPermitted || o.timestamps !== undefined) {
    put16(out, i, 0x0101)
    put16(out, i + 2, (SACK_PERMITTED << 8) | 2)
    if (o.timestamps !== undefined) {
      if (o.sackPermitted) put16(out, i, (SACK_PERMITTED << 8) | 2)
      put16(out, i + 2, (TIMESTAMPS << 8) | 10)
      put32(out, i + 4, o.timestamps.value)
      put32(out, i + 8, o.timestamps.echo)
      i += 8
    }
    i += 4
  }
  if (o.windowScale !== undefined) {
    put32(out, i, (0x01 << 24) | (WINDOW_SCALE << 16) | (3 << 8) | o.windowScale)
    i += 4
  }
  const blocks = sackBlocks(o)
  if (o.sack === undefined || blocks === 0) return
  put32(out, i, (0x0101 << 16) | (SACK << 8) | (2 + 8 * blocks))
  i += 4
  for (let n = 0; n < blocks; n++, i += 8) {
    put32(out, i, o.sack[n].left)
    put32(out, i + 4, o.sack[n].right)
  }
}

/** Everything but the checksum, which is left at zero. */
export function write(s: Tcp, out: Uint8Array, at: number): void {
  const header = headerLen(s.options)
  put16(out, at, s.srcPort)
  put16(out, at + 2, s.dstPort)
  put32(out, at + 4, s.seq)
  put32(out, at + 8, s.ack)
  put16(out, at + 12, (header << 10) | s.flags)
  put16(out, at + 14, s.window)
  put16(out, at + 16, 0)
  put16(out, at + 18, s.urgent)
  emitOptions(s.options, out, at + HEADER_LEN)
  out.set(s.payload, at + header)
}

export function emit(s: Tcp, out: Uint8Array, at: number, ip: Between): void {
  const n = len(s)
  write(s, out, at)
  put16(out, at + 16, fold(add(pseudo(ip.src, ip.dst, PROTOCOL, n), out, at, at + n)))
}
