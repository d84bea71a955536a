import type { NewJob, Owner } from '../../durable/jobs/contract.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { returnToPlatforms } from '../lti/return-to-platforms.ts'
import { tellWebhooks } from './tell-webhooks.ts'

/** What others may want to hear of. */
export type GradingEvent = {
  /** made: for the first time under this rubric. changed: graded again to something else, or changed by hand. */
  readonly type: 'submission.made' | 'grade.made' | 'grade.changed'
  /** Names it: the same again is the same event. */
  readonly key: string
  readonly submissionId: string
  readonly at: number
}
export const eventTypes = ['submission.made', 'grade.made', 'grade.changed'] as const

/** What is to be done about an event: jobs for the queue of the organisation. It is asked again when a task begins again. */
export type Listener = (env: Env, tenant: TenantDb, owner: Owner, event: GradingEvent) => Promise<readonly NewJob[]>

/** Everybody who is told: one file and one line. */
const listeners: readonly Listener[] = [tellWebhooks, returnToPlatforms]

export async function jobsFor(env: Env, tenant: TenantDb, owner: Owner, event: GradingEvent): Promise<NewJob[]> {
  return (await Promise.all(listeners.map((listener) => listener(env, tenant, owner, event)))).flat()
}
