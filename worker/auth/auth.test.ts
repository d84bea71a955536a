import { describe, expect, it } from 'vitest'
import { db, newKey, newOrganisation, newPerson, origin, problemOf, service, signIn } from '../../test/worker/service.ts'
import { randomToken, sha256 } from './tokens.ts'

async function newLink(organisation: string, person: string, { reusable = false, expiresAt = Date.now() + 60_000 } = {}) {
  const token = randomToken()
  const insert = db.prepare('insert into sign_in_link values (?, ?, ?, ?, ?, ?, null)')
  await insert.bind(await sha256(token), person, organisation, reusable ? 1 : 0, 1, expiresAt).run()
  return `/auth/link/${token}`
}

describe('sign-in links', () => {
  it('set a cookie that tells who it is, work once, and end with signing out', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const person = await newPerson(organisation, 'teacher', 'Zoë 明')
    const link = await newLink(organisation, person)
    expect((await request(link, { method: 'HEAD' })).status).toBe(200)

    const opened = await request(link)
    expect(opened.status).toBe(302)
    expect(opened.headers.get('location')).toBe('/')
    const set = opened.headers.get('set-cookie') ?? ''
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/']) expect(set).toContain(attribute)
    const cookie = set.split(';')[0]

    const session = await request('/auth/session', { headers: { cookie } })
    expect(await session.json()).toMatchObject({
      person: { id: person, name: 'Zoë 明' },
      organisation: { id: organisation },
      role: 'teacher',
    })

    const again = await request(link)
    expect(again.status).toBe(410)
    expect(again.headers.get('set-cookie')).toBeNull()

    expect((await request('/auth/sign-out', { method: 'POST', headers: { cookie, origin: 'https://evil.test' } })).status).toBe(
      403,
    )
    expect((await request('/auth/sign-out', { method: 'POST', headers: { cookie, origin } })).status).toBe(204)
    expect((await request('/auth/session', { headers: { cookie } })).status).toBe(401)
  })

  it('of two that open one at once, one gets in', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const link = await newLink(organisation, await newPerson(organisation, 'student'))
    const statuses = (await Promise.all([request(link), request(link)])).map((answer) => answer.status)
    expect(statuses.sort()).toEqual([302, 410])
  })

  it('work again if they are reusable, but never when too old or unknown', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const person = await newPerson(organisation, 'student')
    const link = await newLink(organisation, person, { reusable: true })
    expect([(await request(link)).status, (await request(link)).status]).toEqual([302, 302])
    const old = await newLink(organisation, person, { reusable: true, expiresAt: Date.now() - 1 })
    expect((await request(old)).status).toBe(410)
    expect((await request('/auth/link/nonsense')).status).toBe(410)
  })

  it('keep no token in the database', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const link = await newLink(organisation, await newPerson(organisation, 'student'))
    const cookie = (await request(link)).headers.get('set-cookie') ?? ''
    const token = /=([^;]+)/.exec(cookie)?.[1] ?? ''
    expect(token).toHaveLength(43)
    const rows = await db.prepare('select * from session').all()
    expect(JSON.stringify(rows.results)).not.toContain(token)
    expect(JSON.stringify(rows.results)).toContain(await sha256(token))
  })
})

describe('sessions', () => {
  it('end when the membership ends, and when they expire', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const headers = await signIn(organisation, 'student')
    expect((await request('/v1/labs', { headers })).status).toBe(200)
    await db.prepare('delete from membership where organisation_id = ?').bind(organisation).run()
    expect((await request('/v1/labs', { headers })).status).toBe(401)

    const late = await signIn(organisation, 'student')
    await db.prepare('update session set expires_at = 5 where organisation_id = ?').bind(organisation).run()
    expect((await request('/v1/labs', { headers: late })).status).toBe(401)
  })

  it('do not write for pages of other sites', async () => {
    const { request } = service()
    const { cookie } = await signIn(await newOrganisation(), 'teacher')
    const post = (headers: Record<string, string>) =>
      request('/v1/labs', { method: 'POST', json: { definition: 'x' }, headers: { cookie, ...headers } })
    expect((await problemOf(await post({ origin: 'https://evil.test' }))).code).toBe('foreign-origin')
    expect((await problemOf(await post({ origin: 'null' }))).code).toBe('foreign-origin')
    expect((await post({})).status).toBe(403)
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    expect((await post({ origin })).status).toBe(201)
  })
})

describe('keys', () => {
  it('do what their scopes say and no more', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const reader = await newKey(organisation, ['labs:read'])
    expect((await request('/v1/labs', { headers: reader })).status).toBe(200)
    const refused = await problemOf(await request('/v1/labs', { method: 'POST', json: { definition: 'x' }, headers: reader }))
    expect(refused).toMatchObject({ status: 403, code: 'not-allowed', detail: 'This needs a key with the scope labs:write.' })
    expect((await request('/v1/keys', { headers: reader })).status).toBe(403)
    expect(await (await request('/auth/session', { headers: reader })).json()).toMatchObject({
      role: 'machine',
      scopes: ['labs:read'],
    })
  })

  it('act with the role of the person they are for, and end with the membership', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const person = await newPerson(organisation, 'observer')
    const headers = await newKey(organisation, ['labs:read', 'labs:write'], person)
    const post = () => request('/v1/labs', { method: 'POST', json: { definition: 'x' }, headers })
    expect((await problemOf(await post())).detail).toContain('the role student')
    await db.prepare('delete from membership where person_id = ?').bind(person).run()
    expect((await post()).status).toBe(401)
  })

  it('note their use at most once a minute', async () => {
    const { request } = service()
    const organisation = await newOrganisation()
    const headers = await newKey(organisation, ['labs:read'])
    const used = () =>
      db.prepare('select last_used_at from api_key where organisation_id = ?').bind(organisation).first<number>('last_used_at')
    const set = (at: number) =>
      db.prepare('update api_key set last_used_at = ? where organisation_id = ?').bind(at, organisation).run()
    await request('/v1/labs', { headers })
    expect(await used()).toBeGreaterThan(Date.now() - 10_000)
    const recent = Date.now() - 30_000
    await set(recent)
    await request('/v1/labs', { headers })
    expect(await used()).toBe(recent)
    await set(Date.now() - 90_000)
    await request('/v1/labs', { headers })
    expect(await used()).toBeGreaterThan(recent)
  })

  it('that are wrong are refused, even beside a good cookie', async () => {
    const { request } = service()
    const session = await signIn(await newOrganisation(), 'teacher')
    for (const authorization of ['Bearer sr_wrong', 'Bearer', 'Basic abc', 'Bearer wrong']) {
      const answer = await request('/v1/labs', { headers: { ...session, authorization } })
      expect((await problemOf(answer)).code).toBe('not-signed-in')
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })
})
