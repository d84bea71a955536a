import { afterEach, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest'
import { type Claims, fakeOidc } from '../../test/worker/fake-oidc.ts'
import { db as d1, logged, newOrganisation, newPerson, origin, problemOf, service } from '../../test/worker/service.ts'
import { openProver } from '../auth/prover.ts'
import { randomId, sha256 } from '../auth/tokens.ts'
import { openDatabase } from '../db/database.ts'
import { linkIdentity } from '../db/identities.ts'
import { TestMailer } from '../mail/test-mailer.ts'

const db = openDatabase(d1)
const prover = openProver(db, { origin, secret: 'x'.repeat(64) })
const password = 'correct horse battery'
const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .find((one) => one.startsWith('switchroom_session='))
    ?.split(';')[0] ?? ''

async function newUser(organisation: string, { verified = true, role = 'teacher' as const } = {}) {
  const email = `${randomId()}@school.test`
  const person = await newPerson(organisation, role)
  const user = await prover.makeUser({ email, name: 'Zoë', verified, password })
  await linkIdentity(db, user?.userId ?? '', person, 1)
  return { email, person, userId: user?.userId ?? '' }
}
async function whoHas(cookie: string) {
  const answer = await service().request('/auth/session', { headers: { cookie } })
  return (await answer.json()) as { person: { id: string }; organisation: { id: string }; role: string }
}
const post = (path: string, json: unknown, headers: Record<string, string> = {}, more = {}) =>
  service(more).request(path, { method: 'POST', json, headers: { origin, ...headers } })

describe('password', () => {
  it('signs in with a session of ours, and leaves none of the library behind', async () => {
    const organisation = await newOrganisation()
    const { email, person } = await newUser(organisation)
    const answer = await post('/auth/password', { email: email.toUpperCase(), password })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ organisations: [{ id: organisation }] })
    expect(await whoHas(cookieOf(answer))).toMatchObject({ person: { id: person }, organisation: { id: organisation } })
    expect((await d1.prepare('select * from auth_session').all()).results).toEqual([])
    const kept = await d1.prepare('select password from auth_account where password is not null').all<{ password: string }>()
    expect(JSON.stringify(kept.results)).not.toContain(password)
  })

  it('answers the same for a wrong password, an unknown address, and a user who is nobody’s member', async () => {
    const organisation = await newOrganisation()
    const { email, person } = await newUser(organisation)
    const wrong = await problemOf(await post('/auth/password', { email, password: 'something else' }))
    const unknown = await problemOf(await post('/auth/password', { email: 'nobody@school.test', password }))
    await d1.prepare('delete from membership where person_id = ?').bind(person).run()
    const left = await problemOf(await post('/auth/password', { email, password }))
    expect(wrong).toMatchObject({ status: 401, code: 'wrong-credentials' })
    expect(unknown).toEqual(wrong)
    expect(left).toEqual(wrong)
  })

  it('does the same work whether the account exists', async () => {
    const { email } = await newUser(await newOrganisation())
    let work = 0
    const counted = openProver(db, { origin, secret: 'x'.repeat(64), onWork: () => work++ })
    const workFor = async (address: string) => {
      work = 0
      expect(await counted.password(address, 'something else')).toBeNull()
      return work
    }
    expect(await workFor(email)).toBe(1)
    expect(await workFor('nobody@school.test')).toBe(1)
  })

  it('is refused from a page of another site, and is not sent in an address', async () => {
    const json = { email: 'a@b.test', password }
    expect((await problemOf(await post('/auth/password', json, { origin: 'https://evil.test' }))).code).toBe('foreign-origin')
    expect((await service().request(`/auth/password?password=${password}`)).status).toBe(404)
  })

  it('slows guessing: by account from wherever, by address whatever the account; the right one comes too late', async () => {
    const { email } = await newUser(await newOrganisation())
    const from = (address: string) => ({ 'cf-connecting-ip': address })
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        post('/auth/password', { email, password: `guess number ${at}` }, from(`198.51.100.${at}`)),
      ),
    )
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(8)
    const late = await post('/auth/password', { email, password }, from('198.51.100.99'))
    expect(await problemOf(late)).toMatchObject({ status: 429, code: 'too-many-tries' })
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(60)
    // As another isolate would see it: only the database knows.
    const row = await d1
      .prepare('select failures from throttle where subject = ?')
      .bind(`password:account:${await sha256(email)}`)
      .first<number>('failures')
    expect(row).toBeGreaterThanOrEqual(9)
    const unknown = await Promise.all(
      Array.from({ length: 10 }, () => post('/auth/password', { email: 'nobody-at-all@school.test', password })),
    )
    expect(unknown.filter(({ status }) => status === 401)).toHaveLength(8)
  })

  it('forgets the failures of whoever gets it right', async () => {
    const { email } = await newUser(await newOrganisation())
    for (let round = 0; round < 3; round++) {
      for (let at = 0; at < 5; at++) expect((await post('/auth/password', { email, password: 'not this one' })).status).toBe(401)
      expect((await post('/auth/password', { email, password })).status).toBe(200)
    }
  })
})

describe('a link by e-mail', () => {
  it('works once, and the answer does not tell who has an account', async () => {
    const MAILER = new TestMailer()
    const organisation = await newOrganisation()
    const { email, person } = await newUser(organisation)
    const asked = await post('/auth/mail', { email }, {}, { MAILER })
    const unknown = await post('/auth/mail', { email: 'nobody@elsewhere.test' }, {}, { MAILER })
    expect([asked.status, unknown.status]).toEqual([202, 202])
    expect([await asked.text(), await unknown.text()]).toEqual(['', ''])
    expect(MAILER.sent.map(({ to }) => to)).toEqual([email])
    const token = /\/sign-in\/mail#(\S+)/.exec(MAILER.sent[0].text)?.[1] ?? ''
    const rows = await d1.prepare('select * from auth_verification').all()
    expect(JSON.stringify(rows.results)).not.toContain(token)
    const opened = await post('/auth/mail/open', { token })
    expect(opened.status).toBe(200)
    expect((await whoHas(cookieOf(opened))).person.id).toBe(person)
    expect((await problemOf(await post('/auth/mail/open', { token }))).code).toBe('link-over')
    expect(logged.join('\n')).not.toContain(token)
  })

  it('does not go to an address that was only claimed: its reader may be a stranger', async () => {
    const MAILER = new TestMailer()
    const { email } = await newUser(await newOrganisation(), { verified: false })
    expect((await post('/auth/mail', { email }, {}, { MAILER })).status).toBe(202)
    expect(MAILER.sent).toEqual([])
  })

  it('is not offered without a mailer', async () => {
    expect(await (await service().request('/auth/ways')).json()).toEqual({ password: true, mail: false, code: true, oidc: [] })
    expect((await problemOf(await post('/auth/mail', { email: 'a@b.test' }))).code).toBe('no-mail')
  })
})

describe('OpenID Connect', () => {
  const issuer = 'https://id.test'
  let fake: Awaited<ReturnType<typeof fakeOidc>>
  let fetching: MockInstance<typeof fetch> | undefined
  beforeAll(async () => {
    fake = await fakeOidc(issuer)
  })
  afterEach(() => {
    fake.state.signWrong = false
    fetching?.mockRestore()
  })
  const claims = (more: Partial<Claims> = {}): Claims => {
    const sub = randomId()
    return { sub, email: `${sub}@school.test`, name: 'Ines', email_verified: true, ...more }
  }
  const configured = (more: object = {}) => {
    const base = { id: 'school', name: 'School', discovery: `${issuer}/.well-known/openid-configuration` }
    return { OIDC_PROVIDERS: JSON.stringify([{ ...base, clientId: 'sw', clientSecret: 'oidc-client-secret', ...more }]) }
  }

  async function goThrough(who: Claims, bindings: object, cookie = '') {
    fetching = vi.spyOn(globalThis, 'fetch')
    fetching.mockImplementation((input, init) => fake.answer(new Request(input as string, init as RequestInit)))
    const { request } = service(bindings)
    const started = await request('/auth/oidc/school')
    expect(started.status).toBe(302)
    const state = started.headers.getSetCookie().map((one) => one.split(';')[0])
    const back = fake.approve(started.headers.get('location') ?? '', who)
    const cookies = [...state, ...(cookie === '' ? [] : [cookie])].join('; ')
    return { answer: await request(back, { headers: { cookie: cookies } }), back }
  }

  it('lets a member in whose address the provider has proved, and keeps nothing of the provider’s', async () => {
    const organisation = await newOrganisation()
    const { email, person } = await newUser(organisation)
    const who = claims({ email })
    const { answer } = await goThrough(who, configured())
    expect(answer.headers.get('location')).toBe('/')
    expect((await whoHas(cookieOf(answer))).person.id).toBe(person)
    expect((await d1.prepare('select * from auth_session').all()).results).toEqual([])
    const accounts = JSON.stringify((await d1.prepare('select * from auth_account').all()).results)
    expect(accounts).toContain(who.sub)
    expect(accounts).not.toMatch(/at-secret|rt-secret|eyJ/)
    // Again, now by the account and no longer by the address.
    const again = await goThrough({ ...who, email: 'changed@school.test' }, configured())
    expect((await whoHas(cookieOf(again.answer))).person.id).toBe(person)
  })

  it('refuses who is not a member, and forgets them; lets newcomers in where that is configured', async () => {
    const organisation = await newOrganisation()
    const who = claims()
    const { answer } = await goThrough(who, configured())
    expect(answer.headers.get('location')).toBe('/?sign-in=not-a-member')
    expect(cookieOf(answer)).toBe('')
    expect(await d1.prepare('select id from auth_user where email = ?').bind(who.email).first()).toBeNull()
    const welcome = await goThrough(who, configured({ organisation, newcomers: 'student', domains: ['school.test'] }))
    expect(await whoHas(cookieOf(welcome.answer))).toMatchObject({ organisation: { id: organisation }, role: 'student' })
    const foreign = await goThrough(
      claims({ email: 'x@elsewhere.test' }),
      configured({ organisation, newcomers: 'student', domains: ['school.test'] }),
    )
    expect(foreign.answer.headers.get('location')).toBe('/?sign-in=domain')
  })

  it('does not give an account to a provider’s unproved address, nor to who has not started here', async () => {
    const { email } = await newUser(await newOrganisation())
    const unproved = await goThrough(claims({ email, email_verified: false }), configured())
    expect(unproved.answer.headers.get('location')).toBe('/?sign-in=failed')
    const { back } = await goThrough(claims({ email }), configured())
    const replayed = await service(configured()).request(back)
    expect(replayed.headers.get('location')).toBe('/?sign-in=failed')
    fake.state.signWrong = true
    const forged = await goThrough(claims({ email }), configured())
    expect(forged.answer.headers.get('location')).toBe('/?sign-in=failed')
    expect(cookieOf(forged.answer)).toBe('')
  })

  it('is connected by somebody who is signed in and had no identity', async () => {
    const organisation = await newOrganisation()
    const person = await newPerson(organisation, 'student')
    const { startSession } = await import('../auth/start-session.ts')
    const token = await startSession(db, { personId: person, organisationId: organisation, way: 'link', agent: null })
    const who = claims()
    const connected = await goThrough(who, configured(), `switchroom_session=${token}`)
    expect(connected.answer.headers.get('location')).toBe('/account')
    const later = await goThrough(who, configured())
    expect((await whoHas(cookieOf(later.answer))).person.id).toBe(person)
  })

  it('that is wrongly configured is not offered, and its secret is not in the log', async () => {
    const { request } = service(configured({ newcomers: 'student' }))
    expect(await (await request('/auth/ways')).json()).toMatchObject({ oidc: [] })
    expect((await problemOf(await request('/auth/oidc/school'))).status).toBe(404)
    expect(logged.join('\n')).toContain('oidc-configuration')
    expect(logged.join('\n')).not.toContain('oidc-client-secret')
  })
})
