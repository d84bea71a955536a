import { audit } from '../audit.ts'
import { keyScopes, roles } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { displayName } from '../auth/names.ts'
import { refuseAbove } from '../auth/ranks.ts'
import { randomId, randomToken, sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { closeSockets } from '../close-sockets.ts'
import { body, createRoute, json, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// Who belongs to the organisation, and its keys. Without these, an instance would end with its first owner.

const tags = ['organisation']
const LINK_MS = 7 * 24 * 3600 * 1000
const label = displayName
const person = z
  .object({ id: z.string(), name: z.string(), role: z.enum(roles), email: z.string().nullable(), createdAt: time })
  .meta({ id: 'Member' })
const link = z.object({ path: z.string(), expiresAt: time }).meta({ id: 'SignInLink' })
const key = z
  .object({
    id: z.string(),
    label: z.string(),
    prefix: z.string().describe('the first letters of the secret, to know it again; empty for older keys'),
    scopes: z.array(z.enum(keyScopes)),
    createdAt: time,
    createdByName: z.string(),
    lastUsedAt: time.nullable(),
    expiresAt: time.nullable(),
  })
  .meta({ id: 'Key' })
const idOf = z.strictObject({ id: z.string().max(64) })
const teaches = allow('organisation:write', 'teacher')
const owns = allow('organisation:write', 'owner')
const some = problems(400, 401, 403, 404)

const listPeople = createRoute({
  method: 'get',
  path: '/v1/people',
  tags,
  security,
  middleware: teaches,
  responses: { 200: json(z.object({ people: z.array(person) }), 'Members'), ...problems(401, 403) },
})
const addPerson = createRoute({
  method: 'post',
  path: '/v1/people',
  tags,
  security,
  middleware: [teaches, jsonBody],
  description: 'Adds a person and gives the link with which they sign in, once, within a week.',
  request: { body: body(z.strictObject({ name: label, role: z.enum(roles) }).meta({ id: 'NewMember' })) },
  responses: { 201: json(z.object({ person, link }), 'Added'), ...problems(400, 401, 403, 413, 415) },
})
const newLink = createRoute({
  method: 'post',
  path: '/v1/people/{id}/sign-in-link',
  tags,
  security,
  middleware: teaches,
  request: { params: idOf },
  responses: { 201: json(link, 'A link that works once'), ...some },
})
const removePerson = createRoute({
  method: 'delete',
  path: '/v1/people/{id}',
  tags,
  security,
  middleware: teaches,
  description: 'Ends the membership; sessions, links and keys end with it, labs stay.',
  request: { params: idOf },
  responses: { 204: { description: 'Removed' }, ...some, ...problems(409) },
})
const listKeys = createRoute({
  method: 'get',
  path: '/v1/keys',
  tags,
  security,
  middleware: owns,
  responses: { 200: json(z.object({ keys: z.array(key) }), 'Keys, without their secrets'), ...problems(401, 403) },
})
const addKey = createRoute({
  method: 'post',
  path: '/v1/keys',
  tags,
  security,
  middleware: [owns, jsonBody],
  description: 'The secret is shown here and never again.',
  request: {
    body: body(
      z
        .strictObject({
          label,
          scopes: z.array(z.enum(keyScopes)).min(1).max(keyScopes.length),
          expiresInDays: z.number().int().min(1).max(3650).optional(),
        })
        .meta({ id: 'NewKey' }),
    ),
  },
  responses: {
    201: json(key.extend({ secret: z.string() }).meta({ id: 'KeyWithSecret' }), 'Made'),
    ...problems(400, 401, 403, 413, 415),
  },
})
const removeKey = createRoute({
  method: 'delete',
  path: '/v1/keys/{id}',
  tags,
  security,
  middleware: owns,
  request: { params: idOf },
  responses: { 204: { description: 'Ended' }, ...some },
})

const missing = () => new Problem(404, 'not-found', 'There is nobody and nothing with this id.')

async function makeLink(
  people: { insertLink(row: { tokenHash: string; personId: string; now: number; expiresAt: number }): PromiseLike<unknown> },
  personId: string,
) {
  const token = randomToken()
  const now = Date.now()
  await people.insertLink({ tokenHash: await sha256(token), personId, now, expiresAt: now + LINK_MS })
  return { path: `/auth/link/${token}`, expiresAt: toTime(now + LINK_MS) }
}

export const organisationRoutes = newRoutes()
  .openapi(listPeople, async (c) => {
    const people = await c.get('tenant').people.list()
    return c.json({ people: people.map((one) => ({ ...one, createdAt: toTime(one.createdAt) })) }, 200)
  })
  .openapi(addPerson, async (c) => {
    const { name, role } = c.req.valid('json')
    refuseAbove(c.get('actor').role, role)
    const { people } = c.get('tenant')
    const id = randomId()
    const now = Date.now()
    await people.insert({ id, name, role, now })
    await audit(c, 'member.added', { kind: 'person', id, name }, role)
    return c.json({ person: { id, name, role, email: null, createdAt: toTime(now) }, link: await makeLink(people, id) }, 201)
  })
  .openapi(newLink, async (c) => {
    const { people } = c.get('tenant')
    const found = await people.find(c.req.valid('param').id)
    if (found === undefined) throw missing()
    // A link is the person: equals must not be able to sign in as each other.
    const own = c.get('actor').role
    if (own !== 'owner') refuseAbove(own, roles[roles.indexOf(found.role) + 1] ?? 'owner')
    await audit(c, 'member.link', { kind: 'person', id: found.id, name: found.name })
    return c.json(await makeLink(people, found.id), 201)
  })
  .openapi(removePerson, async (c) => {
    const { people } = c.get('tenant')
    const found = await people.find(c.req.valid('param').id)
    if (found === undefined) throw missing()
    refuseAbove(c.get('actor').role, found.role)
    if (found.role === 'owner' && (await people.owners()) < 2) {
      throw new Problem(409, 'last-owner', 'The organisation would have no owner.')
    }
    await people.remove(found.id)
    await audit(c, 'member.removed', { kind: 'person', id: found.id, name: found.name }, found.role)
    await closeSockets(c.env, c.get('tenant'), found.id)
    return c.body(null, 204)
  })
  .openapi(listKeys, async (c) => {
    const keys = await c.get('tenant').keys.list()
    const shown = keys.map((one) => ({
      ...one,
      scopes: keyScopes.filter((scope) => one.scopes.includes(scope)),
      createdAt: toTime(one.createdAt),
      lastUsedAt: one.lastUsedAt === null ? null : toTime(one.lastUsedAt),
      expiresAt: one.expiresAt === null ? null : toTime(one.expiresAt),
    }))
    return c.json({ keys: shown }, 200)
  })
  .openapi(addKey, async (c) => {
    const { label, scopes, expiresInDays } = c.req.valid('json')
    const secret = randomToken('sr_')
    const id = randomId()
    const createdAt = Date.now()
    const expiresAt = expiresInDays === undefined ? null : createdAt + expiresInDays * 24 * 3600 * 1000
    const row = { id, label, scopes, prefix: secret.slice(0, 7), createdByName: c.get('actor').name }
    await c.get('tenant').keys.insert({ ...row, tokenHash: await sha256(secret), createdAt, expiresAt })
    await audit(c, 'key.made', { kind: 'key', id, name: label }, scopes.join(' '))
    const shown = { ...row, expiresAt: expiresAt === null ? null : toTime(expiresAt) }
    return c.json({ ...shown, createdAt: toTime(createdAt), lastUsedAt: null, secret }, 201)
  })
  .openapi(removeKey, async (c) => {
    const tenant = c.get('tenant')
    const actorId = await tenant.keys.remove(c.req.valid('param').id)
    if (actorId === undefined) throw missing()
    await audit(c, 'key.revoked', { kind: 'key', id: c.req.valid('param').id })
    await closeSockets(c.env, tenant, actorId)
    return c.body(null, 204)
  })
