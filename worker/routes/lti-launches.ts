import { audit } from '../audit.ts'
import { atLeast } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { randomId } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiContextRow, LtiLaunchRow } from '../db/tenant/lti-contexts.ts'
import { deepLinkAnswer } from '../lti/deep-link.ts'
import { maximumOf } from '../lti/maximum.ts'
import { carryPage } from '../lti/pages.ts'
import { launchShown } from '../lti/schemas.ts'
import { body, createRoute, json, newRoutes, problems, security, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// The pages that a launch leads teachers to: which course belongs to theirs, and which assignment a link opens. Only the person
// who came by the launch finds it.

const tags = ['learning platforms']
const came = allow('courses:read', 'observer')
const one = z.strictObject({ launch: z.string().max(64) })
const some = problems(400, 401, 403, 404)

const read = createRoute({
  method: 'get',
  path: '/v1/lti/launches/{launch}',
  tags,
  security,
  middleware: came,
  request: { params: one },
  responses: { 200: json(launchShown, 'What can be chosen'), ...some },
})
const connect = createRoute({
  method: 'post',
  path: '/v1/lti/launches/{launch}/course',
  tags,
  security,
  middleware: [allow('courses:write', 'observer'), jsonBody],
  description: 'Says which course here belongs to the one at the platform: one that is there, or a new one.',
  request: {
    params: one,
    body: body(
      z
        .union([z.strictObject({ course: z.string().max(64) }), z.strictObject({ title: z.string().trim().min(1).max(120) })])
        .meta({ id: 'LtiLaunchCourse' }),
    ),
  },
  responses: { 200: json(launchShown, 'What can be chosen now'), ...some, ...problems(409, 413, 415) },
})
const choose = createRoute({
  method: 'post',
  path: '/v1/lti/launches/{launch}/assignment',
  tags,
  security,
  middleware: [allow('courses:write', 'observer'), jsonBody],
  description: 'Says which assignment the link opens from now on.',
  request: { params: one, body: body(z.strictObject({ assignment: z.string().max(64) }).meta({ id: 'LtiLaunchAssignment' })) },
  responses: { 200: json(z.object({ course: z.string() }), 'Done'), ...some, ...problems(409, 413, 415) },
})
const answer = createRoute({
  method: 'post',
  path: '/v1/lti/launches/{launch}/answer',
  tags,
  security,
  middleware: allow('courses:read', 'observer'),
  description:
    'A form, sent by the page itself: answers the deep link with the chosen assignments, by a page that carries the signed message on.',
  request: {
    params: one,
    body: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: z.looseObject({ assignment: z.any().openapi({ type: 'string' }) }).openapi('LtiChoice'),
        },
      },
    },
  },
  responses: { 200: { description: 'A page that goes on to the platform by itself' }, ...some, ...problems(409) },
})

const missing = () => new Problem(404, 'not-found', 'There is no such launch, or it is over. Open the link in your course again.')

type Came = { readonly launch: LtiLaunchRow; readonly context: LtiContextRow | null }

/** The launch, for the person who came by it and teaches there. */
async function find(tenant: TenantDb, id: string, personId: string): Promise<Came> {
  const launch = await tenant.ltiContexts.launch(id, personId, Date.now())
  if (launch === undefined) throw missing()
  if (launch.courseRole !== 'teacher' && launch.courseRole !== 'assistant')
    throw new Problem(403, 'not-allowed', 'The learning platform says that you do not teach this course.')
  const context = launch.contextId === null ? null : ((await tenant.ltiContexts.find(launch.contextId)) ?? null)
  return { launch, context }
}

async function show(tenant: TenantDb, { launch, context }: Came, manages: boolean): Promise<z.infer<typeof launchShown>> {
  const platform = await tenant.ltiPlatforms.find(launch.platformId)
  const courses = manages ? await tenant.ltiContexts.courses() : []
  const courseId = context?.courseId ?? null
  const course = courseId === null ? undefined : await tenant.courses.find(courseId, launch.personId)
  const rows = courseId === null ? [] : await tenant.ltiContexts.assignments(courseId)
  return {
    kind: launch.messageType === 'LtiDeepLinkingRequest' ? 'deep-link' : 'link',
    platform: platform?.name ?? '',
    courseThere: context?.title ?? null,
    linkTitle: launch.link?.title ?? null,
    course: course === undefined ? null : { id: course.course.id, title: course.course.title },
    mayConnect: manages,
    several: launch.deepLinking?.acceptMultiple ?? false,
    answerPath: launch.deepLinking === null ? null : `/v1/lti/launches/${launch.id}/answer`,
    courses: courses.map(({ id, title }) => ({ id, title })),
    assignments: rows
      .filter(({ state }) => state !== 'archived')
      .map(({ dueAt, ...row }) => ({ ...row, dueAt: dueAt === null ? null : toTime(dueAt) })),
  }
}

const isManager = (role: Parameters<typeof atLeast>[0] | null) => role !== null && atLeast(role, 'teacher')

export const ltiLaunchRoutes = newRoutes()
  .openapi(read, async (c) => {
    const tenant = c.get('tenant')
    const { id, role } = c.get('actor')
    const found = await find(tenant, c.req.valid('param').launch, id)
    return c.json(await show(tenant, found, isManager(role)), 200)
  })
  .openapi(connect, async (c) => {
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const found = await find(tenant, c.req.valid('param').launch, actor.id)
    if (!isManager(actor.role)) throw new Problem(403, 'not-allowed', 'A teacher of your school has to connect the course.')
    const { context } = found
    if (context === null) throw new Problem(409, 'no-course', 'The platform did not say from which course you come.')
    const wish = c.req.valid('json')
    const courseId = 'course' in wish ? wish.course : randomId()
    if ('title' in wish)
      await tenant.courses.insert({ id: courseId, title: wish.title, createdBy: actor.id, createdAt: Date.now() })
    if (!(await tenant.ltiContexts.connect(context.id, courseId)))
      throw new Problem(404, 'not-found', 'There is no such course.', { field: 'course' })
    await audit(c, 'platform.course-connected', { kind: 'lti-course', id: context.id, name: context.title }, courseId)
    return c.json(await show(tenant, { ...found, context: { ...context, courseId } }, true), 200)
  })
  .openapi(choose, async (c) => {
    const tenant = c.get('tenant')
    const { launch, context } = await find(tenant, c.req.valid('param').launch, c.get('actor').id)
    const assignment = await tenant.ltiContexts.assignment(c.req.valid('json').assignment)
    if (launch.link === null || context?.courseId == null) throw new Problem(409, 'not-connected', 'Connect the course first.')
    if (assignment === undefined || assignment.courseId !== context.courseId)
      throw new Problem(404, 'not-found', 'There is no such assignment in this course.', { field: 'assignment' })
    const { id: foreignId, lineItemUrl } = launch.link
    await tenant.ltiContexts.setLink({
      contextId: context.id,
      foreignId,
      assignmentId: assignment.id,
      lineItemUrl,
      now: Date.now(),
    })
    return c.json({ course: assignment.courseId }, 200)
  })
  .openapi(answer, async (c) => {
    const tenant = c.get('tenant')
    const { id: personId } = c.get('actor')
    const { launch, context } = await find(tenant, c.req.valid('param').launch, personId)
    const given = (await c.req.parseBody({ all: true }))['assignment']
    const ids = [...new Set([given ?? []].flat())].filter((one) => typeof one === 'string')
    const { deepLinking } = launch
    if (deepLinking === null) throw new Problem(409, 'no-deep-link', 'The platform has not asked for a choice.')
    if (ids.length > 1 && !deepLinking.acceptMultiple)
      throw new Problem(400, 'only-one', 'The platform takes one assignment at a time.', { field: 'assignment' })
    const rows = await Promise.all(ids.slice(0, 50).map((id) => tenant.assignments.read(id)))
    const chosen = rows.map((row) => {
      if (row === undefined || context?.courseId == null || row.courseId !== context.courseId)
        throw new Problem(404, 'not-found', 'There is no such assignment in this course.', { field: 'assignment' })
      return { id: row.id, title: row.title, of: maximumOf(row), opensAt: row.opensAt, dueAt: row.dueAt }
    })
    const platform = await tenant.ltiPlatforms.find(launch.platformId)
    if (platform === undefined) throw missing()
    if (!(await tenant.ltiContexts.answerLaunch(launch.id, personId, Date.now())))
      throw new Problem(409, 'answered', 'The platform has had its answer. Begin again in your course.')
    const launchUrl = `${new URL(c.req.url).origin}/lti/${tenant.organisationId}/launch`
    const jwt = await deepLinkAnswer(c.env, tenant, platform, launch, chosen, launchUrl)
    return carryPage(deepLinking.returnUrl, jwt)
  })
