import type { Context } from 'hono'
import { audit } from '../audit.ts'
import { randomId } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { gradeChanged } from '../grading/on-submission.ts'
import { reportOf, standing } from '../grading/standing.ts'
import { override, regradeRequest, remark } from '../grading/submission-schemas.ts'
import { openGrades, openSubmission } from '../open-submission.ts'
import { body, createRoute, json, newRoutes, problems, security, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// What people add to a grade: comments, points that they give or take with the reason, requests to look again and their answers.

const tags = ['submissions']
const submissionId = z.strictObject({ submission: z.string().max(64) })
const some = problems(400, 401, 403, 404)
const writes = problems(413, 415, 422)
const check = z.string().min(1).max(120).nullable().default(null).describe('a check; null: the whole submission')
const text = z.string().trim().min(1, 'Write something.').max(4_000)
const points = z.number().min(0).max(10_000).multipleOf(0.01, 'Points have at most two decimals.')
const MOST_REMARKS = 200

const addComment = createRoute({
  method: 'post',
  path: '/v1/submissions/{submission}/comments',
  tags,
  security,
  middleware: [openSubmission('grades:write', 'speak'), jsonBody],
  description: 'Says something, to all who may read the submission.',
  request: { params: submissionId, body: body(z.strictObject({ check, text }).meta({ id: 'NewComment' })) },
  responses: { 201: json(remark, 'Said'), ...some, ...writes, ...problems(429) },
})
const removeComment = createRoute({
  method: 'delete',
  path: '/v1/submissions/{submission}/comments/{comment}',
  tags,
  security,
  middleware: openSubmission('grades:write', 'speak'),
  description: 'Takes back what oneself has said.',
  request: { params: submissionId.extend({ comment: z.string().max(64) }) },
  responses: { 204: { description: 'Gone' }, ...some },
})
const setOverride = createRoute({
  method: 'put',
  path: '/v1/submissions/{submission}/override',
  tags,
  security,
  middleware: [openSubmission('grades:write', 'grade'), jsonBody],
  description:
    'Gives a check, or the whole submission, other points, with the reason, which the student reads. Grading again keeps it. Points of the whole are the last word: lateness takes nothing off them.',
  request: {
    params: submissionId,
    body: body(
      z
        .strictObject({ check, points, reason: z.string().trim().min(1, 'Say why: the student reads it.').max(1_000) })
        .meta({ id: 'SetOverride' }),
    ),
  },
  responses: { 200: json(override, 'Given'), ...some, ...writes, ...problems(409) },
})
const endOverride = createRoute({
  method: 'delete',
  path: '/v1/submissions/{submission}/override',
  tags,
  security,
  middleware: openSubmission('grades:write', 'grade'),
  description: 'The points of the check count again.',
  request: { params: submissionId, query: z.strictObject({ check: z.string().max(120).optional() }) },
  responses: { 204: { description: 'Gone' }, ...some },
})
const ask = createRoute({
  method: 'post',
  path: '/v1/submissions/{submission}/regrade-requests',
  tags,
  security,
  middleware: [openSubmission('grades:write', 'read'), jsonBody],
  description: 'Whoever handed it in asks those who grade to look again. One request at a time for each check.',
  request: { params: submissionId, body: body(z.strictObject({ check, text }).meta({ id: 'NewRegradeRequest' })) },
  responses: { 201: json(regradeRequest, 'Asked'), ...some, ...writes, ...problems(409) },
})
const answer = createRoute({
  method: 'post',
  path: '/v1/submissions/{submission}/regrade-requests/{request}/answer',
  tags,
  security,
  middleware: [openSubmission('grades:write', 'grade'), jsonBody],
  description: 'Answers a request: accepted, with other points or without, or refused; both with the reason.',
  request: {
    params: submissionId.extend({ request: z.string().max(64) }),
    body: body(
      z
        .strictObject({
          accept: z.boolean(),
          answer: text,
          points: points.optional().describe('what the check, or the whole, gets instead'),
        })
        .refine((one) => one.accept || one.points === undefined, { path: ['points'], message: 'Who refuses gives no points.' })
        .meta({ id: 'AnswerRegradeRequest' }),
    ),
  },
  responses: { 200: json(regradeRequest, 'Answered'), ...some, ...writes, ...problems(409) },
})
const listRequests = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/regrade-requests',
  tags,
  security,
  middleware: openGrades('grades:read', 'watch'),
  description: 'Requests that wait for an answer, the oldest first.',
  request: { params: z.strictObject({ assignment: z.string().max(64) }) },
  responses: {
    200: json(z.object({ requests: z.array(regradeRequest.extend({ submission: z.string() })) }), 'Requests'),
    ...some,
  },
})

/** The check must be one of the grade. */
async function refuseUnknown(tenant: TenantDb, submissionId: string, check: string | null): Promise<void> {
  if (check === null) return
  const grade = await tenant.grades.current(submissionId)
  if (grade === undefined || !reportOf(grade).results.some(({ id }) => id === check))
    throw new Problem(422, 'unknown-check', 'There is no such check in the grade.', { field: 'check' })
}

async function give(c: Context<AppEnv>, given: { check: string | null; points: number; reason: string }) {
  const tenant = c.get('tenant')
  const actor = c.get('actor')
  const { submission, assignment, name } = c.get('submitted')
  const { grade } = await standing(tenant, submission)
  if (grade === undefined && given.check !== null) throw new Problem(409, 'not-graded', 'It is not graded yet.')
  await refuseUnknown(tenant, submission.id, given.check)
  const at = Date.now()
  const row = { submissionId: submission.id, checkId: given.check ?? '', points: given.points, reason: given.reason }
  await tenant.grades.putOverride({ ...row, createdBy: actor.id, createdByName: actor.name, createdAt: at })
  await audit(
    c,
    'grade.overridden',
    { kind: 'submission', id: submission.id, name: `${name}, ${assignment.title}` },
    `${given.points} points: ${given.reason}`,
  )
  await gradeChanged(c.env, tenant, actor, submission.id, `${submission.id}.${at}`)
  return { check: given.check, points: given.points, reason: given.reason, by: actor.name, createdAt: toTime(at) }
}

export const submissionRemarkRoutes = newRoutes()
  .openapi(addComment, async (c) => {
    const { check, text } = c.req.valid('json')
    const tenant = c.get('tenant')
    const { submission } = c.get('submitted')
    const actor = c.get('actor')
    await refuseUnknown(tenant, submission.id, check)
    if ((await tenant.remarks.comments(submission.id)).length >= MOST_REMARKS)
      throw new Problem(429, 'too-many', `A submission has at most ${MOST_REMARKS} comments.`)
    const row = { id: randomId(), submissionId: submission.id, checkId: check, text, createdAt: Date.now() }
    await tenant.remarks.addComment({ ...row, createdBy: actor.id, createdByName: actor.name })
    return c.json({ id: row.id, check, text, by: actor.name, mine: true, createdAt: toTime(row.createdAt) }, 201)
  })
  .openapi(removeComment, async (c) => {
    const gone = await c
      .get('tenant')
      .remarks.removeComment(c.get('submitted').submission.id, c.req.valid('param').comment, c.get('actor').id)
    if (!gone) throw new Problem(404, 'not-found', 'You have said no such thing.')
    return c.body(null, 204)
  })
  .openapi(setOverride, async (c) => c.json(await give(c, c.req.valid('json')), 200))
  .openapi(endOverride, async (c) => {
    const { check = '' } = c.req.valid('query')
    const tenant = c.get('tenant')
    const { submission, assignment, name } = c.get('submitted')
    if (!(await tenant.grades.removeOverride(submission.id, check)))
      throw new Problem(404, 'not-found', 'Nobody has given other points here.')
    await audit(c, 'grade.override-ended', { kind: 'submission', id: submission.id, name: `${name}, ${assignment.title}` })
    await gradeChanged(c.env, tenant, c.get('actor'), submission.id, `${submission.id}.${Date.now()}`)
    return c.body(null, 204)
  })
  .openapi(ask, async (c) => {
    const { check, text } = c.req.valid('json')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const { submission, tie } = c.get('submitted')
    if (!tie.holds) throw new Problem(403, 'not-allowed', 'This is for whoever handed it in.')
    if ((await tenant.grades.current(submission.id)) === undefined) throw new Problem(409, 'not-graded', 'It is not graded yet.')
    await refuseUnknown(tenant, submission.id, check)
    const before = await tenant.remarks.requests(submission.id)
    if (before.some(({ request }) => request.state === 'open' && request.checkId === check))
      throw new Problem(409, 'asked-already', 'You have asked this already; wait for the answer.')
    if (before.length >= MOST_REMARKS) throw new Problem(409, 'too-many', 'There were too many requests for this submission.')
    const row = {
      id: randomId(),
      submissionId: submission.id,
      checkId: check,
      text,
      state: 'open' as const,
      createdAt: Date.now(),
    }
    await tenant.remarks.addRequest({ ...row, createdBy: actor.id, answer: null, answeredBy: null, answeredAt: null })
    const told = { id: row.id, check, text, state: row.state, by: actor.name, createdAt: toTime(row.createdAt) }
    return c.json({ ...told, answer: null, answeredAt: null }, 201)
  })
  .openapi(answer, async (c) => {
    const { accept, answer: words, points } = c.req.valid('json')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const { submission } = c.get('submitted')
    const found = await tenant.remarks.requests(submission.id)
    const asked = found.find(({ request }) => request.id === c.req.valid('param').request)
    if (asked === undefined) throw new Problem(404, 'not-found', 'There is no such request.')
    const { request, name } = asked
    const answeredAt = Date.now()
    const state = accept ? ('accepted' as const) : ('refused' as const)
    const set = { state, answer: words, answeredBy: actor.id, answeredAt }
    if (!(await tenant.remarks.answerRequest(request.id, submission.id, set)))
      throw new Problem(409, 'answered-already', 'Somebody has answered it already.')
    if (points !== undefined) await give(c, { check: request.checkId, points, reason: words })
    await audit(c, `regrade-request.${state}`, { kind: 'submission', id: submission.id })
    const told = { id: request.id, check: request.checkId, text: request.text, state, by: name ?? '', answer: words }
    return c.json({ ...told, createdAt: toTime(request.createdAt), answeredAt: toTime(answeredAt) }, 200)
  })
  .openapi(listRequests, async (c) => {
    const all = await c.get('tenant').remarks.openRequests(c.get('marked').assignment.id)
    const requests = all.map(({ request, name, group }) => ({
      ...{ id: request.id, check: request.checkId, text: request.text, state: request.state, answer: request.answer },
      by: group === null ? (name ?? '') : `${name ?? ''} (${group})`,
      createdAt: toTime(request.createdAt),
      answeredAt: null,
      submission: request.submissionId,
    }))
    return c.json({ requests }, 200)
  })
