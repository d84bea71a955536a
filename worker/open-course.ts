import type { MiddlewareHandler } from 'hono'
import { type CoursePart, type CourseRight, courseRefusal, mayInCourse, partIn } from './access/course-access.ts'
import type { Scope } from './auth/actor.ts'
import { enter } from './auth/allow.ts'
import type { AppEnv } from './env.ts'
import { Problem } from './problem.ts'

// The same words whether it never was, is gone, or is somebody else's.
export const noSuchCourse = () => new Problem(404, 'not-found', 'There is no such course.')
export const noSuchAssignment = () => new Problem(404, 'not-found', 'There is no such assignment.')

function pass(part: CoursePart, right: CourseRight, none: () => Problem): void {
  if (part === 'none') throw none()
  if (!mayInCourse(part, right)) throw new Problem(403, 'not-allowed', courseRefusal(right))
}

/** For routes below /v1/courses/{course}: sets `course` and `part`. */
export const openCourse =
  (scope: Scope, right: CourseRight): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    // The part in the course counts there, so the role in the organisation is not asked.
    const { actor } = await enter(c, scope, 'observer')
    const found = await c.get('tenant').courses.find(c.req.param('course') ?? '', actor.id)
    const part = found === undefined ? 'none' : partIn(actor, found.role)
    pass(part, right, noSuchCourse)
    c.set('course', found?.course as NonNullable<typeof found>['course'])
    c.set('part', part)
    await next()
  }

/** For routes below /v1/assignments/{assignment}: sets `assignment`, `course` and `part`. Students do not see drafts. */
export const openAssignment =
  (scope: Scope, right: CourseRight): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const { actor } = await enter(c, scope, 'observer')
    const found = await c.get('tenant').assignments.find(c.req.param('assignment') ?? '', actor.id)
    const part = found === undefined ? 'none' : partIn(actor, found.role)
    if (found === undefined || (part === 'study' && found.assignment.state === 'draft')) throw noSuchAssignment()
    pass(part, right, noSuchAssignment)
    const { assignment, courseTitle, archivedAt } = found
    c.set('assignment', assignment)
    c.set('course', { id: assignment.courseId, title: courseTitle, archivedAt })
    c.set('part', part)
    await next()
  }
