import { expect, it } from 'vitest'
import { newCourse, personIn } from '../../test/worker/lti-course.ts'
import { LEARNER } from '../../test/worker/lti-school.ts'
import { db, problemOf } from '../../test/worker/service.ts'

const contextOf = async ({ ask }: Awaited<ReturnType<typeof newCourse>>) =>
  ((await (await ask('GET', '/v1/lti/courses')).json()) as { courses: { id: string }[] }).courses[0].id
const inCourse = async (course: string) =>
  (
    await db
      .prepare('select p.name, e.role from enrolment e join person p on p.id = e.person_id where e.course_id = ? order by p.name')
      .bind(course)
      .all<{ name: string; role: string }>()
  ).results.map(({ name, role }) => `${name}: ${role}`)

it('the class list is taken over from all pages, with and without names, each role once', async () => {
  const course = await newCourse()
  const { platform, ask } = course
  platform.roster.members = [
    ...platform.roster.members,
    { id: 'gone', name: 'Gus Gone', roles: [LEARNER], status: 'Inactive' },
    { id: 'watch', name: 'Wes Watch', roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor'] },
  ]
  // Who came before is the same person.
  const ada = course.browser()
  await ada.launch('ada', course.toAssignment)
  const answer = await ask('POST', `/v1/lti/courses/${await contextOf(course)}/roster`)
  expect(await answer.json()).toEqual({ found: 6, added: 4, inactive: 1, wrong: [], left: 0 })
  expect(await inCourse(course.course)).toEqual([
    'Ada Lovelace: student',
    'Bo Both: student',
    expect.stringMatching(/^Participant [0-9A-F]{5}: student$/),
    'Tom Assistant: assistant',
    'Wes Watch: observer',
  ])
  const pages = platform.calls.filter((call) => call === 'GET /api/memberships')
  expect(pages).toHaveLength(4)
  const again = await ask('POST', `/v1/lti/courses/${await contextOf(course)}/roster`)
  expect(await again.json()).toMatchObject({ found: 6, added: 0 })
  expect(await inCourse(course.course)).toHaveLength(5)
  expect(await personIn(ada)).toBeTruthy()
  expect(platform.refusals).toEqual([])
})

it('a list that breaks off in the middle changes nothing', async () => {
  const course = await newCourse()
  const context = await contextOf(course)
  // The token, the first page, then a fault.
  const handle = course.platform.roster.handle.bind(course.platform.roster)
  let pages = 0
  course.platform.roster.handle = async (request, scopes) =>
    ++pages > 1 ? new Response(null, { status: 500 }) : handle(request, scopes)
  const answer = await course.ask('POST', `/v1/lti/courses/${context}/roster`)
  expect(await problemOf(answer)).toMatchObject({ status: 503, code: 'platform-failed' })
  expect(await inCourse(course.course)).toEqual([])
  course.platform.roster.handle = async () => Response.json({ nothing: true })
  expect(await problemOf(await course.ask('POST', `/v1/lti/courses/${context}/roster`))).toMatchObject({ status: 422 })
  course.platform.roster.handle = async () => Response.json({ members: [{ user_id: 'x', roles: [LEARNER] }, { roles: [] }] })
  expect(await (await course.ask('POST', `/v1/lti/courses/${context}/roster`)).json()).toMatchObject({
    found: 1,
    wrong: ['Member 2: user_id is missing or wrong.'],
  })
})

it('a large class is taken over in parts, and who is here already costs nothing', async () => {
  const course = await newCourse()
  const context = await contextOf(course)
  const read = async () => (await course.ask('POST', `/v1/lti/courses/${context}/roster`)).json()
  course.platform.roster.pageSize = 50
  course.platform.roster.members = Array.from({ length: 130 }, (_, i) => ({
    id: `s${i}`,
    name: `Student ${i}`,
    roles: [LEARNER],
  }))
  expect(await read()).toEqual({ found: 130, added: 60, inactive: 0, wrong: [], left: 70 })
  expect(await read()).toEqual({ found: 130, added: 60, inactive: 0, wrong: [], left: 10 })
  expect(await read()).toEqual({ found: 130, added: 10, inactive: 0, wrong: [], left: 0 })
  expect(await read()).toEqual({ found: 130, added: 0, inactive: 0, wrong: [], left: 0 })
  expect(await inCourse(course.course)).toHaveLength(130)
  // A name that has changed there is taken over by the one call that has room for all that is new.
  course.platform.roster.members = [
    { id: 's0', name: 'Sia Student', roles: [LEARNER] },
    ...course.platform.roster.members.slice(1),
  ]
  expect(await read()).toMatchObject({ added: 0, left: 0 })
  expect(await inCourse(course.course)).toContain('Sia Student: student')
})
