import type { MiddlewareHandler } from 'hono'
import { type CourseRight, courseRefusal, mayInCourse, partIn } from './access/course-access.ts'
import { type Access, accessTo } from './access/lab-access.ts'
import type { Scope } from './auth/actor.ts'
import { enter } from './auth/allow.ts'
import type { TenantDb } from './db/tenant/index.ts'
import type { AppEnv } from './env.ts'
import { Problem } from './problem.ts'

export type Submitted = NonNullable<Awaited<ReturnType<TenantDb['grades']['find']>>>

// The same words whether it never was, is gone, or is somebody else's.
export const noSuchSubmission = () => new Problem(404, 'not-found', 'There is no such submission.')

/** What is asked for: to read it; to say something as whoever handed it in or as one who grades; to grade. */
type Right = 'read' | 'speak' | 'grade'

function pass(access: Access, holds: boolean, right: Right): void {
  if (access === 'none') throw noSuchSubmission()
  const may = right === 'read' || access === 'teach' || (right === 'speak' && holds)
  if (!may)
    throw new Problem(
      403,
      'not-allowed',
      right === 'grade' ? 'This is for those who grade it.' : 'You may read this, and no more.',
    )
}

/** For routes below /v1/submissions/{submission}: sets `submitted` and `access`. */
export const openSubmission =
  (scope: Scope, right: Right): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const { actor } = await enter(c, scope, 'observer')
    const found = await c.get('tenant').grades.find(c.req.param('submission') ?? '', actor.id)
    const access = found === undefined ? 'none' : accessTo(actor, { kind: 'submission', createdBy: '' }, found.tie)
    pass(access, found?.tie.holds === true, right)
    c.set('submitted', found as Submitted)
    c.set('access', access)
    await next()
  }

export type Marked = NonNullable<Awaited<ReturnType<TenantDb['grades']['assignment']>>>

/** For routes below /v1/assignments/{assignment} that are about its grades: sets `marked`. */
export const openGrades =
  (scope: Scope, right: CourseRight): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const { actor } = await enter(c, scope, 'observer')
    const found = await c.get('tenant').grades.assignment(c.req.param('assignment') ?? '', actor.id)
    const part = found === undefined ? 'none' : partIn(actor, found.enrolled)
    if (found === undefined || part === 'none') throw new Problem(404, 'not-found', 'There is no such assignment.')
    if (!mayInCourse(part, right)) throw new Problem(403, 'not-allowed', courseRefusal(right))
    c.set('marked', found)
    c.set('mayGrade', mayInCourse(part, 'assist'))
    c.set('mayManage', mayInCourse(part, 'manage'))
    await next()
  }
