// What a word or a string of a filter means beside a field of some type. An answer that is text says why it means nothing.
import { ip6Bytes, parseIp, parseIp6, parseMac } from '../addresses.ts'
import { fromHex, put32 } from '../bytes.ts'
import type { FieldType, Names, Value } from './field.ts'
import type { Token } from './lexer.ts'

/** `prefix` is the length of a network's prefix: only so many bits of an address are compared. */
export type Constant = { readonly value: Value; readonly prefix?: number }

const MOST: { readonly [type in FieldType]?: number } = { uint8: 0xff, uint16: 0xffff, uint32: 0xffffffff }

export const TYPE_NAMES: { readonly [type in FieldType]: string } = {
  uint8: 'a number',
  uint16: 'a number',
  uint32: 'a number',
  boolean: 'true or false',
  time: 'a number of seconds',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  ether: 'a MAC address',
  bytes: 'octets such as 00:15:5d',
  string: 'a text in quotation marks',
  protocol: 'octets such as 00:15:5d',
}

/** Decimal, 0x hexadecimal, 0b binary, 0 octal, as in C. */
export function numberOf(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]{1,12}$/.test(text)) return Number.parseInt(text.slice(2), 16)
  if (/^0[bB][01]{1,48}$/.test(text)) return Number.parseInt(text.slice(2), 2)
  if (/^0[0-7]{1,16}$/.test(text)) return Number.parseInt(text, 8)
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function numeric(type: FieldType, token: Token, label: string, names: Names | undefined): Constant | string {
  const named = names?.[token.text.toLowerCase()]
  if (named !== undefined && Object.hasOwn(names ?? {}, token.text.toLowerCase())) return { value: named }
  const value = token.kind === 'char' ? token.text.charCodeAt(0) : token.kind === 'word' ? numberOf(token.text) : undefined
  const most = MOST[type] ?? 0
  if (value !== undefined) return value <= most ? { value } : `${label} is at most ${most}`
  if (token.kind === 'word' && /^-\d+$/.test(token.text)) return `${label} is never negative`
  const known = names === undefined ? '' : `, or one of: ${Object.keys(names).slice(0, 12).join(', ')}`
  return `${label} is compared with a number${known}`
}

const TRUTH: Names = { true: 1, false: 0, set: 1, 'not set': 0 }

function truth(token: Token, label: string): Constant | string {
  const word = token.text.toLowerCase()
  if (Object.hasOwn(TRUTH, word)) return { value: TRUTH[word] }
  const value = token.kind === 'word' ? numberOf(token.text) : undefined
  return value === undefined ? `${label} is compared with true or false` : { value: value === 0 ? 0 : 1 }
}

/** The part after the slash of a network. */
function prefixed(text: string, bits: number): { readonly address: string; readonly prefix?: number } | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return { address: text }
  const digits = text.slice(slash + 1)
  return /^\d{1,3}$/.test(digits) && Number(digits) <= bits
    ? { address: text.slice(0, slash), prefix: Number(digits) }
    : undefined
}

function address(text: string, label: string): Constant | string {
  const found = prefixed(text, 32)
  const value = found === undefined ? undefined : parseIp(found.address)
  if (found === undefined || value === undefined)
    return `${label} is compared with an IPv4 address such as 192.168.1.10 or 192.168.1.0/24`
  return found.prefix === undefined ? { value } : { value, prefix: found.prefix }
}

function address6(text: string, label: string): Constant | string {
  const found = prefixed(text, 128)
  const ip = found === undefined ? undefined : parseIp6(found.address)
  if (found === undefined || ip === undefined) return `${label} is compared with an IPv6 address such as fe80::1 or fe80::/10`
  const value = ip6Bytes(ip)
  return found.prefix === undefined ? { value } : { value, prefix: found.prefix }
}

function mac(text: string, label: string): Constant | string {
  const dots = /^[0-9a-fA-F]{2}(?:\.[0-9a-fA-F]{2}){5}$/.test(text)
  const value = parseMac(dots ? text.replaceAll('.', ':') : text)
  if (value !== undefined) return { value }
  const octets = bytesOf(text)
  if (octets === undefined) return `${label} is compared with a MAC address such as 00:15:5d:00:00:01`
  return `a MAC address has six octets, this has ${octets.length}; to compare the beginning, write ${label}[0:${octets.length}]`
}

/** `00:15:5d`, with - or . too, `0x15`, or digits without anything between them. */
export function bytesOf(text: string): Uint8Array | undefined {
  const bare = /^0[xX][0-9a-fA-F]{1,2}$/.test(text) ? text.slice(2) : text
  if (/^[0-9a-fA-F]$/.test(bare)) return fromHex(`0${bare}`)
  if (/^(?:[0-9a-fA-F]{2})+$/.test(bare)) return fromHex(bare)
  const groups = /^[0-9a-fA-F]{1,4}(?:([:.-])[0-9a-fA-F]{1,4}(?:\1[0-9a-fA-F]{1,4})*)?\1?$/.exec(bare)
  if (groups === null || groups[1] === undefined) return undefined
  const parts = bare.split(groups[1]).filter((part) => part !== '')
  return parts.every((part) => part.length !== 3)
    ? fromHex(parts.map((part) => (part.length === 1 ? `0${part}` : part)).join(''))
    : undefined
}

const ofText = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

function octets(token: Token, label: string): Constant | string {
  const value = token.kind === 'word' ? bytesOf(token.text) : ofText(token.text)
  return value === undefined ? `${label} is compared with octets such as 00:15:5d, or a text in quotation marks` : { value }
}

function seconds(text: string, label: string): Constant | string {
  const m = /^(\d{1,9})?(?:\.(\d{1,9}))?$/.exec(text)
  if (m === null || (m[1] === undefined && m[2] === undefined)) return `${label} is compared with a number of seconds`
  const micros = (m[2] ?? '').padEnd(9, '0')
  return { value: Number(m[1] ?? 0) * 1_000_000 + Number(micros) / 1000 }
}

/** `label` is what the filter calls the field, for the message. */
export function constant(type: FieldType, token: Token, label: string, names?: Names): Constant | string {
  switch (type) {
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return numeric(type, token, label, names)
    case 'boolean':
      return truth(token, label)
    case 'time':
      return seconds(token.text, label)
    case 'ipv4':
      return address(token.text, label)
    case 'ipv6':
      return address6(token.text, label)
    case 'ether':
      return mac(token.text, label)
    case 'string':
      return token.kind === 'word' || token.kind === 'string' || token.kind === 'char'
        ? { value: token.text }
        : `${label} is compared with a text`
    case 'bytes':
    case 'protocol':
      return octets(token, label)
    default:
      return type satisfies never
  }
}

/** A value as its octets, to be sliced or searched. Numbers have none: their width is the field's affair. */
export function octetsOf(type: FieldType, value: Value): Uint8Array {
  if (typeof value === 'string') return ofText(value)
  if (typeof value !== 'number') return value
  const out = new Uint8Array(type === 'ether' ? 6 : 4)
  put32(out, out.length - 4, value >>> 0)
  if (type === 'ether') {
    const high = Math.floor(value / 0x100000000)
    out[0] = high >> 8
    out[1] = high
    put32(out, 2, value % 0x100000000)
  }
  return out
}
