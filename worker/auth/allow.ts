import type { Context, MiddlewareHandler } from 'hono'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant.ts'
import type { AppEnv } from '../env.ts'
import { Problem } from '../problem.ts'
import { type Actor, mayDo, type Role, type Scope } from './actor.ts'
import { ownAuth } from './auth.ts'
import { readSessionCookie, refuseForeignOrigin } from './cookie.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

export async function findActor(c: Context<AppEnv>): Promise<Actor | null> {
  const auth = ownAuth(openDatabase(c.env.DB))
  const header = c.req.header('authorization')
  if (header !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(header)?.[1]
    const found = token === undefined ? null : await auth.fromKey(token)
    if (found?.touch) c.executionCtx.waitUntil(found.touch())
    return found?.actor ?? null
  }
  const cookie = readSessionCookie(c)
  if (cookie === undefined) return null
  // Also for the upgrade to a WebSocket, which is a GET but opens a way to write.
  if (!safe.has(c.req.method) || c.req.header('upgrade') !== undefined) refuseForeignOrigin(c.req.raw)
  return auth.fromSession(cookie)
}

/** Lets pass who is signed in, holds the scope and has at least the role; sets `actor` and `tenant`. */
export const allow =
  (scope: Scope, role: Role = 'observer'): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const actor = await findActor(c)
    if (actor === null) {
      const detail = 'Sign in, or send a key: `Authorization: Bearer sr_…`.'
      throw new Problem(401, 'not-signed-in', detail, {}, { 'www-authenticate': 'Bearer' })
    }
    if (!mayDo(actor, scope, role)) {
      const lacking = actor.scopes.includes(scope) ? `the role ${role} or a higher one` : `a key with the scope ${scope}`
      throw new Problem(403, 'not-allowed', `This needs ${lacking}.`)
    }
    c.set('actor', actor)
    c.set('tenant', tenantDb(openDatabase(c.env.DB), actor.organisationId))
    await next()
  }
