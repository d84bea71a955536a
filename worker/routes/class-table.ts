import { LIMITS } from '../../durable/protocol.ts'
import { audit } from '../audit.ts'
import { randomId } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { showTable } from '../courses/class-table.ts'
import { assignmentId } from '../courses/schemas.ts'
import { EVERYBODY, seedOf } from '../courses/seed.ts'
import { lookAfter } from '../courses/settle-submissions.ts'
import { timeOf } from '../courses/show.ts'
import { classTable, extension, stage } from '../courses/table-schemas.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { createLab, destroyLab } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { noSuchAssignment, openAssignment } from '../open-course.ts'
import { body, createRoute, json, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { Problem, tooLarge } from '../problem.ts'

// What those who teach do while a class works: the table, a try of their own, stages to catch up, more time.

const tags = ['assignments']
const some = problems(400, 401, 403, 404)
const writes = { ...some, ...problems(409, 413, 415, 429, 503) }
const assists = openAssignment('courses:write', 'assist')
const id = z.string().min(1).max(64)
const stages = z.object({ stages: z.array(stage) })
const stageOf = assignmentId.extend({ stage: id })
const extensionOf = assignmentId.extend({ person: id })

const table = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/table',
  tags,
  security,
  middleware: openAssignment('courses:read', 'watch'),
  description: 'Every student or group: each check, when they were last at work, whether they are stuck, what they handed in.',
  request: { params: assignmentId },
  responses: { 200: json(classTable, 'The class'), ...some },
})
const trial = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/try',
  tags,
  security,
  middleware: assists,
  description: 'A lab of your own, as a student would get it.',
  request: { params: assignmentId },
  responses: { 201: json(z.object({ labId: z.string() }).meta({ id: 'TrialLab' }), 'The lab'), ...writes, ...problems(422) },
})
const listStages = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/stages',
  tags,
  security,
  middleware: openAssignment('courses:read', 'watch'),
  request: { params: assignmentId },
  responses: { 200: json(stages, 'In the order in which they were stored'), ...some },
})
const addStage = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/stages',
  tags,
  security,
  middleware: [assists, jsonBody],
  description: 'Keeps the present state of a lab in which you try the assignment, so that students can be put there.',
  request: {
    params: assignmentId,
    body: body(
      z
        .strictObject({
          name: z.string().trim().min(1, 'Give it a name.').max(120),
          labId: id.describe('a lab in which somebody tries this assignment'),
          forAll: z.boolean().default(false).describe('anybody may go to it'),
        })
        .meta({ id: 'NewStage' }),
    ),
  },
  responses: { 201: json(stages, 'All stages'), ...writes },
})
const changeStage = createRoute({
  method: 'patch',
  path: '/v1/assignments/{assignment}/stages/{stage}',
  tags,
  security,
  middleware: [assists, jsonBody],
  request: {
    params: stageOf,
    body: body(
      z
        .strictObject({ name: z.string().trim().min(1).max(120).optional(), forAll: z.boolean().optional() })
        .meta({ id: 'StageChange' }),
    ),
  },
  responses: { 200: json(stages, 'All stages'), ...writes },
})
const removeStage = createRoute({
  method: 'delete',
  path: '/v1/assignments/{assignment}/stages/{stage}',
  tags,
  security,
  middleware: assists,
  description: 'Nobody goes to it any more; labs that were made of it stay.',
  request: { params: stageOf },
  responses: { 204: { description: 'Gone' }, ...some },
})
const give = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/stages/{stage}/give',
  tags,
  security,
  middleware: [assists, jsonBody],
  description: 'Gives the state to some, or to the whole class, to go on from. They decide when, and can go back.',
  request: {
    params: stageOf,
    body: body(
      z
        .strictObject({
          holders: z
            .array(z.string().regex(/^(person|group):[a-z0-9-]{1,64}$/, 'This is `person:ID` or `group:ID`.'))
            .max(1_000)
            .optional()
            .meta({ description: 'as the table names them; default: the whole class' }),
        })
        .meta({ id: 'GiveStage' }),
    ),
  },
  responses: { 200: json(stages, 'All stages'), ...writes },
})
const listExtensions = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/extensions',
  tags,
  security,
  middleware: openAssignment('courses:read', 'watch'),
  request: { params: assignmentId },
  responses: { 200: json(z.object({ extensions: z.array(extension) }), 'By name'), ...some },
})
const extend = createRoute({
  method: 'put',
  path: '/v1/assignments/{assignment}/extensions/{person}',
  tags,
  security,
  middleware: [assists, jsonBody],
  description: 'More time, or attempts, for one student. What they had been given for this assignment before is replaced.',
  request: {
    params: extensionOf,
    body: body(
      z
        .strictObject({
          dueAt: time.nullable(),
          extraAttempts: z.number().int().min(0).max(100).default(0),
          reason: z.string().trim().max(500).default(''),
        })
        .meta({ id: 'NewExtension' }),
    ),
  },
  responses: { 200: json(z.object({ extensions: z.array(extension) }), 'All extensions'), ...writes, ...problems(422) },
})
const endExtension = createRoute({
  method: 'delete',
  path: '/v1/assignments/{assignment}/extensions/{person}',
  tags,
  security,
  middleware: assists,
  request: { params: extensionOf },
  responses: { 204: { description: 'Ended' }, ...some },
})

const noStage = () => new Problem(404, 'not-found', 'There is no such stage.')

async function stagesOf(tenant: TenantDb, assignment: string): Promise<z.infer<typeof stages>> {
  const rows = await tenant.stages.list(assignment)
  return {
    stages: rows.map(({ stage: row, given }) => ({
      id: row.id,
      name: row.name,
      labId: row.labId,
      forAll: !row.given,
      given,
      createdAt: toTime(row.createdAt),
    })),
  }
}
async function extensionsOf(tenant: TenantDb, assignment: string): Promise<z.infer<typeof extension>[]> {
  const rows = await tenant.assignments.extensions(assignment)
  return rows.map(({ personId, personName, dueAt, extraAttempts, reason, createdAt }) => ({
    person: { id: personId, name: personName },
    dueAt: timeOf(dueAt),
    extraAttempts,
    reason,
    createdAt: toTime(createdAt),
  }))
}

export const classTableRoutes = newRoutes()
  .openapi(table, async (c) => {
    const now = Date.now()
    c.executionCtx.waitUntil(lookAfter(c.env, c.get('tenant'), now))
    return c.json(await showTable(c.env, c.get('tenant'), c.get('assignment'), now), 200)
  })
  .openapi(trial, async (c) => {
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const row = await tenant.assignments.read(c.get('assignment').id)
    if (row === undefined) throw noSuchAssignment()
    // With a variant each, every try is another one.
    const seed = row.variants === 'same' ? await seedOf(row.seedSecret, EVERYBODY) : await seedOf(row.seedSecret, randomId())
    const made = await createLab(c.env, tenant, actor, {
      input: { from: 'definition', yaml: row.definition, brief: row.brief ?? row.labBrief, seed },
      slug: row.catalogueSlug,
      kind: 'trial',
      assignmentId: row.id,
      title: `${row.title} (a try)`,
      keepTitle: true,
      seed,
    })
    return c.json({ labId: made.row.id }, 201)
  })
  .openapi(listStages, async (c) => c.json(await stagesOf(c.get('tenant'), c.get('assignment').id), 200))
  .openapi(addStage, async (c) => {
    const { name, labId, forAll } = c.req.valid('json')
    const tenant = c.get('tenant')
    const row = c.get('assignment')
    const from = await tenant.labs.find(labId)
    if (from?.kind !== 'trial' || from.assignmentId !== row.id || from.state !== 'ready')
      throw new Problem(404, 'not-found', 'This is no lab in which somebody tries the assignment.', { field: 'labId' })
    const file = await callLab(c.env, from, (host) => host.forkFile(undefined))
    if (file.length > LIMITS.importFile) throw tooLarge(LIMITS.importFile)
    const kept = await createLab(c.env, tenant, c.get('actor'), {
      input: { from: 'export', file },
      slug: row.catalogueSlug,
      kind: 'template',
      assignmentId: row.id,
      title: `${row.title}: ${name}`,
      keepTitle: true,
      seed: from.seed,
    })
    const one = { id: randomId(), assignmentId: row.id, name, labId: kept.row.id, given: !forAll, createdAt: Date.now() }
    await tenant.stages.insert(one)
    await audit(c, 'stage.stored', { kind: 'assignment', id: row.id, name: row.title }, name)
    return c.json(await stagesOf(tenant, row.id), 201)
  })
  .openapi(changeStage, async (c) => {
    const { name, forAll } = c.req.valid('json')
    const { stage: its } = c.req.valid('param')
    const tenant = c.get('tenant')
    const row = c.get('assignment')
    if ((await tenant.stages.find(row.id, its)) === undefined) throw noStage()
    const set = { ...(name !== undefined && { name }), ...(forAll !== undefined && { given: !forAll }) }
    if (Object.keys(set).length > 0) await tenant.stages.update(row.id, its, set)
    return c.json(await stagesOf(tenant, row.id), 200)
  })
  .openapi(removeStage, async (c) => {
    const tenant = c.get('tenant')
    const { id: assignmentOf } = c.get('assignment')
    const { stage: its } = c.req.valid('param')
    const found = await tenant.stages.find(assignmentOf, its)
    if (!(await tenant.stages.remove(assignmentOf, its))) throw noStage()
    if (found !== undefined) await destroyLab(c.env, tenant, found.lab)
    return c.body(null, 204)
  })
  .openapi(give, async (c) => {
    const { stage: its } = c.req.valid('param')
    const tenant = c.get('tenant')
    const row = c.get('assignment')
    const actor = c.get('actor')
    const found = await tenant.stages.find(row.id, its)
    if (found === undefined) throw noStage()
    const all = row.forGroups
      ? [...new Set((await tenant.groups.list(row.courseId)).map((one) => `group:${one.id}`))]
      : (await tenant.courses.people(row.courseId)).filter((one) => one.role === 'student').map((one) => `person:${one.id}`)
    const wished = c.req.valid('json').holders ?? all
    const stranger = wished.find((one) => !all.includes(one))
    if (stranger !== undefined) throw new Problem(404, 'not-found', 'Nobody of the class is called that.', { field: 'holders' })
    await tenant.stages.give(row.id, its, wished, actor.id, Date.now())
    await audit(c, 'stage.given', { kind: 'assignment', id: row.id, name: row.title }, `${found.stage.name}, to ${wished.length}`)
    return c.json(await stagesOf(tenant, row.id), 200)
  })
  .openapi(listExtensions, async (c) => c.json({ extensions: await extensionsOf(c.get('tenant'), c.get('assignment').id) }, 200))
  .openapi(extend, async (c) => {
    const { dueAt, extraAttempts, reason } = c.req.valid('json')
    const { person } = c.req.valid('param')
    const tenant = c.get('tenant')
    const row = c.get('assignment')
    const due = dueAt === null ? null : Date.parse(dueAt)
    if (due !== null && row.dueAt !== null && due < row.dueAt)
      throw new Problem(422, 'earlier', 'This is earlier than the date for everybody else.', { field: 'dueAt' })
    const made = { personId: person, dueAt: due, extraAttempts, reason, createdBy: c.get('actor').id, createdAt: Date.now() }
    if (!(await tenant.assignments.extend(row.id, made)))
      throw new Problem(404, 'not-found', 'There is no such student in the course.', { field: 'person' })
    await audit(
      c,
      'extension.given',
      { kind: 'assignment', id: row.id, name: row.title },
      `${person}: ${dueAt ?? 'no date'}, ${extraAttempts} attempts. ${reason}`,
    )
    return c.json({ extensions: await extensionsOf(tenant, row.id) }, 200)
  })
  .openapi(endExtension, async (c) => {
    const { person } = c.req.valid('param')
    if (!(await c.get('tenant').assignments.endExtension(c.get('assignment').id, person)))
      throw new Problem(404, 'not-found', 'There is no extension for them.')
    return c.body(null, 204)
  })
