// What a platform of one organisation sends means nothing in another, whoever sends it and wherever to; and nobody becomes by a message
// what they are not.
import { expect, it } from 'vitest'
import { asker, link, newAssignment, newSchool, reasonOf, request } from '../lti-school.ts'
import { db, newOrganisation, signIn } from '../service.ts'

const rolesClaim = 'https://purl.imsglobal.org/spec/lti/claim/roles'
const session = async (headers: Record<string, string>) =>
  (await (await request('/auth/session', { headers })).json()) as {
    person?: { id: string }
    organisation?: { id: string }
    role?: string
  }
const peopleOf = async (organisation: string) =>
  (await db.prepare('select count(*) as n from membership where organisation_id = ?').bind(organisation).first<number>('n')) ?? 0
const form = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
  request(path, {
    method: 'POST',
    headers: { ...headers, origin: 'null', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })

/** Two organisations that have registered the same platform: same issuer, client and deployment, and the same keys. */
async function twoSchools() {
  const [ours, theirs] = [await newSchool(), await newSchool()]
  return { ours, theirs }
}

it('a signed message for one organisation is nothing at the address of another, with its state or with theirs', async () => {
  const { ours, theirs } = await twoSchools()
  const browser = ours.browser()
  const fields = await browser.authorized('jane', link)
  const before = await peopleOf(theirs.organisation)
  const launch = `/lti/${theirs.organisation}/launch`
  expect(await reasonOf(await form(launch, fields, browser.headers))).toBe('unknown-state')
  const other = theirs.browser()
  const begun = await other.authorized('jane', link)
  const mixed = { ...begun, id_token: fields['id_token'] ?? '' }
  expect(['replayed', 'wrong-deployment', 'unknown-platform']).toContain(await reasonOf(await form(launch, mixed, other.headers)))
  expect(await peopleOf(theirs.organisation)).toBe(before)
  expect((await session(other.headers)).person).toBeUndefined()
  // Nothing of it is used up where it belongs.
  expect((await browser.carry(fields)).status).toBe(303)
})

it('a session, a launch and a ticket of one organisation open nothing in another', async () => {
  const { ours, theirs } = await twoSchools()
  const jane = ours.browser()
  const opened = await jane.launch('jane', link)
  const launch = /\/launches\/([a-z0-9]+)$/.exec(opened.headers.get('location') ?? '')?.[1] ?? ''
  expect((await session(jane.headers)).organisation?.id).toBe(ours.organisation)
  const twin = theirs.browser()
  await twin.launch('jane', link)
  expect((await session(twin.headers)).organisation?.id).toBe(theirs.organisation)
  const look = (headers: Record<string, string>, id: string) => request(`/v1/lti/launches/${id}`, { headers })
  expect((await look(jane.headers, launch)).status).toBe(200)
  const [hidden, none] = await Promise.all([look(twin.headers, launch), look(twin.headers, 'nothing')])
  expect([hidden.status, await hidden.text()]).toEqual([404, await none.text()])
  const owner = asker(await signIn(theirs.organisation, 'owner'))
  const seen = await (await owner('GET', '/v1/lti')).text()
  for (const secret of [ours.id, ours.organisation]) expect(seen).not.toContain(secret)
  expect((await owner('PATCH', `/v1/lti/platforms/${ours.id}`, { name: 'Mine' })).status).toBe(404)
  expect((await owner('DELETE', `/v1/lti/platforms/${ours.id}`)).status).toBe(404)
  const ticket = await form(`/lti/${theirs.organisation}/enter`, { ticket: 'of-somebody-else' }, {})
  expect([ticket.status, ticket.headers.getSetCookie()]).toEqual([401, []])
  const keys = async (organisation: string) =>
    (await (await request(`/lti/${organisation}/jwks.json`)).json()) as { keys: { kid: string }[] }
  const [a, b] = [await keys(ours.organisation), await keys(theirs.organisation)]
  expect(a.keys.length).toBeGreaterThan(0)
  expect(a.keys.filter(({ kid }) => b.keys.some((one) => one.kid === kid))).toEqual([])
})

it('a link leads to no assignment of another organisation, for anybody', async () => {
  const { ours, theirs } = await twoSchools()
  const { course } = await newAssignment(ours.organisation)
  const foreign = await newAssignment(theirs.organisation)
  await ours.browser().launch('jane', link)
  await db.prepare('update lti_context set course_id = ? where organisation_id = ?').bind(course, ours.organisation).run()
  const launch = { kind: 'link', link: { id: 'rl', custom: { switchroom_assignment: foreign.assignment } } } as const
  const student = await ours.browser().launch('ada', launch)
  expect(student.status).toBe(409)
  expect(await student.text()).not.toContain('Default Switch detective')
  const teacher = await ours.browser().launch('jane', launch)
  expect(teacher.headers.get('location')).not.toContain(foreign.assignment)
  const enrolled = await db.prepare('select count(*) as n from enrolment where course_id = ?').bind(foreign.course).first('n')
  expect(enrolled).toBe(0)
})

it('no role of any kind makes an owner, and what is not known makes nobody more than an observer', async () => {
  const { ours } = await twoSchools()
  await ours.browser().launch('jane', link)
  const { course } = await newAssignment(ours.organisation)
  await db.prepare('update lti_context set course_id = ? where organisation_id = ?').bind(course, ours.organisation).run()
  const as = async (roles: readonly string[]) => {
    const who = ours.browser()
    await who.launch('both', { kind: 'deep-link', instead: { [rolesClaim]: roles } } as never).catch(() => null)
    const before = (await session(who.headers)).role
    await who.launch('both', { ...link, instead: { [rolesClaim]: roles } }).catch(() => null)
    return (await session(who.headers)).role ?? before
  }
  const system = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin'
  expect([undefined, 'observer']).toContain(await as(['Owner', 'http://example.org/roles#Superuser']))
  expect([undefined, 'teacher']).toContain(await as([system, 'Administrator', 'Instructor']))
  const owners = await db
    .prepare("select count(*) as n from membership where organisation_id = ? and role = 'owner'")
    .bind(ours.organisation)
    .first('n')
  expect(owners).toBe(0)
})

it('an unknown organisation and an unknown platform are told so, and nothing of what there is', async () => {
  const organisation = await newOrganisation()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams({ iss: 'https://unknown.test', login_hint: 'x', target_link_uri: 'https://x.test' }).toString()
  const answer = await request(`/lti/${organisation}/login`, { method: 'POST', headers, body })
  expect([answer.status, await reasonOf(answer)]).toEqual([401, 'unknown-platform'])
  const none = await request('/lti/nothing/login', { method: 'POST', headers, body })
  expect([none.status, await reasonOf(none)]).toEqual([404, 'unknown-organisation'])
})
