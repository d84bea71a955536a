import { describe, expect, it } from 'vitest'
import { db, newKey, newLab, newOrganisation, newPerson, problemOf, service, signIn } from '../../../test/worker/service.ts'

const everything = ['labs:read', 'labs:write', 'labs:check']
const below: [string, string, unknown?][] = [
  ['GET', ''],
  ['DELETE', ''],
  ['GET', '/export'],
  ['POST', '/exec', { console: 'pc', line: 'dir', clientId: 'abcdefgh' }],
  ['POST', '/exec', { nonsense: true }],
  ['GET', '/jobs/1'],
  ['POST', '/interrupt', { console: 'pc' }],
  ['POST', '/hand', { action: 'plug', link: 'a' }],
  ['POST', '/check'],
  ['POST', '/reset'],
  ['GET', '/topology'],
  ['GET', '/leases'],
  ['GET', '/journal'],
  ['GET', '/machines/pc/tables/routes'],
  ['GET', '/packets'],
  ['GET', '/packets/1'],
  ['GET', '/capture.pcapng'],
  ['GET', '/ports'],
  ['POST', '/ports/home:5/tokens', {}],
  ['GET', '/port-tokens'],
  ['DELETE', '/port-tokens/abc'],
  ['POST', '/ports/home:5/unplug'],
  ['GET', '/chat'],
  ['POST', '/chat', { text: 'hello' }],
  ['DELETE', '/chat/1'],
  ['POST', '/links', { kind: 'invite', role: 'watch' }],
  ['DELETE', '/links/abc'],
  ['GET', '/view'],
  ['GET', '/socket'],
]

describe('tenants', () => {
  it('get the same answer for a lab of another tenant as for none, on every route', async () => {
    const { asker, labs } = service()
    const id = await newLab(asker(await newKey(await newOrganisation(), everything)))
    const stranger = asker(await newKey(await newOrganisation(), everything))
    const calls = labs.last.calls.length
    for (const [method, path, json] of below) {
      const foreign = await stranger(method, `/v1/labs/${id}${path}`, json)
      const none = await stranger(method, `/v1/labs/00000000000000000000${path}`, json)
      expect(foreign.status, `${method} ${path}`).toBe(404)
      expect(await problemOf(foreign)).toEqual(await problemOf(none))
    }
    expect(labs.last.calls.length).toBe(calls)
    expect(await (await stranger('GET', '/v1/labs')).json()).toEqual({ labs: [], next: null })
  })

  it('share a lab within the organisation: who opens it has it in the list', async () => {
    const { asker, request } = service()
    const organisation = await newOrganisation()
    const id = await newLab(asker(await signIn(organisation, 'teacher', 'Tove')))
    const student = await signIn(organisation, 'student')
    const list = async () => ((await (await asker(student)('GET', '/v1/labs')).json()) as { labs: { id: string }[] }).labs
    expect(await list()).toEqual([])
    for (let times = 0; times < 2; times++) {
      const headers = { ...student, upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1' }
      const opened = await request(`/v1/labs/${id}/socket`, { headers })
      expect(opened.status).toBe(101)
      opened.webSocket?.accept()
      opened.webSocket?.close()
    }
    expect(await list()).toMatchObject([{ id, createdBy: { name: 'Tove' } }])
  })

  it('cannot reach people and keys of another', async () => {
    const { asker } = service()
    const [ours, theirs] = [await newOrganisation(), await newOrganisation()]
    const owner = asker(await signIn(ours, 'owner'))
    const victim = await newPerson(theirs, 'student')
    await newKey(theirs, everything)
    const key = await db.prepare('select id from api_key where organisation_id = ?').bind(theirs).first<string>('id')
    expect((await owner('DELETE', `/v1/people/${victim}`)).status).toBe(404)
    expect((await owner('POST', `/v1/people/${victim}/sign-in-link`)).status).toBe(404)
    expect((await owner('DELETE', `/v1/keys/${key}`)).status).toBe(404)
    expect(await (await owner('GET', '/v1/keys')).json()).toEqual({ keys: [] })
    expect(((await (await owner('GET', '/v1/people')).json()) as { people: unknown[] }).people).toHaveLength(1)
  })
})

describe('roles', () => {
  it('let observers look and not touch', async () => {
    const { asker } = service()
    const organisation = await newOrganisation()
    const id = await newLab(asker(await signIn(organisation, 'teacher')))
    const observer = asker(await signIn(organisation, 'observer'))
    for (const [method, path, json] of below) {
      const { status } = await observer(method, `/v1/labs/${id}${path}`, json)
      if (method === 'GET') expect(status, path).not.toBe(403)
      else expect(status, `${method} ${path}`).toBe(403)
    }
  })

  it('let students delete what they made, and teachers what anybody made', async () => {
    const { asker } = service()
    const organisation = await newOrganisation()
    const [ann, ben] = [asker(await signIn(organisation, 'student')), asker(await signIn(organisation, 'student'))]
    const [first, second] = [await newLab(ann), await newLab(ann)]
    expect((await ben('DELETE', `/v1/labs/${first}`)).status).toBe(403)
    expect((await ann('DELETE', `/v1/labs/${first}`)).status).toBe(204)
    expect((await asker(await signIn(organisation, 'assistant'))('DELETE', `/v1/labs/${second}`)).status).toBe(204)
  })

  it('keep people from raising themselves', async () => {
    const { asker } = service()
    const organisation = await newOrganisation()
    const teacher = asker(await signIn(organisation, 'teacher'))
    const owner = await newPerson(organisation, 'owner')
    const colleague = await newPerson(organisation, 'teacher')
    expect((await teacher('POST', '/v1/people', { name: 'Me', role: 'owner' })).status).toBe(403)
    expect((await teacher('POST', `/v1/people/${owner}/sign-in-link`)).status).toBe(403)
    expect((await teacher('POST', `/v1/people/${colleague}/sign-in-link`)).status).toBe(403)
    expect((await teacher('DELETE', `/v1/people/${owner}`)).status).toBe(403)
    expect((await teacher('GET', '/v1/keys')).status).toBe(403)
    expect((await teacher('POST', '/v1/people', { name: 'New', role: 'student' })).status).toBe(201)
    const self = asker(await signIn(organisation, 'owner'))
    await self('DELETE', `/v1/people/${owner}`)
    const { people } = (await (await self('GET', '/v1/people')).json()) as { people: { id: string; role: string }[] }
    const last = people.find(({ role }) => role === 'owner')?.id
    expect((await problemOf(await self('DELETE', `/v1/people/${last}`))).code).toBe('last-owner')
  })
})
