// Many submissions graded again in one call to the running service.
import { child } from './child.ts'
import type { Benchmark } from './harness.ts'

const SUBMISSIONS = Number(process.env['SUBMISSIONS'] ?? 200)

export const regradeClass: Benchmark = {
  name: 'regrade-class',
  says: `${SUBMISSIONS} submissions of the first lab graded again in one call, until the job has ended; each, with its progress asked for`,
  run: () => {
    const { value, steps, total } = child<{ value: number; steps: number; total: number }>('regrade-class', [SUBMISSIONS])
    return {
      value,
      unit: 'milliseconds',
      reference: total / 1000 / Math.max(steps, 1),
      referenceIs: `seconds from one step of the progress that was seen to the next, of ${steps}`,
      runs: SUBMISSIONS,
    }
  },
}
