import type { TenantDb } from '../db/tenant/index.ts'
import { time, toTime, z } from '../openapi.ts'
import { countingOf, pointsOf } from './points.ts'
import { keptCheck } from './report.ts'

const check = keptCheck.pick({ id: true, title: true, outcome: true, points: true, of: true }).extend({
  overridden: z.number().nullable().describe('points that a person gave instead'),
})

export const gradeLine = z
  .object({
    holder: z.string().describe('`person:ID` or `group:ID`'),
    name: z.string(),
    submission: z.string().describe('the one that counts'),
    lab: z.string().nullable().describe('its frozen lab'),
    attempt: z.number(),
    attempts: z.number(),
    state: z.enum(['making', 'submitted', 'grading', 'graded', 'failed']),
    submittedAt: time,
    latePercent: z.number(),
    points: z.number().nullable().describe('with what people changed and lateness; null: not graded yet'),
    earned: z.number().nullable(),
    of: z.number().nullable(),
    overridden: z.boolean(),
    rubricVersion: z.number().nullable(),
    digest: z.string().nullable(),
    checks: z.array(check),
  })
  .meta({ id: 'GradeLine' })
export type GradeLine = z.infer<typeof gradeLine>

type Listed = Awaited<ReturnType<TenantDb['grades']['list']>>[number]
type Given = { readonly submissionId: string; readonly checkId: string; readonly points: number }

/** One line for each who has handed in something, with the submission that counts. */
export function gradeLines(rows: readonly Listed[], given: readonly Given[], counts: 'last' | 'best'): GradeLine[] {
  const of = Map.groupBy(given, ({ submissionId }) => submissionId)
  const judged = rows
    .filter(({ submission }) => submission.state !== 'making')
    .map((row) => {
      const overrides = of.get(row.submission.id) ?? []
      const points = row.grade === null ? null : pointsOf(row.grade.results, overrides, row.submission.latePercent)
      return { row, overrides, points, attempt: row.submission.attempt, final: points?.final ?? null }
    })
  const holders = Map.groupBy(judged, ({ row }) => row.submission.holder)
  const lines = [...holders.values()].flatMap((attempts) => {
    const counting = countingOf(attempts, counts)
    return counting === undefined ? [] : [toLine(counting, attempts.length)]
  })
  return lines.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.holder < b.holder ? -1 : 1))
}

function toLine(
  { row, overrides, points }: { row: Listed; overrides: readonly Given[]; points: ReturnType<typeof pointsOf> | null },
  attempts: number,
): GradeLine {
  const { submission, grade, name } = row
  const by = new Map(overrides.map((one) => [one.checkId, one.points]))
  return {
    ...{
      holder: submission.holder,
      name,
      submission: submission.id,
      lab: submission.labId,
      attempt: submission.attempt,
      attempts,
    },
    ...{ state: submission.state, submittedAt: toTime(submission.submittedAt), latePercent: submission.latePercent },
    points: points?.final ?? null,
    earned: points?.earned ?? null,
    of: points?.of ?? null,
    overridden: overrides.length > 0,
    rubricVersion: grade?.rubricVersion ?? null,
    digest: grade?.digest ?? null,
    checks: (grade?.results ?? []).map((one) => ({
      ...{ id: one.id, title: one.title, outcome: one.outcome, points: one.points, of: one.of },
      overridden: by.get(one.id) ?? null,
    })),
  }
}
