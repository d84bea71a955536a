import type { JobView, TaskView } from '../../durable/jobs/contract.ts'
import { time, toTime, z } from '../openapi.ts'
import { changedCheck } from './changes.ts'
import { keptCheck } from './report.ts'

export const job = z
  .object({
    id: z.string(),
    kind: z.string(),
    label: z.string(),
    state: z.enum(['running', 'done', 'cancelled']),
    total: z.number(),
    done: z.number(),
    failed: z.number().describe('given up after several attempts; they can be begun again'),
    cancelled: z.number(),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Job' })

export const toJob = ({ by: _, number: __, createdAt, endedAt, ...rest }: JobView): z.infer<typeof job> => ({
  ...rest,
  createdAt: toTime(createdAt),
  endedAt: endedAt === null ? null : toTime(endedAt),
})

export const followJob = z.object({ job }).meta({ id: 'JobToFollow' })

const score = z.object({ points: z.number(), of: z.number() })

/** What came of one task of a job; which fields there are depends on the kind of job. */
export const jobResult = z
  .object({
    task: z.number(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    attempts: z.number(),
    error: z.string().nullable(),
    submission: z.string().optional(),
    lab: z.string().optional(),
    name: z.string().optional().describe('whose it is'),
    attempt: z.number().optional(),
    digest: z.string().optional().describe('equal digests are equal grades'),
    before: score.nullable().optional().describe('of a submission, with what people changed and lateness'),
    after: score.optional(),
    changes: z.array(changedCheck).optional().describe('what grading again has changed, check by check'),
    points: z.number().optional().describe('of a lab, by its checks'),
    of: z.number().optional(),
    checks: z.array(keptCheck).optional(),
    report: z.unknown().optional().describe('what other kinds of jobs have found out'),
  })
  .meta({ id: 'JobResult' })

type Told = Partial<Omit<z.infer<typeof jobResult>, 'task' | 'state' | 'attempts' | 'error' | 'report' | 'checks'>> & {
  readonly report?: { readonly results?: z.infer<typeof keptCheck>[] }
}

export function toResult({ id, state, attempts, error, result }: TaskView): z.infer<typeof jobResult> {
  const told = typeof result === 'object' && result !== null ? (result as Told) : {}
  const { report, ...rest } = told
  const checks = report?.results
  return {
    ...rest,
    task: id,
    state: state === 'dead' ? 'failed' : state,
    attempts,
    error: state === 'done' ? null : error,
    ...(checks !== undefined && { checks }),
    ...(checks === undefined && report !== undefined && { report }),
  }
}

export type Job = z.infer<typeof job>
export type JobResult = z.infer<typeof jobResult>
