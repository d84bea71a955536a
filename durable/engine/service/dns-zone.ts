// Answers out of zone data (RFC 1034 section 4.3.2).
import * as dns from '../wire/dns.ts'
import { dataOf, type PlainRecord, renamed } from './dns-stored.ts'

export type Zone = { readonly name: string; readonly records: readonly PlainRecord[] }

/** A zone as text, names whole and without trailing dots. */
export type ZoneText = {
  readonly name: string
  readonly records: readonly { readonly name: string; readonly type: string; readonly value: string; readonly ttl: number }[]
}

/** Records that do not fit their type are left out: a definition has been checked before. */
export function zoneOf(text: ZoneText): Zone {
  const records: PlainRecord[] = []
  for (const { name, type, value, ttl } of text.records) {
    const data = dataOf(type, value)
    if (data !== undefined) records.push({ name, ttl, ...data })
  }
  return { name: text.name, records }
}

export type ZoneAnswer = {
  readonly rcode: number
  readonly authoritative: boolean
  readonly answers: PlainRecord[]
  readonly authorities: PlainRecord[]
  readonly additionals: PlainRecord[]
}

const MAX_ALIASES = 8

/** The name without its first label; undefined above the root. */
export function parentOf(name: string): string | undefined {
  if (name === '') return undefined
  const labels = dns.labelsOf(name)
  return labels.slice(1).join('.')
}

/** Whether `name` is `zone` or below it; both canonical. */
export const isUnder = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`)

class Node {
  readonly records: PlainRecord[] = []
}

class ZoneIndex {
  readonly origin: string
  readonly nodes = new Map<string, Node>()
  readonly soa: PlainRecord

  constructor(zone: Zone) {
    this.origin = dns.canonical(zone.name)
    for (const record of zone.records) {
      const name = dns.canonical(record.name)
      if (isUnder(name, this.origin)) this.node(name).records.push(record)
    }
    const apex = this.node(this.origin)
    const soa = apex.records.find((r) => r.type === 'SOA')
    this.soa = soa ?? defaultSoa(zone.name, apex.records)
    if (soa === undefined) apex.records.push(this.soa)
  }

  /** Makes a name and those between it and the origin exist (RFC 4592 section 2.2.2: empty non-terminals). */
  private node(name: string): Node {
    let found = this.nodes.get(name)
    if (found !== undefined) return found
    found = new Node()
    this.nodes.set(name, found)
    const parent = name === this.origin ? undefined : parentOf(name)
    if (parent !== undefined) this.node(parent)
    return found
  }

  of(name: string, type: string): PlainRecord[] {
    return this.nodes.get(name)?.records.filter((r) => r.type === type) ?? []
  }

  /** The delegation that a name is at or below: the highest one, which is where authority ends. */
  cut(name: string): PlainRecord[] {
    let found: PlainRecord[] = []
    for (let at: string | undefined = name; at !== undefined && at !== this.origin; at = parentOf(at)) {
      const servers = this.of(at, 'NS')
      if (servers.length > 0) found = servers
    }
    return found
  }

  /** RFC 4592: the wildcard below the closest name that exists. */
  find(name: string): Node | undefined {
    const exact = this.nodes.get(name)
    if (exact !== undefined) return exact
    for (let at = parentOf(name); at !== undefined; at = parentOf(at)) {
      if (this.nodes.has(at)) return this.nodes.get(at === '' ? '*' : `*.${at}`)
      if (at === this.origin) break
    }
    return undefined
  }
}

/** A zone without an SOA record cannot say how long "no" holds: this one says five minutes. */
function defaultSoa(name: string, apex: readonly PlainRecord[]): PlainRecord {
  const server = apex.find((r) => r.type === 'NS')
  const primary = server?.type === 'NS' ? server.target : name === '' ? 'ns' : `ns.${name}`
  const mailbox = name === '' ? 'hostmaster' : `hostmaster.${name}`
  return { name, type: 'SOA', ttl: 300, primary, mailbox, serial: 1, refresh: 3600, retry: 600, expire: 86400, minimum: 300 }
}

export class Zones {
  private readonly zones: ZoneIndex[]

  constructor(zones: readonly Zone[]) {
    // The longest origin that fits is the zone of a name.
    this.zones = zones.map((zone) => new ZoneIndex(zone)).sort((a, b) => b.origin.length - a.origin.length)
  }

  private zoneFor(name: string): ZoneIndex | undefined {
    return this.zones.find((zone) => isUnder(name, zone.origin))
  }

  /** Undefined: none of these zones. */
  answer(asked: string, type: string): ZoneAnswer | undefined {
    const answers: PlainRecord[] = []
    let shown = asked
    for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
      const name = dns.canonical(shown)
      const zone = this.zoneFor(name)
      if (zone === undefined) return answers.length === 0 ? undefined : this.result(dns.NOERROR, true, answers, [])
      const cut = zone.cut(name)
      if (cut.length > 0) return this.result(dns.NOERROR, answers.length > 0, answers, cut)
      const node = zone.find(name)
      if (node === undefined) return this.result(dns.NXDOMAIN, true, answers, [zone.soa])
      const found = node.records.filter(
        (r) => type === 'ANY' || r.type === type || (r.type === 'other' && `TYPE${r.code}` === type),
      )
      for (const record of found) answers.push(renamed(record, shown))
      if (found.length > 0) return this.result(dns.NOERROR, true, answers, [])
      const alias = node.records.find((r) => r.type === 'CNAME')
      if (alias?.type !== 'CNAME') return this.result(dns.NOERROR, true, answers, [zone.soa])
      answers.push(renamed(alias, shown))
      shown = alias.target
    }
    return this.result(dns.SERVFAIL, true, [], [])
  }

  private result(rcode: number, authoritative: boolean, answers: PlainRecord[], authorities: PlainRecord[]): ZoneAnswer {
    const additionals: PlainRecord[] = []
    for (const record of [...answers, ...authorities]) {
      const target = record.type === 'NS' || record.type === 'SRV' ? record.target : record.type === 'MX' ? record.exchange : ''
      if (target !== '' && !additionals.some((r) => dns.sameName(r.name, target))) additionals.push(...this.glue(target))
    }
    return { rcode, authoritative, answers, authorities, additionals }
  }

  /** Addresses of a server that a delegation names, wherever they stand here: below the cut they are glue. */
  private glue(target: string): PlainRecord[] {
    const name = dns.canonical(target)
    for (const zone of this.zones) {
      const found = [...zone.of(name, 'A'), ...zone.of(name, 'AAAA')]
      if (found.length > 0) return found
    }
    return []
  }
}
