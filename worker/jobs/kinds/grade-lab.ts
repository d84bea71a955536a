import { GiveUp, type Kind } from '../../../durable/jobs/kind.ts'
import { openDatabase } from '../../db/database.ts'
import { tenantDb } from '../../db/tenant/index.ts'
import type { Env } from '../../env.ts'
import { gradeLabNow } from '../../grading/grade-one.ts'
import { toKept } from '../../grading/report.ts'
import { Problem } from '../../problem.ts'

/** Grades a lab as it is, by the rubric of the job or by its own checks. The grade is the task's result and is written nowhere else. */
export const gradeLab: Kind<Env> = {
  name: 'grade-lab',
  lane: 'labs',
  attempts: 4,
  wait: 2_000,
  factor: 4,
  longest: 60_000,
  async run(env, { owner, payload, data }) {
    const { lab: id, submission, name } = payload as { lab: string; submission: string | null; name: string }
    const { rubric } = data as { rubric: string | null }
    const tenant = tenantDb(openDatabase(env.DB), owner.organisationId)
    const found = await tenant.labs.find(id)
    if (found === undefined || found.state === 'tombstone') throw new GiveUp('The lab was deleted.')
    const report = await gradeLabNow(env, tenant, found, rubric).catch((error: unknown) => {
      throw error instanceof Problem && error.status < 500 && error.status !== 409 && error.status !== 429
        ? new GiveUp(error.message)
        : error
    })
    return {
      lab: id,
      submission,
      name,
      points: report.score,
      of: report.of,
      digest: report.digest,
      engine: report.engine,
      report: toKept(report),
    }
  },
}
