import type { Context } from 'hono'
import { auditAs } from '../audit.ts'
import { allow, inPerson } from '../auth/allow.ts'
import { clearSessionCookie } from '../auth/cookie.ts'
import { hasOwnProof } from '../auth/own-proof.ts'
import { refuseAbove } from '../auth/ranks.ts'
import { jsonBody } from '../body.ts'
import { openDatabase } from '../db/database.ts'
import { organisationsOf } from '../db/identities.ts'
import { type TenantDb, tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { erasePerson } from '../erase/erase-person.ts'
import { exportPerson } from '../erase/export-person.ts'
import { body, createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// What is known of one person: handed out, and erased. By themselves, in all organisations; by an owner, in theirs.

const tags = ['account']
const idOf = z.strictObject({ id: z.string().max(64) })
const everything = json(
  z
    .object({ person: z.object({ id: z.string(), name: z.string() }) })
    .loose()
    .meta({ id: 'PersonalData' }),
  'Everything that is known, as JSON: rows by table, and what was typed and said in labs',
)
const confirmed = body(
  z.strictObject({ name: z.string().describe('the name of the person, as it stands: typed to confirm') }).meta({ id: 'Erasure' }),
)
const erased = json(
  z
    .object({
      alias: z.string().describe('what stands in the place of the name where a row had to stay'),
      altogether: z.boolean().describe('false: they are a member of another organisation, and stay there'),
      labsLeft: z.number().describe('labs whose journals are still to be gone through; this goes on by itself'),
    })
    .meta({ id: 'Erased' }),
  'Erased',
)

const exportMine = createRoute({
  method: 'get',
  path: '/v1/account/export',
  tags,
  security,
  middleware: inPerson({ evenSuspended: true }),
  responses: { 200: everything, ...problems(401, 403) },
})
const eraseMine = createRoute({
  method: 'post',
  path: '/v1/account/erase',
  tags,
  security,
  middleware: [inPerson(), jsonBody],
  description:
    'Erases everything that is known of who asks, in all their organisations; for whoever came in by what one organisation gave them, in that one. It cannot be undone.',
  request: { body: confirmed },
  responses: { 200: erased, ...problems(400, 401, 403, 409, 413, 415) },
})
const exportOther = createRoute({
  method: 'get',
  path: '/v1/people/{id}/export',
  tags,
  security,
  middleware: allow('organisation:write', 'owner', { evenSuspended: true }),
  request: { params: idOf },
  responses: { 200: everything, ...problems(400, 401, 403, 404) },
})
const eraseOther = createRoute({
  method: 'post',
  path: '/v1/people/{id}/erase',
  tags,
  security,
  middleware: [allow('organisation:write', 'owner'), jsonBody],
  description: 'Erases everything that is known of a person in this organisation. It cannot be undone.',
  request: { params: idOf, body: confirmed },
  responses: { 200: erased, ...problems(400, 401, 403, 404, 409, 413, 415) },
})

async function member(tenant: TenantDb, id: string) {
  const found = await tenant.people.find(id)
  if (found === undefined) throw new Problem(404, 'not-found', 'There is nobody and nothing with this id.')
  return found
}

async function refuseLastOwner(tenant: TenantDb, role: string): Promise<void> {
  if (role !== 'owner' || (await tenant.people.owners()) > 1) return
  throw new Problem(409, 'last-owner', 'The organisation would have no owner. Make somebody else an owner first.')
}

async function note(c: Context<AppEnv>, tenant: TenantDb, alias: string, by: { id: string; name: string } | null): Promise<void> {
  const who = by === null ? ({ id: 'erased', name: alias, via: 'session' } as const) : ({ ...by, via: 'session' } as const)
  await auditAs(by === null ? null : c, tenant, who, 'person.erased', { kind: 'person', id: 'erased', name: alias })
}

const asFile = (c: Context) => c.header('content-disposition', 'attachment; filename="switchroom-person.json"')
const mustMatch = (typed: string, name: string) => {
  if (typed.trim() !== name.trim())
    throw new Problem(400, 'not-confirmed', 'This is not the name of the person.', { field: 'name' })
}

export const personalRoutes = newRoutes()
  .openapi(exportMine, async (c) => {
    asFile(c)
    return c.json(await exportPerson(c.env, openDatabase(c.env.DB), c.get('tenant'), c.get('actor').id), 200)
  })
  .openapi(eraseMine, async (c) => {
    const { id, name } = c.get('actor')
    mustMatch(c.req.valid('json').name, name)
    const db = openDatabase(c.env.DB)
    const all = await organisationsOf(db, id)
    const actor = c.get('actor')
    const tenants = all
      .filter((one) => hasOwnProof(actor) || one.id === actor.organisationId)
      .map((one) => ({ role: one.role, tenant: tenantDb(db, one.id) }))
    for (const { tenant, role } of tenants) await refuseLastOwner(tenant, role)
    let last = { alias: '', altogether: false, labsLeft: 0 }
    for (const { tenant } of tenants) {
      const one = await erasePerson(c.env, tenant, id)
      await note(c, tenant, one.alias, null)
      last = { ...one, labsLeft: last.labsLeft + one.labsLeft }
    }
    clearSessionCookie(c)
    return c.json(last, 200)
  })
  .openapi(exportOther, async (c) => {
    const tenant = c.get('tenant')
    const { id } = await member(tenant, c.req.valid('param').id)
    asFile(c)
    return c.json(await exportPerson(c.env, openDatabase(c.env.DB), tenant, id), 200)
  })
  .openapi(eraseOther, async (c) => {
    const tenant = c.get('tenant')
    const found = await member(tenant, c.req.valid('param').id)
    refuseAbove(c.get('actor').role, found.role)
    mustMatch(c.req.valid('json').name, found.name)
    await refuseLastOwner(tenant, found.role)
    const one = await erasePerson(c.env, tenant, found.id)
    const { id, name } = c.get('actor')
    await note(c, tenant, one.alias, id === found.id ? null : { id, name })
    return c.json(one, 200)
  })
