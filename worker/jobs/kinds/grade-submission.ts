import { GiveUp, type Kind } from '../../../durable/jobs/kind.ts'
import { openDatabase } from '../../db/database.ts'
import type { GradeRow } from '../../db/tenant/grades.ts'
import { type TenantDb, tenantDb } from '../../db/tenant/index.ts'
import type { Env } from '../../env.ts'
import { changesBetween } from '../../grading/changes.ts'
import { jobsFor } from '../../grading/events.ts'
import { gradeLabNow } from '../../grading/grade-one.ts'
import { pointsOf } from '../../grading/points.ts'
import { toKept } from '../../grading/report.ts'
import { reportOf } from '../../grading/standing.ts'
import { Problem } from '../../problem.ts'

/** Grades a submission by the rubric of its assignment; the result says what has changed. */
export const gradeSubmission: Kind<Env> = {
  name: 'grade-submission',
  lane: 'labs',
  attempts: 5,
  wait: 2_000,
  factor: 4,
  longest: 5 * 60_000,
  async run(env, attempt) {
    const { owner, payload, enqueue } = attempt
    const { submission: id } = payload as { submission: string }
    const tenant = tenantDb(openDatabase(env.DB), owner.organisationId)
    const found = await tenant.grades.find(id, '')
    if (found === undefined) throw new GiveUp('The submission was deleted.')
    const { submission, assignment, lab, name } = found
    if (lab === null || lab.state === 'tombstone') throw new GiveUp('The submitted lab is no longer kept.')
    if (submission.state !== 'graded') await tenant.grades.setState(id, 'grading')
    const report = await gradeLabNow(env, tenant, lab, assignment.rubric).catch((error: unknown) => {
      throw error instanceof Problem && error.status < 500 && error.status !== 409 && error.status !== 429
        ? new GiveUp(whole(error))
        : error
    })
    const kept = toKept(report)
    const gradedAt = Date.now()
    const known = await tenant.grades.current(id)
    const mine = `${attempt.job}.${attempt.task}`
    const same = known !== undefined && known.digest === report.digest && known.rubricVersion === assignment.rubricVersion
    const row: GradeRow | undefined = same ? known : undefined
    if (!same)
      await tenant.grades.store({
        ...{
          id: mine,
          submissionId: id,
          rubricVersion: assignment.rubricVersion,
          engineVersion: report.engine,
          points: report.score,
        },
        ...{ of: report.of, digest: report.digest, report: kept, gradedAt },
      })
    else if (submission.state !== 'graded') await tenant.grades.setState(id, 'graded')
    const before = await previous(tenant, id, known, row, mine)
    const overrides = await tenant.grades.overrides(id)
    const finalOf = (results: Parameters<typeof pointsOf>[0]) => pointsOf(results, overrides, submission.latePercent).final
    const changes = before === undefined ? [] : changesBetween(reportOf(before).results, kept.results)
    const now = { points: finalOf(kept.results), of: report.of }
    const was = before === undefined ? null : { points: finalOf(reportOf(before).results), of: before.of }
    // A grade that this very task has stored, before it was lost and begun again, is told of again: under the same key.
    const stored = !same || known.id === mine
    if (stored && (before === undefined || changes.length > 0)) {
      const type = before === undefined ? 'grade.made' : 'grade.changed'
      const event = { type, key: `${type}.${mine}`, submissionId: id, at: gradedAt } as const
      for (const job of await jobsFor(env, tenant, owner, event)) enqueue(job)
    }
    return {
      submission: id,
      holder: submission.holder,
      name,
      attempt: submission.attempt,
      digest: report.digest,
      before: was,
      after: now,
      changes,
    }
  },
  async gaveUp(env, { owner, payload }) {
    const { submission } = payload as { submission: string }
    const { grades } = tenantDb(openDatabase(env.DB), owner.organisationId)
    // An earlier grade stays; without one, people see that it failed.
    if ((await grades.current(submission)) === undefined) await grades.setState(submission, 'failed')
    else await grades.setState(submission, 'graded')
  },
}

/** The grade before this task, also when it had stored its own already. */
async function previous(
  tenant: TenantDb,
  submission: string,
  known: GradeRow | undefined,
  same: GradeRow | undefined,
  mine: string,
) {
  if (known === undefined || (same === undefined && known.id !== mine)) return known
  return known.id === mine ? tenant.grades.before(submission, known) : known
}

/** With line and field: who corrects a rubric wants to know where. */
const whole = ({ message, extra }: Problem) => `${extra.line === undefined ? '' : `Line ${extra.line}: `}${message}`
