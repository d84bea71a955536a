// DHCP for IPv4 (RFC 2131, RFC 2132). Long options: RFC 3396. The message is the payload of a UDP datagram.
import type { Ip4, Mac } from './addresses.ts'
import { put16, put32, put48, u16, u32, u48 } from './bytes.ts'

export * from './dhcp-options.ts'

export const SERVER_PORT = 67
export const CLIENT_PORT = 68
export const BOOT_REQUEST = 1
export const BOOT_REPLY = 2

export const MAGIC_COOKIE = 0x63825363
/** RFC 951 and RFC 1542 section 2.1: relays and old servers drop anything shorter. */
export const MIN_LEN = 300
const OPTIONS_AT = 240
const SERVER_NAME_AT = 44
const FILE_AT = 108

export type Option = { readonly code: number; readonly data: Uint8Array }
export type Dhcp = {
  readonly op: 1 | 2
  readonly xid: number
  readonly secs: number
  readonly broadcast: boolean
  readonly ciaddr: Ip4
  readonly yiaddr: Ip4
  readonly siaddr: Ip4
  readonly giaddr: Ip4
  readonly chaddr: Mac
  readonly hops?: number
  /** In the order of the wire; parts of a split option are joined at the place of the first. */
  readonly options: readonly Option[]
}
export type Malformed =
  | 'dhcp: truncated'
  | 'dhcp: unknown op'
  | 'dhcp: not ethernet'
  | 'dhcp: no magic cookie'
  | 'dhcp: bad option'

const PAD = 0
const OVERLOAD = 52
const END = 255

/** Collects into `found`; false when an option runs over the end. */
function collect(b: Uint8Array, at: number, end: number, found: Option[]): boolean {
  let i = at
  while (i < end && b[i] !== END) {
    if (b[i] === PAD) {
      i++
      continue
    }
    const next = i + 2 + (i + 1 < end ? b[i + 1] : end)
    if (next > end) return false
    const data = b.subarray(i + 2, next)
    const code = b[i]
    const known = found.findIndex((o) => o.code === code)
    if (known < 0) found.push({ code, data })
    else found[known] = { code, data: joined(found[known].data, data) }
    i = next
  }
  return true
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length)
  out.set(a, 0)
  out.set(b, a.length)
  return out
}

function parseOptions(b: Uint8Array, at: number, end: number): Option[] | undefined {
  const found: Option[] = []
  if (!collect(b, at + OPTIONS_AT, end, found)) return undefined
  // RFC 2132 section 9.3: the file field comes before the server name field. Neither may overload again.
  const overload = found.find((o) => o.code === OVERLOAD)?.data[0] ?? 0
  if ((overload & 1) !== 0 && !collect(b, at + FILE_AT, at + OPTIONS_AT - 4, found)) return undefined
  if ((overload & 2) !== 0 && !collect(b, at + SERVER_NAME_AT, at + FILE_AT, found)) return undefined
  return found.filter((o) => o.code !== OVERLOAD)
}

export function parse(b: Uint8Array, at: number, end: number): Dhcp | Malformed {
  if (end - at < OPTIONS_AT) return 'dhcp: truncated'
  const op = b[at]
  if (op !== BOOT_REQUEST && op !== BOOT_REPLY) return 'dhcp: unknown op'
  if (b[at + 1] !== 1 || b[at + 2] !== 6) return 'dhcp: not ethernet'
  if (u32(b, at + 236) !== MAGIC_COOKIE) return 'dhcp: no magic cookie'
  const options = parseOptions(b, at, end)
  if (options === undefined) return 'dhcp: bad option'
  const hops = b[at + 3]
  return {
    op,
    xid: u32(b, at + 4),
    secs: u16(b, at + 8),
    broadcast: (b[at + 10] & 0x80) !== 0,
    ciaddr: u32(b, at + 12),
    yiaddr: u32(b, at + 16),
    siaddr: u32(b, at + 20),
    giaddr: u32(b, at + 24),
    chaddr: u48(b, at + 28),
    ...(hops === 0 ? undefined : { hops }),
    options,
  }
}

/** Each piece of at most 255 octets has its own two octets of header; an empty option is one piece. */
const optionLen = (o: Option): number => o.data.length + 2 * Math.max(1, Math.ceil(o.data.length / 255))

export function len(d: Dhcp): number {
  let n = OPTIONS_AT + 1
  for (const o of d.options) n += optionLen(o)
  return Math.max(MIN_LEN, n)
}

export function emit(d: Dhcp, out: Uint8Array, at: number): void {
  out.fill(0, at, at + len(d))
  out[at] = d.op
  out[at + 1] = 1
  out[at + 2] = 6
  out[at + 3] = d.hops ?? 0
  put32(out, at + 4, d.xid)
  put16(out, at + 8, d.secs)
  put16(out, at + 10, d.broadcast ? 0x8000 : 0)
  put32(out, at + 12, d.ciaddr)
  put32(out, at + 16, d.yiaddr)
  put32(out, at + 20, d.siaddr)
  put32(out, at + 24, d.giaddr)
  put48(out, at + 28, d.chaddr)
  put32(out, at + 236, MAGIC_COOKIE)
  let i = at + OPTIONS_AT
  for (const o of d.options) {
    let from = 0
    do {
      const piece = Math.min(255, o.data.length - from)
      out[i] = o.code
      out[i + 1] = piece
      out.set(o.data.subarray(from, from + piece), i + 2)
      i += 2 + piece
      from += piece
    } while (from < o.data.length)
  }
  out[i] = END
}
