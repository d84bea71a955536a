import { expect, it } from 'vitest'
import { link, newAssignment, newSchool, reasonOf, request } from '../../test/worker/lti-school.ts'
import { db, signIn } from '../../test/worker/service.ts'

const session = async (headers: Record<string, string>) =>
  (await (await request('/auth/session', { headers })).json()) as { person: { id: string; name: string }; role: string }

async function connected() {
  const school = await newSchool()
  const { course, assignment } = await newAssignment(school.organisation)
  const teacher = school.browser()
  const opened = await teacher.launch('jane', link)
  await db.prepare('update lti_context set course_id = ? where organisation_id = ?').bind(course, school.organisation).run()
  const toAssignment = { kind: 'link', link: { id: 'rl1', custom: { switchroom_assignment: assignment } } } as const
  return { ...school, course, assignment, opened, teacher, toAssignment }
}

it('a platform begins by a form or a link, and is asked for a signed answer', async () => {
  const { browser, platform, at } = await newSchool()
  for (const method of ['GET', 'POST'] as const) {
    const answer = await browser().press('ada', link, {}, method)
    expect(answer.status).toBe(302)
    const [cookie] = answer.headers.getSetCookie()
    for (const part of ['SameSite=None', 'Secure', 'Partitioned', 'HttpOnly', 'Path=/lti/']) expect(cookie).toContain(part)
    const { fields, to } = platform.authorize(new URL(answer.headers.get('location') ?? '').searchParams)
    expect([to, Object.keys(fields)]).toEqual([at('launch'), ['id_token', 'state']])
  }
  expect(platform.refusals).toEqual([])
})

it('a teacher is led to the pages that connect the course, and a student told to wait for that', async () => {
  const { opened, teacher, organisation, id } = await connected()
  expect(opened.status).toBe(303)
  expect(opened.headers.get('location')).toMatch(new RegExp(`^/frame/${organisation}/${id}/launches/[a-z0-9]+$`))
  expect(await session(teacher.headers)).toMatchObject({ person: { name: 'Ms Jane Marie Doe' }, role: 'teacher' })
  const other = await newSchool()
  expect(await reasonOf(await other.browser().launch('ada', link))).toBe('course-not-connected')
})

it('a student comes to the assignment, with a session that only this platform’s frames carry', async () => {
  const { browser, toAssignment, assignment, organisation, id, course } = await connected()
  const ada = browser()
  const answer = await ada.launch('ada', toAssignment, { 'sec-fetch-dest': 'iframe' })
  expect(answer.headers.get('location')).toBe(`/frame/${organisation}/${id}/assignments/${assignment}`)
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('switchroom_frame_session=')) ?? ''
  for (const part of ['SameSite=None', 'Secure', 'Partitioned', 'HttpOnly']) expect(cookie).toContain(part)
  const { person, role } = await session(ada.headers)
  expect([person.name, role]).toEqual(['Ada Lovelace', 'student'])
  const enrolled = await db
    .prepare('select role from enrolment where course_id = ? and person_id = ?')
    .bind(course, person.id)
    .first()
  expect(enrolled).toEqual({ role: 'student' })
  // The state's cookie has done its work.
  expect([...ada.cookies.keys()]).toEqual(['switchroom_frame_session'])
})

it('in a window of its own the session is as any other', async () => {
  const { browser, toAssignment, assignment } = await connected()
  const ada = browser()
  const answer = await ada.launch('ada', toAssignment, { 'sec-fetch-dest': 'document' })
  expect(answer.headers.get('location')).toBe(`/assignments/${assignment}`)
  expect([...ada.cookies.keys()]).toEqual(['switchroom_session'])
})

it('the same person is found again, without name and e-mail address too, and keeps a name that was told once', async () => {
  const { browser, toAssignment } = await connected()
  const nameless = '0ae836b9-7fc9-4060-006f-27b2066ac545'
  const [first, second] = [browser(), browser()]
  await first.launch(nameless, toAssignment)
  const found = await session(first.headers)
  expect(found.person.name).toMatch(/^Participant [0-9A-F]{5}$/)
  await second.launch(nameless, { ...toAssignment, instead: { given_name: 'Nell', family_name: 'Less' } })
  expect((await session(second.headers)).person).toEqual({ id: found.person.id, name: 'Nell Less' })
  await second.launch(nameless, toAssignment)
  expect((await session(second.headers)).person.name).toBe('Nell Less')
})

it('an assistant assists in the course and is nobody more in the organisation', async () => {
  const { browser, toAssignment, course } = await connected()
  const tom = browser()
  await tom.launch('ta', toAssignment)
  const { person, role } = await session(tom.headers)
  const enrolled = await db
    .prepare('select role from enrolment where course_id = ? and person_id = ?')
    .bind(course, person.id)
    .first()
  expect([role, enrolled]).toEqual(['student', { role: 'assistant' }])
})

it('a role is raised by a later launch, never lowered, and an owner stays an owner', async () => {
  const { browser, toAssignment, organisation } = await connected()
  const ada = browser()
  await ada.launch('ada', toAssignment)
  await ada.launch('ada', { ...toAssignment, instead: { 'https://purl.imsglobal.org/spec/lti/claim/roles': ['Instructor'] } })
  expect((await session(ada.headers)).role).toBe('teacher')
  await ada.launch('ada', toAssignment)
  const { person, role } = await session(ada.headers)
  expect(role).toBe('teacher')
  await db
    .prepare("update membership set role = 'owner' where person_id = ? and organisation_id = ?")
    .bind(person.id, organisation)
    .run()
  await ada.launch('ada', toAssignment)
  expect((await session(ada.headers)).role).toBe('owner')
})

it('what an owner or teacher has decided stands, however often the platform says what it said before', async () => {
  const { browser, toAssignment, organisation, course } = await connected()
  const set = (role: string, person: string) =>
    db
      .prepare('update membership set role = ? where person_id = ? and organisation_id = ?')
      .bind(role, person, organisation)
      .run()
  const [jane, ada] = [browser(), browser()]
  await jane.launch('jane', toAssignment)
  const { person } = await session(jane.headers)
  await set('student', person.id)
  // Also when she is something less in another course, and a teacher again in this one.
  await jane.launch('jane', { ...toAssignment, instead: { 'https://purl.imsglobal.org/spec/lti/claim/roles': ['Learner'] } })
  await jane.launch('jane', toAssignment)
  expect((await session(jane.headers)).role).toBe('student')

  await ada.launch('ada', toAssignment)
  const { person: adaHere } = await session(ada.headers)
  const enrolled = () =>
    db.prepare('select role from enrolment where course_id = ? and person_id = ?').bind(course, adaHere.id).first('role')
  await db.prepare('delete from enrolment where course_id = ? and person_id = ?').bind(course, adaHere.id).run()
  expect(await reasonOf(await ada.launch('ada', toAssignment))).toBe('taken-out')
  expect(await enrolled()).toBeNull()
  // The platform says something else: that counts.
  const observing = { ...toAssignment, instead: { 'https://purl.imsglobal.org/spec/lti/claim/roles': ['Mentor'] } }
  expect((await ada.launch('ada', observing)).status).toBe(303)
  expect(await enrolled()).toBe('observer')
})

it('whoever was removed comes in again when somebody here lets them, and not by a launch', async () => {
  const { browser, toAssignment, organisation } = await connected()
  const [ada, owner] = [browser(), await signIn(organisation, 'owner')]
  await ada.launch('ada', toAssignment)
  const { person } = await session(ada.headers)
  const ask = (method: string, path: string) => request(path, { method, headers: owner })
  expect((await ask('DELETE', `/v1/people/${person.id}`)).status).toBe(204)
  expect(await reasonOf(await browser().launch('ada', toAssignment))).toBe('removed')
  expect((await session(ada.headers)).person).toBeUndefined()
  expect(await (await ask('GET', '/v1/people/removed')).json()).toEqual({ people: [{ id: person.id, name: 'Ada Lovelace' }] })
  expect((await ask('POST', `/v1/people/${person.id}/readmit`)).status).toBe(204)
  expect((await ask('POST', `/v1/people/${person.id}/readmit`)).status).toBe(404)
  const back = browser()
  expect((await back.launch('ada', toAssignment)).status).toBe(303)
  expect(await session(back.headers)).toMatchObject({ person: { id: person.id }, role: 'student' })
})

it('a link without an assignment, or to one of another course or organisation, is not opened for students', async () => {
  const { browser, platform } = await connected()
  const foreign = await newAssignment((await newSchool()).organisation)
  expect(await reasonOf(await browser().launch('ada', link))).toBe('link-without-assignment')
  const elsewhere = { kind: 'link', link: { id: 'rl2', custom: { switchroom_assignment: foreign.assignment } } } as const
  expect(await reasonOf(await browser().launch('ada', elsewhere))).toBe('assignment-of-another-course')
  const teacher = await browser().launch('jane', elsewhere)
  expect(teacher.headers.get('location')).toMatch(/\/launches\//)
  expect(platform.refusals).toEqual([])
})

it('several platforms and deployments of one organisation are told apart', async () => {
  const first = await newSchool()
  const { organisation, tenant } = first
  const second = await newSchool({ organisation, clientId: 'another-client', deploymentId: '2' })
  const third = await newSchool({ organisation, issuer: 'https://other.example.edu', deploymentId: '3' })
  await tenant.ltiPlatforms.update(second.id, {}, ['1', '2', '3'], Date.now())
  const people = []
  for (const { browser } of [first, second, third]) {
    const jane = browser()
    expect((await jane.launch('jane', link)).status).toBe(303)
    people.push((await session(jane.headers)).person.id)
  }
  // Who is the same to an issuer is one person, whichever client they come by; another issuer's Jane is another.
  expect(new Set(people).size).toBe(2)
  expect(people[0]).toBe(people[1])
  // Without a client id the deployment tells.
  const answer = await second.browser().press('jane', link, { client_id: '' })
  expect(new URL(answer.headers.get('location') ?? '').searchParams.get('client_id')).toBe('another-client')
})
