import { env as workerEnv } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import {
  db as d1,
  logged,
  newKey,
  newLab,
  newOrganisation,
  newPerson,
  origin,
  problemOf,
  service,
  signIn,
} from '../../test/worker/service.ts'
import { type Role, roles } from '../auth/actor.ts'
import { randomId } from '../auth/tokens.ts'
import type { Env } from '../env.ts'
import { sweep } from '../retention/retention.ts'

const { JOBS } = workerEnv as unknown as Env
const DAY = 24 * 3_600_000
type Headers = Record<string, string>
const personOf = async (headers: Headers) =>
  ((await (await service().request('/auth/session', { headers })).json()) as { person: { id: string; name: string } }).person
const ask = (headers: Headers, method: string, path: string, json?: unknown, more = {}) =>
  service(more).request(path, { method, headers, json })

describe('every route of an organisation', () => {
  // What the least role that may answers; lower roles get 403, people of other organisations 404 or nothing of this one.
  const routes: readonly { method: string; path: string; json?: unknown; least: Role; status: number; object?: true }[] = [
    { method: 'GET', path: '/v1/people', least: 'teacher', status: 200 },
    { method: 'GET', path: '/v1/people.csv', least: 'teacher', status: 200 },
    { method: 'POST', path: '/v1/people', json: { name: 'New', role: 'student' }, least: 'teacher', status: 201 },
    { method: 'PATCH', path: '/v1/people/{student}', json: { name: 'Other' }, least: 'teacher', status: 204, object: true },
    { method: 'POST', path: '/v1/people/{student}/return-code', least: 'teacher', status: 201, object: true },
    { method: 'POST', path: '/v1/people/{student}/sign-in-link', least: 'teacher', status: 201, object: true },
    { method: 'GET', path: '/v1/people/{student}/export', least: 'owner', status: 200, object: true },
    { method: 'POST', path: '/v1/people/{student}/erase', json: { name: 'Other' }, least: 'owner', status: 200, object: true },
    { method: 'GET', path: '/v1/invitations', least: 'teacher', status: 200 },
    { method: 'GET', path: '/v1/keys', least: 'owner', status: 200 },
    { method: 'POST', path: '/v1/keys', json: { label: 'k', scopes: ['labs:read'] }, least: 'owner', status: 201 },
    { method: 'GET', path: '/v1/audit', least: 'owner', status: 200 },
    { method: 'GET', path: '/v1/organisation', least: 'observer', status: 200 },
    { method: 'PATCH', path: '/v1/organisation', json: { joinByCode: true }, least: 'owner', status: 204 },
    { method: 'GET', path: '/v1/organisation/usage', least: 'teacher', status: 200 },
    { method: 'GET', path: '/v1/organisation/leaving', least: 'observer', status: 200 },
    { method: 'GET', path: '/v1/account', least: 'observer', status: 200 },
    { method: 'GET', path: '/v1/account/usage', least: 'observer', status: 200 },
    { method: 'GET', path: '/v1/account/export', least: 'observer', status: 200 },
    { method: 'PATCH', path: '/v1/account', json: { name: 'Me' }, least: 'observer', status: 204 },
    { method: 'POST', path: '/v1/account/return-code', least: 'observer', status: 201 },
  ]

  it.each(routes)('$method $path: $least and above', async ({ method, path, json, least, status, object }) => {
    const organisation = await newOrganisation()
    await newPerson(organisation, 'owner')
    for (const role of roles) {
      const student = await newPerson(organisation, 'student', 'Other')
      const answer = await ask(await signIn(organisation, role), method, path.replace('{student}', student), json)
      expect([role, answer.status]).toEqual([role, roles.indexOf(role) >= roles.indexOf(least) ? status : 403])
    }
    const student = await newPerson(organisation, 'student', 'Other')
    const stranger = await signIn(await newOrganisation(), 'owner')
    const answer = await ask(stranger, method, path.replace('{student}', student), json)
    if (object) expect(await problemOf(answer)).toMatchObject({ status: 404, code: 'not-found' })
    else expect(await answer.text()).not.toContain(student)
    expect((await service().request(path.replace('{student}', student), { method, json })).status).toBe(401)
    // No key does what is a person's, or of people.
    const key = await newKey(organisation, ['labs:read', 'labs:write', 'courses:write', 'grades:write'])
    const open = ['/v1/organisation', '/v1/organisation/leaving', '/v1/account/usage']
    const mayRead = method === 'GET' && open.includes(path)
    expect((await ask(key, method, path.replace('{student}', student), json)).status).toBe(mayRead ? 200 : 403)
  })
})

describe('members', () => {
  it('are never raised above, or changed by, a role below theirs; the last owner stays', async () => {
    const organisation = await newOrganisation()
    const owner = await signIn(organisation, 'owner')
    const teacher = await signIn(organisation, 'teacher')
    const boss = await personOf(owner)
    const student = await newPerson(organisation, 'student')
    expect((await ask(teacher, 'PATCH', `/v1/people/${student}`, { role: 'owner' })).status).toBe(403)
    expect((await ask(teacher, 'PATCH', `/v1/people/${boss.id}`, { role: 'student' })).status).toBe(403)
    expect((await ask(teacher, 'PATCH', `/v1/people/${student}`, { role: 'assistant' })).status).toBe(204)
    const last = { status: 409, code: 'last-owner' }
    expect(await problemOf(await ask(owner, 'PATCH', `/v1/people/${boss.id}`, { role: 'teacher' }))).toMatchObject(last)
    expect(await problemOf(await ask(owner, 'POST', '/v1/account/erase', { name: boss.name }))).toMatchObject(last)
    expect(await problemOf(await ask(owner, 'POST', `/v1/people/${boss.id}/erase`, { name: boss.name }))).toMatchObject(last)
  })

  it('as a table give no formulas to a spreadsheet', async () => {
    const organisation = await newOrganisation()
    await newPerson(organisation, 'student', '=HYPERLINK("http://evil","x")')
    const text = await (await ask(await signIn(organisation, 'teacher'), 'GET', '/v1/people.csv')).text()
    expect(text).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`)
  })
})

describe('an account', () => {
  it('sets a password only with the old one, ends other sessions, and changes organisations', async () => {
    const [home, other] = [await newOrganisation(), await newOrganisation()]
    const headers = await signIn(home, 'student', 'Sam')
    const { id } = await personOf(headers)
    await d1.prepare("update session set way = 'oidc' where person_id = ?").bind(id).run()
    await d1.prepare('insert into membership values (?, ?, ?, ?)').bind(other, id, 'teacher', 2).run()
    const email = `${randomId()}@school.test`
    expect((await ask(headers, 'POST', '/v1/account/password', { password: 'my first password' })).status).toBe(400)
    expect((await ask(headers, 'POST', '/v1/account/password', { password: 'my first password', email })).status).toBe(204)
    const second = await service().request('/auth/password', {
      method: 'POST',
      headers: { origin },
      json: { email, password: 'my first password' },
    })
    const cookie = second.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(((await second.json()) as { organisations: unknown[] }).organisations).toHaveLength(2)
    expect((await ask(headers, 'POST', '/v1/account/password', { old: 'wrong', password: 'my second password' })).status).toBe(
      403,
    )
    const right = { old: 'my first password', password: 'my second password' }
    expect((await ask(headers, 'POST', '/v1/account/password', right)).status).toBe(204)
    expect((await service().request('/auth/session', { headers: { cookie } })).status).toBe(401)

    const moved = await ask(headers, 'POST', '/v1/account/organisation', { id: other })
    const there = { cookie: moved.headers.getSetCookie().at(-1)?.split(';')[0] ?? '', origin }
    expect(await (await service().request('/auth/session', { headers: there })).json()).toMatchObject({
      role: 'teacher',
      organisation: { id: other },
    })
    expect((await service().request('/auth/session', { headers })).status).toBe(401)
    expect((await ask(there, 'POST', '/v1/account/organisation', { id: await newOrganisation() })).status).toBe(404)
    const account = (await (await ask(there, 'GET', '/v1/account')).json()) as { sessions: { id: string; current: boolean }[] }
    expect(account).toMatchObject({ email, verified: false, ways: ['credential'], organisations: [{ id: other }, { id: home }] })
    expect(account.sessions.filter((one) => one.current)).toHaveLength(1)
    const own = account.sessions.find((one) => one.current)?.id ?? ''
    const stranger = await signIn(home, 'owner')
    expect((await ask(stranger, 'DELETE', `/v1/account/sessions/${own}`)).status).toBe(404)
    expect((await ask(there, 'DELETE', `/v1/account/sessions/${own}`)).status).toBe(204)
    expect((await service().request('/auth/session', { headers: there })).status).toBe(401)
  })
})

describe('keys', () => {
  it('show their beginning, end when they are to, and guessing them is slowed', async () => {
    const owner = await signIn(await newOrganisation(), 'owner', 'Olga')
    const made = await ask(owner, 'POST', '/v1/keys', { label: 'grader', scopes: ['grades:write'], expiresInDays: 2 })
    const { secret, id } = (await made.json()) as { secret: string; id: string }
    const listed = await (await ask(owner, 'GET', '/v1/keys')).text()
    expect(listed).toContain(`"prefix":"${secret.slice(0, 7)}"`)
    expect(listed).not.toContain(secret)
    const bearer = { authorization: `Bearer ${secret}` }
    expect((await service().request('/auth/session', { headers: bearer })).status).toBe(200)
    await d1
      .prepare('update api_key set expires_at = ? where id = ?')
      .bind(Date.now() - 1, id)
      .run()
    expect((await service().request('/auth/session', { headers: bearer })).status).toBe(401)

    const from = { 'cf-connecting-ip': '203.0.113.7' }
    const guess = (at: number) => service().request('/v1/labs', { headers: { ...from, authorization: `Bearer sr_guess${at}` } })
    const answers = await Promise.all(Array.from({ length: 64 }, (_, at) => guess(at)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(60)
    const late = answers.find(({ status }) => status === 429) as Response
    expect(late.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await ask({ ...owner, ...from }, 'GET', '/v1/labs')).status).toBe(200)
  })
})

describe('the audit log', () => {
  it('tells who did what to whom from where, in pages, without a secret', async () => {
    const organisation = await newOrganisation()
    const signed = await signIn(organisation, 'owner', 'Olga')
    const owner = { ...signed, 'cf-connecting-ip': '192.0.2.44' }
    const { secret } = (await (await ask(owner, 'POST', '/v1/keys', { label: 'grader', scopes: ['labs:read'] })).json()) as {
      secret: string
    }
    const added = await ask(owner, 'POST', '/v1/people', { name: 'Ada', role: 'student' })
    const { person, link } = (await added.json()) as { person: { id: string }; link: { path: string } }
    await ask(owner, 'DELETE', `/v1/people/${person.id}`)
    const page = async (query: string) => {
      const answer = await ask(owner, 'GET', `/v1/audit?${query}`)
      return (await answer.json()) as {
        entries: { action: string; by: { name: string }; address: string; object: object }[]
        next: number | null
      }
    }
    const all = await page('')
    expect(all.entries.map(({ action }) => action)).toEqual(['member.removed', 'member.added', 'key.made'])
    expect(all.entries[0]).toMatchObject({
      by: { name: 'Olga', via: 'session' },
      address: '192.0.2.44',
      object: { kind: 'person', name: 'Ada' },
    })
    const first = await page('limit=2')
    expect(first.entries).toHaveLength(2)
    expect((await page(`limit=2&before=${first.next}`)).entries.map(({ action }) => action)).toEqual(['key.made'])
    expect((await page('action=member')).entries).toHaveLength(2)
    expect((await page(`object=${person.id}`)).entries).toHaveLength(2)
    const text = JSON.stringify(all) + logged.join('\n')
    for (const one of [secret, link.path.split('/').at(-1) as string, signed.cookie.split('=')[1]])
      expect(text).not.toContain(one)
  })
})

describe('a suspended organisation', () => {
  const OPERATOR_KEY = 'operator-key-of-the-tests'
  const operator = { authorization: `Bearer ${OPERATOR_KEY}` }

  it('is made, limited, suspended and resumed by the operator alone', async () => {
    expect((await ask(operator, 'GET', '/v1/operator/organisations')).status).toBe(404)
    const bindings = { OPERATOR_KEY }
    const owner = await signIn(await newOrganisation(), 'owner')
    expect((await ask(owner, 'GET', '/v1/operator/organisations', undefined, bindings)).status).toBe(401)
    const made = await ask(operator, 'POST', '/v1/operator/organisations', { name: 'Lakeside', quotas: { labs: 1 } }, bindings)
    const { id, ownerInvitation } = (await made.json()) as { id: string; ownerInvitation: string }
    const token = ownerInvitation.split('#')[1]
    const accepted = await service().request('/auth/invitation/accept', {
      method: 'POST',
      headers: { origin },
      json: { token, name: 'Ada' },
    })
    const ada = { cookie: accepted.headers.get('set-cookie')?.split(';')[0] ?? '', origin }
    const labs = service(bindings)
    const post = () => labs.request('/v1/labs', { method: 'POST', json: { definition: 'title: A' }, headers: ada })
    const lab = ((await (await post()).json()) as { id: string }).id
    expect(await problemOf(await post())).toMatchObject({ status: 429, code: 'too-many-labs' })

    const change = (json: object) => ask(operator, 'PATCH', `/v1/operator/organisations/${id}`, json, bindings)
    expect((await change({ suspended: true, reason: 'unpaid' })).status).toBe(204)
    const answers = [
      await labs.request('/auth/session', { headers: ada }),
      await labs.request('/v1/labs', { headers: ada }),
      await labs.request(`/v1/labs/${lab}`, { headers: ada }),
      await labs.request('/v1/people', { headers: ada }),
      await labs.request('/v1/account', { headers: ada }),
      await post(),
    ]
    for (const answer of answers) expect(await problemOf(answer)).toMatchObject({ status: 403, code: 'suspended' })
    for (const path of ['/v1/account/export', '/v1/people.csv', '/v1/organisation/export', `/v1/labs/${lab}/export`]) {
      expect([path, (await labs.request(path, { headers: ada })).status]).toEqual([path, 200])
    }
    expect((await change({ suspended: false })).status).toBe(204)
    expect((await labs.request('/v1/labs', { headers: ada })).status).toBe(200)
    const actions = (
      await d1.prepare('select action from audit where organisation_id = ? order by id').bind(id).all<{ action: string }>()
    ).results
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['organisation.made', 'organisation.suspended', 'organisation.resumed']),
    )
    expect(logged.join('\n')).not.toContain(OPERATOR_KEY)
  })

  it('cannot be guessed at', async () => {
    const from = { 'cf-connecting-ip': '203.0.113.99' }
    const tries = []
    for (let at = 0; at < 7; at++) {
      const headers = { ...from, authorization: `Bearer guess-${at}` }
      tries.push((await ask(headers, 'GET', '/v1/operator/organisations', undefined, { OPERATOR_KEY })).status)
    }
    expect(tries).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect((await ask({ ...from, ...operator }, 'GET', '/v1/operator/organisations', undefined, { OPERATOR_KEY })).status).toBe(
      429,
    )
  })
})

describe('somebody for whom one organisation vouches', () => {
  it('is not for that who they are in another: no link, code or platform of one opens the other', async () => {
    const [here, there] = [await newOrganisation(), await newOrganisation()]
    const teacher = await signIn(here, 'teacher')
    const student = await newPerson(here, 'student', 'Pat')
    await d1.prepare('insert into membership values (?, ?, ?, ?)').bind(there, student, 'owner', 2).run()
    const course = randomId()
    await d1
      .prepare('insert into course (id, organisation_id, title, join_code, created_by, created_at) values (?, ?, ?, ?, ?, ?)')
      .bind(course, there, 'C', course.slice(0, 8), 'x', 1)
      .run()
    const boss = await signIn(there, 'owner')
    const offered = (await (await ask(boss, 'POST', '/v1/invitations', { role: 'student' })).json()) as { path: string }
    // What the teacher may do: make a link for a student of theirs, and open it.
    const { path } = (await (await ask(teacher, 'POST', `/v1/people/${student}/sign-in-link`)).json()) as { path: string }
    const opened = await service().request(path)
    const pat = { cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '', origin }
    const tries: readonly (readonly [string, unknown])[] = [
      ['/v1/account/organisation', { id: there }],
      ['/v1/account/password', { password: 'a long enough one', email: `${randomId()}@school.test` }],
      ['/v1/account/address', { email: `${randomId()}@school.test` }],
      ['/auth/join', { code: course.slice(0, 8) }],
      ['/auth/invitation/accept', { token: offered.path.split('#')[1] }],
    ]
    for (const [to, json] of tries) {
      const answer = await ask(pat, 'POST', to, json)
      expect([to, answer.headers.get('set-cookie'), (await problemOf(answer)).code]).toEqual([to, null, 'own-proof'])
    }
    const account = await (await ask(pat, 'GET', '/v1/account')).text()
    expect(account).toContain(here)
    expect(account).not.toContain(there)
    const erased = await ask(pat, 'POST', '/v1/account/erase', { name: 'Pat' })
    expect(await erased.json()).toMatchObject({ altogether: false })
    const left = await d1.prepare('select role from membership where person_id = ?').bind(student).all()
    expect(left.results).toEqual([{ role: 'owner' }])
  })
})

describe('what is logged', () => {
  it('of a statement that fails has none of its values', async () => {
    const secret = `whsec-${randomId()}`
    const failing = new Proxy(d1, {
      get: (target, call) =>
        call === 'prepare'
          ? (sql: string) => target.prepare(sql.includes('insert into "audit"') ? 'insert into nothing values (?)' : sql)
          : Reflect.get(target, call),
    })
    const owner = await signIn(await newOrganisation(), 'owner')
    const before = logged.length
    const answer = await ask(owner, 'POST', '/v1/people', { name: secret, role: 'student' }, { DB: failing as D1Database })
    expect(await problemOf(answer)).toMatchObject({ status: 500, code: 'internal-error' })
    const said = logged.slice(before).join('\n')
    expect(said).toContain('insert into')
    expect(said).toMatch(/"stack":"at /)
    expect(said).not.toContain(secret)
  })
})

describe('quotas', () => {
  const limited = async (quotas: object) => {
    const organisation = await newOrganisation()
    await d1.prepare('update organisation set quotas = ? where id = ?').bind(JSON.stringify(quotas), organisation).run()
    return organisation
  }

  it('of requests a minute hold for the person and the organisation, over places that share their count', async () => {
    const organisation = await limited({ personRequestsPerMinute: 30, requestsPerMinute: 45 })
    const [sam, ines] = [await signIn(organisation, 'student'), await signIn(organisation, 'student')]
    const many = async (headers: Headers, n: number) => {
      const statuses = []
      for (let at = 0; at < n; at++) statuses.push((await ask(headers, 'GET', '/v1/labs')).status)
      return statuses.filter((status) => status === 429).length
    }
    expect(await many(sam, 35)).toBeGreaterThanOrEqual(4)
    expect(await many(ines, 20)).toBeGreaterThanOrEqual(5)
    const refused = await ask(ines, 'GET', '/v1/labs')
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect((await problemOf(refused)).code).toBe('quota-requests')
    const counted = await d1
      .prepare("select requests from usage where organisation_id = ? and actor_id = '*'")
      .bind(organisation)
      .first<number>('requests')
    expect(counted).toBeGreaterThanOrEqual(40)
  })

  it('of labs, machines and bytes refuse a new lab, and leave nothing behind', async () => {
    const organisation = await limited({ personLabs: 1, machines: 2 })
    const { labs, asker } = service()
    const [sam, ines, tess] = await Promise.all(
      (['student', 'student', 'teacher'] as const).map((role) => signIn(organisation, role)),
    )
    const post = (headers: Headers) => asker(headers)('POST', '/v1/labs', { definition: 'title: A', seed: 3 })
    expect((await post(sam)).status).toBe(201)
    expect((await problemOf(await post(sam))).code).toBe('quota-labs')
    expect((await post(ines)).status).toBe(201)
    expect((await problemOf(await post(tess))).code).toBe('quota-machines')
    expect(labs.last.calls.at(-1)?.method).toBe('destroy')
    await d1.prepare('update lab set bytes = 1000 where organisation_id = ?').bind(organisation).run()
    await d1.prepare('update organisation set quotas = \'{"bytes":2000}\' where id = ?').bind(organisation).run()
    expect((await problemOf(await post(tess))).code).toBe('quota-bytes')
  })

  it('of live hours stand labs still when they are used up; what is used has a price', async () => {
    const organisation = await limited({ liveHours: 2 })
    const { labs, asker, request } = service()
    const tess = await signIn(organisation, 'teacher')
    const id = await newLab(asker(tess))
    const env = { DB: d1, LAB_HOST: labs as unknown as DurableObjectNamespace, JOBS }
    const host = labs.last
    host.used = { machines: 3, bytes: 5_000_000, liveMs: 3_600_000 }
    await sweep(env)
    expect(host.calls.filter(({ method }) => method === 'allowLive').at(-1)?.input).toBe(3_600_000)
    host.used = { machines: 3, bytes: 5_000_000, liveMs: 3 * 3_600_000 }
    await request(`/v1/labs/${id}/reset`, { method: 'POST', headers: tess })
    await sweep(env)
    expect(host.calls.filter(({ method }) => method === 'allowLive').at(-1)?.input).toBe(0)
    const usage = await (await asker(tess)('GET', '/v1/organisation/usage')).json()
    expect(usage).toMatchObject({ used: { labs: 1, machines: 3, bytes: 5_000_000, liveHours: 3 }, limits: { liveHours: 2 } })
    expect((usage as { cost: { duration: number } }).cost.duration).toBeCloseTo((3 * 3600 * 0.128 * 12.5) / 1e6, 3)
  })
})

describe('retention', () => {
  it('takes away what is over: views that nobody closed, links, tokens, and who came by a link to a lab that is gone', async () => {
    const organisation = await newOrganisation()
    const owner = await signIn(organisation, 'owner')
    const { labs, asker } = service()
    const own = await newLab(asker(owner))
    const { id: person } = await personOf(owner)
    const views: string[] = []
    for (let at = 0; at < 5; at++) views.push(await newLab(asker(owner)))
    const [past, later] = [Date.now() - 8 * DAY, Date.now() + DAY]
    const run = (sql: string, ...values: unknown[]) =>
      d1
        .prepare(sql)
        .bind(...values)
        .run()
    for (const [at, view] of views.entries()) {
      await run("update lab set kind = 'view' where id = ?", view)
      const expires = at === 4 ? later : past
      await run('insert into lab_view values (?, ?, ?, null, ?, 0, null, ?)', view, organisation, own, person, expires)
    }
    const link = (id: string, expires: number) =>
      run(
        "insert into lab_link (id, token_hash, organisation_id, lab_id, kind, label, created_by, created_by_name, created_at, expires_at) values (?, ?, ?, ?, 'invite', 'L', 'x', 'X', 1, ?)",
        ...[id, id, organisation, own, expires],
      )
    await link(`${own}-past`, past)
    await link(`${own}-later`, later)
    const guest = (lab: string) =>
      run("insert into lab_guest values (?, ?, 'l', ?, 'watch', 1, ?)", lab, person, organisation, past)
    await guest(own)
    await guest(views[0])
    await run('insert into sign_in_link values (?, ?, ?, 0, 1, ?, null)', `${own}-old`, person, organisation, past)
    const env = { DB: d1, LAB_HOST: labs as unknown as DurableObjectNamespace, JOBS }
    await sweep(env)
    await sweep(env)
    const left = async (table: string, column: string) =>
      (
        await d1
          .prepare(`select ${column} as id from ${table} where organisation_id = ?`)
          .bind(organisation)
          .all<{ id: string }>()
      ).results.map(({ id }) => id)
    const standing = await d1
      .prepare("select id from lab where organisation_id = ? and state <> 'tombstone' order by created_at")
      .bind(organisation)
      .all<{ id: string }>()
    expect(standing.results.map(({ id }) => id).sort()).toEqual([own, views[4]].sort())
    expect(await left('lab_view', 'lab_id')).toEqual([views[4]])
    expect(await left('lab_link', 'id')).toEqual([`${own}-later`])
    expect(await left('lab_guest', 'lab_id')).toEqual([own])
    expect(await left('sign_in_link', 'token_hash')).toEqual([])
  })

  it('warns first, then removes what nobody has used, and nothing else', async () => {
    const organisation = await newOrganisation()
    const owner = await signIn(organisation, 'owner')
    const { labs, asker } = service()
    const ids = [await newLab(asker(owner)), await newLab(asker(owner)), await newLab(asker(owner))]
    const used = (id: string, days: number) =>
      d1
        .prepare('update lab set last_used_at = ? where id = ?')
        .bind(Date.now() - days * DAY, id)
        .run()
    await Promise.all([used(ids[0], 31), used(ids[1], 20), used(ids[2], 1)])
    expect((await ask(owner, 'PATCH', '/v1/organisation', { retentionDays: 3 })).status).toBe(400)
    expect((await ask(owner, 'PATCH', '/v1/organisation', { retentionDays: 30 })).status).toBe(204)
    const leaving = async (headers: Headers) =>
      ((await (await ask(headers, 'GET', '/v1/organisation/leaving')).json()) as { labs: { id: string }[] }).labs.map(
        ({ id }) => id,
      )
    expect(await leaving(owner)).toEqual([ids[0], ids[1]])
    expect(await leaving(await signIn(organisation, 'student'))).toEqual([])
    await sweep({ DB: d1, LAB_HOST: labs as unknown as DurableObjectNamespace, JOBS })
    const left = (await (await ask(owner, 'GET', '/v1/labs')).json()) as { labs: { id: string }[] }
    expect(left.labs.map(({ id }) => id).sort()).toEqual([ids[1], ids[2]].sort())
    const noted = await d1
      .prepare("select object_id from audit where organisation_id = ? and action = 'lab.expired'")
      .bind(organisation)
      .all()
    expect(noted.results).toEqual([{ object_id: ids[0] }])
  })
})
