// Who may do what in a course: the one place that decides it (docs/decisions/0009).
import { type Actor, atLeast } from '../auth/actor.ts'
import type { CourseRole } from '../db/tenant/courses.ts'

/** study: a student of it. watch: reads what those who teach see. assist: helps and grades. manage: all. */
export type CoursePart = 'none' | 'study' | 'watch' | 'assist' | 'manage'

/** What a route asks for. see: whoever has any part. */
export type CourseRight = 'see' | 'study' | 'watch' | 'assist' | 'manage'

/** Owners, teachers and machines of the organisation work in every course; for everybody else their enrolment counts alone. */
export function partIn(actor: Actor, enrolled: CourseRole | null): CoursePart {
  if (actor.role === null || atLeast(actor.role, 'teacher')) return 'manage'
  if (enrolled === null) return 'none'
  return enrolled === 'assistant' ? 'assist' : enrolled === 'observer' ? 'watch' : 'study'
}

const teaching = ['none', 'watch', 'assist', 'manage']

export function mayInCourse(part: CoursePart, right: CourseRight): boolean {
  if (right === 'see') return part !== 'none'
  if (right === 'study' || part === 'study') return part === right
  return teaching.indexOf(part) >= teaching.indexOf(right)
}

export const courseRefusal = (right: CourseRight): string =>
  right === 'study'
    ? 'This is for students of the course.'
    : right === 'manage'
      ? 'This is for teachers.'
      : 'This is for those who teach the course.'
