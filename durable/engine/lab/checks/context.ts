import type { Sighting } from '../../link/recorder.ts'
import type { Kernel } from '../../machine/kernel.ts'
import { inPrefix, parseAddress, parseIp } from '../../wire/addresses.ts'
import { dissect } from '../../wire/dissect.ts'
import type { Lab } from '../lab.ts'
import type { GivenAnswer, JournalEntry, Shown, ShownRow } from '../lab-api.ts'
import type { Change } from '../query/index.ts'
import { type MachineTable, tableText } from '../tables.ts'
import type { CheckDefinition, CheckVerb } from './definition.ts'
import { shownOf } from './moment.ts'

/** What a check may look at, and how it gets a copy to act in. */
export type CheckContext = {
  /** Only to look at. */
  readonly lab: Lab
  readonly copy: () => Lab
  readonly journal: readonly JournalEntry[]
  /** Everything that is kept of the packets, oldest first. */
  readonly seen: () => readonly Sighting[]
  readonly changes: () => readonly Change[]
  readonly answers: readonly GivenAnswer[]
  /** The lab as it was when it began; only to look at. */
  readonly beginning: () => Lab
  /** Copies to which something was done, by what: they are only looked at, so they serve all checks that ask for the same. */
  readonly forks: Map<string, CheckContext | { readonly couldNotRun: string }>
  /** The lab is such a copy. */
  readonly fork?: true
  /** What happened is looked at between these lab times. */
  readonly window?: { readonly since: number; readonly until: number }
}

/** What a verb found, and what shows it. */
export type Finding = Found | { readonly couldNotRun: string }
export type Found = {
  readonly passed: boolean
  /** Of the points; absent: all or nothing. */
  readonly share?: number
  readonly message: string
  /** Of the lab, or of a copy: then they are in `shown`. */
  readonly packets?: readonly number[]
  readonly trial?: boolean
  readonly shown?: readonly Shown[]
  readonly rows?: readonly ShownRow[]
  /** Lines of the journal. */
  readonly lines?: readonly number[]
  /** The right answer to a task. */
  readonly expected?: string
  readonly at?: number
}

export type VerbOf<K extends CheckVerb['kind']> = Extract<CheckVerb, { kind: K }>
export type Verb<K extends CheckVerb['kind']> = (verb: VerbOf<K>, context: CheckContext, check: CheckDefinition) => Finding

/** The evidence of a trial: packets of the copy, kept with what was found. */
export const tried = (copy: Lab, packets: readonly number[]): Pick<Found, 'packets' | 'trial' | 'shown' | 'at'> => ({
  packets,
  trial: true,
  shown: shownOf(copy, packets),
  at: copy.now,
})

/** A machine's system calls, or why the check cannot run. */
export function machineOf(context: CheckContext, name: string): { kernel: Kernel } | { couldNotRun: string } {
  const machine = context.lab.parts.machines.get(name)
  const kernel = context.lab.kernel(name)
  if (!machine || !kernel) return { couldNotRun: `There is no machine ${name}.` }
  return machine.power === 'on' ? { kernel } : { couldNotRun: `${machine.hostname} is not running.` }
}

/**
 * The address that a word of a check stands for: an address, `gateway`, that of `machine/adapter`, or a machine's: of several one in a
 * network that the asking machine is in, else the first; an IPv6 address where it has no other.
 */
export function addressOf(context: CheckContext, machine: string, word: string): string | undefined {
  if (parseAddress(word) !== undefined) return word
  const slash = word.indexOf('/')
  const [name, adapter] = slash < 0 ? [word, undefined] : [word.slice(0, slash), word.slice(slash + 1).toLowerCase()]
  const interfaces = context.lab.kernel(word === 'gateway' ? machine : name)?.interfaces() ?? []
  if (word === 'gateway') return interfaces.flatMap((i) => i.gateways)[0]
  const its = interfaces.filter((i) => (adapter === undefined ? i.kind !== 'loopback' && i.up : i.name.toLowerCase() === adapter))
  const four = its.flatMap((i) => i.addresses)
  const here = name === machine ? [] : (context.lab.kernel(machine)?.interfaces() ?? []).flatMap((i) => (i.up ? i.addresses : []))
  const near = four.find((one) =>
    here.some((own) => inPrefix(parseIp(one.address) ?? 0, parseIp(own.address) ?? 0, own.prefixLength)),
  )
  const six = its.flatMap((i) => i.ip6?.addresses ?? []).find((one) => one.origin !== 'link-local')
  return (near ?? four[0] ?? six)?.address
}

/** A lab, and how it began. */
export type Around = Pick<CheckContext, 'lab' | 'beginning'>

/** What an adapter is called now that was called so in the beginning; the name as it is where that tells nothing. */
export function adapterNow({ lab, beginning }: Around, machine: string, name: string): string {
  const alike = (via: { readonly name: string }) => via.name.toLowerCase() === name.toLowerCase()
  const now = lab.kernel(machine)?.adapters() ?? []
  if (now.length === 0 || now.some(alike)) return name
  const first = beginning().kernel(machine)?.adapters().find(alike)
  return now.find(({ index }) => index === first?.index)?.name ?? name
}

/** What a program is to be told of a word: names of the lab become addresses, everything else stays as it is. */
export function hostOf(context: CheckContext, machine: string, word: string): string | undefined {
  const ours = word === 'gateway' || context.lab.parts.machines.has(word.split('/')[0] as string)
  return ours ? addressOf(context, machine, word) : word
}

/** The network of the Default Switch at this moment, as `address/length`. */
export function defaultSwitchPrefix(lab: Lab): string | undefined {
  for (const { hyperV } of lab.parts.machines.values()) {
    const network = hyperV && lab.kernel(hyperV.name.split('/')[0] as string)?.hyperV?.hnsNetworks()[0]
    if (network) return network.addressPrefix
  }
  return undefined
}

/** Rows of a table that a check shows. */
const MOST_ROWS = 4

/** The rows of a machine's table that fit, as evidence. */
export function rowsOf(
  { lab }: CheckContext,
  machine: string,
  table: MachineTable,
  fits: (row: readonly string[]) => boolean,
): ShownRow[] {
  const rows = tableText(lab, machine, table)?.rows.filter(fits) ?? []
  return rows.slice(0, MOST_ROWS).map((row) => ({ machine, table, row: row.join(' · ') }))
}

/** Packets that a check shows. */
const MOST_SHOWN = 8

/** Packets of the always-on capture seen at a machine that fit, newest last, at most eight. */
export function packetsSeen(
  { lab, seen: kept }: CheckContext,
  machine: string,
  fits: (protocol: string, info: string, sighting: Sighting) => boolean,
): number[] {
  const places = new Map(lab.vantages.filter((v) => v.machine === machine).map((v) => [v.number, v]))
  const found = new Set<number>()
  const all = kept()
  for (let at = all.length - 1; at >= 0 && found.size < MOST_SHOWN; at--) {
    const sighting = all[at] as Sighting
    const place = places.get(sighting.vantage)
    if (!place || found.has(sighting.packet)) continue
    const seen = dissect(sighting.bytes, place.linkType, undefined, sighting.length)
    if (fits(seen.protocol, seen.info, sighting)) found.add(sighting.packet)
  }
  return [...found].reverse()
}
