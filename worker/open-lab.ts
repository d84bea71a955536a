import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './env.ts'
import { findLab } from './lab-life.ts'

/** For routes below /v1/labs/{id}, after `allow`: sets `lab`, or answers 404 before the rest of the request is looked at. */
export const openLab: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('lab', await findLab(c.env, c.get('tenant'), c.req.param('id') ?? ''))
  await next()
}
