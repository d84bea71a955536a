import type { MiddlewareHandler } from 'hono'
import type { Role, Scope } from './auth/actor.ts'
import { enter } from './auth/allow.ts'
import type { AppEnv } from './env.ts'
import { usableLab } from './lab-life.ts'

/**
 * For routes below /v1/labs/{id}: what `allow` does, and sets `lab`, or answers 404 before the rest of the request is looked
 * at.
 */
export const openLab =
  (scope: Scope, role: Role = 'observer'): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const found = await enter(c, scope, role, c.req.param('id'))
    c.set('lab', await usableLab(c.env, c.get('tenant'), found))
    await next()
  }
