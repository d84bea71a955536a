// Nothing is lost and nothing is different: these two print a number of differences, which must be zero.
import { killAndRecover, recordAndReplay } from '../test/engine/kill-recover.ts'
import type { Benchmark } from './harness.ts'

const LABS = 100
const INPUTS_A_LAB = 20
const SESSIONS = 1000
const INPUTS_A_SESSION = 12

export const killRecover: Benchmark = {
  name: 'kill-recover',
  says: `${LABS * INPUTS_A_LAB} random inputs over ${LABS} random labs, each killed and put back from its rows after every input`,
  run: () => {
    let differences = 0
    for (let seed = 1; seed <= LABS; seed++) {
      const found = killAndRecover(seed, INPUTS_A_LAB)
      differences += found.differences
      if (found.first !== '') console.error(found.first)
    }
    return { value: differences, unit: 'differences', reference: LABS * INPUTS_A_LAB, referenceIs: 'inputs compared', runs: 1 }
  },
}

export const replaySessions: Benchmark = {
  name: 'replay',
  says: `${SESSIONS} random sessions of ${INPUTS_A_SESSION} inputs, each run again from definition, seed and inputs`,
  run: () => {
    let differences = 0
    for (let seed = 1; seed <= SESSIONS; seed++) {
      const found = recordAndReplay(10_000 + seed, INPUTS_A_SESSION)
      if (found === undefined) continue
      differences++
      console.error(found)
    }
    return { value: differences, unit: 'differences', reference: SESSIONS, referenceIs: 'sessions compared', runs: 1 }
  },
}
