// DHCPv6 (RFC 8415 sections 8, 21; DNS options of RFC 3646). Messages between client and server; relays are not simulated.
import { type Ip6, readIp6, writeIp6 } from './addresses.ts'
import { put16, put32, u16, u32 } from './bytes.ts'
import { readName, writeName, writer } from './dns-name.ts'

export const CLIENT_PORT = 546
export const SERVER_PORT = 547
/** ff02::1:2, all relay agents and servers. */
export const ALL_SERVERS: Ip6 = 0xff020000000000000000000000010002n

export const MESSAGES = [
  'solicit',
  'advertise',
  'request',
  'confirm',
  'renew',
  'rebind',
  'reply',
  'release',
  'decline',
  'reconfigure',
  'information-request',
] as const
export type MessageType = (typeof MESSAGES)[number]

/** Codes of a status (section 21.13). */
export const SUCCESS = 0
export const NO_ADDRESSES = 2
export const NO_BINDING = 3
export const NOT_ON_LINK = 4

export const DNS_SERVERS = 23
export const DOMAIN_LIST = 24
export const REFRESH_TIME = 32

export type IaAddress = { readonly ip: Ip6; readonly preferred: number; readonly valid: number; readonly status: number }
export type Option =
  | { readonly type: 'client-id' | 'server-id'; readonly duid: Uint8Array }
  /** Times in seconds. `status`: what became of the whole of it. */
  | {
      readonly type: 'ia-na'
      readonly iaid: number
      readonly t1: number
      readonly t2: number
      readonly addresses: readonly IaAddress[]
      readonly status: number
    }
  | { readonly type: 'option-request'; readonly codes: readonly number[] }
  | { readonly type: 'preference'; readonly value: number }
  /** Hundredths of a second. */
  | { readonly type: 'elapsed'; readonly hundredths: number }
  | { readonly type: 'status'; readonly code: number; readonly message: string }
  | { readonly type: 'rapid-commit' }
  | { readonly type: 'dns-servers'; readonly servers: readonly Ip6[] }
  | { readonly type: 'domain-list'; readonly names: readonly string[] }
  | { readonly type: 'refresh-time'; readonly seconds: number }
  | { readonly type: 'other'; readonly code: number; readonly data: Uint8Array }

export type Dhcpv6 = { readonly message: MessageType; readonly transaction: number; readonly options: readonly Option[] }
export type Malformed = 'dhcpv6: truncated' | 'dhcpv6: unknown message' | 'dhcpv6: bad option'

const CODES = {
  'client-id': 1,
  'server-id': 2,
  'ia-na': 3,
  'option-request': 6,
  preference: 7,
  elapsed: 8,
  status: 13,
  'rapid-commit': 14,
  'dns-servers': DNS_SERVERS,
  'domain-list': DOMAIN_LIST,
  'refresh-time': REFRESH_TIME,
} as const
const IA_ADDRESS = 5
const STATUS = 13
const MAX_OPTIONS = 64

export function parse(b: Uint8Array, at: number, end: number): Dhcpv6 | Malformed {
  if (end - at < 4) return 'dhcpv6: truncated'
  const message = MESSAGES[b[at] - 1]
  if (message === undefined) return 'dhcpv6: unknown message'
  const options: Option[] = []
  const whole = each(b, at + 4, end, (code, from, to) => {
    options.push(one(b, code, from, to) ?? { type: 'other', code, data: b.slice(from, to) })
  })
  if (!whole) return 'dhcpv6: bad option'
  return { message, transaction: u32(b, at) & 0xffffff, options }
}

function each(b: Uint8Array, from: number, end: number, take: (code: number, from: number, to: number) => void): boolean {
  for (let at = from, count = 0; at < end; count++) {
    if (at + 4 > end || count === MAX_OPTIONS) return false
    const next = at + 4 + u16(b, at + 2)
    if (next > end) return false
    take(u16(b, at), at + 4, next)
    at = next
  }
  return true
}

function one(b: Uint8Array, code: number, from: number, to: number): Option | undefined {
  const size = to - from
  switch (code) {
    case CODES['client-id']:
    case CODES['server-id']:
      return { type: code === 1 ? 'client-id' : 'server-id', duid: b.slice(from, to) }
    case CODES['ia-na']:
      return identity(b, from, to)
    case CODES['option-request']: {
      if (size % 2 !== 0) return undefined
      const codes: number[] = []
      for (let i = from; i < to; i += 2) codes.push(u16(b, i))
      return { type: 'option-request', codes }
    }
    case CODES.preference:
      return size === 1 ? { type: 'preference', value: b[from] } : undefined
    case CODES.elapsed:
      return size === 2 ? { type: 'elapsed', hundredths: u16(b, from) } : undefined
    case CODES.status:
      return size < 2 ? undefined : { type: 'status', code: u16(b, from), message: text(b, from + 2, to) }
    case CODES['rapid-commit']:
      return size === 0 ? { type: 'rapid-commit' } : undefined
    case CODES['dns-servers']: {
      if (size % 16 !== 0) return undefined
      const servers: Ip6[] = []
      for (let i = from; i < to; i += 16) servers.push(readIp6(b, i))
      return { type: 'dns-servers', servers }
    }
    case CODES['domain-list']: {
      const names: string[] = []
      for (let i = from; i < to; ) {
        const read = readName(b, i, i, to)
        if (read === undefined) return undefined
        names.push(read.name)
        i = read.next
      }
      return { type: 'domain-list', names }
    }
    case CODES['refresh-time']:
      return size === 4 ? { type: 'refresh-time', seconds: u32(b, from) } : undefined
    default:
      return undefined
  }
}

/** An identity association with nothing inside but addresses and a status; anything else is left as it is. */
function identity(b: Uint8Array, from: number, to: number): Option | undefined {
  if (to - from < 12) return undefined
  const addresses: IaAddress[] = []
  let status = -1
  let known = true
  const whole = each(b, from + 12, to, (code, at, end) => {
    if (code === IA_ADDRESS && end - at >= 24) {
      const inner = statusOf(b, at + 24, end)
      if (inner === undefined) known = false
      else addresses.push({ ip: readIp6(b, at), preferred: u32(b, at + 16), valid: u32(b, at + 20), status: inner })
    } else if (code === STATUS && end - at >= 2 && status < 0) status = u16(b, at)
    else known = false
  })
  if (!whole || !known) return undefined
  return { type: 'ia-na', iaid: u32(b, from), t1: u32(b, from + 4), t2: u32(b, from + 8), addresses, status: Math.max(0, status) }
}

/** The status within an address: 0 when there is none, undefined when something else is there. */
function statusOf(b: Uint8Array, from: number, end: number): number | undefined {
  let status: number | undefined = 0
  const whole = each(b, from, end, (code, at, to) => {
    status = code === STATUS && to - at >= 2 ? u16(b, at) : undefined
  })
  return whole ? status : undefined
}

function text(b: Uint8Array, from: number, to: number): string {
  let s = ''
  for (let i = from; i < to; i++) s += String.fromCharCode(b[i])
  return s
}

const named = (names: readonly string[]): Uint8Array => {
  const w = writer()
  for (const name of names) writeName(w, name, false)
  return w.bytes.subarray(0, w.at)
}

/** A status of zero is not written: success is what is meant without one. */
const statusLen = (status: number): number => (status === 0 ? 0 : 6)

function dataLen(o: Option): number {
  switch (o.type) {
    case 'client-id':
    case 'server-id':
      return o.duid.length
    case 'ia-na':
      return 12 + o.addresses.reduce((n, a) => n + 28 + statusLen(a.status), 0) + statusLen(o.status)
    case 'option-request':
      return 2 * o.codes.length
    case 'preference':
      return 1
    case 'elapsed':
      return 2
    case 'status':
      return 2 + o.message.length
    case 'rapid-commit':
      return 0
    case 'dns-servers':
      return 16 * o.servers.length
    case 'domain-list':
      return named(o.names).length
    case 'refresh-time':
      return 4
    default:
      return o.data.length
  }
}

export const len = (m: Dhcpv6): number => m.options.reduce((n, o) => n + 4 + dataLen(o), 4)

export function emit(m: Dhcpv6, out: Uint8Array, at: number): void {
  put32(out, at, (((MESSAGES.indexOf(m.message) + 1) << 24) | m.transaction) >>> 0)
  let i = at + 4
  for (const option of m.options) {
    const size = dataLen(option)
    put16(out, i, option.type === 'other' ? option.code : CODES[option.type])
    put16(out, i + 2, size)
    write(option, out, i + 4)
    i += 4 + size
  }
}

function writeStatus(out: Uint8Array, at: number, status: number): number {
  if (status === 0) return at
  put32(out, at, (STATUS << 16) | 2)
  put16(out, at + 4, status)
  return at + 6
}

function write(o: Option, out: Uint8Array, at: number): void {
  switch (o.type) {
    case 'client-id':
    case 'server-id':
      return out.set(o.duid, at)
    case 'ia-na': {
      put32(out, at, o.iaid)
      put32(out, at + 4, o.t1)
      put32(out, at + 8, o.t2)
      let i = at + 12
      for (const { ip, preferred, valid, status } of o.addresses) {
        put32(out, i, (IA_ADDRESS << 16) | (24 + statusLen(status)))
        writeIp6(out, i + 4, ip)
        put32(out, i + 20, preferred)
        put32(out, i + 24, valid)
        i = writeStatus(out, i + 28, status)
      }
      writeStatus(out, i, o.status)
      return
    }
    case 'option-request':
      return o.codes.forEach((code, n) => {
        put16(out, at + 2 * n, code)
      })
    case 'preference':
      out[at] = o.value
      return
    case 'elapsed':
      return put16(out, at, o.hundredths)
    case 'status':
      put16(out, at, o.code)
      for (let i = 0; i < o.message.length; i++) out[at + 2 + i] = o.message.charCodeAt(i)
      return
    case 'rapid-commit':
      return
    case 'dns-servers':
      return o.servers.forEach((server, n) => {
        writeIp6(out, at + 16 * n, server)
      })
    case 'domain-list':
      return out.set(named(o.names), at)
    case 'refresh-time':
      return put32(out, at, o.seconds)
    case 'other':
      return out.set(o.data, at)
    default:
      o satisfies never
  }
}

type Of<T extends Option['type']> = Option & { readonly type: T }

/** The first option of a type. */
export const option = <T extends Option['type']>(m: Dhcpv6, type: T): Of<T> | undefined =>
  m.options.find((o): o is Of<T> => o.type === type)
