// Addresses are numbers inside the engine; text appears only at the edges.
import { hexNumber } from './bytes.ts'

/** An unsigned 32-bit number. */
export type Ip4 = number
/** An unsigned 128-bit number. In stored state it is its canonical text, since JSON has no such numbers. */
export type Ip6 = bigint
/** Told apart by `typeof`. */
export type IpAddress = Ip4 | Ip6
/** A 48-bit number, exact in a double. */
export type Mac = number

export const MAC_BROADCAST: Mac = 0xffffffffffff
export const LIMITED_BROADCAST: Ip4 = 0xffffffff

export const formatIp = (ip: Ip4): string => `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`

/** Four decimal parts; leading zeros are refused because some systems read them as octal. */
export function parseIp(text: string): Ip4 | undefined {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (m === null) return undefined
  let ip = 0
  for (let i = 1; i <= 4; i++) {
    const part = Number(m[i])
    if (part > 255 || (m[i].length > 1 && m[i][0] === '0')) return undefined
    ip = ip * 256 + part
  }
  return ip
}

export const maskOf = (prefixLength: number): Ip4 => (prefixLength <= 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0)

/** The prefix length of a mask, or -1 when its ones are not contiguous. */
export function prefixOf(mask: Ip4): number {
  let length = 0
  while (length < 32 && ((mask << length) & 0x80000000) !== 0) length++
  return maskOf(length) === mask >>> 0 ? length : -1
}

export const networkOf = (ip: Ip4, len: number): Ip4 => (ip & maskOf(len)) >>> 0
export const broadcastOf = (ip: Ip4, len: number): Ip4 => (ip | ~maskOf(len)) >>> 0
export const inPrefix = (ip: Ip4, network: Ip4, len: number): boolean => ((ip ^ network) & maskOf(len)) === 0

export type Cidr = { readonly address: Ip4; readonly prefixLength: number }

export function parseCidr(text: string): Cidr | undefined {
  const m = /^([\d.]+)\/(\d{1,2})$/.exec(text)
  const address = m === null ? undefined : parseIp(m[1])
  if (m === null || address === undefined || Number(m[2]) > 32) return undefined
  return { address, prefixLength: Number(m[2]) }
}

export const isMulticastIp = (ip: Ip4): boolean => ip >>> 28 === 14
/** 169.254.0.0/16 (RFC 3927). */
export const isLinkLocalIp = (ip: Ip4): boolean => ip >>> 16 === 0xa9fe

export function formatMac(mac: Mac, separator = ':'): string {
  const digits = hexNumber(mac, 12)
  let s = digits.slice(0, 2)
  for (let i = 2; i < 12; i += 2) s += separator + digits.slice(i, i + 2)
  return s
}

export const formatMacWindows = (mac: Mac): string => formatMac(mac, '-').toUpperCase()
export const formatMacBare = (mac: Mac): string => hexNumber(mac, 12).toUpperCase()

/** Accepts 00:15:5d:00:00:01, 00-15-5D-00-00-01, 0015.5d00.0001 and 00155D000001. */
export function parseMac(text: string): Mac | undefined {
  const known =
    /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2}){4}$/i.test(text) ||
    /^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/i.test(text) ||
    /^[0-9a-f]{12}$/i.test(text)
  return known ? Number.parseInt(text.replace(/[:.-]/g, ''), 16) : undefined
}

/** The I/G bit: broadcast and multicast. */
export const isGroupMac = (mac: Mac): boolean => (Math.floor(mac / 0x10000000000) & 1) === 1

/** RFC 1112 section 6.4: the low 23 bits of the group under 01-00-5e. */
export const multicastMac = (ip: Ip4): Mac => 0x01005e000000 + (ip & 0x7fffff)

// IPv6. What is decided about these types: docs/decisions/0005-ipv6-addresses.md.

export const isIp6 = (ip: IpAddress): ip is Ip6 => typeof ip === 'bigint'

export const UNSPECIFIED_IP6: Ip6 = 0n
export const LOOPBACK_IP6: Ip6 = 1n
/** ff02::1 and ff02::2 (RFC 4291 section 2.7.1). */
export const ALL_NODES: Ip6 = 0xff020000000000000000000000000001n
export const ALL_ROUTERS: Ip6 = 0xff020000000000000000000000000002n
/** fe80::/10, with 54 zero bits behind it as everybody fills them. */
export const LINK_LOCAL_PREFIX: Ip6 = 0xfe80n << 112n

const scratch = new Uint8Array(16)
const halves = new DataView(scratch.buffer)

/** The sixteen octets at `at`. */
export function readIp6(b: Uint8Array, at: number): Ip6 {
  for (let i = 0; i < 16; i++) scratch[i] = b[at + i]
  return (halves.getBigUint64(0) << 64n) | halves.getBigUint64(8)
}

export function writeIp6(b: Uint8Array, at: number, ip: Ip6): void {
  halves.setBigUint64(0, ip >> 64n)
  halves.setBigUint64(8, ip & 0xffffffffffffffffn)
  for (let i = 0; i < 16; i++) b[at + i] = scratch[i]
}

export function ip6Bytes(ip: Ip6): Uint8Array {
  const out = new Uint8Array(16)
  writeIp6(out, 0, ip)
  return out
}

/** RFC 5952 text. IPv4-mapped addresses take the mixed form of its section 5. */
export function formatIp6(ip: Ip6): string {
  const mapped = mappedIp4(ip)
  if (mapped !== undefined) return `::ffff:${formatIp(mapped)}`
  writeIp6(scratch, 0, ip)
  const words: number[] = []
  for (let i = 0; i < 16; i += 2) words.push((scratch[i] << 8) | scratch[i + 1])
  let best = 0
  let bestLen = 1
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && words[i + n] === 0) n++
    if (n > bestLen) {
      best = i
      bestLen = n
    }
  }
  const text = (from: number, to: number) =>
    words
      .slice(from, to)
      .map((w) => w.toString(16))
      .join(':')
  return bestLen < 2 ? text(0, 8) : `${text(0, best)}::${text(best + bestLen, 8)}`
}

function words6(text: string): number[] | undefined {
  if (text === '') return []
  const words: number[] = []
  const parts = text.split(':')
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (i === parts.length - 1 && part.includes('.')) {
      const ip = parseIp(part)
      if (ip === undefined) return undefined
      words.push(ip >>> 16, ip & 0xffff)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      words.push(Number.parseInt(part, 16))
    } else {
      return undefined
    }
  }
  return words
}

/** An address without a zone; `parseScopedIp6` takes one with. */
export function parseIp6(text: string): Ip6 | undefined {
  const sides = text.split('::')
  if (sides.length > 2) return undefined
  const head = words6(sides[0])
  const tail = sides.length === 2 ? words6(sides[1]) : []
  if (head === undefined || tail === undefined) return undefined
  if (sides.length === 2 && sides[0].includes('.')) return undefined
  const gap = 8 - head.length - tail.length
  if (sides.length === 2 ? gap < 1 : gap !== 0) return undefined
  let ip = 0n
  for (const word of head) ip = (ip << 16n) | BigInt(word)
  ip <<= BigInt(16 * gap)
  for (const word of tail) ip = (ip << 16n) | BigInt(word)
  return ip
}

/** An address and the zone behind it (RFC 4007 section 11): an index in Windows, a name in Linux, '' when there is none. */
export type ScopedIp6 = { readonly ip: Ip6; readonly zone: string }

export function parseScopedIp6(text: string): ScopedIp6 | undefined {
  const cut = text.indexOf('%')
  const ip = parseIp6(cut < 0 ? text : text.slice(0, cut))
  if (ip === undefined || cut === text.length - 1) return undefined
  return { ip, zone: cut < 0 ? '' : text.slice(cut + 1) }
}

/** An address of either family, without a zone. */
export const parseAddress = (text: string): IpAddress | undefined => parseIp(text) ?? parseIp6(text)
export const formatAddress = (ip: IpAddress): string => (typeof ip === 'bigint' ? formatIp6(ip) : formatIp(ip))

/** An address in stored state: an Ip6 is its text there, an Ip4 the number that it always was. */
export type StoredIp = number | string
export const storeIp = (ip: IpAddress): StoredIp => (typeof ip === 'bigint' ? formatIp6(ip) : ip)
export const loadIp = (stored: StoredIp): IpAddress => (typeof stored === 'string' ? (parseIp6(stored) ?? 0n) : stored)

export type Cidr6 = { readonly address: Ip6; readonly prefixLength: number }

export function parseCidr6(text: string): Cidr6 | undefined {
  const m = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(text)
  const address = m === null ? undefined : parseIp6(m[1])
  if (m === null || address === undefined || Number(m[2]) > 128) return undefined
  return { address, prefixLength: Number(m[2]) }
}

const ONES = (1n << 128n) - 1n
const MASKS6: readonly Ip6[] = Array.from({ length: 129 }, (_, length) => (ONES << BigInt(128 - length)) & ONES)
export const maskOf6 = (prefixLength: number): Ip6 => MASKS6[prefixLength] as Ip6
export const networkOf6 = (ip: Ip6, len: number): Ip6 => ip & maskOf6(len)
export const inPrefix6 = (ip: Ip6, network: Ip6, len: number): boolean => (ip ^ network) >> BigInt(128 - len) === 0n

export const isMulticastIp6 = (ip: Ip6): boolean => ip >> 120n === 0xffn
/** fe80::/10 (RFC 4291 section 2.5.6). */
export const isLinkLocalIp6 = (ip: Ip6): boolean => ip >> 118n === 0x3fan
/** fc00::/7 (RFC 4193). */
export const isUniqueLocalIp6 = (ip: Ip6): boolean => ip >> 121n === 0x7en
/** The four bits of a group's scope (RFC 7346): 1 this interface, 2 this link, 5 this site, 14 everywhere. */
export const multicastScope = (ip: Ip6): number => Number((ip >> 112n) & 15n)

/** ff02::1:ff and the last 24 bits of the address (RFC 4291 section 2.7.1). */
export const solicitedNode = (ip: Ip6): Ip6 => 0xff0200000000000000000001ff000000n | (ip & 0xffffffn)
/** RFC 2464 section 7: the low 32 bits of the group under 33-33. */
export const multicastMac6 = (ip: Ip6): Mac => 0x333300000000 + Number(ip & 0xffffffffn)

export const mappedIp4 = (ip: Ip6): Ip4 | undefined => (ip >> 32n === 0xffffn ? Number(ip & 0xffffffffn) : undefined)
export const mapIp4 = (ip: Ip4): Ip6 => (0xffffn << 32n) | BigInt(ip)

/** The modified EUI-64 interface identifier of a MAC address (RFC 4291 appendix A). */
export function eui64(mac: Mac): Ip6 {
  const high = BigInt(Math.floor(mac / 0x1000000)) ^ 0x020000n
  return (high << 40n) | (0xfffen << 24n) | BigInt(mac % 0x1000000)
}

export const eui64LinkLocal = (mac: Mac): Ip6 => LINK_LOCAL_PREFIX | eui64(mac)
