import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { courseRoleOf, enrolmentRole, organisationRole } from './roles.ts'

const course = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${name}`
const sub = (of: string, name: string) => `http://purl.imsglobal.org/vocab/lis/v2/membership/${of}#${name}`
const place = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/institution/person#${name}`

describe('roles of a platform', () => {
  it.each([
    // The published example: a student who also mentors.
    [[place('Student'), course('Learner'), course('Mentor')], 'student'],
    [[course('Instructor')], 'teacher'],
    [[course('Instructor'), sub('Instructor', 'PrimaryInstructor')], 'teacher'],
    // As Canvas and Moodle send teaching assistants.
    [[course('Instructor'), sub('Instructor', 'TeachingAssistant')], 'assistant'],
    [[sub('Instructor', 'TeachingAssistant')], 'assistant'],
    [[course('Learner'), course('Instructor')], 'teacher'],
    [[course('Mentor')], 'observer'],
    // Somebody who teaches elsewhere and learns here.
    [[place('Instructor'), course('Learner')], 'student'],
    [[place('Administrator'), course('Learner')], 'student'],
    // The reference implementation's deep linking says nothing about the course.
    [[place('Instructor')], 'teacher'],
    [['Learner'], 'student'],
    [[], 'observer'],
    [['http://purl.imsglobal.org/vocab/lti/system/person#TestUser', course('Learner')], 'student'],
    [['urn:lti:role:ims/lis/Instructor', 'https://elsewhere.example/membership#Instructor'], 'observer'],
  ] as const)('%j is %s', (roles, wanted) => {
    expect(courseRoleOf(roles)).toBe(wanted)
  })

  it('whatever they are, never make an owner', () => {
    const any = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('owner', course('Owner'), place('Administrator'), course('Instructor'))),
    )
    fc.assert(
      fc.property(any, fc.constantFrom('teacher', 'assistant'), (roles, instructorRole) => {
        const role = courseRoleOf(roles)
        expect(['teacher', 'assistant', 'student', 'observer']).toContain(organisationRole(role, instructorRole))
        expect(['assistant', 'student', 'observer']).toContain(enrolmentRole(role))
      }),
    )
  })
})
