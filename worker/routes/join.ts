import type { Context } from 'hono'
import { findCaller } from '../auth/allow.ts'
import { comeInto } from '../auth/come-in.ts'
import { refuseForeignOrigin } from '../auth/cookie.ts'
import { displayName } from '../auth/names.ts'
import { needOwnProofFor } from '../auth/own-proof.ts'
import { newReturnCode } from '../auth/return-code.ts'
import { countArrival, slowed } from '../auth/throttle.ts'
import { randomId } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { openDatabase } from '../db/database.ts'
import { findJoinCode } from '../db/identities.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { body, createRoute, json, newRoutes, problems, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

const tags = ['sign-in']
const code = z.string().trim().min(4).max(40)
const named = z.object({ id: z.string(), name: z.string() })

const look = createRoute({
  method: 'post',
  path: '/auth/join/look',
  tags,
  middleware: jsonBody,
  description: 'Which course a join code opens.',
  request: { body: body(z.strictObject({ code }).meta({ id: 'JoinCode' })) },
  responses: {
    200: json(z.object({ course: named, organisation: named }).meta({ id: 'Joinable' }), 'What it opens'),
    ...problems(400, 403, 404, 413, 415, 429),
  },
})
const join = createRoute({
  method: 'post',
  path: '/auth/join',
  tags,
  middleware: jsonBody,
  description:
    'Joins a course as a student. Who is signed in joins as who they are; everybody else gives a name, and gets a session and the code with which they come back.',
  request: { body: body(z.strictObject({ code, name: displayName.optional() }).meta({ id: 'Joining' })) },
  responses: {
    201: json(
      z.object({
        course: named,
        organisation: named,
        returnCode: z.string().nullable().describe('shown once; null for who was signed in'),
      }),
      'Joined',
    ),
    ...problems(400, 403, 404, 413, 415, 429),
  },
})

async function courseOf(c: Context<AppEnv>, typed: string) {
  const db = openDatabase(c.env.DB)
  const found = await slowed(c, 'code', null, async () => (await findJoinCode(db, typed)) ?? null)
  if (found === null) throw new Problem(404, 'no-such-code', 'No course has this code. Look at it again.', { field: 'code' })
  return {
    course: { id: found.courseId, name: found.courseTitle },
    organisation: { id: found.organisationId, name: found.organisationName },
  }
}

export const joinRoutes = newRoutes()
  .openapi(look, async (c) => {
    refuseForeignOrigin(c.req.raw)
    return c.json(await courseOf(c, c.req.valid('json').code), 200)
  })
  .openapi(join, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const { code, name } = c.req.valid('json')
    const found = await courseOf(c, code)
    const db = openDatabase(c.env.DB)
    const tenant = tenantDb(db, found.organisation.id)
    const here = await findCaller(c)
    if (here !== null && here.actor.via === 'session') {
      const { id, name: own, organisationId } = here.actor
      await needOwnProofFor(c, here.actor, found.organisation.id)
      await tenant.arrivals.joins({ courseId: found.course.id, person: { id, name: own, fresh: false }, now: Date.now() })
      if (organisationId !== found.organisation.id) await comeInto(c, db, { id, name: own }, found.organisation.id, 'code')
      return c.json({ ...found, returnCode: null }, 201)
    }
    if (name === undefined) throw new Problem(400, 'invalid-request', 'Say what you are called.', { field: 'name' })
    await countArrival(c)
    const who = { id: randomId(), name }
    await tenant.arrivals.joins({ courseId: found.course.id, person: { ...who, fresh: true }, now: Date.now() })
    const returnCode = await newReturnCode(tenant, who.id)
    await comeInto(c, db, who, found.organisation.id, 'code')
    return c.json({ ...found, returnCode }, 201)
  })
