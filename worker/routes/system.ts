import { sql } from 'drizzle-orm'
import { openDatabase } from '../db/database.ts'
import { createRoute, json, newRoutes, problems, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

const health = createRoute({
  method: 'get',
  path: '/health',
  tags: ['service'],
  description: 'Whether the service and its database answer. No lab is woken.',
  responses: { 200: json(z.object({ status: z.literal('ok') }), 'Healthy'), ...problems(503) },
})

export const systemRoutes = newRoutes().openapi(health, async (c) => {
  try {
    // A table of ours, so that a database without migrations is not healthy either.
    await openDatabase(c.env.DB).run(sql`select 1 from organisation limit 1`)
  } catch {
    throw new Problem(503, 'database-unreachable', 'The database does not answer.', {}, { 'retry-after': '5' })
  }
  return c.json({ status: 'ok' } as const, 200, { 'cache-control': 'no-store' })
})
