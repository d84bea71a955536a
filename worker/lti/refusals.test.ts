import fc from 'fast-check'
import jwt from 'jsonwebtoken'
import { describe, expect, it, vi } from 'vitest'
import { newPlatformKey } from '../../test/lti/platform-keys.ts'
import { link, newSchool, reasonOf, request, type School } from '../../test/worker/lti-school.ts'
import { db, problemOf } from '../../test/worker/service.ts'

const claim = 'https://purl.imsglobal.org/spec/lti/claim/'
const now = () => Math.floor(Date.now() / 1000)

/** A launch whose message is changed before it is signed, or after. */
async function tried(
  school: School,
  change: (claims: Record<string, unknown>) => Record<string, unknown>,
  sign?: (claims: object) => string,
) {
  const browser = school.browser()
  const fields = await browser.authorized('jane', link)
  const claims = change(jwt.decode(fields['id_token']) as Record<string, unknown>)
  return browser.carry({ ...fields, id_token: (sign ?? ((all) => school.platform.sign(all)))(claims) })
}
const reasonWhen = async (school: School, instead: Record<string, unknown>) =>
  reasonOf(await tried(school, (claims) => JSON.parse(JSON.stringify({ ...claims, ...instead }))))

describe('a launch is refused', async () => {
  const school = await newSchool()

  it('when it is sent again, wherever that arrives', async () => {
    const browser = school.browser()
    const fields = await browser.authorized('jane', link)
    const copy = new Map(browser.cookies)
    expect((await browser.carry(fields)).status).toBe(303)
    for (const [name, value] of copy) browser.cookies.set(name, value)
    const again = await browser.carry(fields)
    expect([again.status, await reasonOf(again)]).toEqual([401, 'replayed'])
    expect(again.headers.getSetCookie()).toEqual([])
  })

  it('when several send it at once: one gets in', async () => {
    const browser = school.browser()
    const fields = await browser.authorized('jane', link)
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.carry(fields)))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 401, 401, 401])
  })

  it('when a message that was kept comes with the state of another sign-in', async () => {
    const browser = school.browser()
    const [kept, fresh] = [await browser.authorized('jane', link), await browser.authorized('jane', link)]
    const answer = await browser.carry({ id_token: kept['id_token'], state: fresh['state'] })
    expect(await reasonOf(answer)).toBe('replayed')
    expect((await browser.carry(fresh)).status).toBe(303)
  })

  it('when it is too old, from the future, or was made long ago', async () => {
    expect(await reasonWhen(school, { exp: now() - 40 })).toBe('expired')
    expect(await reasonWhen(school, { iat: now() - 3700, exp: now() + 100_000 })).toBe('expired')
    expect(await reasonWhen(school, { iat: now() + 400 })).toBe('not-yet-valid')
    // Clocks that are a few seconds apart do no harm.
    expect((await tried(school, (claims) => ({ ...claims, exp: now() - 10 }))).status).toBe(303)
    expect((await tried(school, (claims) => ({ ...claims, iat: now() + 10 }))).status).toBe(303)
  })

  it('when it is signed with another key, under the name of the right one or its own', async () => {
    const stranger = await newPlatformKey('p1')
    expect(
      await reasonOf(
        await tried(
          school,
          (claims) => claims,
          (all) => school.platform.sign(all, stranger),
        ),
      ),
    ).toBe('wrong-signature')
    const other = { ...stranger, kid: 'p9' }
    expect(
      await reasonOf(
        await tried(
          school,
          (claims) => claims,
          (all) => school.platform.sign(all, other),
        ),
      ),
    ).toBe('unknown-key')
  })

  it('when a letter of it was changed after signing', async () => {
    const change = (token: string) => {
      const [header, body, signature] = token.split('.')
      const claims = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/')))
      const changed = btoa(JSON.stringify({ ...claims, sub: 'somebody-else' })).replace(/=+$/, '')
      return [header, changed.replaceAll('+', '-').replaceAll('/', '_'), signature].join('.')
    }
    expect(
      await reasonOf(
        await tried(
          school,
          (claims) => claims,
          (all) => change(school.platform.sign(all)),
        ),
      ),
    ).toBe('wrong-signature')
  })

  it('when it is not signed, or with the public key as a shared secret', async () => {
    const none = (all: object) => jwt.sign(all, '', { algorithm: 'none' })
    expect(await reasonOf(await tried(school, (claims) => claims, none))).toBe('wrong-algorithm')
    const confused = (all: object) => {
      const [header, body] = jwt.sign(all, 'x', { algorithm: 'HS256', keyid: 'p1' }).split('.')
      return `${header}.${body}.${hmac(`${header}.${body}`, school.platform.keys[0].publicPem)}`
    }
    expect(await reasonOf(await tried(school, (claims) => claims, confused))).toBe('wrong-algorithm')
    const stronger = (all: object) => jwt.sign(all, school.platform.keys[0].privatePem, { algorithm: 'RS512', keyid: 'p1' })
    expect(await reasonOf(await tried(school, (claims) => claims, stronger))).toBe('wrong-algorithm')
  })

  it('when it is for another tool, or another one is the authorised party', async () => {
    expect(await reasonWhen(school, { aud: 'another-tool', azp: undefined })).toBe('wrong-audience')
    expect(await reasonWhen(school, { azp: 'another-tool' })).toBe('wrong-audience')
    const { clientId } = school.platform.settings
    expect(await reasonWhen(school, { aud: [clientId, 'another-tool'], azp: undefined })).toBe('wrong-audience')
    expect((await tried(school, (claims) => ({ ...claims, aud: [clientId, 'another-tool'] }))).status).toBe(303)
    expect((await tried(school, ({ azp: _, ...claims }) => ({ ...claims, aud: clientId }))).status).toBe(303)
  })

  it('when it says another issuer, deployment, version, message or target', async () => {
    expect(await reasonWhen(school, { iss: 'https://platform.example.org' })).toBe('unknown-platform')
    expect(await reasonWhen(school, { [`${claim}deployment_id`]: '99' })).toBe('wrong-deployment')
    expect(await reasonWhen(school, { [`${claim}version`]: '1.1' })).toBe('wrong-version')
    expect(await reasonWhen(school, { [`${claim}message_type`]: 'LtiSubmissionReviewRequest' })).toBe('unknown-message')
    expect(await reasonWhen(school, { [`${claim}target_link_uri`]: 'https://evil.example/lti' })).toBe('wrong-target')
  })

  it('when it does not say who comes, and when no course is told', async () => {
    expect(await reasonWhen(school, { sub: undefined })).toBe('no-person')
    expect(await reasonWhen(school, { [`${claim}context`]: undefined })).toBe('bad-message')
  })

  it('when the state is not ours, from another organisation, or the platform itself refused', async () => {
    const browser = school.browser()
    const fields = await browser.authorized('jane', link)
    expect(await reasonOf(await browser.carry({ ...fields, state: 'made-up' }))).toBe('unknown-state')
    const path = new URL((await newSchool()).at('launch')).pathname
    const headers = { ...browser.headers, 'content-type': 'application/x-www-form-urlencoded' }
    const elsewhere = await request(path, { method: 'POST', headers, body: new URLSearchParams(fields).toString() })
    expect(await reasonOf(elsewhere)).toBe('unknown-state')
    expect(await reasonOf(await browser.carry({ error: 'login_required', state: fields['state'] }))).toBe('platform-refused')
    expect(await reasonOf(await browser.carry({ state: fields['state'] }))).toBe('no-answer')
    expect((await browser.carry(fields)).status).toBe(303)
  })
})

const hmac = (text: string, secret: string) => jwt.sign(text, secret, { algorithm: 'HS256' }).split('.')[2]

it('a platform of another organisation is unknown, and so is one that nobody has registered', async () => {
  const [ours, theirs] = [await newSchool(), await newSchool({ clientId: 'their-client' })]
  const stranger = await newSchool({ register: false })
  expect(await reasonOf(await stranger.browser().press('jane', link))).toBe('unknown-platform')
  const fields = new URLSearchParams(theirs.platform.begin('jane', link))
  const answer = await request(`${new URL(ours.at('login')).pathname}?${fields}`)
  expect([answer.status, await reasonOf(answer.clone())]).toEqual([401, 'unknown-platform'])
  // The teacher sees what was sent, as text.
  expect(await answer.text()).toContain('<dd>their-client</dd>')
  const marked = await request(`${new URL(ours.at('login')).pathname}?iss=%3Cscript%3E&login_hint=1&target_link_uri=x`)
  expect(await marked.text()).toContain('&lt;script&gt;')
  expect(await reasonOf(await request('/lti/nobody/login?iss=a&login_hint=b&target_link_uri=c'))).toBe('unknown-organisation')
  for (const field of ['iss', 'login_hint', 'target_link_uri']) {
    const some = new URLSearchParams(ours.platform.begin('jane', link))
    some.delete(field)
    expect(await reasonOf(await request(`${new URL(ours.at('login')).pathname}?${some}`))).toBe('bad-login')
  }
})

it('a key that the platform has changed is fetched, and one that it has withdrawn is not trusted', async () => {
  const school = await newSchool()
  expect((await school.browser().launch('jane', link)).status).toBe(303)
  const second = await newPlatformKey('p2')
  school.platform.keys = [second]
  const fetched = () => school.platform.calls.filter((call) => call === 'GET /jwks').length
  // Not more often than every few seconds, whatever is sent.
  expect(await reasonOf(await school.browser().launch('jane', link))).toBe('unknown-key')
  expect(fetched()).toBe(1)
  vi.useFakeTimers({ now: Date.now() + 6_000, toFake: ['Date'] })
  try {
    expect((await school.browser().launch('jane', link)).status).toBe(303)
    expect(fetched()).toBe(2)
    const old = school.settingsKey
    expect(
      await reasonOf(
        await tried(
          school,
          (claims) => claims,
          (all) => school.platform.sign(all, old),
        ),
      ),
    ).toBe('unknown-key')
  } finally {
    vi.useRealTimers()
  }
})

it('a platform whose keys cannot be read is named, and the reason', async () => {
  const school = await newSchool()
  await school.tenant.ltiPlatforms.update(school.id, { jwksUrl: 'http://localhost:1/jwks' }, undefined, 0)
  const answer = await school.browser().launch('jane', link)
  expect([answer.status, await reasonOf(answer.clone())]).toEqual([502, 'keys-unreachable'])
  expect(await answer.text()).toContain('http://localhost:1/jwks')
  await school.tenant.ltiPlatforms.update(school.id, { jwksUrl: 'https://192.168.0.7/jwks' }, undefined, 0)
  expect(await reasonOf(await school.browser().launch('jane', link))).toBe('keys-unreachable')
})

it('a platform that is out of order is not asked for its keys with every message', async () => {
  const school = await newSchool()
  const fetched = () => school.platform.calls.filter((call) => call === 'GET /jwks').length
  school.platform.keyFaults.push(new Response(null, { status: 503 }))
  for (let sent = 0; sent < 3; sent++)
    expect(await reasonOf(await school.browser().launch('jane', link))).toBe('keys-unreachable')
  expect(fetched()).toBe(1)
  vi.useFakeTimers({ now: Date.now() + 6_000, toFake: ['Date'] })
  try {
    expect((await school.browser().launch('jane', link)).status).toBe(303)
    expect(fetched()).toBe(2)
  } finally {
    vi.useRealTimers()
  }
})

it('another browser than the one that began is not let in: a tab of its own is offered, and nothing is used up', async () => {
  const school = await newSchool()
  const [victim, attacker] = [school.browser(), school.browser()]
  const fields = await attacker.authorized('jane', link)
  const answer = await victim.carry(fields)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('Open in a new tab')
  expect([...victim.cookies.keys()]).toEqual([])
  expect((await attacker.carry(fields)).status).toBe(303)
})

it('without cookies the platform’s storage shows that it is the same browser; a ticket opens a tab, once', async () => {
  const school = await newSchool()
  const browser = school.browser()
  const first = await browser.press('jane', link, { lti_storage_target: '_parent' })
  const page = await first.text()
  expect(page).toContain('lti.put_data')
  const value = [...browser.cookies.values()][0]
  browser.cookies.clear()
  const next = JSON.parse(/location\.replace\((".*?")\)/.exec(page)?.[1] ?? '""')
  const { fields } = school.platform.authorize(new URL(next).searchParams)
  expect(await (await browser.carry(fields)).text()).toContain('lti.get_data')
  expect(await (await browser.carry({ ...fields, browser: 'none' })).text()).toContain('Open in a new tab')
  const done = await browser.carry({ ...fields, browser: value })
  const ticket = /name="ticket" value="([^"]+)"/.exec(await done.text())?.[1] ?? ''
  expect([...browser.cookies.keys()]).toEqual([])
  const enter = () =>
    request(new URL(school.at('enter')).pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ticket }).toString(),
    })
  const opened = await enter()
  expect(opened.headers.get('location')).toMatch(/^\/launches\//)
  expect(opened.headers.getSetCookie()[0]).toContain('switchroom_session=')
  expect(await reasonOf(await enter())).toBe('replayed')
})

it('whatever claim is missing or of another type, it is a launch or a page that says why, never a fault', async () => {
  const school = await newSchool()
  const anything = fc.oneof(
    fc.constant(undefined),
    fc.constant(null),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant([]),
    fc.constant({}),
  )
  const names = [
    ...['sub', 'nonce', 'iat', 'exp', 'aud', 'azp', 'iss', 'name', 'given_name', 'email'],
    ...['message_type', 'version', 'deployment_id', 'target_link_uri', 'resource_link', 'roles', 'context', 'custom'].map(
      (name) => claim + name,
    ),
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  ]
  const needed = new Set([
    'sub',
    'nonce',
    'iat',
    'exp',
    'aud',
    'iss',
    ...['message_type', 'version', 'deployment_id', 'resource_link', 'context'].map((name) => claim + name),
  ])
  const sign = (claims: object) => {
    // Some of what is tried here the library would not sign.
    const { privatePem, kid } = school.platform.keys[0]
    return jwt.sign(JSON.stringify(claims), privatePem, { algorithm: 'RS256', keyid: kid })
  }
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), anything, async (name, value) => {
      const answer = await tried(school, (claims) => JSON.parse(JSON.stringify({ ...claims, [name]: value })), sign)
      expect([303, 400, 401, 403, 409]).toContain(answer.status)
      if (value === undefined && needed.has(name)) expect(answer.status, name).not.toBe(303)
      if (answer.status !== 303) expect(await reasonOf(answer)).toMatch(/^[a-z-]+$/)
    }),
    { numRuns: 60 },
  )
  const random = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((parts) => parts.join('.')),
  )
  await fc.assert(
    fc.asyncProperty(random, async (token) => {
      const browser = school.browser()
      const fields = await browser.authorized('jane', link)
      const answer = await browser.carry({ ...fields, id_token: token })
      expect([400, 401]).toContain(answer.status)
    }),
    { numRuns: 30 },
  )
})

it('an organisation that is suspended lets nobody in', async () => {
  const school = await newSchool()
  const browser = school.browser()
  const fields = await browser.authorized('jane', link)
  await db.prepare('update organisation set suspended_at = 1 where id = ?').bind(school.organisation).run()
  expect(await reasonOf(await browser.carry(fields))).toBe('suspended')
  expect(await reasonOf(await school.browser().press('jane', link))).toBe('suspended')
})

it('no message, state or nonce stands in the log', async () => {
  const lines = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const school = await newSchool()
  const browser = school.browser()
  const fields = await browser.authorized('jane', link)
  await browser.carry({ ...fields, state: 'made-up' })
  await browser.carry(fields)
  const all = lines.mock.calls.join('\n')
  expect(all).toContain('lti-refused')
  for (const secret of [fields['id_token'], fields['state']]) expect(all).not.toContain(secret)
  expect((await problemOf(await request('/lti/nobody/jwks.json'))).status).toBe(404)
})
