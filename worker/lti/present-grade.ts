import type { TenantDb } from '../db/tenant/index.ts'
import { countingOf, pointsOf } from '../grading/points.ts'
import type { Score } from './grade-book.ts'

export type Present = Omit<Score, 'userId' | 'timestamp'>

const number = (value: number) => String(Math.round(value * 100) / 100)

/** How the work of a holder stands at this moment, as a platform is told; null: nothing has been handed in. */
export async function presentGrade(
  tenant: TenantDb,
  assignment: { readonly id: string; readonly counts: 'last' | 'best' },
  holder: string,
): Promise<Present | null> {
  const [rows, overrides] = await Promise.all([
    tenant.grades.list(assignment.id, holder),
    tenant.grades.overridesOf(assignment.id),
  ])
  const attempts = rows.map(({ submission, grade }) => {
    const own = overrides.filter(({ submissionId }) => submissionId === submission.id)
    const points = grade === null ? null : pointsOf(grade.results, own, submission.latePercent)
    return { attempt: submission.attempt, final: points?.final ?? null, points, submission }
  })
  const counting = countingOf(attempts, assignment.counts)
  if (counting === undefined) return null
  const { points, submission } = counting
  if (points === null) {
    const failed = submission.state === 'failed'
    return { points: null, of: 0, comment: '', activityProgress: 'Submitted', gradingProgress: failed ? 'Failed' : 'Pending' }
  }
  const reasons = (await tenant.grades.overrides(submission.id)).map(({ reason }) => reason)
  const comments = (await tenant.ltiReturns.comments(submission.id)).map(({ by, text }) => `${by}: ${text}`)
  const late = points.lost > 0 ? [`Late: ${number(points.lost)} points were taken off.`] : []
  const comment = [
    `${number(points.final)} of ${number(points.of)} points, attempt ${submission.attempt}.`,
    ...late,
    ...reasons,
    ...comments,
  ].join('\n')
  return {
    points: points.final,
    of: points.of,
    comment: comment.slice(0, 4_000),
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
  }
}
