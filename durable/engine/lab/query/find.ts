// Where in a history an event happened.
import type { Sighting } from '../../link/recorder.ts'
import { matchesWildcard } from '../../machine/wildcard.ts'
import type { Micros } from '../../sim/time.ts'
import { matches, parseFilter } from '../../wire/filter/index.ts'
import { nearest } from '../../wire/filter/suggest.ts'
import { sayTime } from './duration.ts'
import { isVerdict } from './parse.ts'
import {
  type ChangeEvent,
  type CommandEvent,
  type Event,
  eventsOf,
  type History,
  inside,
  MAX_DEPTH,
  MAX_EVENTS,
  MAX_TEXT,
  type PacketEvent,
  type Query,
} from './query.ts'

/** One time that an event happened. */
export type Found = {
  readonly at: Micros
  /** What happens at the same moment: a line is typed before the packets that it causes are sent. */
  readonly rank: number
  readonly sequence: number
  readonly packet?: number
  readonly command?: number
  /** A sentence's subject: `packet 17 at ubuntu1/eth0`. */
  readonly what: string
}

export const inOrder = (a: Found, b: Found): number => a.at - b.at || a.rank - b.rank || a.sequence - b.sequence
export const same = (a: Found, b: Found): boolean => a.rank === b.rank && a.sequence === b.sequence
/** As part of a sentence. */
export const say = (found: Found): string => `${found.what} (${sayTime(found.at)})`

const inWindow = ({ since, until }: Event, at: Micros): boolean =>
  (since === undefined || at >= since) && (until === undefined || at <= until)
const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const machineOf = (console: string): string => console.split(':')[0]
/** Verdicts of packets that went on, or that nobody there had asked for. */
const PASSED: ReadonlySet<string> = new Set(['sent', 'delivered', 'forwarded', 'not-for-us', 'same-port'])

function packets(event: PacketEvent, history: History): Found[] {
  const parsed = parseFilter(event.filter)
  if (!parsed.ok) return []
  const { filter } = parsed
  const named = (place: string) => event.at === undefined || sameName(event.at, place)
  const places = new Map(
    history.vantages.flatMap((one) => {
      const where = `${one.machine}/${one.adapter}`
      return named(one.machine) || named(where) ? [[one.number, { where, linkType: one.linkType }] as const] : []
    }),
  )
  const { by } = event
  const origins =
    by === undefined
      ? undefined
      : new Set(history.journal.filter(({ line }) => matchesWildcard(by, line.trim())).map(({ id }) => id))
  const wanted = (s: Sighting) =>
    (event.direction === undefined || s.direction === event.direction) &&
    (event.verdict === undefined || (event.verdict === 'dropped' ? !PASSED.has(s.verdict) : s.verdict === event.verdict)) &&
    (origins === undefined || origins.has(s.origin)) &&
    inWindow(event, s.time)
  const found: Found[] = []
  for (const s of history.sightings) {
    const place = places.get(s.vantage)
    if (place === undefined || !wanted(s)) continue
    const { bytes, time, length, packet } = s
    const subject = { bytes, linkType: place.linkType, number: packet, timeMicros: time, interfaceName: place.where, length }
    if (!matches(filter, subject)) continue
    found.push({ at: time, rank: 1, sequence: s.sequence, packet, what: `packet ${packet} at ${place.where}` })
  }
  return found
}

function commands(event: CommandEvent, history: History): Found[] {
  const found: Found[] = []
  const { on, status, output } = event
  for (const line of history.journal) {
    const at = event.ended ? line.endedAt : line.at
    if (at === null || !inWindow(event, at)) continue
    if (on !== undefined && !sameName(on, line.console) && !sameName(on, machineOf(line.console))) continue
    if (
      status === 'failed' ? line.exitStatus === null || line.exitStatus === 0 : status !== undefined && line.exitStatus !== status
    )
      continue
    if (output !== undefined && !line.output.includes(output)) continue
    if (!matchesWildcard(event.line, line.line.trim())) continue
    const what = `${event.ended ? 'the end of ' : ''}line ${line.id} on ${line.console}, “${shortened(line.line.trim())}”`
    found.push({ at, rank: event.ended ? 2 : 0, sequence: line.id, command: line.id, what })
  }
  return found
}

const shortened = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 57)}…`)

function changes(event: ChangeEvent, history: History): Found[] {
  const found: Found[] = []
  const fits = (pattern: string | undefined, value: string | number | boolean | null) =>
    pattern === undefined || matchesWildcard(pattern, `${value}`)
  history.changes?.forEach(({ at, part, field, before, after }, sequence) => {
    if (!inWindow(event, at) || !matchesWildcard(event.part, part) || !matchesWildcard(event.field, field)) return
    if (!fits(event.from, before) || !fits(event.to, after)) return
    found.push({
      at,
      rank: 3,
      sequence,
      what: `the change of ${part} ${field} from ${shortened(`${before}`)} to ${shortened(`${after}`)}`,
    })
  })
  return found
}

/** Every time that it happened, in order. */
export function find(event: Event, history: History): readonly Found[] {
  switch (event.kind) {
    case 'packet':
      return packets(event, history).sort(inOrder)
    case 'command':
      return commands(event, history).sort(inOrder)
    case 'change':
      return changes(event, history).sort(inOrder)
    default:
      return event satisfies never
  }
}

const isTime = (value: number | undefined): boolean => value === undefined || (Number.isSafeInteger(value) && value >= 0)

/** Why an event cannot be looked for: a filter that is wrong, a name that nobody has. */
function trouble(event: Event, history: History): string | undefined {
  if (!isTime(event.since) || !isTime(event.until)) return 'A time is a whole number of microseconds, not below zero.'
  const machines = [
    ...new Set([
      ...(history.machines ?? []),
      ...history.vantages.map((v) => v.machine),
      ...history.journal.map((j) => machineOf(j.console)),
    ]),
  ]
  const missing = (name: string, more: readonly string[]): string | undefined => {
    const known = [...machines, ...more]
    if (known.some((one) => sameName(one, name))) return undefined
    const near = nearest(name, known)
    return `There is no machine ${name} in this lab${near === undefined ? '' : `; did you mean ${near}?`}${near === undefined ? '.' : ''}`
  }
  switch (event.kind) {
    case 'packet': {
      const parsed = parseFilter(event.filter)
      if (!parsed.ok) return `The filter “${event.filter}” is wrong at character ${parsed.at + 1}: ${parsed.message}.`
      if (event.verdict !== undefined && !isVerdict(event.verdict)) return `There is no verdict ${event.verdict}.`
      return event.at === undefined
        ? undefined
        : missing(
            event.at,
            history.vantages.map((v) => `${v.machine}/${v.adapter}`),
          )
    }
    case 'command':
      return event.on === undefined
        ? undefined
        : missing(
            event.on,
            history.journal.map((line) => line.console),
          )
    case 'change':
      return history.changes === undefined ? 'This history has no changes of state.' : undefined
    default:
      return event satisfies never
  }
}

/** Why a query cannot be answered. What cannot be answered never holds, not even under `not`: a slip of the pen is no proof. */
export function refusal(query: Query, history: History): string | undefined {
  let level: readonly Query[] = [query]
  let events = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > 2 * MAX_DEPTH) return `Queries are nested at most ${MAX_DEPTH} deep.`
    for (const one of level) {
      if ((one.kind === 'and' || one.kind === 'or') && one.all.length === 0) return `“${one.kind}” joins nothing.`
      const limits =
        one.kind === 'within'
          ? [one.micros]
          : one.kind === 'then'
            ? one.steps.map((s) => s.within)
            : one.kind === 'every'
              ? [one.within]
              : []
      if (!limits.every(isTime)) return 'A time is a whole number of microseconds, not below zero.'
      for (const event of eventsOf(one)) {
        if (++events > MAX_EVENTS) return `A query has at most ${MAX_EVENTS} events.`
        if (Object.values(event).some((value) => typeof value === 'string' && value.length > MAX_TEXT))
          return 'A text of the query is too long.'
        const wrong = trouble(event, history)
        if (wrong !== undefined) return wrong
      }
    }
    level = level.flatMap(inside)
    if (level.length > 4 * MAX_EVENTS) return `A query has at most ${MAX_EVENTS} events.`
  }
  return undefined
}
