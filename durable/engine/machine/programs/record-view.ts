import { formatIp } from '../../wire/addresses.ts'
import type { DnsRecord } from '../../wire/dns.ts'

/** A resource record as shells print it: all text but the TTL. */
export type RecordView = { readonly name: string; readonly type: string; readonly ttl: number; readonly data: string }

export function recordView(record: DnsRecord): RecordView {
  if (record.type === 'OPT') return { name: '', type: 'OPT', ttl: 0, data: '' }
  return { name: record.name, type: record.type, ttl: record.ttl, data: dataText(record) }
}

function dataText(record: Exclude<DnsRecord, { type: 'OPT' }>): string {
  switch (record.type) {
    case 'A':
      return formatIp(record.address)
    case 'AAAA':
      return record.address
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return record.target
    case 'MX':
      return `${record.preference} ${record.exchange}`
    case 'TXT':
      return record.strings.map((text) => `"${text}"`).join(' ')
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${record.target}`
    case 'SOA':
      return `${record.primary} ${record.mailbox} ${record.serial} ${record.refresh} ${record.retry} ${record.expire} ${record.minimum}`
    case 'other':
      return ''
    default:
      record satisfies never
      return ''
  }
}
