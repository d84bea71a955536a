import { dataText, typeOf } from '../../service/dns-stored.ts'
import type { DnsRecord } from '../../wire/dns.ts'

/** A resource record as shells print it: all text but the TTL. */
export type RecordView = { readonly name: string; readonly type: string; readonly ttl: number; readonly data: string }

export function recordView(record: DnsRecord): RecordView {
  if (record.type === 'OPT') return { name: '', type: 'OPT', ttl: 0, data: '' }
  return { name: record.name, type: typeOf(record), ttl: record.ttl, data: dataText(record) }
}
