// One lookup of the operating system's resolver, and which servers it asks when (fact sheet 4.4).
import { loadTime, type Micros, SECOND, storeTime } from '../sim/time.ts'
import { type IpAddress, loadIp, type StoredIp, storeIp } from '../wire/addresses.ts'
import { loadRecord, type PlainRecord, type StoredRecord, storeRecord } from './dns-stored.ts'

export type LookupResult =
  | {
      readonly source: 'local' | 'cache' | 'hosts' | 'dns'
      /** The name that has the records: whole, and after aliases. */
      readonly canonical: string
      readonly records: readonly PlainRecord[]
    }
  | { readonly failure: 'not-found' | 'timeout' | 'no-server' }

export type Lookup = {
  readonly requester: string
  readonly token: number
  readonly type: string
  readonly origin: number
  /** The names to try in turn: the one asked for with each suffix. */
  readonly names: readonly string[]
  at: number
  /** Found, and about to be told. */
  result: LookupResult | undefined
  id: number
  port: number
  /** Rounds of queries sent for this name, when the first was, and who has been asked and has failed. */
  round: number
  begunAt: Micros
  due: Micros
  asked: IpAddress[]
  failed: IpAddress[]
  /** Of the two questions for a name's addresses: what they have in common, 0 = a question by itself. */
  readonly pair: number
  /** What it is looked for on the link as, when no server knows it; empty = not at all. */
  readonly link: string
  onLink: boolean
}

type StoredResult = {
  readonly source: 'local' | 'cache' | 'hosts' | 'dns'
  readonly canonical: string
  readonly records: readonly StoredRecord[]
}
export type StoredLookup = Omit<Lookup, 'result' | 'due' | 'asked' | 'failed' | 'pair' | 'link' | 'onLink'> & {
  readonly asked: readonly StoredIp[]
  readonly failed: readonly StoredIp[]
  readonly pair?: number
  readonly link?: string
  readonly onLink?: boolean
  readonly result: StoredResult | Extract<LookupResult, { failure: unknown }> | null
  readonly due: number | null
}

export function storeLookup(lookup: Lookup): StoredLookup {
  const { result } = lookup
  const stored =
    result === undefined ? null : 'failure' in result ? result : { ...result, records: result.records.map(storeRecord) }
  return {
    ...lookup,
    asked: lookup.asked.map(storeIp),
    failed: lookup.failed.map(storeIp),
    result: stored,
    due: storeTime(lookup.due),
  }
}

export function loadLookup(stored: StoredLookup): Lookup {
  const { result } = stored
  const loaded =
    result === null ? undefined : 'failure' in result ? result : { ...result, records: result.records.map(loadRecord) }
  return {
    ...stored,
    pair: stored.pair ?? 0,
    link: stored.link ?? '',
    onLink: stored.onLink ?? false,
    asked: stored.asked.map(loadIp),
    failed: stored.failed.map(loadIp),
    result: loaded,
    due: loadTime(stored.due),
  }
}

export type Schedule = {
  /** When each round begins, counted from the first; the last one is when it is given up. */
  readonly rounds: readonly Micros[]
  /** From this round on every server is asked. */
  readonly allFrom: number
}

const WINDOWS: Schedule = { rounds: [0, 1, 2, 4, 8, 10].map((s) => s * SECOND), allFrom: 2 }
const LINUX: Schedule = { rounds: [0, 5, 10].map((s) => s * SECOND), allFrom: 2 }

export const scheduleOf = (dialect: 'windows' | 'linux'): Schedule => (dialect === 'windows' ? WINDOWS : LINUX)

/** Whom a round asks, best interface first. Those that failed are left out. */
export function serversOf(
  schedule: Schedule,
  round: number,
  servers: readonly IpAddress[],
  failed: readonly IpAddress[],
): IpAddress[] {
  const left = servers.filter((server) => !failed.includes(server))
  if (left.length === 0) return []
  return round >= schedule.allFrom ? left : [left[Math.min(round, left.length - 1)]]
}

/** The names that a name may stand for. Undefined: it is not for DNS at all. */
export function namesFor(name: string, suffixes: readonly string[]): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  // RFC 6762 section 3: names under .local are for multicast DNS only.
  if (/(^|\.)local$/i.test(name)) return []
  if (name.includes('.')) return [name]
  return suffixes.filter((suffix) => suffix !== '').map((suffix) => `${name}.${suffix}`)
}
