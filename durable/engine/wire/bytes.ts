// Big-endian fields in a byte array. The forwarding path reads every header through these.

export const u16 = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1]

export const u32 = (b: Uint8Array, at: number): number => ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0

/** 48 bits do not fit the shift operators but do fit a double exactly. */
export const u48 = (b: Uint8Array, at: number): number => u16(b, at) * 0x100000000 + u32(b, at + 2)

export function put16(b: Uint8Array, at: number, v: number): void {
  b[at] = v >>> 8
  b[at + 1] = v
}

export function put32(b: Uint8Array, at: number, v: number): void {
  b[at] = v >>> 24
  b[at + 1] = v >>> 16
  b[at + 2] = v >>> 8
  b[at + 3] = v
}

export function put48(b: Uint8Array, at: number, v: number): void {
  put16(b, at, Math.floor(v / 0x100000000))
  put32(b, at + 2, v >>> 0)
}

/** One character per octet (Latin-1), so that `putAscii` restores the same octets. */
export function ascii(b: Uint8Array, at: number, end: number): string {
  let s = ''
  for (let i = at; i < end; i++) s += String.fromCharCode(b[i])
  return s
}

/** The octets of a text of one character each; a character above 255 becomes '?'. */
export function octetsOf(s: string): Uint8Array {
  const out = new Uint8Array(s.length)
  putAscii(out, 0, s)
  return out
}

/** Writes one octet per character; a character above 255 becomes '?'. */
export function putAscii(b: Uint8Array, at: number, s: string): void {
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    b[at + i] = c > 255 ? 0x3f : c
  }
}

/** Text with anything that a terminal could act upon replaced: text out of a frame is not trusted. */
export function printable(s: string): string {
  let out = ''
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    out += c < 0x20 || (c >= 0x7f && c < 0xa1) || c === 0xad || c > 0xff ? '.' : s[i]
  }
  return out
}

const SLAB = 1 << 16
/** Arrays up to this size live in the engine's own heap, which is faster still than a slab. */
const SMALL = 64
let slab = new ArrayBuffer(SLAB)
let used = 0

/**
 * The one place where frames are allocated. The content is zero. Places in a slab are handed out once and never again: a slab
 * dies with its last frame, and only what is on its way holds one, since rows and the recorder keep copies.
 */
export function newFrame(len: number): Uint8Array {
  if (len <= SMALL || len > SLAB >> 4) return new Uint8Array(len)
  if (used + len > SLAB) {
    slab = new ArrayBuffer(SLAB)
    used = 0
  }
  const frame = new Uint8Array(slab, used, len)
  used = (used + len + 7) & ~7
  return frame
}

const DIGITS = '0123456789abcdef'

export function hex(b: Uint8Array, at: number, end: number): string {
  let s = ''
  for (let i = at; i < end; i++) s += DIGITS[b[i] >> 4] + DIGITS[b[i] & 15]
  return s
}

/** Lower-case digits, padded with zeros to `width`. */
export const hexNumber = (v: number, width: number): string => v.toString(16).padStart(width, '0')

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Octets of a hex text; white space between digits is ignored, an odd or foreign digit ends the text. */
export function fromHex(s: string): Uint8Array {
  const digits = s.replace(/\s+/g, '')
  const out = new Uint8Array(digits.length >> 1)
  for (let i = 0; i < out.length; i++) {
    const pair = digits.slice(i * 2, i * 2 + 2)
    if (!/^[0-9a-fA-F]{2}$/.test(pair)) return out.slice(0, i)
    out[i] = Number.parseInt(pair, 16)
  }
  return out
}
