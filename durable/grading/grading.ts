import type { Answer, Caller } from '../contract.ts'
import type { LabKeeper, Live } from '../lab-keeper.ts'
import { badRubric, refuse } from '../refusal.ts'
import { readFreeze, writeFreeze } from '../store/freeze.ts'
import { readStored } from '../store/parts.ts'
import { gradeKept, type Kept, type Rubric, runKept, withoutAnswers } from './grade.ts'
import { pastOfRows } from './past.ts'
import type { Frozen, GradedCheck, GradeReport, GradeRequest } from './report.ts'
import { rubricFor } from './rubric-for.ts'

/** Checks, grades and the end of a lab's life as something that is worked in. */
export class Grading {
  private readonly keeper: LabKeeper

  constructor(keeper: LabKeeper) {
    this.keeper = keeper
  }

  /** What a student is told: nothing that the student has not found out. */
  check(live: Live, rubric?: string): Answer<{ score: number; of: number; results: GradedCheck[] }> {
    const chosen = this.rubric(live, rubric)
    if (!chosen.ok) return chosen
    const { kept, past } = this.stored(live)
    const results = withoutAnswers(runKept(kept, past, chosen.value.checks))
    const sum = (field: 'points' | 'of') => Math.round(results.reduce((total, result) => total + result[field], 0) * 100) / 100
    return { ok: true, value: { score: sum('points'), of: sum('of'), results } }
  }

  grade(live: Live, { rubric }: GradeRequest): Answer<GradeReport> {
    const chosen = this.rubric(live, rubric)
    if (!chosen.ok) return chosen
    const { kept, past } = this.stored(live)
    return { ok: true, value: gradeKept(kept, past, chosen.value) }
  }

  /** From now on nobody puts anything into the lab. To be called when time stands still in it and no real machine is there. */
  freeze({ lab }: Live, reason: string, caller: Caller): Answer<Frozen> {
    const before = readFreeze(this.keeper.db)
    if (before) return { ok: true, value: before }
    if (lab.ports().some(({ state }) => state === 'real'))
      return refuse(409, 'not-possible', 'A real machine is still plugged in.')
    this.keeper.settle()
    const frozen = { reason, by: caller.name, at: Date.now() }
    writeFreeze(this.keeper.db, frozen)
    return { ok: true, value: frozen }
  }

  private rubric({ lab: { definition }, row }: Live, text: string | undefined): Answer<Rubric> {
    const chosen = rubricFor({ yaml: row.definition, seed: row.seed, definition }, text)
    return chosen.ok ? { ok: true, value: chosen.rubric } : badRubric(chosen.faults)
  }

  /** What has a row, and nothing that only memory has. */
  private stored({ lab, row }: Live): { kept: Kept; past: ReturnType<typeof pastOfRows> } {
    this.keeper.settle()
    const { db } = this.keeper
    return { kept: { definition: lab.definition, seed: row.seed, stored: readStored(db) }, past: pastOfRows(this.keeper) }
  }
}
