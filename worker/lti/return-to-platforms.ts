import type { NewJob } from '../../durable/jobs/contract.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Listener } from '../grading/events.ts'

/** A grade that comes to be or changes goes to every platform from which its student came. */
export const returnToPlatforms: Listener = async (_env, tenant, _owner, event) => {
  const found = await tenant.submissions.find(event.submissionId)
  if (found === undefined) return []
  return returnJobs(tenant, found.assignmentId, [found.holder], event.key)
}

/** Jobs that tell the platforms the present grades of these holders; none when they are known at no platform. */
export async function returnJobs(
  tenant: TenantDb,
  assignmentId: string,
  holders: readonly string[],
  key: string,
  { anew = false } = {},
): Promise<NewJob[]> {
  const tasks: NewJob['tasks'][number][] = []
  for (const holder of holders) {
    for (const { contextId, personId } of await tenant.ltiReturns.targets(assignmentId, holder)) {
      const one = { contextId, assignmentId, personId }
      await tenant.ltiReturns.expect(one, holder, Date.now(), anew)
      tasks.push({ key: `${contextId}.${personId}`, payload: one })
    }
  }
  if (tasks.length === 0) return []
  const label = 'Return a grade to the learning platform'
  return [{ kind: 'return-grade', key: `lti:${key}.${assignmentId}`, label, by: null, tasks }]
}
