import type { Context } from 'hono'
import type { Actor } from './auth/actor.ts'
import type { LabRow } from './db/tenant/labs.ts'
import type { AppEnv } from './env.ts'

const HOUR = 3_600_000
const looks = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Pairs of actor and lab that this isolate has written down already. */
const noted = new Set<string>()
const MOST_NOTED = 20_000

/**
 * Notes behind the answer that a lab was used, to the hour (retention goes by it), and who works in it (so that they can be taken
 * out of its journal again). A lab in constant use costs one row an hour, and one for each person who ever works there.
 */
export function noteUse(c: Context<AppEnv>, actor: Actor, row: LabRow): void {
  const now = Date.now()
  const works = !looks.has(c.req.method) || c.req.header('upgrade') !== undefined
  if (!works) return
  const { labs } = c.get('tenant')
  if (now - (row.lastUsedAt ?? 0) >= HOUR) c.executionCtx.waitUntil(Promise.resolve(labs.used(row.id, now)))
  const pair = `${actor.id} ${row.id}`
  if (noted.has(pair)) return
  if (noted.size >= MOST_NOTED) noted.clear()
  noted.add(pair)
  c.executionCtx.waitUntil(Promise.resolve(labs.worked(row.id, actor.id, now)))
}
