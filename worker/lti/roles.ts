import type { Role } from '../auth/actor.ts'

/** What somebody is in one course at a platform. */
export type CourseRole = 'teacher' | 'assistant' | 'student' | 'observer'

const COURSE = /^(?:http:\/\/purl\.imsglobal\.org\/vocab\/lis\/v2\/membership)(?:\/(\w+))?#(\w+)$/
const PLACE = /^http:\/\/purl\.imsglobal\.org\/vocab\/lis\/v2\/(?:institution|system)\/person#(\w+)$/
/** Short names, allowed for roles in a course. */
const SHORT = /^(\w+)$/

const byName: Record<string, CourseRole> = {
  Instructor: 'teacher',
  Administrator: 'teacher',
  ContentDeveloper: 'teacher',
  Manager: 'teacher',
  Learner: 'student',
  Mentor: 'observer',
  Member: 'observer',
  Officer: 'observer',
}
const elsewhere: Record<string, CourseRole> = {
  Administrator: 'teacher',
  SysAdmin: 'teacher',
  Instructor: 'teacher',
  Faculty: 'teacher',
  Student: 'student',
  Learner: 'student',
}
const ranks: readonly CourseRole[] = ['observer', 'student', 'assistant', 'teacher']
const highest = (found: readonly CourseRole[]): CourseRole =>
  found.reduce<CourseRole>((best, one) => (ranks.indexOf(one) > ranks.indexOf(best) ? one : best), 'observer')

/**
 * What a person is in the course: the highest of the roles that are said of it. Of the roles in the institution the platform
 * says who somebody is elsewhere; they count only when it says nothing about the course. Nobody becomes an owner.
 */
export function courseRoleOf(roles: readonly string[]): CourseRole {
  const inCourse: CourseRole[] = []
  let assists = false
  let teaches = false
  for (const role of roles) {
    const [, principal, name] = COURSE.exec(role) ?? [undefined, undefined, SHORT.exec(role)?.[1]]
    if (name === undefined) continue
    // A sub-role is sent along with its principal role, which says less: a teaching assistant is called an instructor too.
    if (name.startsWith('TeachingAssistant')) assists = true
    else if (principal === 'Instructor') teaches = true
    else if (principal !== undefined) inCourse.push(byName[principal] ?? 'observer')
    else inCourse.push(byName[name] ?? 'observer')
  }
  if (assists && !teaches) return highest([...inCourse.filter((one) => one !== 'teacher'), 'assistant'])
  if (teaches) return 'teacher'
  if (inCourse.length > 0) return highest(inCourse)
  return highest(roles.flatMap((role) => elsewhere[PLACE.exec(role)?.[1] ?? ''] ?? []))
}

/** What they become in the organisation. A course assistant needs nothing there: the course says what they may do. */
export const organisationRole = (role: CourseRole, instructorRole: 'teacher' | 'assistant'): Exclude<Role, 'owner'> =>
  role === 'teacher' ? instructorRole : role === 'observer' ? 'observer' : 'student'

/** What they become in the course. Teachers are in every course without it, assistants of the organisation are not. */
export const enrolmentRole = (role: CourseRole): 'assistant' | 'student' | 'observer' => (role === 'teacher' ? 'assistant' : role)
