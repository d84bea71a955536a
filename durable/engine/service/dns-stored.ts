// Resource records as plain data for rows, and as text for people.
import { formatIp, parseIp } from '../wire/addresses.ts'
import { fromHex, hex } from '../wire/bytes.ts'
import type { Data, DnsRecord } from '../wire/dns.ts'

/** A record without EDNS, which never lives longer than its message. */
export type PlainRecord = Exclude<DnsRecord, { type: 'OPT' }>

type OtherRecord = Extract<PlainRecord, { type: 'other' }>
export type StoredRecord = Exclude<PlainRecord, { type: 'other' }> | (Omit<OtherRecord, 'data'> & { readonly data: string })

export const storeRecord = (record: PlainRecord): StoredRecord =>
  record.type === 'other' ? { ...record, data: hex(record.data, 0, record.data.length) } : record

export const loadRecord = (stored: StoredRecord): PlainRecord =>
  stored.type === 'other' ? { ...stored, data: fromHex(stored.data) } : stored

/** A copy that lives for `ttl` seconds, or has another owner. */
export const withTtl = (record: PlainRecord, ttl: number): PlainRecord => ({ ...record, ttl })
export const renamed = (record: PlainRecord, name: string): PlainRecord => (record.name === name ? record : { ...record, name })

export const isPlain = (record: DnsRecord): record is PlainRecord => record.type !== 'OPT'

/** Which name of the wire's record types this is: `A`, `TYPE65280`. */
export const typeOf = (record: PlainRecord): string => (record.type === 'other' ? `TYPE${record.code}` : record.type)

/** RDATA as a zone file has it. */
export function dataText(record: PlainRecord): string {
  switch (record.type) {
    case 'A':
      return formatIp(record.address)
    case 'AAAA':
      return record.address
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return record.target
    case 'SOA':
      return [record.primary, record.mailbox, record.serial, record.refresh, record.retry, record.expire, record.minimum].join(
        ' ',
      )
    case 'MX':
      return `${record.preference} ${record.exchange}`
    case 'TXT':
      return record.strings.map((s) => `"${s}"`).join(' ')
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${record.target}`
    case 'other':
      return `\\# ${record.data.length} ${hex(record.data, 0, record.data.length)}`
    default:
      return record satisfies never
  }
}

/** The data of a record from its text, or undefined when it does not fit the type. */
export function dataOf(type: string, text: string): Data | undefined {
  const words = text.trim().split(/\s+/)
  const numbers = words.map(Number)
  switch (type) {
    case 'A': {
      const address = parseIp(text.trim())
      return address === undefined ? undefined : { type, address }
    }
    case 'AAAA':
      return { type, address: text.trim() }
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return words.length === 1 ? { type, target: bare(words[0]) } : undefined
    case 'MX':
      return words.length === 2 ? { type, preference: numbers[0], exchange: bare(words[1]) } : undefined
    case 'SRV':
      return words.length === 4
        ? { type, priority: numbers[0], weight: numbers[1], port: numbers[2], target: bare(words[3]) }
        : undefined
    case 'SOA': {
      const [, , serial, refresh, retry, expire, minimum] = numbers
      if (words.length !== 7) return undefined
      return { type, primary: bare(words[0]), mailbox: bare(words[1]), serial, refresh, retry, expire, minimum }
    }
    case 'TXT': {
      const quoted = text.match(/"[^"]*"/g)
      return { type, strings: quoted === null ? [text] : quoted.map((s) => s.slice(1, -1)) }
    }
    default:
      return undefined
  }
}

const bare = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name)
