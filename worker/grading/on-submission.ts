import type { JobView, Owner } from '../../durable/jobs/contract.ts'
import type { SubmissionRow } from '../db/tenant/grades.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { enqueue, ownerOf } from '../jobs/queue-of.ts'
import { jobsFor } from './events.ts'

/**
 * After a submission was made, with its lab frozen and its row written: it is graded, and who wants to hear of it is told. Done again
 * it changes nothing. The job that grades it, as it stands.
 */
export async function submissionMade(
  env: Env,
  tenant: TenantDb,
  submission: Pick<SubmissionRow, 'id' | 'attempt' | 'submittedAt'>,
): Promise<JobView> {
  const owner = await ownerOf(tenant)
  const event = {
    type: 'submission.made',
    key: `submission.made.${submission.id}`,
    submissionId: submission.id,
    at: submission.submittedAt,
  } as const
  const grading = await enqueue(env, owner, {
    kind: 'grade-submission',
    key: `grade:${submission.id}`,
    label: 'Grade a submission',
    by: null,
    tasks: [{ key: submission.id, payload: { submission: submission.id } }],
  })
  for (const job of await jobsFor(env, tenant, owner, event)) await enqueue(env, owner, job)
  return grading
}

/** After points were changed by hand. `key` names the change. */
export async function gradeChanged(env: Env, tenant: TenantDb, owner: Owner, submissionId: string, key: string): Promise<void> {
  const event = { type: 'grade.changed', key: `grade.changed.${key}`, submissionId, at: Date.now() } as const
  for (const job of await jobsFor(env, tenant, owner, event)) await enqueue(env, owner, job)
}
