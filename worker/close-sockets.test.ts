import { expect, it } from 'vitest'
import { db, newKey, newLab, newOrganisation, origin, service, signIn } from '../test/worker/service.ts'

const upgrade = { upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1' }
type Headers = Record<string, string>

async function setUp() {
  const { asker, request, labs } = service()
  const organisation = await newOrganisation()
  const owner = asker(await signIn(organisation, 'owner'))
  const id = await newLab(owner)
  const open = async (headers: Headers) => {
    const answer = await request(`/v1/labs/${id}/socket`, { headers: { ...headers, ...upgrade } })
    answer.webSocket?.accept()
    answer.webSocket?.close()
    return answer.status
  }
  const disconnected = () => labs.last.calls.filter(({ method }) => method === 'disconnect').map(({ input }) => input)
  const whoIs = async (headers: Headers) =>
    ((await (await asker(headers)('GET', '/auth/session')).json()) as { person: { id: string } }).person.id
  return { organisation, owner, asker, labs, open, disconnected, whoIs, id }
}

it('whoever signs out has no socket left', async () => {
  const { organisation, asker, open, disconnected, whoIs } = await setUp()
  const [student, other] = [await signIn(organisation, 'student'), await signIn(organisation, 'student')]
  expect([await open(student), await open(student), await open(other)]).toEqual([101, 101, 101])
  const person = await whoIs(student)
  expect((await asker(student)('POST', '/auth/sign-out')).status).toBe(204)
  expect(disconnected()).toEqual([person])
  expect(await open(student)).toBe(401)
  expect((await asker({ cookie: 'switchroom_session=nobody', origin })('POST', '/auth/sign-out')).status).toBe(204)
  expect(disconnected()).toEqual([person])
})

it('nor whoever is removed, even when the lab cannot be reached at first', async () => {
  const { organisation, owner, labs, open, disconnected, whoIs } = await setUp()
  const student = await signIn(organisation, 'student')
  await open(student)
  const person = await whoIs(student)
  labs.last.faults = [Object.assign(new Error('moved'), { retryable: true })]
  expect((await owner('DELETE', `/v1/people/${person}`)).status).toBe(204)
  expect(disconnected()).toEqual([person, person])
})

it('nor a key that was ended; a deleted lab is not asked', async () => {
  const { organisation, owner, open, disconnected, whoIs, id } = await setUp()
  const keys = [await newKey(organisation, ['labs:read']), await newKey(organisation, ['labs:read'])]
  for (const key of keys) expect(await open(key)).toBe(101)
  const actors = await Promise.all(keys.map(whoIs))
  const end = (actor: string) => owner('DELETE', `/v1/keys/${actor.replace('key:', '')}`)
  expect((await end(actors[0])).status).toBe(204)
  expect(disconnected()).toEqual([actors[0]])
  expect((await owner('DELETE', `/v1/labs/${id}`)).status).toBe(204)
  expect((await end(actors[1])).status).toBe(204)
  expect(disconnected()).toEqual([actors[0]])
})

it('nor whoever was signed out while the socket was being opened', async () => {
  const { organisation, labs, open, disconnected } = await setUp()
  const student = await signIn(organisation, 'student')
  const host = labs.last
  const accept = host.fetch.bind(host)
  host.fetch = async (request) => {
    await db.prepare('delete from session where organisation_id = ?').bind(organisation).run()
    return accept(request)
  }
  expect(await open(student)).toBe(101)
  expect(disconnected()).toHaveLength(1)
})

it('nor whose link was ended while the socket was being opened', async () => {
  const { organisation, asker, owner, labs, open, disconnected, id } = await setUp()
  const student = await signIn(organisation, 'student')
  const { token } = (await (await owner('POST', `/v1/labs/${id}/links`, { kind: 'invite', role: 'watch' })).json()) as {
    token: string
  }
  expect((await asker(student)('POST', '/v1/links/open', { token })).status).toBe(200)
  expect([await open(student), disconnected()]).toEqual([101, []])
  const host = labs.last
  const accept = host.fetch.bind(host)
  host.fetch = async (request) => {
    await db.prepare('update lab_guest set expires_at = 1 where lab_id = ?').bind(id).run()
    return accept(request)
  }
  expect(await open(student)).toBe(101)
  expect(disconnected()).toHaveLength(1)
})
