import { expect, it } from 'vitest'
import { db, origin, problemOf, service } from '../../test/worker/service.ts'

// A file of its own: the database of each file starts empty.

const tables = [
  ...['organisation', 'person', 'membership', 'session', 'sign_in_link', 'api_key'],
  ...['lab', 'lab_socket', 'lab_member', 'port_token'],
]
const FIRST_OWNER_TOKEN = 'deployed-with-this'
const first = { token: FIRST_OWNER_TOKEN, organisation: 'Lakeside School', name: 'Ada' }

it('an instance starts without any organisation, person, link or key', async () => {
  const known = await db
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '\\_cf%' escape '\\' and name not like 'd1\\_%' escape '\\'",
    )
    .all<{ name: string }>()
  const names = known.results.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(tables))
  for (const table of names) expect((await db.prepare(`select * from ${table}`).all()).results, table).toEqual([])
})

it('is closed without the secret, and to a wrong token', async () => {
  const none = service()
  expect((await none.request('/auth/first-owner')).status).toBe(404)
  expect((await none.request('/auth/first-owner', { method: 'POST', json: { ...first, token: '' } })).status).toBe(404)
  const { request } = service({ FIRST_OWNER_TOKEN })
  const wrong = await request('/auth/first-owner', { method: 'POST', json: { ...first, token: 'guess' } })
  expect((await problemOf(wrong)).status).toBe(404)
  expect((await db.prepare('select * from organisation').all()).results).toEqual([])
})

it('has its first owner made exactly once, however many try at once', async () => {
  const { request } = service({ FIRST_OWNER_TOKEN })
  const page = await request('/auth/first-owner')
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'")
  const answers = await Promise.all([1, 2, 3].map(() => request('/auth/first-owner', { method: 'POST', json: first })))
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 404, 404])
  expect((await request('/auth/first-owner')).status).toBe(404)
  expect((await request('/auth/first-owner', { method: 'POST', json: first })).status).toBe(404)
  for (const table of ['organisation', 'person', 'membership', 'session']) {
    expect((await db.prepare(`select * from ${table}`).all()).results, table).toHaveLength(1)
  }

  const cookie =
    answers
      .find((answer) => answer.status === 201)
      ?.headers.get('set-cookie')
      ?.split(';')[0] ?? ''
  const session = await request('/auth/session', { headers: { cookie } })
  expect(await session.json()).toMatchObject({
    person: { name: 'Ada' },
    organisation: { name: 'Lakeside School' },
    role: 'owner',
  })

  // From here the owner can go on: a colleague by link, a grader by key.
  const headers = { cookie, origin }
  const added = await request('/v1/people', { method: 'POST', headers, json: { name: 'Grace', role: 'teacher' } })
  expect(added.status).toBe(201)
  const { link } = (await added.json()) as { link: { path: string } }
  const grace = (await request(link.path)).headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await (await request('/auth/session', { headers: { cookie: grace } })).json()).toMatchObject({ role: 'teacher' })

  const made = await request('/v1/keys', {
    method: 'POST',
    headers,
    json: { label: 'grader', scopes: ['labs:read', 'labs:check'] },
  })
  const { id, secret } = (await made.json()) as { id: string; secret: string }
  expect((await request('/v1/labs', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200)
  expect(await (await request('/v1/keys', { headers })).text()).not.toContain(secret)
  expect((await request(`/v1/keys/${id}`, { method: 'DELETE', headers })).status).toBe(204)
  expect((await request('/v1/labs', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401)
})
