import { audit } from '../audit.ts'
import { roles } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { displayName } from '../auth/names.ts'
import { refuseAbove } from '../auth/ranks.ts'
import { newReturnCode } from '../auth/return-code.ts'
import { jsonBody } from '../body.ts'
import { closeSockets } from '../close-sockets.ts'
import { toCsv } from '../csv.ts'
import { body, bytes, createRoute, json, newRoutes, problems, security, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

const tags = ['organisation']
const idOf = z.strictObject({ id: z.string().max(64) })
const teaches = allow('organisation:write', 'teacher')
const some = problems(400, 401, 403, 404)

const change = createRoute({
  method: 'patch',
  path: '/v1/people/{id}',
  tags,
  security,
  middleware: [teaches, jsonBody],
  description: 'Another role, or another name. Nobody gives, or changes, a role above their own.',
  request: {
    params: idOf,
    body: body(z.strictObject({ role: z.enum(roles).optional(), name: displayName.optional() }).meta({ id: 'MemberChange' })),
  },
  responses: { 204: { description: 'Changed' }, ...some, ...problems(409, 413, 415) },
})
const table = createRoute({
  method: 'get',
  path: '/v1/people.csv',
  tags,
  security,
  middleware: allow('organisation:write', 'teacher', { evenSuspended: true }),
  responses: { 200: bytes('text/csv', 'Members: id, name, role, e-mail address, since'), ...problems(401, 403) },
})
const returnCode = createRoute({
  method: 'post',
  path: '/v1/people/{id}/return-code',
  tags,
  security,
  middleware: teaches,
  description: 'A new return code for a student or observer who has lost theirs.',
  request: { params: idOf },
  responses: { 201: json(z.object({ code: z.string() }), 'Shown once'), ...some },
})
const removed = createRoute({
  method: 'get',
  path: '/v1/people/removed',
  tags,
  security,
  middleware: teaches,
  description: 'People from learning platforms who were removed here. Until somebody lets them in again, no launch does.',
  responses: { 200: json(z.object({ people: z.array(z.object({ id: z.string(), name: z.string() })) }), 'By name'), ...some },
})
const readmit = createRoute({
  method: 'post',
  path: '/v1/people/{id}/readmit',
  tags,
  security,
  middleware: teaches,
  description: 'Lets somebody in again, as a student, who came from a learning platform and was removed.',
  request: { params: idOf },
  responses: { 204: { description: 'A member again' }, ...some },
})

const missing = () => new Problem(404, 'not-found', 'There is nobody and nothing with this id.')

export const memberRoutes = newRoutes()
  .openapi(table, async (c) => {
    const people = await c.get('tenant').people.list()
    const head = ['id', 'name', 'role', 'email', 'since']
    const rows = people.map(({ id, name, role, email, createdAt }) => [id, name, role, email, toTime(createdAt)])
    return c.body(toCsv([head, ...rows]), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="members.csv"',
    })
  })
  .openapi(change, async (c) => {
    const tenant = c.get('tenant')
    const { role, name } = c.req.valid('json')
    const found = await tenant.people.find(c.req.valid('param').id)
    if (found === undefined) throw missing()
    const own = c.get('actor').role
    refuseAbove(own, found.role)
    if (role !== undefined) {
      refuseAbove(own, role)
      if (found.role === 'owner' && role !== 'owner' && (await tenant.people.owners()) < 2) {
        throw new Problem(409, 'last-owner', 'The organisation would have no owner.')
      }
      await tenant.people.setRole(found.id, role)
      // What they have open goes by the role that they had.
      await closeSockets(c.env, tenant, found.id)
      await audit(c, 'member.role', { kind: 'person', id: found.id, name: found.name }, `${found.role} to ${role}`)
    }
    if (name !== undefined) {
      await tenant.people.rename(found.id, name)
      await audit(c, 'member.renamed', { kind: 'person', id: found.id, name })
    }
    return c.body(null, 204)
  })
  .openapi(removed, async (c) => c.json({ people: await c.get('tenant').arrivals.removed() }, 200))
  .openapi(readmit, async (c) => {
    const { id } = c.req.valid('param')
    const name = await c.get('tenant').arrivals.readmit(id, 'student', Date.now())
    if (name === undefined) throw missing()
    await audit(c, 'member.readmitted', { kind: 'person', id, name }, 'student')
    return c.body(null, 204)
  })
  .openapi(returnCode, async (c) => {
    const tenant = c.get('tenant')
    const found = await tenant.people.find(c.req.valid('param').id)
    if (found === undefined) throw missing()
    // A code is the person: nobody may come in as an equal.
    if (found.role !== 'student' && found.role !== 'observer') {
      throw new Problem(403, 'not-allowed', 'Return codes are for students and observers.')
    }
    const code = await newReturnCode(tenant, found.id)
    await audit(c, 'member.return-code', { kind: 'person', id: found.id, name: found.name })
    return c.json({ code }, 201)
  })
