// A thousand grades over the catalogue: each lab, played to its end, graded again and again from what is stored, on other objects.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredLab } from '../durable/engine/lab/lab-api.ts'
import { gradeKept } from '../durable/grading/grade.ts'
import type { Past } from '../durable/grading/past.ts'
import { openRuntime } from '../durable/runtime.ts'
import { parseScript } from '../durable/walk/script.ts'
import { Walk } from '../durable/walk/walk.ts'
import { catalogue } from '../labs/index.ts'
import type { Benchmark } from './harness.ts'

const GRADES = Number(process.env.GRADES ?? 1_000)

type Submission = { readonly slug: string; readonly grade: () => string }

/** As far as its own solution brings it, where it has one in its folder; otherwise as it begins. */
function submission({ slug, yaml }: (typeof catalogue)[number]): Submission {
  const opened = openRuntime(yaml, 1)
  if (!opened.ok) throw new Error(`${slug}: ${opened.faults[0]?.reason}`)
  const walk = new Walk(opened.lab)
  const script = join(import.meta.dirname, '../labs', slug, 'solutions/walk.script')
  if (existsSync(script)) walk.play(parseScript(readFileSync(script, 'utf8')).steps)
  const { lab, sightings } = walk
  const { definition, seed } = lab
  const seen = sightings.flatMap(({ vantage, ...rest }) => {
    const place = lab.vantages[vantage]
    return place ? [{ ...rest, place }] : []
  })
  const past: Past = { branches: [], lines: [], seen: () => seen, changes: [] }
  const text = JSON.stringify(lab.save())
  const rubric = { checks: definition.checks, hash: null }
  return { slug, grade: () => gradeKept({ definition, seed, stored: JSON.parse(text) as StoredLab }, past, rubric).digest }
}

export const gradeAgain: Benchmark = {
  name: 'grade-again',
  says: `grades that are the same, to the digest over points and evidence, when they are done again over all ${catalogue.length} labs of the catalogue`,
  run() {
    const submissions = catalogue.map(submission)
    const first = submissions.map(({ grade }) => grade())
    let same = 0
    for (let done = 0; done < GRADES; done++) {
      const at = done % submissions.length
      if (submissions[at]?.grade() === first[at]) same++
      else console.error(`${submissions[at]?.slug} was graded otherwise`)
    }
    return { value: same, unit: 'grades', reference: GRADES, referenceIs: 'all of them', runs: 1 }
  },
}
