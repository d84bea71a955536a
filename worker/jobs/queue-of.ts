import type { JobsCalls, JobView, NewJob, Owner } from '../../durable/jobs/contract.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { Problem } from '../problem.ts'

/** The queue of an organisation. Under another jurisdiction the same name is another object. */
export function queueOf(env: Env, { organisationId, jurisdiction }: Owner): JobsCalls {
  const namespace = jurisdiction === null ? env.JOBS : env.JOBS.jurisdiction(jurisdiction)
  return namespace.get(namespace.idFromName(organisationId)) as unknown as JobsCalls
}

/** Puts a job into the queue; the same key again is the same job. */
export async function enqueue(env: Env, owner: Owner, job: NewJob): Promise<JobView> {
  const { organisationId, jurisdiction } = owner
  const added = await queueOf(env, owner).enqueue({ organisationId, jurisdiction }, job)
  if ('full' in added) throw new Problem(429, 'queue-full', added.full, {}, { 'retry-after': '60' })
  return added.job
}

/** Where nobody is asking: in what a job or a listener does. */
export const ownerOf = async (tenant: TenantDb): Promise<Owner> => ({
  organisationId: tenant.organisationId,
  jurisdiction: await tenant.grades.jurisdiction(),
})
