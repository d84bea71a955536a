import type { Context } from 'hono'
import type { JobView } from '../../durable/jobs/contract.ts'
import { type Actor, atLeast } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import type { AppEnv } from '../env.ts'
import { followJob, job, jobResult, toJob, toResult } from '../grading/schemas.ts'
import { type Suite, toCsv, toJunit } from '../grading/spreadsheet.ts'
import { queueOf } from '../jobs/queue-of.ts'
import { createRoute, json, newRoutes, problems, security, text, toTime, whole, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// The queue of the organisation: what was started over the API or on a page, how far it is, what came of it.

const tags = ['jobs']
const reads = allow('grades:read')
const writes = allow('grades:write')
const idOf = z.strictObject({ job: z.string().max(64) })
const some = problems(400, 401, 403, 404)

const list = createRoute({
  method: 'get',
  path: '/v1/jobs',
  tags,
  security,
  middleware: reads,
  description: 'Jobs that people and keys have started, the newest first: for those who teach and for keys all, else their own.',
  request: { query: z.strictObject({ limit: whole(1, 100).default(50), before: whole(1).optional() }) },
  responses: { 200: json(z.object({ jobs: z.array(job), next: z.number().nullable() }), 'Jobs'), ...problems(400, 401, 403) },
})
const read = createRoute({
  method: 'get',
  path: '/v1/jobs/{job}',
  tags,
  security,
  middleware: reads,
  description: 'How far a job is. Ask again until its state is `done` or `cancelled`.',
  request: { params: idOf },
  responses: { 200: json(job, 'The job'), ...some },
})
const results = createRoute({
  method: 'get',
  path: '/v1/jobs/{job}/results',
  tags,
  security,
  middleware: reads,
  description: 'What came of the tasks of a job, in order. With `changed=1` only what grading again has changed.',
  request: {
    params: idOf,
    query: z.strictObject({ after: whole(0).default(0), limit: whole(1, 500).default(200), changed: z.enum(['1']).optional() }),
  },
  responses: { 200: json(z.object({ results: z.array(jobResult), next: z.number().nullable() }), 'One page'), ...some },
})
const cancel = createRoute({
  method: 'post',
  path: '/v1/jobs/{job}/cancel',
  tags,
  security,
  middleware: writes,
  description: 'What waits is not begun any more; what is under way ends.',
  request: { params: idOf },
  responses: { 200: json(job, 'The job'), ...some },
})
const retry = createRoute({
  method: 'post',
  path: '/v1/jobs/{job}/retry',
  tags,
  security,
  middleware: writes,
  description: 'What was given up begins again.',
  request: { params: idOf },
  responses: { 202: json(followJob, 'The job'), ...some },
})
const junit = createRoute({
  method: 'get',
  path: '/v1/jobs/{job}/junit.xml',
  tags,
  security,
  middleware: reads,
  description: 'The grades of a grading job as a JUnit report: a suite for each lab, a case for each check.',
  request: { params: idOf },
  responses: { 200: text('application/xml', 'JUnit XML'), ...some, ...problems(409) },
})
const csv = createRoute({
  method: 'get',
  path: '/v1/jobs/{job}/grades.csv',
  tags,
  security,
  middleware: reads,
  description: 'The grades of a grading job as a table, a line for each lab.',
  request: { params: idOf },
  responses: { 200: text('text/csv', 'CSV'), ...some },
})
const dead = createRoute({
  method: 'get',
  path: '/v1/dead-letters',
  tags,
  security,
  middleware: allow('grades:read', 'teacher'),
  description: 'Tasks of all jobs, also of the service itself, that were given up after several attempts.',
  request: { query: z.strictObject({ limit: whole(1, 100).default(50), before: whole(1).optional() }) },
  responses: {
    200: json(
      z.object({
        letters: z.array(
          z.object({
            task: z.number(),
            job: z.string(),
            kind: z.string(),
            attempts: z.number(),
            error: z.string().nullable(),
            at: z.string(),
          }),
        ),
        next: z.number().nullable(),
      }),
      'Dead letters, the newest first',
    ),
    ...problems(400, 401, 403),
  },
})
const revive = createRoute({
  method: 'post',
  path: '/v1/dead-letters/{task}/retry',
  tags,
  security,
  middleware: allow('grades:write', 'teacher'),
  description: 'One that was given up begins again.',
  request: { params: z.strictObject({ task: whole(1) }) },
  responses: { 202: { description: 'It will be tried again' }, ...some },
})

const noSuchJob = () => new Problem(404, 'not-found', 'There is no such job.')

/** Who teaches in the organisation sees all jobs that somebody has started; others, what they have started. */
const maySee = (actor: Actor, { by }: Pick<JobView, 'by'>) =>
  by !== null && (by === actor.id || actor.role === null || atLeast(actor.role, 'teacher'))

type Find = Context<AppEnv>

async function findJob(c: Find, id: string): Promise<JobView> {
  const found = await queueOf(c.env, c.get('actor')).job(id)
  if (found === null || !maySee(c.get('actor'), found)) throw noSuchJob()
  return found
}

const PAGE = 500

async function allResults(c: Find, id: string) {
  const queue = queueOf(c.env, c.get('actor'))
  const found: z.infer<typeof jobResult>[] = []
  for (let after = 0; ; ) {
    const page = await queue.tasks(id, { after, limit: PAGE, brief: true })
    found.push(...page.map(toResult))
    if (page.length < PAGE) return found
    after = page[page.length - 1].id
  }
}

export const jobRoutes = newRoutes()
  .openapi(list, async (c) => {
    const { limit, before } = c.req.valid('query')
    const actor = c.get('actor')
    const page = await queueOf(c.env, actor).jobs({ before: before ?? null, limit: limit + 1 })
    const shown = page.slice(0, limit)
    const next = page.length > limit ? (shown.at(-1)?.number ?? null) : null
    return c.json({ jobs: shown.filter((one) => maySee(actor, one)).map(toJob), next }, 200)
  })
  .openapi(read, async (c) => c.json(toJob(await findJob(c, c.req.valid('param').job)), 200))
  .openapi(results, async (c) => {
    const { after, limit, changed } = c.req.valid('query')
    const { id } = await findJob(c, c.req.valid('param').job)
    const page = await queueOf(c.env, c.get('actor')).tasks(id, { after, limit })
    const all = page.map(toResult)
    const shown = changed === undefined ? all : all.filter((one) => (one.changes ?? []).length > 0)
    return c.json({ results: shown, next: page.length === limit ? page[page.length - 1].id : null }, 200)
  })
  .openapi(cancel, async (c) => {
    const { id } = await findJob(c, c.req.valid('param').job)
    const stopped = await queueOf(c.env, c.get('actor')).cancel(id)
    if (stopped === null) throw noSuchJob()
    return c.json(toJob(stopped), 200)
  })
  .openapi(retry, async (c) => {
    const { id } = await findJob(c, c.req.valid('param').job)
    await queueOf(c.env, c.get('actor')).retry({ job: id })
    return c.json({ job: toJob(await findJob(c, id)) }, 202)
  })
  .openapi(junit, async (c) => {
    const found = await findJob(c, c.req.valid('param').job)
    if (found.state === 'running') throw new Problem(409, 'still-running', 'The job has not ended.', {}, { 'retry-after': '1' })
    const suites = (await allResults(c, found.id)).map(toSuite)
    return c.body(toJunit(found.label, suites), 200, { 'content-type': 'application/xml; charset=utf-8' })
  })
  .openapi(csv, async (c) => {
    const found = await findJob(c, c.req.valid('param').job)
    const all = await allResults(c, found.id)
    const head = ['Name', 'Submission', 'Lab', 'State', 'Points', 'Of', 'Digest', 'Error']
    const rows = all.map((one) => [
      ...[one.name ?? '', one.submission ?? '', one.lab ?? '', one.state, one.points ?? one.after?.points ?? null],
      ...[one.of ?? one.after?.of ?? null, one.digest ?? '', one.error ?? ''],
    ])
    return c.body(toCsv([head, ...rows]), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="grades-${found.id}.csv"`,
    })
  })
  .openapi(dead, async (c) => {
    const { limit, before } = c.req.valid('query')
    const page = await queueOf(c.env, c.get('actor')).dead({ before: before ?? null, limit })
    const letters = page.map(({ id, job, kind, attempts, error, at }) => ({
      task: id,
      job,
      kind,
      attempts,
      error,
      at: toTime(at),
    }))
    return c.json({ letters, next: page.length === limit ? (page.at(-1)?.id ?? null) : null }, 200)
  })
  .openapi(revive, async (c) => {
    const begun = await queueOf(c.env, c.get('actor')).retry({ task: c.req.valid('param').task })
    if (begun === 0) throw new Problem(404, 'not-found', 'There is no such dead letter.')
    return c.body(null, 202)
  })

function toSuite(one: z.infer<typeof jobResult>): Suite {
  const name = one.name ?? one.submission ?? one.lab ?? `task ${one.task}`
  if (one.checks !== undefined) return { name, time: null, cases: one.checks }
  const { points, of } = one.after ?? { points: 0, of: 0 }
  const outcome = one.state === 'done' ? (points < of ? 'fail' : 'pass') : 'could-not-run'
  const message = one.error ?? (one.state === 'done' ? '' : `It was not graded: ${one.state}.`)
  return { name, time: null, cases: [{ id: 'grade', title: 'Grade', outcome, points, of, message }] }
}
