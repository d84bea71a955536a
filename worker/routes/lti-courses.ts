import { audit } from '../audit.ts'
import { allow } from '../auth/allow.ts'
import { jsonBody } from '../body.ts'
import { openDatabase } from '../db/database.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { enqueue } from '../jobs/queue-of.ts'
import { PlatformFault } from '../lti/platform-service.ts'
import { returnJobs } from '../lti/return-to-platforms.ts'
import { MOST_MEMBERS, readRoster } from '../lti/roster.ts'
import { contextShown, returned } from '../lti/schemas.ts'
import { body, createRoute, json, newRoutes, problems, security, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// Courses at learning platforms: which of ours belongs to each, their class lists, and what became of the grades.

const tags = ['learning platforms']
const teaches = allow('organisation:write', 'teacher')
const one = z.strictObject({ context: z.string().max(64) })
const some = problems(400, 401, 403, 404)

const list = createRoute({
  method: 'get',
  path: '/v1/lti/courses',
  tags,
  security,
  middleware: teaches,
  description: 'Courses at platforms from which somebody has come.',
  responses: { 200: json(z.object({ courses: z.array(contextShown) }), 'Courses'), ...problems(401, 403) },
})
const connect = createRoute({
  method: 'patch',
  path: '/v1/lti/courses/{context}',
  tags,
  security,
  middleware: [teaches, jsonBody],
  description: 'Says which course here belongs to it; null: none.',
  request: { params: one, body: body(z.strictObject({ course: z.string().max(64).nullable() }).meta({ id: 'LtiCourseChange' })) },
  responses: { 204: { description: 'Connected' }, ...some, ...problems(413, 415) },
})
const roster = createRoute({
  method: 'post',
  path: '/v1/lti/courses/{context}/roster',
  tags,
  security,
  middleware: teaches,
  description: `Takes the class list of the platform over: nothing is written unless all of it could be read. A large class takes several calls, until \`left\` is 0. At most ${MOST_MEMBERS} people.`,
  request: { params: one },
  responses: {
    200: json(
      z
        .object({
          found: z.number(),
          added: z.number().describe('who was not in the course before'),
          inactive: z.number().describe('members that the platform calls inactive; they are left as they are'),
          wrong: z.array(z.string()).describe('members that were not taken over, and why'),
          left: z.number().describe('members whose turn comes when it is asked again: a large class is taken over in parts'),
        })
        .meta({ id: 'LtiRosterRead' }),
      'Who was found',
    ),
    ...some,
    ...problems(409, 422, 503),
  },
})
const grades = createRoute({
  method: 'get',
  path: '/v1/lti/courses/{context}/grades',
  tags,
  security,
  middleware: teaches,
  description: 'What the platform was told, is to be told, or refused to take.',
  request: { params: one },
  responses: { 200: json(z.object({ grades: z.array(returned) }), 'Grades'), ...some },
})
const again = createRoute({
  method: 'post',
  path: '/v1/lti/courses/{context}/grades',
  tags,
  security,
  middleware: teaches,
  description: 'Sends the present grades of everybody in the course, also what the platform was told already.',
  request: { params: one },
  responses: { 202: json(z.object({ sending: z.number() }), 'On their way'), ...some, ...problems(409, 429) },
})

const missing = () => new Problem(404, 'not-found', 'There is no such course at a platform.')

async function find(tenant: TenantDb, id: string) {
  const context = await tenant.ltiContexts.find(id)
  const platform = context && (await tenant.ltiPlatforms.find(context.platformId))
  if (context === undefined || platform === undefined) throw missing()
  return { context, platform }
}

const unconnected = () => new Problem(409, 'not-connected', 'No course here belongs to it yet.')

export const ltiCourseRoutes = newRoutes()
  .openapi(list, async (c) => {
    const rows = await c.get('tenant').ltiContexts.list()
    const courses = rows.map(({ context, platform, course }) => ({
      id: context.id,
      title: context.title,
      platform: { id: context.platformId, title: platform },
      course: context.courseId === null ? null : { id: context.courseId, title: course ?? '' },
      roster: context.membershipsUrl !== null,
      gradeBook: context.lineItemsUrl !== null || context.scopes.length > 0,
      rosterAt: context.rosterAt === null ? null : toTime(context.rosterAt),
    }))
    return c.json({ courses }, 200)
  })
  .openapi(connect, async (c) => {
    const tenant = c.get('tenant')
    const { context } = await find(tenant, c.req.valid('param').context)
    const { course } = c.req.valid('json')
    if (!(await tenant.ltiContexts.connect(context.id, course)))
      throw new Problem(404, 'not-found', 'There is no such course.', { field: 'course' })
    await audit(c, 'platform.course-connected', { kind: 'lti-course', id: context.id, name: context.title }, course ?? 'none')
    return c.body(null, 204)
  })
  .openapi(roster, async (c) => {
    const tenant = c.get('tenant')
    const { context, platform } = await find(tenant, c.req.valid('param').context)
    if (context.courseId === null) throw unconnected()
    const people = await tenant.courses.people(context.courseId)
    const enrolled = new Set(people.map(({ id }) => id))
    try {
      const read = await readRoster(openDatabase(c.env.DB), { env: c.env, tenant, platform, context }, context.courseId, enrolled)
      await audit(c, 'platform.roster-read', { kind: 'lti-course', id: context.id, name: context.title }, `${read.added} added`)
      return c.json({ ...read, wrong: [...read.wrong] }, 200)
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error
      throw new Problem(error.later ? 503 : 422, 'platform-failed', error.message)
    }
  })
  .openapi(grades, async (c) => {
    const tenant = c.get('tenant')
    const { context } = await find(tenant, c.req.valid('param').context)
    const rows = await tenant.ltiReturns.list({ contextId: context.id, trouble: false })
    const shown = rows.map(({ row, person, assignment }) => ({
      assignment: { id: row.assignmentId, title: assignment },
      person: { id: row.personId, name: person },
      state: row.state,
      points: row.points,
      of: row.of,
      error: row.error,
      attempts: row.attempts,
      updatedAt: toTime(row.updatedAt),
    }))
    return c.json({ grades: shown }, 200)
  })
  .openapi(again, async (c) => {
    const tenant = c.get('tenant')
    const { context } = await find(tenant, c.req.valid('param').context)
    if (context.courseId === null) throw unconnected()
    const { organisationId, jurisdiction } = c.get('actor')
    let sending = 0
    for (const { id } of await tenant.ltiContexts.assignments(context.courseId)) {
      const holders = await tenant.ltiReturns.holders(id)
      for (const job of await returnJobs(tenant, id, holders, `again.${Date.now()}`, { anew: true })) {
        sending += job.tasks.length
        await enqueue(c.env, { organisationId, jurisdiction }, job)
      }
    }
    return c.json({ sending }, 202)
  })
