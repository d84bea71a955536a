// Fragments of IPv4 packets put together while a capture is read in order (RFC 791 section 3.2).
import * as ipv4 from '../ipv4.ts'
import type { Context, Field, Memory } from './context.ts'

const MAX_PENDING = 64
const MAX_PIECES = 8192

/** The whole payload when this fragment was the last that was missing. A capture may show a packet twice: overlaps are fine. */
export function reassemble(memory: Memory, b: Uint8Array, at: number, dataAt: number, end: number): Uint8Array | undefined {
  const { fragments } = memory
  const key = `${ipv4.src(b, at)}:${ipv4.dst(b, at)}:${ipv4.protocol(b, at)}:${ipv4.id(b, at)}`
  const pieces = fragments.get(key) ?? []
  fragments.set(key, pieces)
  // What never becomes whole must not stay for ever; the oldest goes.
  for (const oldest of fragments.keys()) if (fragments.size > MAX_PENDING && oldest !== key) fragments.delete(oldest)
  if (pieces.length >= MAX_PIECES) return undefined
  pieces.push({ from: ipv4.fragmentOffset(b, at), last: !ipv4.moreFragments(b, at), data: b.slice(dataAt, end) })
  const last = pieces.find((p) => p.last)
  if (last === undefined) return undefined
  const total = last.from + last.data.length
  let have = 0
  for (const p of pieces.toSorted((x, y) => x.from - y.from)) if (p.from <= have) have = Math.max(have, p.from + p.data.length)
  if (have < total || total > 0xffff) return undefined
  const whole = new Uint8Array(have)
  for (const p of pieces) if (p.from + p.data.length <= have) whole.set(p.data, p.from)
  fragments.delete(key)
  return whole.subarray(0, total)
}

const moved = (fields: readonly Field[], from: number, to: number): Field[] =>
  fields.map((f) => ({ ...f, from, to, ...(f.fields === undefined ? undefined : { fields: moved(f.fields, from, to) }) }))

/** Dissects octets that are not in the frame: every field is shown at the fragment that completed them. */
export function dissectWhole(c: Context, number: number, whole: Uint8Array, from: number, to: number): boolean {
  const inner: Context = { ...c, b: whole, kept: whole.length, layers: [] }
  const read = c.next(inner, 'ip-protocol', number, 0, whole.length)
  for (const l of inner.layers) c.layers.push({ name: `${l.name} (reassembled)`, from, to, fields: moved(l.fields, from, to) })
  return read
}
