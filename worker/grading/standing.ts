import type { GradeRow } from '../db/tenant/grades.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { type Points, pointsOf } from './points.ts'
import type { KeptReport } from './report.ts'

export const reportOf = (grade: Pick<GradeRow, 'report'>): KeptReport => grade.report as KeptReport

/** The points of a submission as they count now; null: it is not graded. */
export async function standing(tenant: TenantDb, submission: { readonly id: string; readonly latePercent: number }) {
  const [grade, overrides] = await Promise.all([tenant.grades.current(submission.id), tenant.grades.overrides(submission.id)])
  const points: Points | null = grade === undefined ? null : pointsOf(reportOf(grade).results, overrides, submission.latePercent)
  return { grade, overrides, points }
}
