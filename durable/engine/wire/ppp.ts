// PPP frames with LCP (RFC 1661), PAP (RFC 1334) and IPCP (RFC 1332, RFC 1877). No flags and no FCS: as carried by L2TP.
// Offsets count from the address octet.
import type { Ip4 } from './addresses.ts'
import { ascii, put16, put32, putAscii, u16, u32 } from './bytes.ts'

export const IPV4 = 0x0021
export const IPCP = 0x8021
export const LCP = 0xc021
export const PAP = 0xc023

/** Types of LCP options. */
export const LCP_MRU = 1
export const LCP_ASYNC_MAP = 2
export const LCP_AUTHENTICATION = 3
export const LCP_MAGIC = 5
export const LCP_PROTOCOL_COMPRESSION = 7
export const LCP_ADDRESS_COMPRESSION = 8
/** Types of IPCP options. */
export const IPCP_ADDRESS = 3
export const IPCP_PRIMARY_DNS = 129
export const IPCP_SECONDARY_DNS = 131

export type Option = { readonly type: number; readonly data: Uint8Array }
type Negotiation = 'lcp' | 'ipcp'
export type Ppp =
  | { readonly protocol: 'ipv4'; readonly payload: Uint8Array }
  | {
      readonly protocol: Negotiation
      readonly message: 'configure-request' | 'configure-ack' | 'configure-nak' | 'configure-reject'
      readonly id: number
      readonly options: readonly Option[]
    }
  | {
      readonly protocol: Negotiation
      readonly message: 'terminate-request' | 'terminate-ack' | 'code-reject'
      readonly id: number
      readonly data: Uint8Array
    }
  | {
      readonly protocol: 'lcp'
      readonly message: 'echo-request' | 'echo-reply' | 'discard-request'
      readonly id: number
      readonly magic: number
      readonly data: Uint8Array
    }
  | {
      readonly protocol: 'lcp'
      readonly message: 'protocol-reject'
      readonly id: number
      readonly rejected: number
      readonly data: Uint8Array
    }
  | {
      readonly protocol: 'pap'
      readonly message: 'authenticate-request'
      readonly id: number
      readonly peerId: string
      readonly password: string
    }
  | {
      readonly protocol: 'pap'
      readonly message: 'authenticate-ack' | 'authenticate-nak'
      readonly id: number
      readonly text: string
    }
  /** Anything else: the answer is a protocol-reject. */
  | { readonly protocol: 'other'; readonly number: number; readonly payload: Uint8Array }
export type Malformed = 'ppp: truncated' | 'ppp: bad length' | 'ppp: bad option' | 'ppp: unknown code' | 'ppp: bad protocol'

const CODES = [
  undefined,
  'configure-request',
  'configure-ack',
  'configure-nak',
  'configure-reject',
  'terminate-request',
  'terminate-ack',
  'code-reject',
  'protocol-reject',
  'echo-request',
  'echo-reply',
  'discard-request',
] as const
const PAP_CODES = [undefined, 'authenticate-request', 'authenticate-ack', 'authenticate-nak'] as const

function parseOptions(b: Uint8Array, at: number, end: number): Option[] | undefined {
  const options: Option[] = []
  let i = at
  while (i < end) {
    const size = i + 2 <= end ? b[i + 1] : 0
    if (size < 2 || i + size > end) return undefined
    options.push({ type: b[i], data: b.subarray(i + 2, i + size) })
    i += size
  }
  return options
}

function parseNegotiation(protocol: Negotiation, b: Uint8Array, at: number, end: number): Ppp | Malformed {
  const message = CODES[b[at]]
  const id = b[at + 1]
  const body = at + 4
  switch (message) {
    case 'configure-request':
    case 'configure-ack':
    case 'configure-nak':
    case 'configure-reject': {
      const options = parseOptions(b, body, end)
      return options === undefined ? 'ppp: bad option' : { protocol, message, id, options }
    }
    case 'terminate-request':
    case 'terminate-ack':
    case 'code-reject':
      return { protocol, message, id, data: b.subarray(body, end) }
    case 'protocol-reject':
      if (protocol !== 'lcp') return 'ppp: unknown code'
      return end - body < 2
        ? 'ppp: bad length'
        : { protocol, message, id, rejected: u16(b, body), data: b.subarray(body + 2, end) }
    case 'echo-request':
    case 'echo-reply':
    case 'discard-request':
      if (protocol !== 'lcp') return 'ppp: unknown code'
      return end - body < 4 ? 'ppp: bad length' : { protocol, message, id, magic: u32(b, body), data: b.subarray(body + 4, end) }
    case undefined:
      return 'ppp: unknown code'
    default:
      return message satisfies never
  }
}

/** A length-prefixed text at `at`; undefined when it runs over the end. */
function counted(b: Uint8Array, at: number, end: number): string | undefined {
  return at < end && at + 1 + b[at] <= end ? ascii(b, at + 1, at + 1 + b[at]) : undefined
}

function parsePap(b: Uint8Array, at: number, end: number): Ppp | Malformed {
  const message = PAP_CODES[b[at]]
  const id = b[at + 1]
  const first = counted(b, at + 4, end)
  if (message === undefined) return 'ppp: unknown code'
  if (message !== 'authenticate-request') {
    // RFC 1334 wants a message length, but some peers leave an empty message out altogether.
    return first === undefined && end > at + 4 ? 'ppp: bad length' : { protocol: 'pap', message, id, text: first ?? '' }
  }
  const password = first === undefined ? undefined : counted(b, at + 5 + first.length, end)
  return first === undefined || password === undefined
    ? 'ppp: bad length'
    : { protocol: 'pap', message, id, peerId: first, password }
}

export function parse(b: Uint8Array, at: number, end: number): Ppp | Malformed {
  // Address and control may have been compressed away (RFC 1661 section 6.6), and so may the high octet of the protocol.
  let i = end - at >= 2 && b[at] === 0xff && b[at + 1] === 0x03 ? at + 2 : at
  if (end - i < 2) return 'ppp: truncated'
  const compressed = (b[i] & 1) === 1
  const number = compressed ? b[i] : u16(b, i)
  if ((number & 0x101) !== 1) return 'ppp: bad protocol'
  i += compressed ? 1 : 2
  if (number === IPV4) return { protocol: 'ipv4', payload: b.subarray(i, end) }
  if (number !== LCP && number !== IPCP && number !== PAP) return { protocol: 'other', number, payload: b.subarray(i, end) }
  if (end - i < 4) return 'ppp: truncated'
  const size = u16(b, i + 2)
  if (size < 4 || size > end - i) return 'ppp: bad length'
  return number === PAP ? parsePap(b, i, i + size) : parseNegotiation(number === LCP ? 'lcp' : 'ipcp', b, i, i + size)
}

const NUMBER = { ipv4: IPV4, lcp: LCP, ipcp: IPCP, pap: PAP } as const

function bodyLen(p: Ppp): number {
  if ('payload' in p) return p.payload.length
  if ('options' in p) return 4 + p.options.reduce((n, o) => n + 2 + o.data.length, 0)
  if ('magic' in p) return 8 + p.data.length
  if ('rejected' in p) return 6 + p.data.length
  if ('data' in p) return 4 + p.data.length
  return 'text' in p ? 5 + p.text.length : 6 + p.peerId.length + p.password.length
}

export const len = (p: Ppp): number => 4 + bodyLen(p)

export function emit(p: Ppp, out: Uint8Array, at: number): void {
  put16(out, at, 0xff03)
  put16(out, at + 2, p.protocol === 'other' ? p.number : NUMBER[p.protocol])
  let i = at + 4
  if ('payload' in p) {
    out.set(p.payload, i)
    return
  }
  out[i] = p.protocol === 'pap' ? PAP_CODES.indexOf(p.message) : CODES.indexOf(p.message)
  out[i + 1] = p.id
  put16(out, i + 2, bodyLen(p))
  i += 4
  if ('options' in p) {
    for (const o of p.options) {
      out[i] = o.type
      out[i + 1] = 2 + o.data.length
      out.set(o.data, i + 2)
      i += 2 + o.data.length
    }
  } else if ('magic' in p) {
    put32(out, i, p.magic)
    out.set(p.data, i + 4)
  } else if ('rejected' in p) {
    put16(out, i, p.rejected)
    out.set(p.data, i + 2)
  } else if ('data' in p) {
    out.set(p.data, i)
  } else {
    for (const text of 'text' in p ? [p.text] : [p.peerId, p.password]) {
      out[i] = text.length
      putAscii(out, i + 1, text)
      i += 1 + text.length
    }
  }
}

function numbered(type: number, size: 2 | 4, v: number): Option {
  const b = new Uint8Array(size)
  if (size === 2) put16(b, 0, v)
  else put32(b, 0, v)
  return { type, data: b }
}

/** Builders of LCP and IPCP options. */
export const option = {
  mru: (n: number): Option => numbered(LCP_MRU, 2, n),
  asyncMap: (bits: number): Option => numbered(LCP_ASYNC_MAP, 4, bits),
  /** The peer shall authenticate by this protocol, such as PAP. */
  authentication: (protocol: number): Option => numbered(LCP_AUTHENTICATION, 2, protocol),
  magic: (n: number): Option => numbered(LCP_MAGIC, 4, n),
  address: (ip: Ip4): Option => numbered(IPCP_ADDRESS, 4, ip),
  primaryDns: (ip: Ip4): Option => numbered(IPCP_PRIMARY_DNS, 4, ip),
  secondaryDns: (ip: Ip4): Option => numbered(IPCP_SECONDARY_DNS, 4, ip),
}

/** The number in a two- or four-octet option; undefined when it is not there. */
export function optionNumber(options: readonly Option[], type: number): number | undefined {
  const b = options.find((o) => o.type === type)?.data
  return b?.length === 4 ? u32(b, 0) : b?.length === 2 ? u16(b, 0) : undefined
}
