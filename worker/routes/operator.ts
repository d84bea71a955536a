import type { Context, MiddlewareHandler } from 'hono'
import { auditAs } from '../audit.ts'
import { failed, refuseSlowed } from '../auth/throttle.ts'
import { randomId, randomToken, sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { closeSockets } from '../close-sockets.ts'
import { openDatabase } from '../db/database.ts'
import { allOrganisations, findOrganisation, insertOrganisation } from '../db/operator.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { body, createRoute, json, newRoutes, problems, time, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'
import { USUAL } from '../quotas/limits.ts'

// For whoever runs the installation, with the key that it was deployed with (OPERATOR_KEY). Without one, none of this is there.

const tags = ['operator']
const WEEKS_2 = 14 * 24 * 3_600_000
const security = [{ operator: [] }]
const idOf = z.strictObject({ id: z.string().max(64) })
const quotas = z
  .strictObject(
    Object.fromEntries(Object.keys(USUAL).map((name) => [name, z.number().int().min(0).optional()])) as Record<
      keyof typeof USUAL,
      z.ZodOptional<z.ZodNumber>
    >,
  )
  .meta({ id: 'Quotas', description: 'what is left out is as usual' })
const jurisdiction = z.enum(['eu', 'fedramp', 'us']).nullable()
const organisation = z
  .object({
    id: z.string(),
    name: z.string(),
    jurisdiction,
    createdAt: time,
    suspendedAt: time.nullable(),
    suspendedReason: z.string().nullable(),
    members: z.number(),
    labs: z.number(),
    quotas,
  })
  .meta({ id: 'OperatedOrganisation' })

const isOperator: MiddlewareHandler<AppEnv> = async (c, next) => {
  const closed = () => new Problem(404, 'not-found', 'There is nothing at this address.')
  if (!c.env.OPERATOR_KEY) throw closed()
  await refuseSlowed(c, 'operator')
  const given = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
  if ((await sha256(given)) !== (await sha256(c.env.OPERATOR_KEY))) {
    await failed(c, 'operator')
    throw new Problem(401, 'not-signed-in', 'This needs the key of the operator.', {}, { 'www-authenticate': 'Bearer' })
  }
  await next()
}

const some = problems(400, 401, 403, 404, 413, 415, 429)
const list = createRoute({
  method: 'get',
  path: '/v1/operator/organisations',
  tags,
  security,
  middleware: isOperator,
  responses: { 200: json(z.object({ organisations: z.array(organisation) }), 'All of them'), ...problems(401, 403, 404, 429) },
})
const make = createRoute({
  method: 'post',
  path: '/v1/operator/organisations',
  tags,
  security,
  middleware: [isOperator, jsonBody],
  description: 'Makes an organisation, and the invitation of its first owner.',
  request: {
    body: body(
      z
        .strictObject({
          name: z.string().trim().min(1).max(120),
          jurisdiction: jurisdiction.optional(),
          quotas: quotas.optional(),
        })
        .meta({
          id: 'NewOrganisation',
        }),
    ),
  },
  responses: { 201: json(z.object({ id: z.string(), ownerInvitation: z.string() }), 'Made; the path is shown once'), ...some },
})
const change = createRoute({
  method: 'patch',
  path: '/v1/operator/organisations/{id}',
  tags,
  security,
  middleware: [isOperator, jsonBody],
  description:
    'Sets quotas, suspends or resumes. In a suspended organisation everything but export is refused, and sockets close.',
  request: {
    params: idOf,
    body: body(
      z
        .strictObject({ quotas: quotas.optional(), suspended: z.boolean().optional(), reason: z.string().max(500).optional() })
        .meta({ id: 'OperatorChange' }),
    ),
  },
  responses: { 204: { description: 'Changed' }, ...some },
})

const by = { id: 'operator', name: 'Operator', via: 'operator' } as const

export const operatorRoutes = newRoutes()
  .openapi(list, async (c) => {
    const rows = await allOrganisations(openDatabase(c.env.DB))
    const organisations = rows.map(({ retentionDays: _, ...row }) => ({
      ...row,
      createdAt: toTime(row.createdAt),
      suspendedAt: row.suspendedAt === null ? null : toTime(row.suspendedAt),
      quotas: row.quotas ?? {},
    }))
    return c.json({ organisations }, 200)
  })
  .openapi(make, async (c) => {
    const { name, jurisdiction = null, quotas = {} } = c.req.valid('json')
    const db = openDatabase(c.env.DB)
    const id = randomId()
    const now = Date.now()
    await insertOrganisation(db, { id, name, jurisdiction, quotas, createdAt: now })
    const tenant = tenantDb(db, id)
    const token = randomToken()
    const seat = { role: 'owner', email: null, name: null, courseId: null, courseRole: null } as const
    const made = { createdBy: by.id, createdByName: by.name, createdAt: now, expiresAt: now + WEEKS_2 }
    await tenant.invitations.insert([{ id: randomId(), tokenHash: await sha256(token), ...seat, ...made }])
    await auditAs(c, tenant, by, 'organisation.made', { kind: 'organisation', id, name })
    return c.json({ id, ownerInvitation: `/invitation#${token}` }, 201)
  })
  .openapi(change, async (c) => {
    const { quotas, suspended, reason } = c.req.valid('json')
    const { id } = c.req.valid('param')
    const db = openDatabase(c.env.DB)
    const found = await findOrganisation(db, id)
    if (found === undefined) throw new Problem(404, 'not-found', 'There is no such organisation.')
    const tenant = tenantDb(db, id)
    const object = { kind: 'organisation', id, name: found.name }
    if (quotas !== undefined) {
      await tenant.organisation.setQuotas(quotas)
      const said = Object.entries(quotas).map(([key, value]) => `${key}: ${value}`)
      await auditAs(c, tenant, by, 'organisation.quotas', object, said.join(', '))
    }
    if (suspended !== undefined) {
      await tenant.organisation.suspend(suspended ? Date.now() : null, suspended ? (reason ?? null) : null)
      await auditAs(c, tenant, by, suspended ? 'organisation.suspended' : 'organisation.resumed', object, reason ?? '')
      if (suspended) c.executionCtx.waitUntil(closeAll(c, id))
    }
    return c.body(null, 204)
  })

async function closeAll(c: Context<AppEnv>, organisationId: string): Promise<void> {
  const tenant = tenantDb(openDatabase(c.env.DB), organisationId)
  for (const actorId of await tenant.labs.actorsWithSockets(2000)) await closeSockets(c.env, tenant, actorId)
}
