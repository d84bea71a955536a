import type { Context, MiddlewareHandler } from 'hono'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { Problem } from '../problem.ts'
import { meterRequest } from '../quotas/request-meter.ts'
import { mayDo, type Role, type Scope } from './actor.ts'
import { type Found, ownAuth } from './auth.ts'
import { readSessionCookie, refuseForeignOrigin } from './cookie.ts'
import { failed, refuseSlowed } from './throttle.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whose key or session it is; null when it is nobody's. */
export async function findCaller(c: Context<AppEnv>, labId = ''): Promise<Found | null> {
  const auth = ownAuth(openDatabase(c.env.DB))
  const header = c.req.header('authorization')
  if (header !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(header)?.[1]
    await refuseSlowed(c, 'key')
    const found = token === undefined ? null : await auth.fromKey(token, labId)
    if (found === null) await failed(c, 'key')
    if (found?.touch) c.executionCtx.waitUntil(found.touch())
    return found
  }
  const cookie = readSessionCookie(c)
  if (cookie === undefined) return null
  // Also for the upgrade to a WebSocket, which is a GET but opens a way to write.
  if (!safe.has(c.req.method) || c.req.header('upgrade') !== undefined) refuseForeignOrigin(c.req.raw)
  return auth.fromSession(cookie, labId)
}

type Entering = {
  readonly labId?: string
  /** What a suspended organisation may still do: take its data with it. */
  readonly evenSuspended?: boolean
}

export const suspended = () =>
  new Problem(
    403,
    'suspended',
    'This organisation is suspended. Its data can be exported; everything else waits for the operator.',
  )

/** Lets pass who is signed in, holds the scope and has at least the role; sets `actor` and `tenant`. */
export async function enter(c: Context<AppEnv>, scope: Scope, role: Role, entering: Entering = {}): Promise<Found> {
  const { labId, evenSuspended = false } = entering
  const found = await findCaller(c, labId)
  if (found === null) {
    const detail = 'Sign in, or send a key: `Authorization: Bearer sr_…`.'
    throw new Problem(401, 'not-signed-in', detail, {}, { 'www-authenticate': 'Bearer' })
  }
  const { actor } = found
  if (found.standing.suspended && !evenSuspended) throw suspended()
  meterRequest(c, found)
  if (!mayDo(actor, scope, role)) {
    const lacking = actor.scopes.includes(scope) ? `the role ${role} or a higher one` : `a key with the scope ${scope}`
    throw new Problem(403, 'not-allowed', `This needs ${lacking}.`)
  }
  c.set('actor', actor)
  c.set('tenant', tenantDb(openDatabase(c.env.DB), actor.organisationId))
  return found
}

/** For routes that are not on a lab. */
export const allow =
  (scope: Scope, role: Role = 'observer', entering: Entering = {}): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    await enter(c, scope, role, entering)
    await next()
  }

/** For what is a person's own: no key does it for them. Everybody who is signed in, whatever their role. */
export const inPerson =
  (entering: Entering = {}): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const { actor } = await enter(c, 'labs:read', 'observer', entering)
    if (actor.via !== 'session') throw new Problem(403, 'not-allowed', 'This is for people who are signed in, not for keys.')
    await next()
  }
