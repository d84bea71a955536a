import type { Sighting } from '../../link/recorder.ts'
import type { Lab } from '../lab.ts'
import type { CheckMaterial, CheckOutcome } from '../lab-api.ts'
import type { Change } from '../query/index.ts'
import type { CheckContext, Found } from './context.ts'
import type { CheckDefinition } from './definition.ts'
import { runVerb } from './index.ts'
import { Moment } from './moment.ts'

/**
 * Runs checks on a lab. Each has three outcomes; a check that could not run costs nobody anything but its points. The lab is only
 * looked at: the outcome rests on it, the checks and the material, on nothing else.
 */
export function runChecks(lab: Lab, checks: readonly CheckDefinition[], material: CheckMaterial): CheckOutcome[] {
  const context = contextOf(lab, material)
  return checks.map((check) => judge(check, context, material.hints?.[check.id] ?? 0))
}

function contextOf(lab: Lab, { journal, seen, changes = () => [], answers = [] }: CheckMaterial): CheckContext {
  const moment = new Moment(lab)
  let known: readonly Sighting[] | undefined
  let changed: readonly Change[] | undefined
  let first: Lab | undefined
  return {
    lab,
    copy: () => moment.copy(),
    journal,
    seen: () => (known ??= seen()),
    changes: () => (changed ??= changes()),
    answers,
    beginning: () => (first ??= lab.beginning()),
    forks: new Map(),
  }
}

function judge(check: CheckDefinition, context: CheckContext, taken: number): CheckOutcome {
  const { id, title, points: of, hint } = check
  const finding = runVerb(check, context)
  const ladder = check.hints ?? []
  const cost = sum(ladder.slice(0, taken))
  const hints = { taken: Math.min(taken, ladder.length), of: ladder.length, cost }
  if ('couldNotRun' in finding) {
    const nothing = { packets: [], trial: false, shown: [], rows: [], lines: [], at: context.lab.now, expected: null }
    return { id, title, outcome: 'could-not-run', points: 0, of, message: finding.couldNotRun, hints, ...nothing }
  }
  const { passed, share = passed ? 1 : 0, packets = [], trial = false, shown = [], rows = [], lines = [], expected } = finding
  return {
    id,
    title,
    outcome: passed ? 'pass' : 'fail',
    points: Math.max(0, hundredths(of * share) - cost),
    of,
    message: said(check, finding, hint),
    packets: [...packets],
    trial,
    shown,
    rows,
    lines,
    at: finding.at ?? context.lab.now,
    hints,
    expected: expected ?? null,
  }
}

const sum = (ladder: readonly { readonly cost: number }[]): number => ladder.reduce((all, { cost }) => all + cost, 0)
const hundredths = (points: number): number => Math.round(points * 100) / 100

function said({ pass, fail }: CheckDefinition, { passed, message }: Found, hint: string): string {
  const own = passed ? pass : fail
  const whole = own === undefined ? message : `${own} ${message}`
  return passed || hint === '' ? whole : `${whole} ${hint}`
}
