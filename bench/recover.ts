// Nothing is lost and nothing is different: these print a number of differences, which must be zero.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killAndRecover, recordAndReplay } from '../test/engine/kill-recover.ts'
import type { Benchmark } from './harness.ts'

/** Sessions that are long enough for a lease to end and a computer to restart in them. `SEED=500` begins elsewhere. */
const LABS = 80
const INPUTS_A_LAB = 30
const FIRST = Number(process.env['SEED'] ?? 1)
const SESSIONS = 1000
const INPUTS_A_SESSION = 12

export const killRecover: Benchmark = {
  name: 'kill-recover',
  says: `${LABS * INPUTS_A_LAB} random inputs over ${LABS} random labs, each killed and put back from its rows after every input`,
  run: () => {
    let differences = 0
    for (let seed = FIRST; seed < FIRST + LABS; seed++) {
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

const ROOT = join(import.meta.dirname, '..')

export const recoveryWorkerd: Benchmark = {
  name: 'recovery-workerd',
  says: `inside workerd, ${SESSIONS} random sessions killed after every input and ${SESSIONS} run again: test/worker/replay.test.ts with its full count`,
  run: () => {
    const folder = mkdtempSync(join(tmpdir(), 'recovery-'))
    try {
      const file = join(folder, 'report.json')
      const args = ['run', '--project', 'worker', 'test/worker/replay.test.ts', '--reporter=json', `--outputFile=${file}`]
      spawnSync(join(ROOT, 'node_modules/.bin/vitest'), args, {
        cwd: ROOT,
        env: { ...process.env, VITE_SESSIONS: String(SESSIONS) },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const { numTotalTests, numPassedTests } = JSON.parse(readFileSync(file, 'utf8')) as Report
      if (numTotalTests !== 2 * SESSIONS) throw new Error(`${numTotalTests} sessions were run instead of ${2 * SESSIONS}`)
      const differences = numTotalTests - numPassedTests
      return { value: differences, unit: 'differences', reference: numTotalTests, referenceIs: 'sessions compared', runs: 1 }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

type Report = { readonly numTotalTests: number; readonly numPassedTests: number }
