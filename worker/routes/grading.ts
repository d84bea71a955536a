import type { Context } from 'hono'
import { audit } from '../audit.ts'
import { atLeast } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { randomId, sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { assignmentId } from '../courses/schemas.ts'
import { lookAfter } from '../courses/settle-submissions.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { AppEnv, Env } from '../env.ts'
import { gradeLine, gradeLines } from '../grading/grade-list.ts'
import { gradeLabNow } from '../grading/grade-one.ts'
import { pointsOf } from '../grading/points.ts'
import { followJob, toJob } from '../grading/schemas.ts'
import { toCsv, toJunit } from '../grading/spreadsheet.ts'
import { enqueue } from '../jobs/queue-of.ts'
import { openGrades } from '../open-submission.ts'
import { body, createRoute, json, newRoutes, problems, security, text, time, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// The grades of an assignment, grading again, and grading by the batch.

const tags = ['grading']
const MOST_IN_A_BATCH = 2_000
const MOST_RUBRIC = 256 * 1024
const id = z.string().min(1).max(64)
const rubric = z.string().min(1).max(MOST_RUBRIC)
const some = problems(400, 401, 403, 404)

const batch = createRoute({
  method: 'post',
  path: '/v1/grading/jobs',
  tags,
  security,
  middleware: [allow('grades:write', 'teacher'), jsonBody],
  description:
    'Grades many labs or submissions in one call, by their own checks or by a rubric that stands in for them, and answers with a job to follow. The grades are the results of the job. Submissions without a rubric are graded by that of their assignment, and the grade is stored; with one, what is stored stays as it is.',
  request: {
    body: body(
      z
        .strictObject({
          labs: z.array(id).max(MOST_IN_A_BATCH).optional(),
          submissions: z.array(id).max(MOST_IN_A_BATCH).optional(),
          rubric: rubric.optional().describe('YAML: checks as in a lab.yaml'),
        })
        .refine(({ labs = [], submissions = [] }) => labs.length + submissions.length > 0, 'Name labs or submissions.')
        .refine(({ labs, submissions }) => labs === undefined || submissions === undefined, 'Name labs or submissions, not both.')
        .meta({ id: 'GradingBatch' }),
    ),
  },
  responses: { 202: json(followJob, 'Follow the job'), ...problems(400, 401, 403, 413, 415, 422, 429, 503) },
})

const list = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/grades',
  tags,
  security,
  middleware: openGrades('grades:read', 'watch'),
  description: 'A line for each student or group that has handed in something, with the submission that counts.',
  request: { params: assignmentId },
  responses: {
    200: json(
      z.object({
        assignment: z.object({ id: z.string(), title: z.string(), rubricVersion: z.number(), counts: z.enum(['last', 'best']) }),
        course: z.object({ id: z.string(), title: z.string() }),
        mayGrade: z.boolean(),
        mayManage: z.boolean(),
        grades: z.array(gradeLine),
      }),
      'Grades',
    ),
    ...some,
  },
})
const csv = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/grades.csv',
  tags,
  security,
  middleware: openGrades('grades:read', 'watch'),
  description:
    'The same as a table for spreadsheets, with a column for each check. What would be taken for a formula is told as text.',
  request: { params: assignmentId },
  responses: { 200: text('text/csv', 'CSV'), ...some },
})
const junit = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/grades.xml',
  tags,
  security,
  middleware: openGrades('grades:read', 'watch'),
  description: 'The same as a JUnit report: a suite for each student or group, a case for each check.',
  request: { params: assignmentId },
  responses: { 200: text('application/xml', 'JUnit XML'), ...some },
})
const rubrics = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/rubrics',
  tags,
  security,
  middleware: openGrades('grades:read', 'assist'),
  description: 'What the assignment is graded by, and what it was graded by before it was corrected.',
  request: { params: assignmentId },
  responses: {
    200: json(
      z.object({
        version: z.number(),
        rubric: z.string().nullable().describe('YAML; null: the checks of the definition'),
        definition: z.string(),
        before: z.array(
          z.object({ version: z.number(), rubric: z.string().nullable(), reason: z.string(), by: z.string(), createdAt: time }),
        ),
      }),
      'Rubrics',
    ),
    ...some,
  },
})
const regrade = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/regrade',
  tags,
  security,
  middleware: [openGrades('grades:write', 'assist'), jsonBody],
  description:
    'Grades everything that was handed in again, or some of it, and answers with a job to follow; its results list what changed. With a rubric, that becomes the rubric of the assignment; for this, one has to manage the course.',
  request: {
    params: assignmentId,
    body: body(
      z
        .strictObject({
          rubric: rubric.nullable().optional().describe('a corrected rubric; null: the checks of the definition again'),
          reason: z.string().trim().min(1).max(500).describe('kept with the version of the rubric'),
          submissions: z.array(id).min(1).max(MOST_IN_A_BATCH).optional().describe('only these'),
        })
        .refine((one) => one.rubric === undefined || one.submissions === undefined, {
          path: ['submissions'],
          message: 'With a corrected rubric everything is graded again.',
        })
        .meta({ id: 'Regrade' }),
    ),
  },
  responses: {
    202: json(followJob.extend({ rubricVersion: z.number() }).meta({ id: 'RegradeStarted' }), 'Follow the job'),
    ...some,
    ...problems(409, 413, 415, 422, 429, 503),
  },
})

const overview = createRoute({
  method: 'get',
  path: '/v1/grading/overview',
  tags,
  security,
  middleware: allow('grades:read'),
  description: 'Assignments for which something was handed in, where you teach or watch; and what you have handed in yourself.',
  responses: {
    200: json(
      z
        .object({
          assignments: z.array(
            z.object({
              ...{ id: z.string(), title: z.string(), course: z.string(), submissions: z.number(), ungraded: z.number() },
              requests: z.number().describe('to look again, that wait for an answer'),
              last: time,
            }),
          ),
          mine: z.array(
            z.object({
              ...{ id: z.string(), title: z.string(), course: z.string(), attempt: z.number(), submittedAt: time },
              state: z.enum(['making', 'submitted', 'grading', 'graded', 'failed']),
              points: z.number().nullable(),
              of: z.number().nullable(),
            }),
          ),
        })
        .meta({ id: 'GradingOverview' }),
      'Where there is something to see',
    ),
    ...problems(401, 403),
  },
})
const compare = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/similarity',
  tags,
  security,
  middleware: openGrades('grades:write', 'assist'),
  description:
    'Compares the journals of what was handed in and answers with a job to follow. Its report names pairs that share sequences of commands and mistakes which few others have, with the lines. It is a reason to ask, never a proof. The same submissions are compared once.',
  request: { params: assignmentId },
  responses: { 202: json(followJob, 'Follow the job'), ...some, ...problems(409, 429) },
})

/** A rubric is tried on one lab before it is taken: what is wrong with it is told with line and field. */
const tryRubric = (env: Env, tenant: TenantDb, lab: LabRow | undefined, text: string) =>
  gradeLabNow(env, tenant, lab ?? null, text)

const unknownIn = (field: string, ids: readonly string[], known: ReadonlySet<string>, what: string): Problem | undefined => {
  const at = ids.findIndex((one) => !known.has(one))
  return at < 0 ? undefined : new Problem(422, `unknown-${what}`, `There is no ${what} ${ids[at]}.`, { field: `${field}.${at}` })
}

export const gradingRoutes = newRoutes()
  .openapi(overview, async (c) => {
    const actor = c.get('actor')
    const { grades } = c.get('tenant')
    const everywhere = actor.role === null || atLeast(actor.role, 'teacher')
    const [all, mine] = await Promise.all([grades.overview(everywhere ? null : actor.id), grades.mine(actor.id)])
    const assignments = all.map(({ last, ...rest }) => ({ ...rest, last: toTime(last) }))
    const handedIn = mine.map(({ submission, results, overrides, title, course }) => {
      const { id, attempt, state, submittedAt, latePercent } = submission
      const points = results === null ? null : pointsOf(results, overrides, latePercent)
      return {
        ...{ id, title, course, attempt, state, submittedAt: toTime(submittedAt) },
        ...{ points: points?.final ?? null, of: points?.of ?? null },
      }
    })
    return c.json({ assignments, mine: handedIn }, 200)
  })
  .openapi(compare, async (c) => {
    const { assignment } = c.get('marked')
    const rows = (await c.get('tenant').grades.list(assignment.id)).filter(({ submission }) => submission.labId !== null)
    if (rows.length < 2) throw new Problem(409, 'nothing-to-compare', 'There are not two submissions yet.')
    const { id: by } = c.get('actor')
    const which = await sha256(`${by} ${rows.map(({ submission }) => submission.id).join()}`)
    const made = await enqueue(c.env, c.get('actor'), {
      kind: 'compare-journals',
      key: `compare:${assignment.id}:${which}`,
      label: `Compare the journals of “${assignment.title}”`,
      by,
      tasks: [{ key: assignment.id, payload: { assignment: assignment.id } }],
    })
    return c.json({ job: toJob(made) }, 202, { location: `/v1/jobs/${made.id}` })
  })
  .openapi(batch, async (c) => {
    const { labs, submissions, rubric: yaml } = c.req.valid('json')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const chosen = submissions === undefined ? await labsIn(tenant, labs ?? []) : await submissionsIn(tenant, submissions)
    if (yaml !== undefined) await tryRubric(c.env, tenant, await tenant.labs.find(chosen[0].lab), yaml)
    const stored = submissions !== undefined && yaml === undefined
    const made = await enqueue(c.env, actor, {
      kind: stored ? 'grade-submission' : 'grade-lab',
      key: `batch:${randomId()}`,
      label: `Grade ${chosen.length} ${submissions === undefined ? 'labs' : 'submissions'}`,
      by: actor.id,
      data: { rubric: yaml ?? null },
      tasks: chosen.map((one) => ({ key: one.submission ?? one.lab, payload: one })),
    })
    await audit(c, 'grading.started', { kind: 'job', id: made.id, name: made.label })
    return c.json({ job: toJob(made) }, 202, { location: `/v1/jobs/${made.id}` })
  })
  .openapi(list, async (c) => {
    const { assignment, course } = c.get('marked')
    c.executionCtx.waitUntil(lookAfter(c.env, c.get('tenant'), Date.now()))
    const grades = await linesOf(c.get('tenant'), assignment)
    const { id, title, rubricVersion, counts } = assignment
    const may = { mayGrade: c.get('mayGrade'), mayManage: c.get('mayManage') }
    return c.json({ assignment: { id, title, rubricVersion, counts }, course, ...may, grades }, 200)
  })
  .openapi(csv, async (c) => {
    const { assignment } = c.get('marked')
    const lines = await linesOf(c.get('tenant'), assignment)
    const checks = new Map(lines.flatMap((line) => line.checks.map((one) => [one.id, one.title] as const)))
    const head = [
      'Name',
      'Holder',
      'Attempt',
      'Submitted',
      'State',
      'Points',
      'Of',
      'Earned',
      'Late %',
      ...checks.values(),
      'Submission',
    ]
    const rows = lines.map((line) => {
      const given = new Map(line.checks.map((one) => [one.id, one.overridden ?? one.points]))
      return [
        ...[
          line.name,
          line.holder,
          line.attempt,
          line.submittedAt,
          line.state,
          line.points,
          line.of,
          line.earned,
          line.latePercent,
        ],
        ...[...checks.keys()].map((id) => given.get(id) ?? null),
        line.submission,
      ]
    })
    return c.body(toCsv([head, ...rows]), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="grades-${assignment.id}.csv"`,
    })
  })
  .openapi(junit, async (c) => {
    const { assignment } = c.get('marked')
    const tenant = c.get('tenant')
    const [lines, rows] = await Promise.all([linesOf(tenant, assignment), tenant.grades.list(assignment.id)])
    const reports = new Map(rows.map(({ submission, grade }) => [submission.id, grade?.results ?? []]))
    const suites = lines.map(({ name, submission, submittedAt, checks }) => {
      const messages = new Map(reports.get(submission)?.map(({ id, message }) => [id, message]))
      const cases = checks.map((one) => ({ ...one, points: one.overridden ?? one.points, message: messages.get(one.id) ?? '' }))
      return { name, time: submittedAt, cases }
    })
    return c.body(toJunit(assignment.title, suites), 200, { 'content-type': 'application/xml; charset=utf-8' })
  })
  .openapi(rubrics, async (c) => {
    const { assignment } = c.get('marked')
    const all = await c.get('tenant').grades.rubrics(assignment.id)
    const before = all
      .filter(({ version }) => version < assignment.rubricVersion)
      .map(({ version, rubric, reason, createdByName, createdAt }) => ({
        version,
        rubric,
        reason,
        by: createdByName,
        createdAt: toTime(createdAt),
      }))
    const { rubricVersion: version, rubric, definition } = assignment
    return c.json({ version, rubric, definition, before }, 200)
  })
  .openapi(regrade, async (c) => {
    const { rubric: yaml, reason, submissions: only } = c.req.valid('json')
    const { assignment } = c.get('marked')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    if (yaml !== undefined && !c.get('mayManage')) throw new Problem(403, 'not-allowed', 'The rubric is corrected by a teacher.')
    const all = (await tenant.grades.list(assignment.id)).filter(
      ({ submission }) => submission.labId !== null && submission.state !== 'making',
    )
    const known = new Map(all.map(({ submission }) => [submission.id, submission]))
    const wrong = unknownIn('submissions', only ?? [], new Set(known.keys()), 'submission')
    if (wrong) throw wrong
    const chosen = only ?? [...known.keys()]
    if (chosen.length === 0) throw new Problem(409, 'nothing-to-grade', 'Nothing was handed in yet.')
    const version =
      yaml === undefined ? assignment.rubricVersion : await correct(c, yaml, reason, known.get(chosen[0])?.labId ?? '')
    const made = await enqueue(c.env, actor, {
      kind: 'grade-submission',
      key: `regrade:${randomId()}`,
      label: `Grade ${chosen.length === 1 ? 'one submission' : `${chosen.length} submissions`} of “${assignment.title}” again`,
      by: actor.id,
      data: { reason },
      tasks: chosen.map((submission) => ({ key: submission, payload: { submission } })),
    })
    await audit(c, 'grading.regraded', { kind: 'assignment', id: assignment.id, name: assignment.title }, reason)
    return c.json({ job: toJob(made), rubricVersion: version }, 202, { location: `/v1/jobs/${made.id}` })
  })

async function correct(c: Context<AppEnv>, yaml: string | null, reason: string, labId: string): Promise<number> {
  const tenant = c.get('tenant')
  const { assignment } = c.get('marked')
  if (yaml !== null) await tryRubric(c.env, tenant, await tenant.labs.find(labId), yaml)
  const { id: createdBy, name: createdByName } = c.get('actor')
  const next = { rubric: yaml, reason, createdBy, createdByName, createdAt: Date.now() }
  const version = await tenant.grades.correctRubric(assignment.id, assignment.rubricVersion, next)
  if (version === undefined)
    throw new Problem(409, 'changed-meanwhile', 'Somebody else has just corrected the rubric. Look at theirs first.')
  return version
}

async function linesOf(tenant: TenantDb, assignment: { readonly id: string; readonly counts: 'last' | 'best' }) {
  const [rows, given] = await Promise.all([tenant.grades.list(assignment.id), tenant.grades.overridesOf(assignment.id)])
  return gradeLines(rows, given, assignment.counts)
}

async function labsIn(tenant: TenantDb, ids: readonly string[]) {
  const found = await tenant.labs.named(ids)
  const wrong = unknownIn('labs', ids, new Set(found.map(({ id }) => id)), 'lab')
  if (wrong) throw wrong
  const titles = new Map(found.map(({ id, title }) => [id, title]))
  return ids.map((lab) => ({ lab, submission: null, name: titles.get(lab) ?? '' }))
}

async function submissionsIn(tenant: TenantDb, ids: readonly string[]) {
  const found = await tenant.grades.gradable(ids)
  const known = new Map(found.filter(({ labId }) => labId !== null).map((one) => [one.id, one]))
  const wrong = unknownIn('submissions', ids, new Set(known.keys()), 'submission')
  if (wrong) throw wrong
  return ids.map((submission) => ({
    lab: known.get(submission)?.labId ?? '',
    submission,
    name: known.get(submission)?.name ?? '',
  }))
}
