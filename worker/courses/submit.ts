// Handing in: the copy is forked into a lab of its own, which is frozen; the student goes on in the copy.
import type { Actor } from '../auth/actor.ts'
import { randomId } from '../auth/tokens.ts'
import type { AssignmentHead } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { SubmissionRow } from '../db/tenant/submissions.ts'
import type { Env } from '../env.ts'
import { submissionMade } from '../grading/on-submission.ts'
import { createLab, destroyLab } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { Problem } from '../problem.ts'
import { STALE_MS, seal, settle } from './settle-submissions.ts'
import { holderOfWork, type Work } from './work.ts'

/** Why nothing can be handed in now, in the words of the person who would; null: it can. */
export function refusalOf(work: Work, made: number): Problem | null {
  const { moment, attempts } = work
  if (moment.state === 'early') return new Problem(409, 'not-open', 'This assignment is not open yet.')
  if (moment.state === 'closed') return new Problem(409, 'closed', 'This assignment is closed: nothing is taken any more.')
  if (attempts !== null && made >= attempts) {
    const times = attempts === 1 ? 'once' : `${attempts} times`
    return new Problem(409, 'no-attempts-left', `You may hand in ${times}, and you have.`)
  }
  return null
}

/**
 * `attempt`: which one is meant. Sent again, as after an answer that was lost, it is the submission that was made then.
 */
export async function submit(
  env: Env,
  tenant: TenantDb,
  actor: Actor,
  assignment: AssignmentHead,
  work: Work,
  attempt: number | undefined,
): Promise<SubmissionRow> {
  const now = Date.now()
  const holder = holderOfWork(work)
  let before = await tenant.submissions.ofHolder(assignment.id, holder)
  const cutOff = before.filter(({ state, submittedAt }) => state === 'making' && now - submittedAt > STALE_MS)
  for (const one of cutOff) await settle(env, tenant, one)
  if (cutOff.length > 0) before = await tenant.submissions.ofHolder(assignment.id, holder)
  const same = before.find((one) => one.attempt === attempt)
  if (same !== undefined) return same
  const refusal = refusalOf(work, before.length)
  if (refusal !== null) throw refusal
  const next = (before[0]?.attempt ?? 0) + 1
  if (attempt !== undefined && attempt !== next)
    throw new Problem(409, 'wrong-attempt', `The next attempt is number ${next}.`, { field: 'attempt' })
  const found = await tenant.copies.ofHolder(assignment.id, holder)
  if (found?.lab?.state !== 'ready') throw new Problem(409, 'not-opened', 'There is nothing to hand in: open the lab first.')
  const { lab: from, copy } = found
  const { lateMs, latePercent } = work.moment as Extract<Work['moment'], { lateMs: number }>
  const row: SubmissionRow = {
    id: randomId(),
    organisationId: actor.organisationId,
    assignmentId: assignment.id,
    copyId: copy.id,
    holder,
    attempt: next,
    labId: null,
    submittedBy: actor.id,
    submittedAt: now,
    lateMs,
    latePercent,
    state: 'making',
  }
  if (!(await tenant.submissions.insert(row))) {
    throw new Problem(409, 'handing-in', 'Somebody of you is handing in at this moment. Look again.', {}, { 'retry-after': '2' })
  }
  let lab: LabRow | undefined
  try {
    const file = await callLab(env, from, (host) => host.forkFile(undefined))
    const made = await createLab(env, tenant, actor, {
      input: { from: 'export', file },
      slug: assignment.catalogueSlug,
      kind: 'submission',
      assignmentId: assignment.id,
      title: `${assignment.title}: attempt ${next}`,
      keepTitle: true,
      seed: copy.seed,
      // Before the lab itself: whoever finds the row later finds the lab, however far this came.
      noted: ({ id: labId }) => tenant.submissions.update(row.id, { labId }),
    })
    lab = made.row
    await seal(env, tenant, row, lab, actor.name)
  } catch (error) {
    await takeBack(env, tenant, row.id, lab).catch(({ message }: Error) => {
      log.warn('submission-not-taken-back', { submission: row.id, message })
    })
    throw error
  }
  const submission = { ...row, labId: lab.id, state: 'submitted' as const }
  log.info('submission-made', { submission: row.id, assignment: assignment.id, lab: lab.id })
  // It is handed in, whatever becomes of this: what is not in the queue comes into it by `settleSubmissions`.
  await submissionMade(env, tenant, submission).catch(({ message }: Error) => {
    log.warn('submission-not-queued', { submission: row.id, message })
  })
  return submission
}

/** The row first, and its lab only if it went: when the answer of the database was lost, it may be handed in. */
async function takeBack(env: Env, tenant: TenantDb, id: string, lab: LabRow | undefined): Promise<void> {
  if ((await tenant.submissions.remove(id)) && lab !== undefined) await destroyLab(env, tenant, lab)
}
