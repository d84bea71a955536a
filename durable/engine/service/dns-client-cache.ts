// The cache of an operating system's resolver: whole answers by the name that was asked for (fact sheet 4.4).
import { type Micros, SECOND } from '../sim/time.ts'
import * as dns from '../wire/dns.ts'
import { dataText, loadRecord, type PlainRecord, type StoredRecord, storeRecord, typeOf } from './dns-stored.ts'

const MAX_TTL = 86400
const NEGATIVE_TTL = 300
const LIMIT = 1000

export type CachedAnswer = {
  readonly entry: string
  readonly type: string
  /** Empty: there is no such name, or no such record of it. */
  readonly records: readonly PlainRecord[]
  readonly expiresAt: Micros
}

export type StoredClientCache = readonly (Omit<CachedAnswer, 'records'> & { readonly records: readonly StoredRecord[] })[]

/** `DnsCacheView` of machine/views.ts, which stands above this layer. */
export type DnsCacheRow = {
  readonly entry: string
  readonly name: string
  readonly type: string
  readonly data: string
  readonly expiresAt: number
  readonly found: boolean
}

export class DnsClientCache {
  private readonly entries = new Map<string, CachedAnswer>()

  put(name: string, type: string, records: readonly PlainRecord[], now: Micros): void {
    const ttl = records.reduce((least, r) => Math.min(least, r.ttl), MAX_TTL)
    this.keep({ entry: name, type, records, expiresAt: now + ttl * SECOND }, now)
  }

  putMissing(name: string, type: string, soa: PlainRecord | undefined, now: Micros): void {
    const ttl = soa?.type === 'SOA' ? Math.min(NEGATIVE_TTL, soa.ttl, soa.minimum) : NEGATIVE_TTL
    this.keep({ entry: name, type, records: [], expiresAt: now + ttl * SECOND }, now)
  }

  private keep(answer: CachedAnswer, now: Micros): void {
    if (answer.expiresAt <= now) return
    const key = keyOf(answer.entry, answer.type)
    this.entries.delete(key)
    if (this.entries.size >= LIMIT) this.entries.delete(this.entries.keys().next().value as string)
    this.entries.set(key, answer)
  }

  get(name: string, type: string, now: Micros): CachedAnswer | undefined {
    const answer = this.entries.get(keyOf(name, type))
    return answer !== undefined && answer.expiresAt > now ? answer : undefined
  }

  clear(): void {
    this.entries.clear()
  }

  rows(now: Micros): DnsCacheRow[] {
    return [...this.entries.values()].filter((a) => a.expiresAt > now).flatMap(rowsOf)
  }

  save(now: Micros): StoredClientCache {
    return [...this.entries.values()].filter((a) => a.expiresAt > now).map((a) => ({ ...a, records: a.records.map(storeRecord) }))
  }

  load(stored: StoredClientCache): void {
    for (const answer of stored) {
      this.entries.set(keyOf(answer.entry, answer.type), { ...answer, records: answer.records.map(loadRecord) })
    }
  }
}

const keyOf = (name: string, type: string): string => `${type} ${dns.canonical(name)}`

function rowsOf({ entry, type, records, expiresAt }: CachedAnswer): DnsCacheRow[] {
  if (records.length === 0) return [{ entry, name: entry, type, data: '', expiresAt, found: false }]
  return records.map((r) => ({ entry, name: r.name, type: typeOf(r), data: dataText(r), expiresAt, found: true }))
}
