// Addresses are numbers inside the engine; text appears only at the edges.
import { hexNumber } from './bytes.ts'

/** An unsigned 32-bit number. */
export type Ip4 = number
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

/** RFC 5952 text. IPv4-mapped addresses take the mixed form of its section 5. */
export function formatIp6(bytes: Uint8Array): string {
  const words: number[] = []
  for (let i = 0; i < 16; i += 2) words.push((bytes[i] << 8) | bytes[i + 1])
  if (words.slice(0, 5).every((w) => w === 0) && words[5] === 0xffff) {
    return `::ffff:${formatIp(((words[6] << 16) | words[7]) >>> 0)}`
  }
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

/** Sixteen octets; a zone (`%eth0`) is the caller's to cut off. */
export function parseIp6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = words6(halves[0])
  const tail = halves.length === 2 ? words6(halves[1]) : []
  if (head === undefined || tail === undefined) return undefined
  if (halves.length === 2 && halves[0].includes('.')) return undefined
  const gap = 8 - head.length - tail.length
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined
  const words = [...head, ...new Array<number>(gap).fill(0), ...tail]
  const out = new Uint8Array(16)
  for (let i = 0; i < 8; i++) {
    out[i * 2] = words[i] >> 8
    out[i * 2 + 1] = words[i]
  }
  return out
}

/** fe80:: with the modified EUI-64 interface identifier (RFC 4291 appendix A). */
export function eui64LinkLocal(mac: Mac): string {
  const out = new Uint8Array(16)
  const high = Math.floor(mac / 0x1000000)
  out[0] = 0xfe
  out[1] = 0x80
  out[8] = (high >> 16) ^ 2
  out[9] = high >> 8
  out[10] = high
  out[11] = 0xff
  out[12] = 0xfe
  out[13] = mac / 0x10000
  out[14] = mac / 0x100
  out[15] = mac
  return formatIp6(out)
}
