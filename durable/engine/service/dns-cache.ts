// What a DNS server has learned, by name and type (RFC 1034 section 4.3.4, RFC 2308). Nothing ticks: an entry is looked at
// when it is used.
import { type Micros, SECOND } from '../sim/time.ts'
import * as dns from '../wire/dns.ts'
import { loadRecord, type PlainRecord, type StoredRecord, storeRecord, typeOf, withTtl } from './dns-stored.ts'
import { isUnder } from './dns-zone.ts'

export type CacheEntry = {
  readonly name: string
  /** Empty: no type of this name exists. */
  readonly type: string
  /** Empty: known not to exist. */
  readonly records: readonly PlainRecord[]
  /** The SOA record that says so. */
  readonly soa: PlainRecord | undefined
  readonly expiresAt: Micros
}

export type StoredCache = readonly {
  readonly name: string
  readonly type: string
  readonly records: readonly StoredRecord[]
  readonly soa: StoredRecord | null
  readonly expiresAt: Micros
}[]

/** RFC 2308 section 5 advises one to three hours at most for "no", RFC 1035 leaves "yes" open; a week is customary. */
const MAX_NEGATIVE_TTL = 3 * 3600
const MAX_TTL = 7 * 86400
const LIMIT = 4096
const MAX_ALIASES = 8

export type Found = {
  readonly rcode: number
  readonly answers: readonly PlainRecord[]
  readonly authorities: readonly PlainRecord[]
  /** The end of a chain of aliases that is not known; '' when the answer is whole. */
  readonly missing: string
}

export class DnsCache {
  private readonly entries = new Map<string, CacheEntry>()

  private put(entry: CacheEntry, now: Micros): void {
    if (entry.expiresAt <= now) return
    const key = keyOf(entry.name, entry.type)
    this.entries.delete(key)
    if (this.entries.size >= LIMIT) this.entries.delete(this.entries.keys().next().value as string)
    this.entries.set(key, entry)
  }

  /** Keeps record sets that belong under `zone`: a server is believed about what is its own only. */
  learn(records: readonly PlainRecord[], zone: string, now: Micros): void {
    const sets = new Map<string, PlainRecord[]>()
    for (const record of records) {
      const name = dns.canonical(record.name)
      if (!isUnder(name, zone)) continue
      const key = keyOf(name, typeOf(record))
      const set = sets.get(key)
      if (set === undefined) sets.set(key, [record])
      else set.push(record)
    }
    for (const set of sets.values()) {
      const [first] = set
      const ttl = set.reduce((least, r) => Math.min(least, r.ttl), MAX_TTL)
      this.put(
        { name: dns.canonical(first.name), type: typeOf(first), records: set, soa: undefined, expiresAt: now + ttl * SECOND },
        now,
      )
    }
  }

  /** RFC 2308 section 5: without an SOA record "no" is not kept. */
  learnMissing(name: string, type: string, soa: PlainRecord | undefined, now: Micros): void {
    if (soa?.type !== 'SOA') return
    const ttl = Math.min(soa.ttl, soa.minimum, MAX_NEGATIVE_TTL)
    this.put({ name: dns.canonical(name), type, records: [], soa, expiresAt: now + ttl * SECOND }, now)
  }

  get(name: string, type: string, now: Micros): CacheEntry | undefined {
    const entry = this.entries.get(keyOf(name, type))
    return entry !== undefined && entry.expiresAt > now ? entry : undefined
  }

  /** The answer to a question, following aliases; undefined when nothing is known. */
  find(asked: string, type: string, now: Micros): Found | undefined {
    const answers: PlainRecord[] = []
    let name = dns.canonical(asked)
    for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
      const entry = this.get(name, type, now)
      const missing = entry?.records.length === 0 ? entry : this.get(name, '', now)
      if (missing !== undefined) {
        const authorities = missing.soa === undefined ? [] : [aged(missing.soa, missing, now)]
        return { rcode: missing.type === '' ? dns.NXDOMAIN : dns.NOERROR, answers, authorities, missing: '' }
      }
      if (entry !== undefined) {
        for (const record of entry.records) answers.push(aged(record, entry, now))
        return { rcode: dns.NOERROR, answers, authorities: [], missing: '' }
      }
      const alias = type === 'CNAME' ? undefined : this.get(name, 'CNAME', now)
      const record = alias?.records[0]
      if (alias === undefined || record?.type !== 'CNAME') break
      answers.push(aged(record, alias, now))
      name = dns.canonical(record.target)
    }
    return answers.length === 0 ? undefined : { rcode: dns.NOERROR, answers, authorities: [], missing: name }
  }

  live(now: Micros): CacheEntry[] {
    return [...this.entries.values()].filter((entry) => entry.expiresAt > now)
  }

  clear(): void {
    this.entries.clear()
  }

  save(now: Micros): StoredCache {
    return this.live(now).map(({ name, type, records, soa, expiresAt }) => ({
      name,
      type,
      records: records.map(storeRecord),
      soa: soa === undefined ? null : storeRecord(soa),
      expiresAt,
    }))
  }

  load(stored: StoredCache): void {
    for (const { name, type, records, soa, expiresAt } of stored) {
      const entry = { name, type, records: records.map(loadRecord), soa: soa === null ? undefined : loadRecord(soa), expiresAt }
      this.entries.set(keyOf(name, type), entry)
    }
  }
}

const keyOf = (name: string, type: string): string => `${type} ${name}`

/** What is left of the time to live. */
const aged = (record: PlainRecord, entry: CacheEntry, now: Micros): PlainRecord =>
  withTtl(record, Math.ceil((entry.expiresAt - now) / SECOND))
