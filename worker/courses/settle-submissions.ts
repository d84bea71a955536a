// What was handed in and got stuck on its way: whoever was making it is gone, or the queue did not take it.
import type { Caller } from '../../durable/contract.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { SubmissionRow } from '../db/tenant/submissions.ts'
import type { Env } from '../env.ts'
import { submissionMade } from '../grading/on-submission.ts'
import { usableLab } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { Problem } from '../problem.ts'

/** After so long nobody is at work on it any more. */
export const STALE_MS = 120_000
/** Of one organisation at once; the next look goes on. */
const MOST = 100
/** While somebody looks at a class, it is looked after so often from each place. */
const EVERY_MS = 60_000
const MOST_LOOKS = 2_000
const looks = new Map<string, number>()

/** Freezes the fork: from then on it is handed in. Done again it changes nothing. */
export async function seal(
  env: Env,
  tenant: TenantDb,
  { id, submittedBy }: Pick<SubmissionRow, 'id' | 'submittedBy'>,
  lab: LabRow,
  name: string,
): Promise<void> {
  const by: Caller = { personId: submittedBy, name, role: 'student' }
  await callLab(env, lab, (host) => host.freeze('it was handed in', by))
  await tenant.submissions.update(id, { labId: lab.id, state: 'submitted' })
}

/** Brings one to its end: into the queue when its fork is whole, or away, so that it can be handed in again. */
export async function settle(env: Env, tenant: TenantDb, row: SubmissionRow): Promise<void> {
  if (row.state === 'making') {
    const found = row.labId === null ? undefined : await tenant.labs.find(row.labId)
    const lab = await usableLab(env, tenant, found ?? null).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return null
      throw error
    })
    if (lab === null) {
      await tenant.submissions.remove(row.id)
      return
    }
    await seal(env, tenant, row, lab, (await tenant.people.find(row.submittedBy))?.name ?? '')
  }
  const job = await submissionMade(env, tenant, row)
  if (job.state !== 'running') await tenant.submissions.endGrading(row.id)
}

/** All of an organisation, the oldest first; how many there were. */
export async function settleSubmissions(env: Env, tenant: TenantDb, now: number): Promise<number> {
  const rows = await tenant.submissions.unsettled(now - STALE_MS, MOST)
  for (const row of rows) {
    try {
      await settle(env, tenant, row)
    } catch (error) {
      log.warn('submission-not-settled', { submission: row.id, message: (error as Error).message })
      // A queue that is full takes the others no more than this one.
      if (error instanceof Problem && error.status === 429) break
    }
  }
  return rows.length
}

/** The same while somebody looks at a class, but not each time that they do. */
export async function lookAfter(env: Env, tenant: TenantDb, now: number): Promise<void> {
  const { organisationId } = tenant
  if (now - (looks.get(organisationId) ?? 0) < EVERY_MS) return
  looks.delete(organisationId)
  looks.set(organisationId, now)
  const [oldest] = looks.keys()
  if (looks.size > MOST_LOOKS && oldest !== undefined) looks.delete(oldest)
  await settleSubmissions(env, tenant, now)
}
