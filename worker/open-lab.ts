import type { MiddlewareHandler } from 'hono'
import { type Access, accessUntil, allows, callerOf, wantedAccess } from './access/lab-access.ts'
import type { Role, Scope } from './auth/actor.ts'
import { enter } from './auth/allow.ts'
import { noteActivity } from './courses/activity.ts'
import type { AppEnv } from './env.ts'
import { usableLab } from './lab-life.ts'
import { noteUse } from './note-use.ts'
import { noSuchLab, Problem } from './problem.ts'

const NOTHING: { readonly access: Access; readonly until?: number } = { access: 'none' }

/**
 * For routes below /v1/labs/{id}: lets pass who may do there what the role stands for, and sets `lab` and `caller`. Whoever may
 * not even look is told that there is none, before the rest of the request is looked at.
 */
export const openLab =
  (scope: Scope, role: Role = 'observer', { evenSuspended = false } = {}): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    // What binds somebody to a lab counts there, so their role in the organisation is not yet asked.
    const { actor, lab, tie } = await enter(c, scope, 'observer', { labId: c.req.param('id'), evenSuspended })
    const { access, until } = lab === null ? NOTHING : accessUntil(actor, lab, tie, Date.now())
    const row = await usableLab(c.env, c.get('tenant'), access === 'none' ? null : lab)
    if (access === 'none') throw noSuchLab()
    if (!allows(access, wantedAccess(role))) throw new Problem(403, 'not-allowed', refusal(role))
    c.set('lab', row)
    c.set('access', access)
    c.set('caller', callerOf(actor, access, until))
    noteUse(c, actor, row)
    const noting = access === 'work' && scope === 'labs:write' ? noteActivity(c.get('tenant'), row, Date.now()) : null
    if (noting !== null) c.executionCtx.waitUntil(noting)
    await next()
  }

const refusal = (role: Role) =>
  role === 'student' ? 'You may watch this lab, not work in it.' : `This needs the role ${role} or a higher one.`
