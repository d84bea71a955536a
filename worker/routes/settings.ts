import { audit } from '../audit.ts'
import { atLeast, roles } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { jsonBody } from '../body.ts'
import { ALL } from '../db/tenant/organisation.ts'
import { body, createRoute, json, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { costOf } from '../quotas/cost.ts'
import { limitsOf, monthOf, USUAL } from '../quotas/limits.ts'
import { DAY, lastUse, WARN_DAYS } from '../retention/retention.ts'

const tags = ['organisation']
const numbers = z.object(
  Object.fromEntries(Object.keys(USUAL).map((name) => [name, z.number()])) as Record<keyof typeof USUAL, z.ZodNumber>,
)
const organisation = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum([...roles, 'machine']),
    joinByCode: z.boolean().describe('students may join a course by its code and a name alone'),
    retentionDays: z.number().nullable().describe('labs that nobody has used for so many days are removed; null: never'),
    jurisdiction: z.string().nullable(),
  })
  .meta({ id: 'Organisation' })
const usage = z
  .object({
    month: z.string(),
    limits: numbers.describe('what the organisation, and each person in it, may use; bytes at rest, live hours a month'),
    members: z.number(),
    used: z.object({
      labs: z.number(),
      machines: z.number(),
      bytes: z.number().describe('as last measured'),
      liveHours: z.number(),
      requests: z.number(),
    }),
    cost: z
      .object({ requests: z.number(), duration: z.number(), rows: z.number(), storage: z.number(), total: z.number() })
      .describe('dollars this month by list price, estimated, without allowances'),
    people: z
      .array(z.object({ id: z.string(), name: z.string(), requests: z.number(), liveHours: z.number() }))
      .describe('who used most'),
  })
  .meta({ id: 'Usage' })
const mine = z
  .object({
    labs: z.number(),
    machines: z.number(),
    bytes: z.number(),
    liveHours: z.number(),
    requests: z.number(),
    limits: numbers,
  })
  .meta({ id: 'OwnUsage' })

const read = createRoute({
  method: 'get',
  path: '/v1/organisation',
  tags,
  security,
  middleware: allow('labs:read'),
  responses: { 200: json(organisation, 'The organisation'), ...problems(401, 403) },
})
const change = createRoute({
  method: 'patch',
  path: '/v1/organisation',
  tags,
  security,
  middleware: [allow('organisation:write', 'owner'), jsonBody],
  request: {
    body: body(
      z
        .strictObject({
          name: z.string().trim().min(1).max(120).optional(),
          joinByCode: z.boolean().optional(),
          retentionDays: z.number().int().min(7).max(3650).nullable().optional(),
        })
        .meta({ id: 'OrganisationChange' }),
    ),
  },
  responses: { 204: { description: 'Changed' }, ...problems(400, 401, 403, 413, 415) },
})
const readUsage = createRoute({
  method: 'get',
  path: '/v1/organisation/usage',
  tags,
  security,
  middleware: allow('organisation:write', 'teacher'),
  responses: { 200: json(usage, 'What is used this month, and what it would cost'), ...problems(401, 403) },
})
const readMine = createRoute({
  method: 'get',
  path: '/v1/account/usage',
  tags,
  security,
  middleware: allow('labs:read'),
  description: 'What who asks uses, and may use.',
  responses: { 200: json(mine, 'This month'), ...problems(401, 403) },
})
const leaving = createRoute({
  method: 'get',
  path: '/v1/organisation/leaving',
  tags,
  security,
  middleware: allow('labs:read'),
  description: `Labs that retention removes within ${WARN_DAYS} days unless somebody uses them; for students their own.`,
  responses: {
    200: json(
      z.object({ labs: z.array(z.object({ id: z.string(), title: z.string(), lastUsedAt: time, removedAt: time })) }),
      'Labs, the first to go first',
    ),
    ...problems(401, 403),
  },
})

const hours = (ms: number) => Math.round(ms / 36_000) / 100

export const settingsRoutes = newRoutes()
  .openapi(read, async (c) => {
    const row = await c.get('tenant').organisation.get()
    const { organisationId: id, organisationName: name, jurisdiction, role } = c.get('actor')
    const { joinByCode = true, retentionDays = null } = row ?? {}
    return c.json({ id, name, role: role ?? ('machine' as const), joinByCode, retentionDays, jurisdiction }, 200)
  })
  .openapi(change, async (c) => {
    const wish = c.req.valid('json')
    const tenant = c.get('tenant')
    if (Object.keys(wish).length > 0) await tenant.organisation.update(wish)
    const said = Object.entries(wish).map(([name, value]) => `${name}: ${value}`)
    await audit(c, 'organisation.changed', { kind: 'organisation', id: tenant.organisationId, name: wish.name }, said.join(', '))
    return c.body(null, 204)
  })
  .openapi(readUsage, async (c) => {
    const tenant = c.get('tenant')
    const month = monthOf(Date.now())
    const [row, holdings, rows, people] = await Promise.all([
      tenant.organisation.get(),
      tenant.organisation.holdings(),
      tenant.organisation.usage(month),
      tenant.people.list(),
    ])
    const all = rows.find(({ actorId }) => actorId === ALL) ?? { requests: 0, liveMs: 0 }
    const names = new Map(people.map(({ id, name }) => [id, name]))
    const most = rows
      .filter(({ actorId }) => actorId !== ALL)
      .slice(0, 50)
      .map(({ actorId: id, requests, liveMs }) => ({ id, name: names.get(id) ?? id, requests, liveHours: hours(liveMs) }))
    const { labs, machines, bytes } = holdings
    return c.json(
      {
        month,
        limits: limitsOf(c.env, row?.quotas ?? {}),
        members: people.length,
        used: { labs, machines, bytes, liveHours: hours(all.liveMs), requests: all.requests },
        cost: costOf({ requests: all.requests, liveMs: all.liveMs, bytes }),
        people: most,
      },
      200,
    )
  })
  .openapi(readMine, async (c) => {
    const tenant = c.get('tenant')
    const { id } = c.get('actor')
    const month = monthOf(Date.now())
    const [held, rows] = await Promise.all([tenant.organisation.holdingsOf(id, month), tenant.organisation.usage(month, id)])
    const { labs, machines, bytes, liveMs, quotas } = held
    const requests = rows.find(({ actorId }) => actorId === id)?.requests ?? 0
    return c.json({ labs, machines, bytes, liveHours: hours(liveMs), requests, limits: limitsOf(c.env, quotas) }, 200)
  })
  .openapi(leaving, async (c) => {
    const tenant = c.get('tenant')
    const { id, role } = c.get('actor')
    const days = (await tenant.organisation.get())?.retentionDays ?? null
    if (days === null) return c.json({ labs: [] }, 200)
    const rows = await tenant.organisation.unusedSince(Date.now() - (days - WARN_DAYS) * DAY, 500)
    const all = role === null || atLeast(role, 'teacher')
    const labs = rows
      .filter((row) => all || row.createdBy === id)
      .map((row) => ({
        id: row.id,
        title: row.title,
        lastUsedAt: toTime(lastUse(row)),
        removedAt: toTime(lastUse(row) + days * DAY),
      }))
    return c.json({ labs }, 200)
  })
