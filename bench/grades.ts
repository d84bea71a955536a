// Grades that never change, and labs that everybody can solve: these print a number of exceptions to that, which must be zero.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredLab } from '../durable/engine/lab/lab-api.ts'
import { sha256 } from '../durable/grading/canonical.ts'
import { openRuntime } from '../durable/runtime.ts'
import { scriptFor } from '../durable/walk/for-variant.ts'
import { Solver } from '../durable/walk/solver.ts'
import { Walk } from '../durable/walk/walk.ts'
import { catalogue } from '../labs/index.ts'
import { solutions } from '../labs/solutions.ts'
import type { Benchmark } from './harness.ts'

const LABS = join(import.meta.dirname, '../labs')
const FIRST = Number(process.env['SEED'] ?? 1)
/** `GRADES=100`, `VARIANTS=500`: smaller runs. `LAB=no-network`: of one lab only. */
const GRADES = Number(process.env['GRADES'] ?? 1_000)
const VARIANTS = Number(process.env['VARIANTS'] ?? 10_000)
const only = process.env['LAB']

/** Every fifth grade is of a lab that was built and played anew. */
const ANEW = 5

function scriptOf(slug: string): string {
  const own = join(LABS, slug, 'solutions', 'walk.script')
  const [, folder = '', fault = ''] = /^(.+)-(\d+)$/.exec(slug) ?? []
  return readFileSync(existsSync(own) ? own : join(LABS, folder, 'faults', `${fault}.script`), 'utf8')
}

function played(yaml: string, slug: string, seed: number): Walk {
  const opened = openRuntime(yaml, seed)
  if (!opened.ok) throw new Error(`${slug} is wrong`)
  return new Walk(opened.lab).play(scriptFor(scriptOf(slug), opened.variant).steps)
}

/** Everything that a grade says, points, messages and evidence. */
function gradeOf(walk: Walk): string {
  const told = walk.check().map(({ shown, ...rest }) => ({ ...rest, shown: shown.map(({ bytes, ...one }) => [one, [...bytes]]) }))
  return sha256(JSON.stringify(told))
}

/** The lab as it is stored, opened by somebody else, with the same journal. */
function reopened(walk: Walk, yaml: string, slug: string): Walk {
  const opened = openRuntime(yaml, walk.lab.seed, JSON.parse(JSON.stringify(walk.lab.save())) as StoredLab)
  if (!opened.ok) throw new Error(`${slug} cannot be opened again`)
  const again = new Walk(opened.lab)
  again.journal.push(...walk.journal)
  again.answers.push(...walk.answers)
  again.sightings.splice(0, again.sightings.length, ...walk.sightings)
  return again
}

export function differentGrades(grades: number, tell: (what: string) => void): number {
  const labs = catalogue.filter(({ slug }) => only === undefined || slug === only)
  let different = 0
  let done = 0
  for (let at = 0; done < grades; at = (at + 1) % labs.length) {
    const { slug, yaml } = labs[at] as (typeof labs)[number]
    const seed = FIRST + done
    const walk = played(yaml, slug, seed)
    const first = gradeOf(walk)
    const rounds = Math.min(grades - done, Math.max(ANEW, Math.ceil(grades / labs.length)))
    for (let round = 1; round <= rounds; round++, done++) {
      const again = round % ANEW === 0 ? played(yaml, slug, seed) : reopened(walk, yaml, slug)
      if (gradeOf(again) === first) continue
      different++
      tell(`${slug}, seed ${seed}: another grade in round ${round}`)
    }
  }
  return different
}

export function unsolvable(slug: string, count: number, tell: (what: string) => void): number {
  const yaml = catalogue.find((one) => one.slug === slug)?.yaml ?? ''
  const made = Solver.of(yaml, solutions[slug] ?? '')
  if (!made.ok) throw new Error(`${slug} is wrong`)
  let wrong = 0
  for (let seed = FIRST; seed < FIRST + count; seed++) {
    const { outcome, missed } = made.solver.solve(seed)
    if (outcome === 'solved') continue
    wrong++
    tell(`${slug}, seed ${seed}: ${outcome}: ${missed.join('; ')}`)
  }
  return wrong
}

export const gradesIdentical: Benchmark = {
  name: 'grades-identical',
  says: 'grades given again, of the stored lab and of the lab played anew, over the catalogue; points, messages and evidence compared',
  run: () => ({
    value: differentGrades(GRADES, (what) => console.error(what)),
    unit: 'different grades',
    reference: GRADES,
    referenceIs: 'grades given again',
    runs: 1,
  }),
}

export const variantsSolvable: Benchmark = {
  name: 'variants-solvable',
  says: `${VARIANTS} variants of each graded lab, each built, not solved at first, and solved to all points by its own script`,
  run: () => {
    const slugs = Object.keys(solutions).filter((slug) => only === undefined || slug === only)
    const value = slugs.reduce((all, slug) => all + unsolvable(slug, VARIANTS, (what) => console.error(what)), 0)
    return { value, unit: 'unsolvable', reference: VARIANTS * slugs.length, referenceIs: 'variants', runs: 1 }
  },
}
