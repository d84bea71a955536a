import { allow } from '../auth/allow.ts'
import { createRoute, json, newRoutes, problems, security, time, toTime, whole, z } from '../openapi.ts'

const tags = ['organisation']
const entry = z
  .object({
    id: z.number(),
    at: time,
    by: z.object({ id: z.string(), name: z.string(), via: z.enum(['session', 'key', 'operator', 'system']) }),
    action: z.string(),
    object: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    detail: z.string(),
    address: z.string().describe('the network address that it came from'),
  })
  .meta({ id: 'AuditEntry' })

const list = createRoute({
  method: 'get',
  path: '/v1/audit',
  tags,
  security,
  middleware: allow('organisation:write', 'owner'),
  description: 'Who did what, the newest first. `action` finds by beginning: `member` finds `member.role` and its siblings.',
  request: {
    query: z.strictObject({
      limit: whole(1, 200).default(50),
      before: whole(1).optional(),
      actor: z.string().max(64).optional(),
      action: z
        .string()
        .regex(/^[a-z.-]{1,40}$/)
        .optional(),
      object: z.string().max(64).optional(),
      from: z.iso.datetime().optional(),
      to: z.iso.datetime().optional(),
    }),
  },
  responses: {
    200: json(z.object({ entries: z.array(entry), next: z.number().nullable() }), 'One page; `next` goes into `before`'),
    ...problems(400, 401, 403),
  },
})

export const auditRoutes = newRoutes().openapi(list, async (c) => {
  const { limit, before, actor: actorId, action, object: objectId, from, to } = c.req.valid('query')
  const rows = await c.get('tenant').audit.list({
    limit: limit + 1,
    before,
    actorId,
    action,
    objectId,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  })
  const page = rows.slice(0, limit)
  const entries = page.map((row) => ({
    id: row.id,
    at: toTime(row.at),
    by: { id: row.actorId, name: row.actorName, via: row.via },
    action: row.action,
    object: { kind: row.objectKind, id: row.objectId, name: row.objectName },
    detail: row.detail,
    address: row.address,
  }))
  return c.json({ entries, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }, 200)
})
