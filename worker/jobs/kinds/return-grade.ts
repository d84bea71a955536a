import { GiveUp, type Kind } from '../../../durable/jobs/kind.ts'
import { whatFailed } from '../../../durable/what-failed.ts'
import { sha256 } from '../../auth/tokens.ts'
import { openDatabase } from '../../db/database.ts'
import { tenantDb } from '../../db/tenant/index.ts'
import type { Env } from '../../env.ts'
import { identityIssuer } from '../../lti/enter.ts'
import { columnFor, putScore } from '../../lti/grade-book.ts'
import { maximumOf } from '../../lti/maximum.ts'
import { PlatformFault } from '../../lti/platform-service.ts'
import { presentGrade } from '../../lti/present-grade.ts'
import { LtiRefused } from '../../lti/refusal.ts'

/** Tells a learning platform the grade of one person for one assignment, as it stands when it is told. */
export const returnGrade: Kind<Env> = {
  name: 'return-grade',
  lane: 'outbound',
  // Over some twelve hours: 15 s, 75 s, 6 min, 31 min, 2.6 h, 4 h, 4 h.
  attempts: 8,
  wait: 15_000,
  factor: 5,
  longest: 4 * 3600_000,
  async run(env, { owner, payload, last }) {
    const key = payload as { contextId: string; assignmentId: string; personId: string }
    const tenant = tenantDb(openDatabase(env.DB), owner.organisationId)
    try {
      return await tell(env, tenant, key)
    } catch (error) {
      const final = error instanceof GiveUp || (error instanceof PlatformFault && !error.later)
      await tenant.ltiReturns.failed(key, messageOf(error), final || last, Date.now())
      throw final ? new GiveUp(messageOf(error)) : error
    }
  },
  async gaveUp(env, { owner, payload }, why) {
    const key = payload as { contextId: string; assignmentId: string; personId: string }
    await tenantDb(openDatabase(env.DB), owner.organisationId).ltiReturns.failed(key, why, true, Date.now())
  },
}

const messageOf = (error: unknown) => (error instanceof LtiRefused ? error.refusal.text : whatFailed(error))

async function tell(
  env: Env,
  tenant: ReturnType<typeof tenantDb>,
  key: { contextId: string; assignmentId: string; personId: string },
) {
  const context = await tenant.ltiContexts.find(key.contextId)
  const platform = context && (await tenant.ltiPlatforms.find(context.platformId))
  const found = await tenant.grades.assignment(key.assignmentId, key.personId)
  if (context === undefined || platform === undefined || found === undefined)
    throw new GiveUp('The platform, course or assignment was removed.')
  const userId = (await tenant.ltiPeople.subjects(identityIssuer(platform), [key.personId])).get(key.personId)
  if (userId === undefined) throw new GiveUp('The platform does not know this person.')

  // The timestamp first: whoever has a later one has read at least as new a grade.
  const row = await tenant.ltiReturns.stamp(key, Date.now())
  if (row === undefined) throw new GiveUp('It is not to be told any more.')
  const { assignment } = found
  const present = await presentGrade(tenant, assignment, row.holder)
  if (present === null) throw new GiveUp('Nothing has been handed in.')
  const place = { env, tenant, platform, context }
  const of = present.of > 0 ? present.of : maximumOf(assignment)
  const column = await columnFor(place, { id: assignment.id, title: assignment.title, of })
  if (column === null)
    throw new GiveUp(
      'The platform offers no column in its grade book for this assignment. Allow the tool to use the grade book there, then open the link once more.',
    )
  // Into another column it is told again.
  const content = await sha256(JSON.stringify([column, present]))
  const kept = { points: present.points, of: present.points === null ? null : present.of, sent: content }
  if (row.sent === content) {
    await tenant.ltiReturns.arrived(key, row.timestamp, kept, Date.now())
    return { told: false }
  }
  try {
    await putScore(place, column, { ...present, userId, timestamp: row.timestamp })
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error
    if (error.status === 404) {
      await tenant.ltiContexts.forgetLineItem(context.id, assignment.id, column)
      throw new PlatformFault(error.message, true, 404)
    }
    // Not newer than what the platform has. If that is ours it is right so; if not, its clock is ahead: later it will not be.
    if (error.status !== 409) throw error
    const now = await tenant.ltiReturns.find(key)
    if (now !== undefined && now.timestamp > row.timestamp) return { told: false }
    throw new PlatformFault(error.message, true, 409)
  }
  await tenant.ltiReturns.arrived(key, row.timestamp, kept, Date.now())
  return { told: true }
}
