import { describe, expect, it } from 'vitest'
import { db as d1, logged, newOrganisation, newPerson, origin, problemOf, service, signIn } from '../../test/worker/service.ts'
import { randomId, sha256 } from '../auth/tokens.ts'
import { TestMailer } from '../mail/test-mailer.ts'

const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''
const post = (path: string, json: unknown, headers: Record<string, string> = {}, more = {}) =>
  service(more).request(path, { method: 'POST', json, headers: { origin, ...headers } })
const session = async (cookie: string) =>
  (await (await service().request('/auth/session', { headers: { cookie } })).json()) as {
    person: { id: string; name: string }
    organisation: { id: string }
    role: string
  }

async function newCourse(organisation: string) {
  const id = randomId()
  const code = randomId().slice(0, 8)
  const insert = d1.prepare(
    'insert into course (id, organisation_id, title, join_code, created_by, created_at) values (?, ?, ?, ?, ?, ?)',
  )
  await insert.bind(id, organisation, 'Networks 1', code, 'somebody', 1).run()
  return { id, code }
}

describe('a join code', () => {
  it('shows its course and lets in by a name alone; the return code brings back, once told', async () => {
    const organisation = await newOrganisation()
    const course = await newCourse(organisation)
    const looked = await post('/auth/join/look', { code: course.code.toUpperCase() })
    expect(await looked.json()).toMatchObject({
      course: { id: course.id, name: 'Networks 1' },
      organisation: { id: organisation },
    })
    const joined = await post('/auth/join', { code: course.code, name: ' Zoë 明 ' })
    expect(joined.status).toBe(201)
    const { returnCode } = (await joined.json()) as { returnCode: string }
    expect(returnCode).toMatch(/^[a-z0-9]{4}(-[a-z0-9]{4}){3}$/)
    const who = await session(cookieOf(joined))
    expect(who).toMatchObject({ person: { name: 'Zoë 明' }, organisation: { id: organisation }, role: 'student' })
    const enrolled = await d1
      .prepare('select role from enrolment where course_id = ? and person_id = ?')
      .bind(course.id, who.person.id)
      .first()
    expect(enrolled).toEqual({ role: 'student' })

    const back = await post('/auth/return', { code: returnCode.replaceAll('-', ' ').toUpperCase() })
    expect(back.status).toBe(200)
    expect((await session(cookieOf(back))).person.id).toBe(who.person.id)
    for (const table of ['return_code', 'audit', 'session']) {
      const rows = JSON.stringify((await d1.prepare(`select * from ${table}`).all()).results)
      expect(rows, table).not.toContain(returnCode)
      expect(rows, table).not.toContain(returnCode.replaceAll('-', ''))
    }
    await d1.prepare('delete from membership where person_id = ?').bind(who.person.id).run()
    expect((await post('/auth/return', { code: returnCode })).status).toBe(401)
  })

  it('takes who is signed in as who they are, also into another organisation', async () => {
    const [home, other] = [await newOrganisation(), await newOrganisation()]
    const headers = await signIn(home, 'student', 'Sam')
    const course = await newCourse(other)
    const joined = await post('/auth/join', { code: course.code }, headers)
    expect(await joined.json()).toMatchObject({ returnCode: null })
    const there = await session(cookieOf(joined))
    expect(there).toMatchObject({ person: { name: 'Sam' }, organisation: { id: other }, role: 'student' })
    expect((await session(headers.cookie)).person.id).toBe(there.person.id)
  })

  it('opens nothing where the organisation does not allow it, in an archived course, or when it is wrong', async () => {
    const organisation = await newOrganisation()
    const [one, other] = [await newCourse(organisation), await newCourse(organisation)]
    await d1.prepare('update course set archived_at = 5 where id = ?').bind(other.id).run()
    const archived = await problemOf(await post('/auth/join', { code: other.code, name: 'A' }))
    await d1.prepare('update organisation set join_by_code = 0 where id = ?').bind(organisation).run()
    const forbidden = await problemOf(await post('/auth/join', { code: one.code, name: 'A' }))
    const wrong = await problemOf(await post('/auth/join', { code: 'no-such-code', name: 'A' }))
    expect(wrong).toMatchObject({ status: 404, code: 'no-such-code', field: 'code' })
    expect([archived, forbidden]).toEqual([wrong, wrong])
  })

  it('does not take a name that cannot be read for what it is', async () => {
    const { code } = await newCourse(await newOrganisation())
    for (const name of ['', '  ', 'Tess\u202eTeacher', 'a\u0000b', 'x'.repeat(121)]) {
      expect(await problemOf(await post('/auth/join', { code, name }))).toMatchObject({ status: 400, field: 'name' })
    }
  })

  it('lets a school in behind one address, all at the same moment, also when every second mistypes first', async () => {
    const organisation = await newOrganisation()
    const { code } = await newCourse(organisation)
    const from = { 'cf-connecting-ip': '192.0.2.77' }
    const statuses = await Promise.all(
      Array.from({ length: 250 }, async (_, at) => {
        if (at % 2 === 0) await post('/auth/join/look', { code: 'MISTYPED' }, from)
        return (await post('/auth/join', { code, name: `Student ${at}` }, from)).status
      }),
    )
    expect(statuses.filter((status) => status !== 201)).toEqual([])
    const counted = await d1
      .prepare('select failures from throttle where subject = ?')
      .bind(`code:address:${await sha256('192.0.2.77')}`)
      .first<number>('failures')
    expect(counted).toBe(125)
  })

  it('is not to be guessed from one address', async () => {
    const { code } = await newCourse(await newOrganisation())
    const from = { 'cf-connecting-ip': '2001:db8:7:1::1' }
    for (let at = 0; at < 200; at++) expect((await post('/auth/join/look', { code: `guess-${at}` }, from)).status).toBe(404)
    const next = { 'cf-connecting-ip': '2001:db8:7:1::2' }
    expect(await problemOf(await post('/auth/join/look', { code }, next))).toMatchObject({ status: 429 })
    expect((await post('/auth/join/look', { code }, { 'cf-connecting-ip': '2001:db8:8:1::1' })).status).toBe(200)
  })
})

describe('an invitation', () => {
  const invite = async (headers: Record<string, string>, json: object, more = {}) => post('/v1/invitations', json, headers, more)
  const tokenOf = (path: string) => path.split('#')[1]

  it('without a mailer is a link to copy, which one person takes', async () => {
    const organisation = await newOrganisation()
    const teacher = await signIn(organisation, 'teacher', 'Tess')
    const course = await newCourse(organisation)
    const made = await invite(teacher, { role: 'student', name: 'Ada', course: { id: course.id, role: 'assistant' } })
    expect(made.status).toBe(201)
    const { path, id } = (await made.json()) as { path: string; id: string }
    const token = tokenOf(path)
    const looked = await (await post('/auth/invitation/look', { token })).json()
    expect(looked).toMatchObject({ role: 'student', name: 'Ada', course: 'Networks 1', invitedBy: 'Tess', email: null })

    const both = await Promise.all([1, 2].map((at) => post('/auth/invitation/accept', { token, name: `Invited Ada ${at}` })))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 404])
    const accepted = both.find(({ status }) => status === 201) as Response
    expect(((await accepted.json()) as { returnCode: string }).returnCode).toHaveLength(19)
    const who = await session(cookieOf(accepted))
    expect(who.role).toBe('student')
    const enrolled = await d1
      .prepare('select role from enrolment where course_id = ? and person_id = ?')
      .bind(course.id, who.person.id)
      .first()
    expect(enrolled).toEqual({ role: 'assistant' })
    expect(await d1.prepare('select count(*) n from person where name like ?').bind('Invited Ada %').first('n')).toBe(1)
    expect((await problemOf(await post('/auth/invitation/look', { token }))).code).toBe('invitation-over')
    const audited = (await d1.prepare('select * from audit where object_id = ?').bind(id).all()).results
    expect(audited.map(({ action }) => action)).toEqual(['invitation.made', 'invitation.accepted'])
    expect(JSON.stringify(audited) + logged.join('\n')).not.toContain(token)
  })

  it('by mail proves the address, and with a password opens the door from then on', async () => {
    const MAILER = new TestMailer()
    const owner = await signIn(await newOrganisation(), 'owner')
    const email = `${randomId()}@school.test`
    const made = await invite(owner, { role: 'teacher', email }, { MAILER })
    expect(await made.json()).toMatchObject({ email, path: null })
    const token = /\/invitation#(\S+)/.exec(MAILER.sent[0].text)?.[1] ?? ''
    const weak = await post('/auth/invitation/accept', { token, name: 'Grace', password: 'password12' })
    expect(await problemOf(weak)).toMatchObject({ status: 400, field: 'password' })
    const accepted = await post('/auth/invitation/accept', { token, name: 'Grace', password: 'a long enough one' })
    expect(await accepted.json()).toMatchObject({ returnCode: null })
    expect((await session(cookieOf(accepted))).role).toBe('teacher')
    expect(await d1.prepare('select email_verified v from auth_user where email = ?').bind(email).first('v')).toBe(1)
    expect((await post('/auth/password', { email, password: 'a long enough one' })).status).toBe(200)

    const second = await invite(owner, { role: 'student', email }, { MAILER })
    expect(second.status).toBe(201)
    const next = /#(\S+)/.exec(MAILER.sent[1].text)?.[1] ?? ''
    const taken = await post('/auth/invitation/accept', { token: next, name: 'Grace', password: 'a long enough one' })
    expect(await problemOf(taken)).toMatchObject({ status: 409, code: 'address-taken', field: 'email' })
    // Signed in, she takes it as who she is, and stays a teacher.
    const again = await post('/auth/invitation/accept', { token: next }, { cookie: cookieOf(accepted) })
    expect(again.status).toBe(201)
    expect((await session(cookieOf(accepted))).role).toBe('teacher')
  })

  it('ends with whoever has made it, and with the role that they had', async () => {
    const organisation = await newOrganisation()
    const [owner, tess, tom] = [
      await signIn(organisation, 'owner'),
      await signIn(organisation, 'teacher', 'Tess'),
      await signIn(organisation, 'teacher', 'Tom'),
    ]
    const made = async (headers: Record<string, string>) =>
      tokenOf(((await (await invite(headers, { role: 'teacher' })).json()) as { path: string }).path)
    const [ofTess, ofTom] = [await made(tess), await made(tom)]
    const idOf = async (headers: Record<string, string>) => (await session(headers['cookie'] ?? '')).person.id
    const ask = service().asker(owner)
    expect((await ask('DELETE', `/v1/people/${await idOf(tess)}`)).status).toBe(204)
    expect((await ask('PATCH', `/v1/people/${await idOf(tom)}`, { role: 'assistant' })).status).toBe(204)
    for (const token of [ofTess, ofTom])
      expect((await problemOf(await post('/auth/invitation/accept', { token, name: 'Back' }))).code).toBe('invitation-over')
  })

  it('that cannot be sent invites nobody', async () => {
    const owner = await signIn(await newOrganisation(), 'owner')
    const MAILER = { send: async () => false }
    const made = await invite(owner, { role: 'teacher', email: 'a@b.test' }, { MAILER })
    expect(await problemOf(made)).toMatchObject({ status: 503, code: 'mail-failed' })
    expect(await (await service().asker(owner)('GET', '/v1/invitations')).json()).toEqual({ invitations: [] })
  })

  it('is made, seen and withdrawn by teachers, not above their role, and only in their organisation', async () => {
    const organisation = await newOrganisation()
    const teacher = await signIn(organisation, 'teacher')
    const stranger = await signIn(await newOrganisation(), 'owner')
    for (const role of ['observer', 'student', 'assistant'] as const) {
      expect((await invite(await signIn(organisation, role), { role: 'observer' })).status).toBe(403)
    }
    expect((await invite(teacher, { role: 'owner' })).status).toBe(403)
    const foreign = await newCourse(await newOrganisation())
    const wrong = await invite(teacher, { role: 'student', course: { id: foreign.id, role: 'student' } })
    expect(await problemOf(wrong)).toMatchObject({ status: 404, field: 'course' })
    const { id, path } = (await (await invite(teacher, { role: 'student' })).json()) as { id: string; path: string }
    const remove = (headers: Record<string, string>) => service().request(`/v1/invitations/${id}`, { method: 'DELETE', headers })
    expect((await remove(stranger)).status).toBe(404)
    expect((await remove(await signIn(organisation, 'assistant'))).status).toBe(403)
    expect((await remove(teacher)).status).toBe(204)
    expect((await post('/auth/invitation/accept', { token: tokenOf(path), name: 'X' })).status).toBe(404)
    await newPerson(organisation, 'student')
  })
})
