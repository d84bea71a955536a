// Domain names on the wire (RFC 1035 sections 3.1 and 4.1.4).
// As text a name has no trailing dot, the root is '', and '.', '\' and unprintable octets of a label are escaped
// as in zone files (section 5.1), so that text and octets map both ways.
import { ascii, put16, put32, putAscii, u16 } from './bytes.ts'

export const MAX_NAME_LEN = 255
/** A name of 255 octets has at most 127 labels. */
const MAX_JUMPS = 128

/** A growing message; `names` knows where each suffix stands. Offsets count from the start of the message. */
export type Writer = { bytes: Uint8Array; at: number; readonly names: Map<string, number> }

export const writer = (): Writer => ({ bytes: new Uint8Array(512), at: 0, names: new Map() })

/** Makes room for n more octets and moves on; returns where they begin. */
export function room(w: Writer, n: number): number {
  const at = w.at
  w.at += n
  if (w.at > w.bytes.length) {
    const grown = new Uint8Array(Math.max(w.at, w.bytes.length * 2))
    grown.set(w.bytes)
    w.bytes = grown
  }
  return at
}

export function write8(w: Writer, v: number): void {
  const at = room(w, 1)
  w.bytes[at] = v
}
export function write16(w: Writer, v: number): void {
  const at = room(w, 2)
  put16(w.bytes, at, v)
}
export function write32(w: Writer, v: number): void {
  const at = room(w, 4)
  put32(w.bytes, at, v)
}
export function writeBytes(w: Writer, data: Uint8Array): void {
  const at = room(w, data.length)
  w.bytes.set(data, at)
}
/** One octet of length and at most 255 of text (RFC 1035 section 3.3). */
export function writeText(w: Writer, text: string): void {
  const cut = text.slice(0, 255)
  write8(w, cut.length)
  const at = room(w, cut.length)
  putAscii(w.bytes, at, cut)
}

const escaped = (label: string): string =>
  label.replace(/[^!-~]|[.\\]/g, (c) => (c === '.' || c === '\\' ? `\\${c}` : `\\${`${c.charCodeAt(0)}`.padStart(3, '0')}`))

const unescaped = (label: string): string =>
  label.includes('\\')
    ? label.replace(/\\(\d{3}|.)/g, (_, c: string) => (c.length === 3 ? String.fromCharCode(Number(c) & 255) : c))
    : label

/** Whether a label can be told as it stands, without an escape. */
function isPlain(b: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (b[i] <= 0x20 || b[i] >= 0x7f || b[i] === 0x2e || b[i] === 0x5c) return false
  return true
}

/** The labels of a name, still escaped. */
export function labelsOf(name: string): string[] {
  if (!name.includes('\\')) return name.split('.').filter((l) => l !== '')
  return name.match(/(\\\d{3}|\\.|[^.\\])+/g) ?? []
}

/** Lower case without the trailing dot: names compare without case (RFC 4343). */
export function canonical(name: string): string {
  const lower = name.toLowerCase()
  return lower.endsWith('.') && !lower.endsWith('\\.') ? lower.slice(0, -1) : lower
}
export const sameName = (a: string, b: string): boolean => canonical(a) === canonical(b)

/** True when a name can be asked for: labels of 1 to 63 octets, at most 255 octets in all. */
export function isValidName(name: string): boolean {
  const sizes = labelsOf(name).map((l) => unescaped(l).length)
  return sizes.every((n) => n <= 63) && sizes.reduce((sum, n) => sum + n + 1, 1) <= MAX_NAME_LEN
}

/** The octets of a name that is written without compression. */
export function nameLen(name: string): number {
  let n = 1
  for (const label of labelsOf(name)) n += 1 + Math.min(unescaped(label).length, 63)
  return n
}

/** Labels over 63 octets are cut: what cannot be sent is the resolver's to refuse (`isValidName`). */
export function writeName(w: Writer, name: string, compress: boolean): void {
  const labels = labelsOf(name)
  for (let i = 0; i < labels.length; i++) {
    const suffix = labels.slice(i).join('.')
    const known = w.names.get(suffix)
    if (compress && known !== undefined) {
      write16(w, 0xc000 | known)
      return
    }
    if (known === undefined && w.at < 0x4000) w.names.set(suffix, w.at)
    writeText(w, unescaped(labels[i]).slice(0, 63))
  }
  write8(w, 0)
}

export type Name = { readonly name: string; readonly next: number }

/** Undefined when the name is cut off, too long, or a pointer does not lead backwards. */
export function readName(b: Uint8Array, start: number, at: number, end: number): Name | undefined {
  let name = ''
  let size = 1
  let next = -1
  let i = at
  // Every jump must go to before the last one, so that a loop is impossible.
  let limit = at
  let jumps = 0
  while (i < end) {
    const n = b[i]
    if (n === 0) return { name, next: next < 0 ? i + 1 : next }
    if (n >= 0xc0) {
      if (i + 2 > end) return undefined
      const target = start + (u16(b, i) & 0x3fff)
      if (next < 0) next = i + 2
      if (target >= limit || ++jumps > MAX_JUMPS) return undefined
      limit = target
      i = target
      continue
    }
    size += n + 1
    if (n > 63 || i + 1 + n > end || size > MAX_NAME_LEN) return undefined
    const label = ascii(b, i + 1, i + 1 + n)
    name += (name === '' ? '' : '.') + (isPlain(b, i + 1, i + 1 + n) ? label : escaped(label))
    i += 1 + n
  }
  return undefined
}
