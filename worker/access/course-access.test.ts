import { expect, it } from 'vitest'
import type { Actor, Role } from '../auth/actor.ts'
import { type CourseRight, mayInCourse, partIn } from './course-access.ts'

const actor = (role: Role | null): Actor => ({
  organisationId: 'o',
  organisationName: 'O',
  jurisdiction: null,
  id: 'me',
  name: 'Me',
  role,
  via: 'session',
  scopes: [],
})
const rights: CourseRight[] = ['see', 'study', 'watch', 'assist', 'manage']
const may = (role: Role | null, enrolled: 'assistant' | 'student' | 'observer' | null) =>
  rights.filter((right) => mayInCourse(partIn(actor(role), enrolled), right))

it('teachers, owners and machines have all rights in every course, but are no students', () => {
  for (const role of ['teacher', 'owner', null] as const)
    for (const enrolled of [null, 'student', 'assistant'] as const)
      expect(may(role, enrolled)).toEqual(['see', 'watch', 'assist', 'manage'])
})

it('for everybody else the enrolment counts, whatever the role in the organisation', () => {
  for (const role of ['observer', 'student', 'assistant'] as const) {
    expect(may(role, null)).toEqual([])
    expect(may(role, 'student')).toEqual(['see', 'study'])
    expect(may(role, 'observer')).toEqual(['see', 'watch'])
    expect(may(role, 'assistant')).toEqual(['see', 'watch', 'assist'])
  }
})
