import { mayInCourse, partIn } from '../access/course-access.ts'
import { audit } from '../audit.ts'
import { allow } from '../auth/allow.ts'
import { jsonBody } from '../body.ts'
import { assignment, submissionShown, work } from '../courses/assignment-schemas.ts'
import { changeCopy, openCopy, refuseEarly, type Standing, startOf } from '../courses/copies.ts'
import { leaveLab } from '../courses/leave-lab.ts'
import { assignmentId } from '../courses/schemas.ts'
import { showWork, toSubmission } from '../courses/show.ts'
import { stateFile } from '../courses/state-file.ts'
import { submit } from '../courses/submit.ts'
import { workOf } from '../courses/work.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { noSuchAssignment, openAssignment } from '../open-course.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// What students do with an assignment: open it, put it back, hand it in.

const tags = ['assignments']
const some = problems(400, 401, 403, 404)
const writes = { ...some, ...problems(409, 429, 503) }
const studies = openAssignment('courses:write', 'study')
const opened = z.object({ labId: z.string(), made: z.boolean().describe('it was made now') }).meta({ id: 'OpenedLab' })

const open = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/open',
  tags,
  security,
  // One statement finds all that is asked; `openAssignment` would ask another before it.
  middleware: allow('courses:write'),
  description: 'Your lab for the assignment, or your group’s: made when it is opened for the first time, the same ever after.',
  request: { params: assignmentId },
  responses: { 200: json(opened, 'The lab'), ...writes },
})
const reset = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/reset',
  tags,
  security,
  middleware: [studies, jsonBody],
  description:
    'Another lab in place of yours: as it was at the start, or at a stage that you may go to. The one that you leave can be gone back to, once.',
  request: {
    params: assignmentId,
    body: body(
      z
        .strictObject({ stage: z.string().max(64).optional().meta({ description: 'default: the start' }) })
        .meta({ id: 'ResetCopy' }),
    ),
  },
  responses: { 200: json(opened, 'The lab that is yours now'), ...writes, ...problems(413, 415) },
})
const undo = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/undo-reset',
  tags,
  security,
  middleware: studies,
  description: 'Back to the lab that you had before the last reset; again, and you have the other one.',
  request: { params: assignmentId },
  responses: { 200: json(opened, 'The lab that is yours now'), ...writes },
})
const handIn = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/submissions',
  tags,
  security,
  middleware: [studies, jsonBody],
  description:
    'Hands in your lab as it is now. A frozen fork is kept and graded; you go on in yours. With `attempt`, sending it again gives the submission that was made.',
  request: {
    params: assignmentId,
    body: body(z.strictObject({ attempt: z.number().int().min(1).optional() }).meta({ id: 'HandIn' })),
  },
  responses: { 201: json(submissionShown, 'Handed in'), ...writes, ...problems(413, 415) },
})
const submissions = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/submissions',
  tags,
  security,
  middleware: openAssignment('courses:read', 'see'),
  description: 'For those who teach all of them, each with its holder (`person:ID` or `group:ID`); for students their own.',
  request: { params: assignmentId },
  responses: {
    200: json(
      z.object({ submissions: z.array(submissionShown.extend({ holder: z.string() })) }),
      'The newest first of each holder',
    ),
    ...some,
  },
})
const ofLab = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/assignment',
  tags,
  security,
  middleware: openLab('labs:read'),
  description: 'Which assignment a lab belongs to, and for the student whose it is, how it stands.',
  request: { params: labId },
  responses: {
    200: json(
      z
        .object({
          kind: z.enum(['own', 'template', 'copy', 'submission', 'trial', 'view']),
          assignment: assignment.pick({ id: true, title: true, courseId: true, courseTitle: true, selfChecks: true }).nullable(),
          part: z.enum(['study', 'watch', 'assist', 'manage']).nullable(),
          holder: z.string().nullable().describe('whose lab it is, by name'),
          work: work.nullable(),
        })
        .meta({ id: 'LabAssignment' }),
      'The assignment; null for a lab that belongs to none',
    ),
    ...labProblems,
  },
})

/** All that the copy of a student asks, or 404. */
async function standingOf(tenant: TenantDb, assignmentIdOf: string, personId: string): Promise<Standing> {
  const found = await tenant.copies.standing(assignmentIdOf, personId)
  if (found === undefined) throw noSuchAssignment()
  return found
}

export const studentWorkRoutes = newRoutes()
  .openapi(open, async (c) => {
    const actor = c.get('actor')
    const tenant = c.get('tenant')
    const found = await standingOf(tenant, c.req.valid('param').assignment, actor.id)
    const part = partIn(actor, found.role)
    if (part === 'none' || (found.role === 'student' && part === 'study' && found.assignment.state === 'draft'))
      throw noSuchAssignment()
    if (!mayInCourse(part, 'study'))
      throw new Problem(403, 'not-allowed', 'This is for students of the course. You can try the assignment instead.')
    const now = Date.now()
    refuseEarly(found, now)
    const answer = await openCopy(c.env, tenant, actor, found)
    if (found.copy !== null) c.executionCtx.waitUntil(Promise.resolve(tenant.copies.touch({ id: found.copy.id }, now)))
    return c.json(answer, 200)
  })
  .openapi(reset, async (c) => {
    const actor = c.get('actor')
    const tenant = c.get('tenant')
    const { stage } = c.req.valid('json')
    const found = await standingOf(tenant, c.get('assignment').id, actor.id)
    refuseEarly(found, Date.now())
    if (found.copy === null) throw new Problem(409, 'not-opened', 'Open the assignment first.')
    let input = stage === undefined ? await startOf(c.env, tenant, found, found.copy.seed) : null
    if (input === null) {
      const its = (await tenant.stages.openTo(found.assignment.id, found.copy.holder)).find((one) => one.id === stage)
      const kept = its === undefined ? undefined : await tenant.stages.find(found.assignment.id, its.id)
      if (kept === undefined)
        throw new Problem(404, 'not-found', 'There is no such stage, or it was not given to you.', { field: 'stage' })
      input = { from: 'export', file: await stateFile(c.env, kept.lab) }
    }
    const id = await changeCopy(c.env, tenant, actor, found, input)
    await leaveLab(c.env, tenant, found)
    return c.json({ labId: id, made: true }, 200)
  })
  .openapi(undo, async (c) => {
    const actor = c.get('actor')
    const tenant = c.get('tenant')
    const found = await standingOf(tenant, c.get('assignment').id, actor.id)
    refuseEarly(found, Date.now())
    if (found.copy === null || !(await tenant.copies.swap(found.copy.id)))
      throw new Problem(409, 'nothing-before', 'There is no lab from before a reset.')
    await leaveLab(c.env, tenant, found)
    return c.json({ labId: found.copy.previousLabId as string, made: false }, 200)
  })
  .openapi(handIn, async (c) => {
    const actor = c.get('actor')
    const tenant = c.get('tenant')
    const row = c.get('assignment')
    if (row.state !== 'published' || c.get('course').archivedAt !== null)
      throw new Problem(409, 'not-open', 'This assignment is put away. Ask your teacher.')
    const mine = await workOf(tenant, row, actor, Date.now())
    const made = await submit(c.env, tenant, actor, row, mine, c.req.valid('json').attempt)
    await audit(c, 'submission.made', { kind: 'submission', id: made.id, name: `${row.title}, attempt ${made.attempt}` })
    const shown = { ...made, byName: actor.name, earned: null, of: null, gradedAt: null, overrides: [] }
    return c.json(toSubmission(shown), 201)
  })
  .openapi(submissions, async (c) => {
    const actor = c.get('actor')
    const tenant = c.get('tenant')
    const row = c.get('assignment')
    const studying = c.get('part') === 'study'
    const holder = studying ? (await workOf(tenant, row, actor, Date.now())).holder : null
    const rows = !studying
      ? await tenant.submissions.list(row.id)
      : holder === null
        ? []
        : await tenant.submissions.ofHolder(row.id, holder)
    return c.json({ submissions: rows.map((one) => ({ ...toSubmission(one), holder: one.holder })) }, 200)
  })
  .openapi(ofLab, async (c) => {
    const lab = c.get('lab')
    const actor = c.get('actor')
    const tenant = c.get('tenant')
    const found = lab.assignmentId === null ? undefined : await tenant.assignments.find(lab.assignmentId, actor.id)
    if (found === undefined) return c.json({ kind: lab.kind, assignment: null, part: null, holder: null, work: null }, 200)
    const { assignment: row, courseTitle } = found
    const part = partIn(actor, found.role)
    const holder = await tenant.copies.holderName(lab.id)
    const mine = part === 'study' ? (await showWork(tenant, row, actor, Date.now())).shown : null
    const { id, title, courseId, selfChecks } = row
    const shown = { id, title, courseId, courseTitle, selfChecks }
    return c.json({ kind: lab.kind, assignment: shown, part: part === 'none' ? null : part, holder, work: mine }, 200)
  })
