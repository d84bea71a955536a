import { faultText } from '../definition/parse.ts'
import { type Solved, Solver } from './solver.ts'

/** Lines and hands of a script that is played for somebody who waits. */
export const MOST_STEPS = 400

/** Whether a script solves a lab from one seed, in a lab that nobody keeps. */
export function solveOnce({ yaml, script, seed }: { yaml: string; script: string; seed: number }): Solved {
  const none = { seed, outcome: 'wrong', variant: [], points: 0, of: 0, events: 0 } as const
  const steps = script.split('\n').filter((line) => /^[^#\s]/.test(line)).length
  if (steps > MOST_STEPS) return { ...none, missed: [`the script has ${steps} steps; at most ${MOST_STEPS} are played here`] }
  const found = Solver.of(yaml, script)
  return found.ok ? found.solver.solve(seed) : { ...none, missed: found.faults.map(faultText) }
}
