// Options of neighbour discovery: RFC 4861 section 4.6, RFC 4191 (routes), RFC 8106 (DNS), RFC 3971 section 5.3.2 (nonce).
import { type Ip6, type Mac, readIp6, writeIp6 } from './addresses.ts'
import { put32, put48, u32, u48 } from './bytes.ts'
import { nameLen, readName, writeName, writer } from './dns-name.ts'

const SOURCE_LINK = 1
const TARGET_LINK = 2
const PREFIX = 3
const REDIRECTED = 4
const MTU = 5
const NONCE = 14
const ROUTE = 24
const RDNSS = 25
const DNSSL = 31

/** Seconds; all ones mean for ever. */
export const INFINITE = 0xffffffff
/** A message with more options than this is not believed. */
export const MAX_OPTIONS = 32

export type PrefixOption = {
  readonly type: 'prefix'
  readonly prefix: Ip6
  readonly length: number
  readonly onLink: boolean
  readonly autonomous: boolean
  readonly valid: number
  readonly preferred: number
}
export type NdOption =
  | { readonly type: 'source-link' | 'target-link'; readonly mac: Mac }
  | PrefixOption
  | { readonly type: 'redirected'; readonly original: Uint8Array }
  | { readonly type: 'mtu'; readonly mtu: number }
  | { readonly type: 'nonce'; readonly nonce: Uint8Array }
  | {
      readonly type: 'route'
      readonly prefix: Ip6
      readonly length: number
      readonly preference: number
      readonly lifetime: number
    }
  | { readonly type: 'rdnss'; readonly lifetime: number; readonly servers: readonly Ip6[] }
  | { readonly type: 'dnssl'; readonly lifetime: number; readonly names: readonly string[] }
  | { readonly type: 'other'; readonly code: number; readonly data: Uint8Array }

/** Undefined when a length is wrong; what is not known, or known but of another size, is `other`. */
export function parseOptions(b: Uint8Array, from: number, end: number): NdOption[] | undefined {
  const options: NdOption[] = []
  for (let at = from; at < end; ) {
    // RFC 4861 section 4.6: a message with an option of length zero is dropped whole.
    if (at + 8 > end || b[at + 1] === 0 || options.length === MAX_OPTIONS) return undefined
    const next = at + 8 * b[at + 1]
    if (next > end) return undefined
    options.push(one(b, at, next) ?? { type: 'other', code: b[at], data: b.slice(at + 2, next) })
    at = next
  }
  return options
}

function one(b: Uint8Array, at: number, end: number): NdOption | undefined {
  const size = end - at
  switch (b[at]) {
    case SOURCE_LINK:
    case TARGET_LINK:
      return size === 8 ? { type: b[at] === SOURCE_LINK ? 'source-link' : 'target-link', mac: u48(b, at + 2) } : undefined
    case PREFIX:
      if (size !== 32 || b[at + 2] > 128) return undefined
      return {
        type: 'prefix',
        prefix: readIp6(b, at + 16),
        length: b[at + 2],
        onLink: (b[at + 3] & 0x80) !== 0,
        autonomous: (b[at + 3] & 0x40) !== 0,
        valid: u32(b, at + 4),
        preferred: u32(b, at + 8),
      }
    case REDIRECTED:
      return { type: 'redirected', original: b.slice(at + 8, end) }
    case MTU:
      return size === 8 ? { type: 'mtu', mtu: u32(b, at + 4) } : undefined
    case NONCE:
      return { type: 'nonce', nonce: b.slice(at + 2, end) }
    case ROUTE:
      if (size > 24 || b[at + 2] > 128 || (size - 8) * 8 < b[at + 2]) return undefined
      return {
        type: 'route',
        prefix: shortPrefix(b, at + 8, end),
        length: b[at + 2],
        preference: (b[at + 3] >> 3) & 3,
        lifetime: u32(b, at + 4),
      }
    case RDNSS: {
      if (size < 24 || (size - 8) % 16 !== 0) return undefined
      const servers: Ip6[] = []
      for (let i = at + 8; i < end; i += 16) servers.push(readIp6(b, i))
      return { type: 'rdnss', lifetime: u32(b, at + 4), servers }
    }
    case DNSSL:
      return searchList(b, at, end)
    default:
      return undefined
  }
}

/** RFC 4191 section 2.3: of the prefix 0, 8 or 16 octets stand there. */
function shortPrefix(b: Uint8Array, from: number, end: number): Ip6 {
  const whole = new Uint8Array(16)
  whole.set(b.subarray(from, end))
  return readIp6(whole, 0)
}

/** RFC 8106 section 5.2: names one after the other, without compression, padded with zeros. */
function searchList(b: Uint8Array, at: number, end: number): NdOption | undefined {
  const names: string[] = []
  for (let i = at + 8; i < end && b[i] !== 0; ) {
    // A pointer can only lead to before the message that begins here: so none is followed.
    const read = readName(b, i, i, end)
    if (read === undefined) return undefined
    names.push(read.name)
    i = read.next
  }
  return names.length === 0 ? undefined : { type: 'dnssl', lifetime: u32(b, at + 4), names }
}

const named = (names: readonly string[]): Uint8Array => {
  const w = writer()
  for (const name of names) writeName(w, name, false)
  return w.bytes.subarray(0, w.at)
}

const padded = (n: number): number => (n + 7) & ~7

function optionLen(o: NdOption): number {
  switch (o.type) {
    case 'source-link':
    case 'target-link':
    case 'mtu':
      return 8
    case 'prefix':
      return 32
    case 'redirected':
      return padded(8 + o.original.length)
    case 'nonce':
      return padded(2 + o.nonce.length)
    case 'route':
      return o.length > 64 || (o.prefix & 0xffffffffffffffffn) !== 0n ? 24 : o.length > 0 || o.prefix !== 0n ? 16 : 8
    case 'rdnss':
      return 8 + 16 * o.servers.length
    case 'dnssl':
      return padded(8 + o.names.reduce((sum, name) => sum + nameLen(name), 0))
    default:
      return padded(2 + o.data.length)
  }
}

export function optionsLen(options: readonly NdOption[]): number {
  let n = 0
  for (const option of options) n += optionLen(option)
  return n
}

const CODES = {
  'source-link': SOURCE_LINK,
  'target-link': TARGET_LINK,
  prefix: PREFIX,
  redirected: REDIRECTED,
  mtu: MTU,
  nonce: NONCE,
  route: ROUTE,
  rdnss: RDNSS,
  dnssl: DNSSL,
} as const

export function emitOptions(options: readonly NdOption[], out: Uint8Array, from: number): void {
  let at = from
  for (const option of options) {
    const size = optionLen(option)
    out.fill(0, at, at + size)
    out[at] = option.type === 'other' ? option.code : CODES[option.type]
    out[at + 1] = size / 8
    write(option, out, at)
    at += size
  }
}

function write(o: NdOption, out: Uint8Array, at: number): void {
  switch (o.type) {
    case 'source-link':
    case 'target-link':
      return put48(out, at + 2, o.mac)
    case 'prefix':
      out[at + 2] = o.length
      out[at + 3] = (o.onLink ? 0x80 : 0) | (o.autonomous ? 0x40 : 0)
      put32(out, at + 4, o.valid)
      put32(out, at + 8, o.preferred)
      return writeIp6(out, at + 16, o.prefix)
    case 'redirected':
      return out.set(o.original, at + 8)
    case 'mtu':
      return put32(out, at + 4, o.mtu)
    case 'nonce':
      return out.set(o.nonce, at + 2)
    case 'route': {
      out[at + 2] = o.length
      out[at + 3] = o.preference << 3
      put32(out, at + 4, o.lifetime)
      const whole = new Uint8Array(16)
      writeIp6(whole, 0, o.prefix)
      return out.set(whole.subarray(0, optionLen(o) - 8), at + 8)
    }
    case 'rdnss':
      put32(out, at + 4, o.lifetime)
      return o.servers.forEach((server, i) => {
        writeIp6(out, at + 8 + 16 * i, server)
      })
    case 'dnssl':
      put32(out, at + 4, o.lifetime)
      return out.set(named(o.names), at + 8)
    case 'other':
      return out.set(o.data, at + 2)
    default:
      o satisfies never
  }
}
