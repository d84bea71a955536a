import type { Sighting } from '../../link/recorder.ts'
import type { Lab } from '../lab.ts'
import type { CheckOutcome, JournalEntry } from '../lab-api.ts'
import { runVerb } from './index.ts'

/** Runs every check of a lab. Each has three outcomes; a check that could not run costs nobody anything but its points. */
export function runChecks(
  lab: Lab,
  copy: () => Lab,
  journal: readonly JournalEntry[],
  kept: () => readonly Sighting[],
): CheckOutcome[] {
  let known: readonly Sighting[] | undefined
  const seen = () => (known ??= kept())
  return lab.definition.checks.map((check) => {
    const { id, title, points, hint } = check
    const finding = runVerb(check, { lab, copy, journal, seen })
    if ('couldNotRun' in finding)
      return {
        id,
        title,
        outcome: 'could-not-run',
        points: 0,
        of: points,
        message: finding.couldNotRun,
        packets: [],
        trial: false,
      }
    const { passed, message, packets = [], trial = false } = finding
    return {
      id,
      title,
      outcome: passed ? 'pass' : 'fail',
      points: passed ? points : 0,
      of: points,
      message: passed || hint === '' ? message : `${message} ${hint}`,
      packets: [...packets],
      trial,
    }
  })
}
