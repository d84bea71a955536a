import jwt from 'jsonwebtoken'
import { expect, it } from 'vitest'
import { askerOf, deliver, handIn, newCourse, personIn } from '../../test/worker/lti-course.ts'
import { Browser, bindings, link, newSchool, reasonOf, request } from '../../test/worker/lti-school.ts'
import { db, newKey, problemOf, service, signIn } from '../../test/worker/service.ts'
import { everyScope } from '../auth/actor.ts'

const wish = {
  name: 'Moodle of the school',
  issuer: 'https://moodle.example.edu',
  clientId: 'abcDEF123',
  authUrl: 'https://moodle.example.edu/mod/lti/auth.php',
  tokenUrl: 'https://moodle.example.edu/mod/lti/token.php',
  jwksUrl: 'https://moodle.example.edu/mod/lti/certs.php',
}
const asOwner = async (organisation: string) => {
  const headers = await signIn(organisation, 'owner')
  return (method: string, path: string, json?: unknown) => request(path, { method, json, headers })
}

it('an owner registers, changes, tries and removes a platform', async () => {
  const { organisation, platform, id } = await newSchool()
  const ask = await asOwner(organisation)
  const made = await ask('POST', '/v1/lti/platforms', wish)
  expect([made.status, await made.clone().json()]).toMatchObject([
    201,
    { ...wish, deploymentIds: [], frameOrigins: ['https://moodle.example.edu'], instructorRole: 'teacher', lastLaunchAt: null },
  ])
  const { id: second } = (await made.json()) as { id: string }
  expect(await problemOf(await ask('POST', '/v1/lti/platforms', wish))).toMatchObject({ status: 409, field: 'clientId' })
  const changed = await ask('PATCH', `/v1/lti/platforms/${second}`, { deploymentIds: ['1', '2'], name: 'Moodle' })
  expect(await changed.json()).toMatchObject({ name: 'Moodle', deploymentIds: ['1', '2'] })
  const taken = { issuer: platform.settings.issuer, clientId: platform.settings.clientId }
  expect(await problemOf(await ask('PATCH', `/v1/lti/platforms/${second}`, taken))).toMatchObject({ status: 409 })
  const overview = (await (await ask('GET', '/v1/lti')).json()) as { platforms: unknown[]; tool: Record<string, string> }
  expect(overview.platforms).toHaveLength(2)
  expect(overview.tool['launchUrl']).toBe(platform.settings.tool.launchUrl)
  expect(await (await ask('POST', `/v1/lti/platforms/${id}/test`)).json()).toMatchObject({ steps: [{ ok: true }, { ok: true }] })
  const tried = await ask('POST', `/v1/lti/platforms/${second}/test`)
  expect(await tried.json()).toMatchObject({
    steps: [
      { step: 'keys', ok: false },
      { step: 'token', ok: false },
    ],
  })
  expect((await ask('DELETE', `/v1/lti/platforms/${id}`)).status).toBe(204)
  const browser = new Browser(platform)
  expect(await reasonOf(await browser.press('jane', link))).toBe('unknown-platform')
  const log = await db
    .prepare("select action from audit where organisation_id = ? and action like 'platform.%'")
    .bind(organisation)
    .all()
  expect(log.results.map(({ action }) => action)).toEqual(['platform.registered', 'platform.changed', 'platform.removed'])
})

it('an address that must not be called is named', async () => {
  const ask = await asOwner((await newSchool()).organisation)
  for (const [field, value] of [
    ['tokenUrl', 'http://moodle.example.edu/token'],
    ['jwksUrl', 'https://10.0.0.7/certs'],
    ['jwksUrl', 'https://moodle.internal/certs'],
    ['authUrl', 'javascript:alert(1)'],
    ['issuer', 'moodle'],
  ] as const) {
    expect(await problemOf(await ask('POST', '/v1/lti/platforms', { ...wish, [field]: value }))).toMatchObject({
      status: 422,
      field,
    })
  }
  const frames = { ...wish, frameOrigins: ["https://moodle.example.edu; script-src 'unsafe-inline'"] }
  expect(await problemOf(await ask('POST', '/v1/lti/platforms', frames))).toMatchObject({ status: 422, field: 'frameOrigins.0' })
})

it('who may do what: owners change, teachers read, everybody else and every key not; of another organisation there is nothing', async () => {
  const { organisation, id, tenant } = await newCourse()
  const context = (await tenant.ltiContexts.list())[0].context.id
  const launch = (
    await db.prepare('select id from lti_launch where organisation_id = ?').bind(organisation).first<{ id: string }>()
  )?.id
  const routes: [string, string, unknown, string][] = [
    ['GET', '/v1/lti', undefined, 'teacher'],
    ['POST', '/v1/lti/platforms', wish, 'owner'],
    ['PATCH', `/v1/lti/platforms/${id}`, { name: 'x' }, 'owner'],
    ['POST', `/v1/lti/platforms/${id}/test`, undefined, 'owner'],
    ['POST', '/v1/lti/keys/rotate', { force: true }, 'owner'],
    ['GET', '/v1/lti/courses', undefined, 'teacher'],
    ['PATCH', `/v1/lti/courses/${context}`, { course: null }, 'teacher'],
    ['GET', `/v1/lti/courses/${context}/grades`, undefined, 'teacher'],
    ['POST', `/v1/lti/courses/${context}/grades`, undefined, 'teacher'],
    ['POST', `/v1/lti/courses/${context}/roster`, undefined, 'teacher'],
    ['DELETE', `/v1/lti/platforms/${id}`, undefined, 'owner'],
  ]
  const ranks = ['observer', 'student', 'assistant', 'teacher', 'owner'] as const
  for (const [method, path, json, least] of routes) {
    for (const role of ranks.slice(0, ranks.indexOf(least as 'owner'))) {
      const answer = await request(path, { method, json, headers: await signIn(organisation, role) })
      expect([method, path, role, answer.status]).toEqual([method, path, role, 403])
    }
    const key = await newKey(
      organisation,
      [...everyScope].filter((scope) => scope !== 'organisation:write'),
    )
    expect([path, (await request(path, { method, json, headers: key })).status]).toEqual([path, 403])
    expect((await request(path, { method, json })).status).toBe(401)
    if (!path.includes(id) && !path.includes(context)) continue
    const stranger = await asOwner((await newSchool()).organisation)
    expect([method, path, (await stranger(method, path, json)).status]).toEqual([method, path, 404])
  }
  // A launch is only for whoever came by it: not for the owner, not for another organisation.
  for (const ask of [await asOwner(organisation), await asOwner((await newSchool()).organisation)]) {
    expect((await ask('GET', `/v1/lti/launches/${launch}`)).status).toBe(404)
    expect((await ask('POST', `/v1/lti/launches/${launch}/course`, { title: 'x' })).status).toBe(404)
    expect((await ask('POST', `/v1/lti/launches/${launch}/assignment`, { assignment: 'x' })).status).toBe(404)
  }
})

it('keys: three are published in turn, each signs after it was published, and no private part leaves', async () => {
  const course = await newCourse()
  const { organisation, at, tenant } = course
  const ask = await asOwner(organisation)
  const published = async () =>
    ((await (await request(new URL(at('jwks.json')).pathname)).json()) as { keys: Record<string, string>[] }).keys
  const before = await published()
  expect(before.map((key) => Object.keys(key).sort())).toEqual(before.map(() => ['alg', 'e', 'kid', 'kty', 'n', 'use']))
  expect(before).toHaveLength(2)
  expect(await problemOf(await ask('POST', '/v1/lti/keys/rotate', {}))).toMatchObject({ status: 409, code: 'too-soon' })
  const rotated = await Promise.all([1, 2].map(() => ask('POST', '/v1/lti/keys/rotate', { force: true })))
  expect(rotated.map(({ status }) => status)).toContain(200)
  const rows = await tenant.ltiKeys.list()
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['previous', 'current', 'next']))
  expect(await published()).toHaveLength(3)
  for (const row of rows) expect(JSON.stringify(row)).not.toContain('"d":')
  expect(await (await ask('GET', '/v1/lti')).text()).not.toContain('sealed')
  // What signs now was published before.
  const ada = course.browser()
  await ada.launch('ada', course.toAssignment)
  const person = await personIn(ada)
  await handIn(course, person, 1, 15)
  expect(await deliver(course, person)).toEqual([])
  expect(course.platform.refusals).toEqual([])
  // Each organisation has its own, and one that is not there has none.
  const other = await newSchool()
  const theirs = (await (await request(new URL(other.at('jwks.json')).pathname)).json()) as { keys: { kid: string }[] }
  expect(theirs.keys.some(({ kid }) => before.some((key) => key['kid'] === kid))).toBe(false)
})

it('without the secret nothing is made up: it is said', async () => {
  const { organisation } = await newSchool()
  const bare = service({ ...bindings, LTI_KEY_SECRET: undefined })
  const headers = await signIn(organisation, 'owner')
  expect(await (await bare.request('/v1/lti', { headers })).json()).toMatchObject({ ready: false, keys: [] })
  expect((await bare.request(`/lti/${organisation}/jwks.json`)).status).toBe(503)
})

it('a teacher picks an assignment, and the platform takes the signed answer: once', async () => {
  const course = await newCourse()
  const { platform, assignment, teacher } = course
  const asked = {
    returnUrl: `${platform.settings.url}/deep-link`,
    data: 'csrftoken:c7fbba78-7b75-46e3-9201-11e6d5f36f53',
    acceptMultiple: false,
  }
  const opened = await teacher.launch('jane', { kind: 'deep-link', deepLinking: asked })
  const launch = /launches\/([a-z0-9]+)$/.exec(opened.headers.get('location') ?? '')?.[1]
  const ask = askerOf(teacher)
  const shown = (await (await ask('GET', `/v1/lti/launches/${launch}`)).json()) as { answerPath: string; assignments: unknown[] }
  expect(shown).toMatchObject({
    kind: 'deep-link',
    several: false,
    assignments: [{ id: assignment }],
    course: { id: course.course },
  })
  const send = (fields: string, headers = teacher.headers) =>
    request(shown.answerPath, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: fields,
    })
  expect((await send(`assignment=${assignment}`, { ...teacher.headers, origin: 'https://evil.example' })).status).toBe(403)
  expect((await send(`assignment=${assignment}&assignment=other`)).status).toBe(400)
  expect((await send('assignment=of-nobody')).status).toBe(404)
  const page = await (await send(`assignment=${assignment}`)).text()
  expect(/<form method="post" action="([^"]+)"/.exec(page)?.[1]).toBe(asked.returnUrl)
  const token = /name="JWT" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const { items, claims } = await platform.deepLinkAnswer(token, asked)
  expect(items).toMatchObject([
    {
      ...{ type: 'ltiResourceLink', title: 'Default Switch detective', url: course.at('launch') },
      ...{ custom: { switchroom_assignment: assignment }, lineItem: { resourceId: assignment } },
    },
  ])
  expect(claims).toMatchObject({ iss: platform.settings.clientId, aud: platform.settings.issuer })
  await expect(platform.deepLinkAnswer(token, asked)).rejects.toThrow('nonce was used before')
  expect((await send(`assignment=${assignment}`)).status).toBe(409)
  expect(jwt.decode(token, { complete: true })?.header.alg).toBe('RS256')
  expect(await reasonOf(await course.browser().launch('ada', { kind: 'deep-link', deepLinking: asked }))).toBe('only-teachers')
})

it('the console in a frame is for that platform’s pages alone', async () => {
  const { organisation, id, platform } = await newSchool()
  const page = new Response('<!doctype html>', {
    headers: { 'content-type': 'text/html', 'content-security-policy': "default-src 'self'; frame-ancestors 'none'" },
  })
  const ASSETS = { fetch: async () => page.clone() } as unknown as Fetcher
  const framed = service({ ...bindings, ASSETS })
  const answer = await framed.request(`/frame/${organisation}/${id}/assignments/abc`)
  expect(answer.headers.get('content-security-policy')).toBe(
    `default-src 'self'; frame-ancestors 'self' ${platform.settings.url}`,
  )
  expect(answer.headers.get('x-frame-options')).toBe(null)
  expect((await framed.request(`/frame/${(await newSchool()).organisation}/${id}/x`)).status).toBe(404)
  expect((await framed.request('/v1/labs')).headers.get('x-frame-options')).toBe('DENY')
})
