import { describe, expect, it } from 'vitest'
import { db, newKey, newLab, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'

type Made = { id: string; token: string; port: string; expiresAt: string }
const everything = ['labs:read', 'labs:write']

async function setUp() {
  const { asker, request, labs } = service()
  const organisation = await newOrganisation()
  const owner = await signIn(organisation, 'owner')
  const ask = asker(owner)
  const id = await newLab(ask)
  const make = async (more = {}): Promise<Made> => {
    const answer = await ask('POST', `/v1/labs/${id}/ports/home:5/tokens`, more)
    expect(answer.status).toBe(201)
    return (await answer.json()) as Made
  }
  const attach = (headers: Record<string, string>, { lab = id, port = 'home:5', search = '' } = {}) =>
    request(`/v1/labs/${lab}/ports/${port}/attach${search}`, { headers: { upgrade: 'websocket', ...headers } })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const why = async (answer: Response) => {
    const { status, code } = await problemOf(answer)
    return [status, code]
  }
  return { asker, ask, organisation, id, make, attach, bearer, why, labs }
}

async function opened(answer: Response): Promise<void> {
  expect(answer.status).toBe(101)
  answer.webSocket?.accept()
  answer.webSocket?.close()
}

describe('a token for a port', () => {
  it('opens once, by header, subprotocol or query, and tells the lab who comes', async () => {
    const { make, attach, bearer, why, labs } = await setUp()
    const first = await make({ label: 'laptop', mac: '02:00:00:00:00:01', minutes: 5 })
    await opened(await attach(bearer(first.token)))
    expect(JSON.parse(labs.last.upgrade?.get('x-plug') ?? '')).toMatchObject({
      port: 'home:5',
      token: first.id,
      label: 'laptop',
      mac: '02:00:00:00:00:01',
      expiresAt: Date.parse(first.expiresAt),
      session: null,
    })
    expect(await why(await attach(bearer(first.token)))).toEqual([401, 'used-token'])
    expect(await why(await attach({ ...bearer(first.token), 'x-attach-session': 'mine' }))).toEqual([401, 'used-token'])
    const second = await make()
    const answer = await attach({ 'sec-websocket-protocol': `ethernet.v1, token.${second.token}` })
    expect(answer.headers.get('sec-websocket-protocol')).toBe('ethernet.v1')
    await opened(answer)
    const third = await make()
    await opened(await attach({}, { search: `?token=${third.token}` }))
  })

  it('opens again for the session that it opened for, and for no other', async () => {
    const { make, attach, bearer, why } = await setUp()
    const { token } = await make()
    const as = (session: string) => attach({ ...bearer(token), 'x-attach-session': session })
    await opened(await as('mine'))
    await opened(await as('mine'))
    expect(await why(await as('other'))).toEqual([401, 'used-token'])
    expect(await why(await attach(bearer(token)))).toEqual([401, 'used-token'])
    await opened(await attach({}, { search: `?token=${token}&session=mine` }))
  })

  it('is refused when it is unknown, foreign, revoked or expired, and the lab hears nothing of it', async () => {
    const { ask, id, make, attach, bearer, why, labs } = await setUp()
    const { token, id: tokenId } = await make()
    expect(await why(await attach({}))).toEqual([401, 'no-token'])
    expect(await why(await attach(bearer('sr_no')))).toEqual([401, 'no-token'])
    expect(await why(await attach(bearer('srp_no')))).toEqual([401, 'unknown-token'])
    expect(await why(await attach(bearer(token), { port: 'home:6' }))).toEqual([403, 'foreign-token'])
    expect(await why(await attach(bearer(token), { lab: await newLab(ask) }))).toEqual([403, 'foreign-token'])
    expect(await why(await attach(bearer(token), { port: 'Home%205' }))).toEqual([400, 'invalid-request'])
    await db.prepare('update port_token set expires_at = ? where id = ?').bind(Date.now(), tokenId).run()
    expect(await why(await attach(bearer(token)))).toEqual([401, 'expired-token'])
    const other = await make()
    expect((await ask('DELETE', `/v1/labs/${id}/port-tokens/${other.id}`)).status).toBe(204)
    expect([...labs.hosts.values()].flatMap(({ calls }) => calls.map((call) => call.method))).toContain('cutToken')
    expect(await why(await attach(bearer(other.token)))).toEqual([401, 'revoked-token'])
    expect([...labs.hosts.values()].every(({ upgrade }) => upgrade === null)).toBe(true)
  })

  it('is not used up by an attempt that the lab refused, or that was no WebSocket', async () => {
    const { make, attach, bearer, why, labs } = await setUp()
    const { token } = await make()
    expect(await why(await attach({ ...bearer(token), upgrade: 'h2c' }))).toEqual([426, 'websocket-only'])
    labs.last.full = true
    expect((await why(await attach(bearer(token))))[0]).toBe(503)
    labs.last.full = false
    await opened(await attach(bearer(token)))
  })

  it('is listed without its secret, and kept as a hash', async () => {
    const { ask, id, make } = await setUp()
    const { token, id: tokenId } = await make({ label: 'laptop' })
    const list = await (await ask('GET', `/v1/labs/${id}/port-tokens`)).text()
    expect(JSON.parse(list)).toMatchObject({
      tokens: [{ id: tokenId, port: 'home:5', label: 'laptop', state: 'new', usedAt: null }],
    })
    expect(list).not.toContain(token)
    const row = await db.prepare('select * from port_token where id = ?').bind(tokenId).first()
    expect(JSON.stringify(row)).not.toContain(token.slice(4))
  })

  it('is only for a port that there is, and there are not too many', async () => {
    const { ask, id, make } = await setUp()
    expect((await ask('POST', `/v1/labs/${id}/ports/home:6/tokens`, {})).status).toBe(404)
    for (const wrong of [{ minutes: 0 }, { minutes: 2_000 }, { mac: 'xy' }, { mac: '01:00:00:00:00:01' }, { what: 1 }])
      expect((await ask('POST', `/v1/labs/${id}/ports/home:5/tokens`, wrong)).status).toBe(400)
    for (let n = 0; n < 32; n++) await make()
    expect((await problemOf(await ask('POST', `/v1/labs/${id}/ports/home:5/tokens`, {}))).code).toBe('too-many-tokens')
  })

  it('ends with the key or the person that made it', async () => {
    const { ask, asker, organisation, id, attach, bearer, why } = await setUp()
    const key = asker(await newKey(organisation, everything))
    const { token } = (await (await key('POST', `/v1/labs/${id}/ports/home:5/tokens`, {})).json()) as Made
    const keyId = await db.prepare('select id from api_key where organisation_id = ?').bind(organisation).first<string>('id')
    expect((await ask('DELETE', `/v1/keys/${keyId}`)).status).toBe(204)
    expect(await why(await attach(bearer(token)))).toEqual([401, 'unknown-token'])
  })

  it('is for people of the organisation who may write', async () => {
    const { asker, organisation, id } = await setUp()
    const observer = asker(await signIn(organisation, 'observer'))
    expect((await observer('GET', `/v1/labs/${id}/ports`)).status).toBe(200)
    expect((await observer('POST', `/v1/labs/${id}/ports/home:5/tokens`, {})).status).toBe(403)
    const stranger = asker(await signIn(await newOrganisation(), 'owner'))
    expect((await stranger('POST', `/v1/labs/${id}/ports/home:5/tokens`, {})).status).toBe(404)
    const another = (await (await stranger('POST', '/v1/labs', { catalogue: 'default-switch' })).json()) as { id: string }
    expect((await stranger('DELETE', `/v1/labs/${another.id}/port-tokens/nothing`)).status).toBe(404)
  })
})
