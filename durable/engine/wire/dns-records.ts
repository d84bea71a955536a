// Resource records (RFC 1035 section 3; AAAA: RFC 3596; SRV: RFC 2782; OPT: RFC 6891). Re-exported by dns.ts.
import { formatIp6, type Ip4, ip6Bytes, parseIp6, readIp6 } from './addresses.ts'
import { ascii, put16, u16, u32 } from './bytes.ts'
import { readName, room, type Writer, write16, write32, writeBytes, writeName, writeText } from './dns-name.ts'

export const CLASS_IN = 1

export const TYPE: { readonly [name: string]: number } = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
}
const NAMES = new Map(Object.entries(TYPE).map(([name, code]) => [code, name]))

/** 'A', 'AAAA' ...; an unknown one is 'TYPE65280' (RFC 3597 section 5). */
export const typeName = (code: number): string => NAMES.get(code) ?? `TYPE${code}`
export const typeCode = (name: string): number => TYPE[name] ?? (/^TYPE\d{1,5}$/.test(name) ? Number(name.slice(4)) & 0xffff : 0)

type Named = {
  readonly name: string
  readonly ttl: number
  /** Left out for class IN. */
  readonly class?: number
}
export type Data =
  | { readonly type: 'A'; readonly address: Ip4 }
  | { readonly type: 'AAAA'; readonly address: string }
  | { readonly type: 'NS' | 'CNAME' | 'PTR'; readonly target: string }
  | {
      readonly type: 'SOA'
      readonly primary: string
      readonly mailbox: string
      readonly serial: number
      readonly refresh: number
      readonly retry: number
      readonly expire: number
      readonly minimum: number
    }
  | { readonly type: 'MX'; readonly preference: number; readonly exchange: string }
  | { readonly type: 'TXT'; readonly strings: readonly string[] }
  | { readonly type: 'SRV'; readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  | { readonly type: 'other'; readonly code: number; readonly data: Uint8Array }
/** The pseudo record of EDNS uses the class and TTL fields for its own ends. */
export type Opt = {
  readonly type: 'OPT'
  readonly udpSize: number
  readonly extendedRcode: number
  readonly version: number
  readonly dnssecOk: boolean
  readonly options: readonly { readonly code: number; readonly data: Uint8Array }[]
}
export type DnsRecord = (Named & Data) | Opt

export const recordTypeCode = (r: DnsRecord): number => (r.type === 'other' ? r.code : TYPE[r.type])

function writeData(w: Writer, r: DnsRecord): void {
  switch (r.type) {
    case 'A':
      write32(w, r.address)
      break
    case 'AAAA':
      writeBytes(w, ip6Bytes(parseIp6(r.address) ?? 0n))
      break
    case 'NS':
    case 'CNAME':
    case 'PTR':
      writeName(w, r.target, true)
      break
    case 'SOA':
      writeName(w, r.primary, true)
      writeName(w, r.mailbox, true)
      for (const v of [r.serial, r.refresh, r.retry, r.expire, r.minimum]) write32(w, v)
      break
    case 'MX':
      write16(w, r.preference)
      writeName(w, r.exchange, true)
      break
    case 'TXT':
      for (const s of r.strings.length === 0 ? [''] : r.strings) writeText(w, s)
      break
    case 'SRV':
      for (const v of [r.priority, r.weight, r.port]) write16(w, v)
      // RFC 2782: the target is never compressed.
      writeName(w, r.target, false)
      break
    case 'OPT':
      for (const o of r.options) {
        write16(w, o.code)
        write16(w, o.data.length)
        writeBytes(w, o.data)
      }
      break
    case 'other':
      writeBytes(w, r.data)
      break
    default:
      r satisfies never
  }
}

export function writeRecord(w: Writer, r: DnsRecord): void {
  writeName(w, r.type === 'OPT' ? '' : r.name, true)
  write16(w, recordTypeCode(r))
  if (r.type === 'OPT') {
    write16(w, r.udpSize)
    write32(w, r.extendedRcode * 0x1000000 + (r.version << 16) + (r.dnssecOk ? 0x8000 : 0))
  } else {
    write16(w, r.class ?? CLASS_IN)
    write32(w, r.ttl)
  }
  const at = room(w, 2)
  writeData(w, r)
  put16(w.bytes, at, w.at - at - 2)
}

function readText(b: Uint8Array, at: number, end: number): string[] | undefined {
  const strings: string[] = []
  let i = at
  while (i < end) {
    const next = i + 1 + b[i]
    if (next > end) return undefined
    strings.push(ascii(b, i + 1, next))
    i = next
  }
  return strings
}

function readOptions(b: Uint8Array, at: number, end: number): Opt['options'] | undefined {
  const options: { code: number; data: Uint8Array }[] = []
  let i = at
  while (i < end) {
    const next = i + 4 <= end ? i + 4 + u16(b, i + 2) : end + 1
    if (next > end) return undefined
    options.push({ code: u16(b, i), data: b.subarray(i + 4, next) })
    i = next
  }
  return options
}

/** RDATA of the types known here; undefined when it does not fit its type. Names may point into the whole message. */
function readData(code: number, b: Uint8Array, start: number, at: number, end: number): Data | undefined {
  switch (code) {
    case TYPE.A:
      return end - at === 4 ? { type: 'A', address: u32(b, at) } : undefined
    case TYPE.AAAA:
      return end - at === 16 ? { type: 'AAAA', address: formatIp6(readIp6(b, at)) } : undefined
    case TYPE.NS:
    case TYPE.CNAME:
    case TYPE.PTR: {
      const target = readName(b, start, at, end)
      if (target?.next !== end) return undefined
      return { type: code === TYPE.NS ? 'NS' : code === TYPE.PTR ? 'PTR' : 'CNAME', target: target.name }
    }
    case TYPE.SOA: {
      const primary = readName(b, start, at, end)
      const mailbox = primary && readName(b, start, primary.next, end)
      if (primary === undefined || mailbox?.next !== end - 20) return undefined
      const n = mailbox.next
      const [serial, refresh, retry, expire, minimum] = [0, 4, 8, 12, 16].map((k) => u32(b, n + k))
      return { type: 'SOA', primary: primary.name, mailbox: mailbox.name, serial, refresh, retry, expire, minimum }
    }
    case TYPE.MX: {
      const exchange = end - at < 3 ? undefined : readName(b, start, at + 2, end)
      return exchange?.next === end ? { type: 'MX', preference: u16(b, at), exchange: exchange.name } : undefined
    }
    case TYPE.TXT: {
      const strings = readText(b, at, end)
      return strings && { type: 'TXT', strings }
    }
    case TYPE.SRV: {
      const target = end - at < 7 ? undefined : readName(b, start, at + 6, end)
      if (target?.next !== end) return undefined
      return { type: 'SRV', priority: u16(b, at), weight: u16(b, at + 2), port: u16(b, at + 4), target: target.name }
    }
    default:
      return { type: 'other', code, data: b.subarray(at, end) }
  }
}

export type Read = { readonly record: DnsRecord; readonly next: number }

export function readRecord(b: Uint8Array, start: number, at: number, end: number): Read | undefined {
  const name = readName(b, start, at, end)
  if (name === undefined || name.next + 10 > end) return undefined
  const fixed = name.next
  const code = u16(b, fixed)
  const dataAt = fixed + 10
  const next = dataAt + u16(b, fixed + 8)
  if (next > end) return undefined
  if (code === TYPE.OPT) {
    const options = readOptions(b, dataAt, next)
    if (options === undefined || name.name !== '') return undefined
    const [extendedRcode, version, dnssecOk] = [b[fixed + 4], b[fixed + 5], (b[fixed + 6] & 0x80) !== 0]
    return { record: { type: 'OPT', udpSize: u16(b, fixed + 2), extendedRcode, version, dnssecOk, options }, next }
  }
  const data = readData(code, b, start, dataAt, next)
  if (data === undefined) return undefined
  const klass = u16(b, fixed + 2)
  const named = { name: name.name, ttl: u32(b, fixed + 4), ...(klass === CLASS_IN ? undefined : { class: klass }) }
  return { record: { ...named, ...data }, next }
}
