// Checks made of checks.
import type { Sighting } from '../../link/recorder.ts'
import type { Lab } from '../lab.ts'
import type { CheckContext, Finding, Found, Verb } from './context.ts'
import type { Inner, Step } from './definition.ts'
import { runVerb } from './index.ts'
import { linesLike } from './looking-back.ts'
import { Moment } from './moment.ts'
import { saySteps, take } from './steps.ts'

type Ran = { readonly inner: Inner; readonly finding: Finding }
type Shows = Pick<Found, 'packets' | 'shown' | 'rows' | 'lines' | 'trial' | 'at'>

/** Packets and rows of one result, however many parts it has. */
const MOST_SHOWN = 12

const passed = ({ finding }: Ran): boolean => 'passed' in finding && finding.passed
const found = ({ finding }: Ran): Found[] => ('passed' in finding ? [finding] : [])
const shareOf = (ran: Ran): number => found(ran)[0]?.share ?? (passed(ran) ? 1 : 0)
const told = ({ inner, finding }: Ran): string => {
  const text = 'passed' in finding ? finding.message : finding.couldNotRun
  return inner.title === '' ? text : `${inner.title}: ${text}`
}

/** What decided is shown. Packets of the lab and of copies have other numbers: those of the lab go before. */
function shows(deciding: readonly Ran[]): Shows {
  const all = deciding.flatMap(found)
  const own = all.filter(({ trial }) => trial !== true)
  const ofLab = own.flatMap(({ packets = [] }) => packets)
  const trial = ofLab.length === 0 && all.some((one) => one.trial === true)
  const last = all.findLast(({ at }) => at !== undefined)?.at
  return {
    packets: [...new Set(trial ? all.flatMap(({ packets = [] }) => packets) : ofLab)].slice(0, MOST_SHOWN),
    shown: trial ? all.flatMap(({ shown = [] }) => shown).slice(0, MOST_SHOWN) : [],
    trial,
    rows: all.flatMap(({ rows = [] }) => rows).slice(0, MOST_SHOWN),
    lines: [...new Set(all.flatMap(({ lines = [] }) => lines))].slice(0, MOST_SHOWN),
    ...(last === undefined ? {} : { at: last }),
  }
}

/** One that could not run says so for all, unless the rest decides without it. */
const blocked = (ran: readonly Ran[]): string | undefined => {
  const one = ran.find(({ finding }) => 'couldNotRun' in finding)
  return one && told(one)
}

const run = (checks: readonly Inner[], context: CheckContext): Ran[] =>
  checks.map((inner) => ({
    inner,
    finding: runVerb({ id: '', title: inner.title, points: 0, hint: '', verb: inner.verb }, context),
  }))

function weighed(ran: readonly Ran[]): number {
  const whole = ran.reduce((sum, { inner }) => sum + inner.weight, 0)
  const got = ran.reduce((sum, one) => sum + one.inner.weight * shareOf(one), 0)
  return whole === 0 ? 0 : got / whole
}

function allOf(ran: readonly Ran[], partial: boolean): Finding {
  const failing = ran.filter((one) => !passed(one))
  const couldNot = blocked(ran)
  const failed = failing.some(({ finding }) => 'passed' in finding)
  if (couldNot !== undefined && !failed && !partial) return { couldNotRun: couldNot }
  const is = failing.length === 0
  const share = is || partial ? { share: weighed(ran) } : {}
  const counted = is || ran.length === 1 ? '' : `${ran.length - failing.length} of ${ran.length}. `
  return { passed: is, ...share, message: `${counted}${(is ? ran : failing).map(told).join(' ')}`, ...shows(is ? ran : failing) }
}

export const all: Verb<'all'> = ({ checks, partial }, context) => allOf(run(checks, context), partial)

/** The one that is worth most. */
export const any: Verb<'any'> = ({ checks }, context) => {
  const ran = run(checks, context)
  const passing = ran.filter(passed)
  const worth = (one: Ran) => one.inner.worth * shareOf(one)
  const best = passing.reduce<Ran | undefined>(
    (most, one) => (most === undefined || worth(one) > worth(most) ? one : most),
    undefined,
  )
  if (best) return { passed: true, share: worth(best), message: told(best), ...shows([best]) }
  const couldNot = blocked(ran)
  if (couldNot !== undefined && ran.every(({ finding }) => 'couldNotRun' in finding)) return { couldNotRun: couldNot }
  return { passed: false, message: ran.map(told).join(' '), ...shows(ran) }
}

export const not: Verb<'not'> = ({ checks }, context) => {
  const ran = run(checks, context)
  const passing = ran.filter(passed)
  const couldNot = blocked(ran)
  if (passing.length === 0 && couldNot !== undefined) return { couldNotRun: couldNot }
  const deciding = passing.length > 0 ? passing : ran
  return { passed: passing.length === 0, message: deciding.map(told).join(' '), ...shows(deciding) }
}

export const atLeast: Verb<'at-least'> = ({ checks, number, partial }, context) => {
  const ran = run(checks, context)
  const passing = ran.filter(passed)
  const is = passing.length >= number
  const couldNot = blocked(ran)
  const possible = passing.length + ran.filter(({ finding }) => 'couldNotRun' in finding).length
  if (!is && !partial && couldNot !== undefined && possible >= number) return { couldNotRun: couldNot }
  const share = is ? 1 : partial ? passing.length / number : 0
  const rest = is ? passing : ran.filter((one) => !passed(one))
  return {
    passed: is,
    share,
    message: `${passing.length} of ${ran.length}, ${number} are asked for. ${rest.map(told).join(' ')}`,
    ...shows(rest),
  }
}

/** A copy to which something was done, and what was seen meanwhile. Made once for all checks that ask for the same. */
export function after(context: CheckContext, steps: readonly Step[]): CheckContext | { readonly couldNotRun: string } {
  const key = JSON.stringify(steps)
  const known = context.forks.get(key)
  if (known) return known
  const made = changed(context, steps)
  context.forks.set(key, made)
  return made
}

function changed(context: CheckContext, steps: readonly Step[]): CheckContext | { readonly couldNotRun: string } {
  const lab = context.copy()
  lab.operate({ do: 'mode', mode: 'instant' }, -1)
  const seen: Sighting[] = []
  const from = lab.nextSighting
  let read = from
  const gather = () => {
    for (const one of lab.sightings(read)) seen.push(one)
    read = lab.nextSighting
    if (seen.length > MOST_SEEN) seen.splice(0, seen.length - MOST_SEEN)
  }
  lab.readBy(gather)
  for (const step of steps) {
    const why = take(lab, step)
    if (why !== undefined) return { couldNotRun: why }
  }
  gather()
  lab.readBy(() => {})
  const moment = new Moment(lab)
  return { ...context, lab, copy: () => moment.copy(), seen: () => seen, changes: () => [], forks: new Map(), fork: true }
}

const MOST_SEEN = 20_000

export const survives: Verb<'survives'> = ({ what, before, partial, checks }, context) => {
  // What does not work before has survived nothing.
  if (before) {
    const first = allOf(run(checks, context), partial)
    if ('couldNotRun' in first) return first
    if (!first.passed) return { ...first, message: `Before anything is done: ${first.message}` }
  }
  const changedContext = after(context, what)
  const when = `After ${saySteps(what)}`
  if ('couldNotRun' in changedContext) return { couldNotRun: `${when}: ${changedContext.couldNotRun}` }
  const finding = allOf(run(checks, changedContext), partial)
  if ('couldNotRun' in finding) return { couldNotRun: `${when}: ${finding.couldNotRun}` }
  return { ...finding, message: `${when}: ${finding.message}`, at: finding.at ?? changedContext.lab.now }
}

export const during: Verb<'during'> = ({ from, until, checks }, context) => {
  const lineAt = (moment: typeof from) =>
    moment === undefined ? undefined : linesLike(context.journal, moment.machine, moment.line)[0]
  const [first, last] = [lineAt(from), lineAt(until)]
  if (from !== undefined && first === undefined) return { passed: false, message: `Nobody has typed ${from.line} yet.` }
  if (until !== undefined && last === undefined) return { passed: false, message: `Nobody has typed ${until.line} yet.` }
  let one: Lab | undefined
  const copy = () => (one ??= context.copy())
  if (first === undefined && last === undefined) return allOf(run(checks, { ...context, copy }), false)
  const window = { since: first?.at ?? 0, until: last?.at ?? Number.MAX_SAFE_INTEGER }
  const journal = context.journal.filter(({ at }) => at >= window.since && at <= window.until)
  const found = allOf(run(checks, { ...context, copy, journal, window }), false)
  const lines = [first, last].flatMap((line) => (line ? [line.id] : []))
  return 'couldNotRun' in found ? found : { ...found, lines: [...new Set([...lines, ...(found.lines ?? [])])] }
}
