// Verbs that look at what happened: lines that were typed, packets that were seen.
import { matchesWildcard } from '../../machine/wildcard.ts'
import type { JournalEntry } from '../lab-api.ts'
import { type Event, type History, parseQuery, type Query, runQuery } from '../query/index.ts'
import type { PacketEvent } from '../query/query.ts'
import { type CheckContext, type Finding, packetsSeen, type Verb } from './context.ts'
import type { PacketAsked } from './verbs-of-history.ts'

const MOST_LINES = 8

/** Lines of a machine's terminals that fit; `*` stands for anything, case does not matter. */
export const linesLike = (journal: readonly JournalEntry[], machine: string | undefined, pattern: string): JournalEntry[] =>
  journal.filter(
    ({ console, line }) =>
      (machine === undefined || console === machine || console.startsWith(`${machine}:`)) &&
      matchesWildcard(`*${pattern}*`, line.trim()),
  )

export const commandUsed: Verb<'command-used'> = ({ machine, pattern, succeeded, expect = true }, { journal }) => {
  const all = linesLike(journal, machine, pattern)
  const found = succeeded === undefined ? all : all.filter(({ exitStatus }) => (exitStatus === 0) === succeeded)
  const lines = found.slice(-MOST_LINES).map(({ id }) => id)
  const [entry] = found
  if (entry) return { passed: expect, message: `"${entry.line.trim()}" was typed on ${machine}.`, lines }
  const but = all.length === 0 ? '' : ` that ${succeeded ? 'worked' : 'failed'}`
  return { passed: !expect, message: `Nobody has typed ${pattern} on ${machine} yet${but}.` }
}

/** A packet of this protocol whose description contains the text was seen at the machine. */
export const packetSeen: Verb<'packet-seen'> = ({ machine, protocol, text }, context) => {
  const packets = packetsSeen(context, machine, (seen, info) => seen === protocol && info.includes(text))
  return packets.length > 0
    ? {
        passed: true,
        message: `${packets.length === 8 ? 'At least 8' : packets.length} such packets were seen at ${machine}.`,
        packets,
      }
    : { passed: false, message: `No ${protocol} packet with "${text}" has been seen at ${machine} lately.` }
}

function ask(query: Query, context: CheckContext, expect: boolean): Finding {
  const { lab, journal, window } = context
  const history: History = {
    sightings:
      window === undefined ? context.seen() : context.seen().filter(({ time }) => time >= window.since && time <= window.until),
    vantages: lab.vantages,
    journal: journal.map(({ exitStatus = null, endedAt = null, ...line }) => ({ ...line, exitStatus, endedAt })),
    changes: context.changes(),
    machines: lab.machineNames(),
  }
  const { holds, why, evidence } = runQuery(query, history)
  const lines = evidence.commands.slice(0, MOST_LINES)
  return {
    passed: holds === expect,
    message: why,
    packets: evidence.packets.slice(0, MOST_LINES),
    lines,
    ...(context.fork ? { trial: true } : {}),
  }
}

function eventOf({ filter, at, direction, verdict, by }: PacketAsked): PacketEvent {
  return {
    kind: 'packet',
    filter,
    ...(at === undefined ? {} : { at }),
    ...(direction === undefined ? {} : { direction }),
    ...(verdict === undefined ? {} : { verdict: verdict as NonNullable<PacketEvent['verdict']> }),
    ...(by === undefined ? {} : { by }),
  }
}

/** So many packets that a filter lets pass were seen, or none. */
export const packets: Verb<'packets'> = ({ since, until, atLeast, atMost, expect, ...asked }, context) => {
  const event: Event = { ...eventOf(asked), ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
  const least: Query = { kind: 'count', event, is: '>=', number: atLeast ?? 1 }
  const most: Query = { kind: 'count', event, is: '<=', number: atMost ?? 0 }
  if (atLeast === undefined && atMost === undefined) return ask({ kind: 'some', event }, context, expect)
  if (atMost === undefined) return ask(least, context, expect)
  return ask(atLeast === undefined ? most : { kind: 'and', all: [least, most] }, context, expect)
}

export const packetOrder: Verb<'packet-order'> = ({ steps, within, expect }, context) => {
  const [first, ...rest] = steps.map(eventOf)
  if (first === undefined) return { couldNotRun: 'No packet is named.' }
  const limit = within === undefined ? {} : { within }
  return ask({ kind: 'then', first, steps: rest.map((event) => ({ event, ...limit })) }, context, expect)
}

export const history: Verb<'history'> = ({ query, expect }, context) => {
  const parsed = parseQuery(query)
  return parsed.ok ? ask(parsed.query, context, expect) : { couldNotRun: `The question cannot be read: ${parsed.message}.` }
}
