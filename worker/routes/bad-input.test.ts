import { beforeAll, describe, expect, it } from 'vitest'
import { logged, newKey, newLab, newOrganisation, problemOf, service } from '../../test/worker/service.ts'

const { asker, request, labs } = service()
let headers: Record<string, string>
let id: string
beforeAll(async () => {
  headers = await newKey(await newOrganisation(), ['labs:read', 'labs:write', 'labs:check'])
  id = await newLab(asker(headers))
})

const post = async (path: string, body: string | undefined, type = 'application/json') =>
  problemOf(await request(path, { method: 'POST', body, headers: { ...headers, 'content-type': type } }))
const postJson = (path: string, json: unknown) => post(path, JSON.stringify(json))
const get = async (path: string) => problemOf(await request(path, { headers }))

describe('a body', () => {
  it('that is not JSON', async () => {
    for (const body of ['{', '', 'console=pc', '{"a":1}}']) {
      expect(await post('/v1/labs', body)).toMatchObject({ status: 400, code: 'malformed-json', field: 'body' })
    }
  })
  it('that does not say that it is JSON', async () => {
    const problem = await post('/v1/labs', '{}', 'text/plain')
    expect(problem).toMatchObject({ status: 415, field: 'content-type' })
  })
  it('that is JSON of another kind', async () => {
    for (const body of ['null', '[]', '7', '"a"']) expect(await post('/v1/labs', body)).toMatchObject({ status: 400 })
  })
  it('with an unknown field: the field is named', async () => {
    expect(await postJson('/v1/labs', { catalogue: 'default-switch', colour: 'red' })).toMatchObject({
      status: 400,
      field: 'colour',
      errors: [{ in: 'body', path: 'colour', message: 'There is no such field.' }],
    })
    expect(await postJson(`/v1/labs/${id}/hand`, { action: 'plug', link: 'a', machine: 'pc' })).toMatchObject({
      field: 'machine',
    })
    expect(await postJson(`/v1/labs/${id}/interrupt`, { console: 'pc', x: 1 })).toMatchObject({ field: 'x' })
  })
  it('with a wrong field: every field is named', async () => {
    const problem = await postJson(`/v1/labs/${id}/exec`, { console: 'No Such', line: 'x'.repeat(5000) })
    expect(problem.status).toBe(400)
    expect(problem.errors?.map(({ path }) => path).sort()).toEqual(['clientId', 'console', 'line'])
    expect(problem.detail).toContain(`\`${problem.field}\``)
    expect(await postJson(`/v1/labs/${id}/hand`, { action: 'kick' })).toMatchObject({ status: 400, field: 'action' })
    for (const seed of [-1, 1.5, 2 ** 32, '7', null]) {
      expect(await postJson('/v1/labs', { catalogue: 'default-switch', seed })).toMatchObject({ status: 400, field: 'seed' })
    }
  })
  it('that wants two labs, or none', async () => {
    expect(await postJson('/v1/labs', {})).toMatchObject({ status: 400, field: 'catalogue' })
    expect(await postJson('/v1/labs', { catalogue: 'a', definition: 'b' })).toMatchObject({ status: 400 })
    expect(await postJson('/v1/labs', { catalogue: 'no-such-lab' })).toMatchObject({ status: 422, field: 'catalogue' })
  })
  it('that is too large, told or not told beforehand', async () => {
    const large = JSON.stringify({ definition: 'x'.repeat(1024 * 1024) })
    expect(await post('/v1/labs', large)).toMatchObject({ status: 413, field: 'body' })
    const stream = new Blob([large]).stream()
    const answer = await request('/v1/labs', {
      method: 'POST',
      body: stream,
      headers: { ...headers, 'content-type': 'application/json' },
    })
    expect(await problemOf(answer)).toMatchObject({ status: 413, field: 'body' })
    expect(await postJson('/v1/labs', { definition: 'ü'.repeat(130 * 1024 + 1000) })).toMatchObject({
      status: 413,
      field: 'definition',
    })
    const file = new Uint8Array(16 * 1024 * 1024 + 1)
    const upload = await request('/v1/labs/import', { method: 'POST', body: file, headers })
    expect(await problemOf(upload)).toMatchObject({ status: 413 })
    expect((await problemOf(await request('/v1/labs/import', { method: 'POST', headers }))).field).toBe('body')
  })
})

describe('an address', () => {
  it('that is unknown answers 404 in JSON, signed in or not', async () => {
    for (const path of ['/v1', '/v1/', '/v1/nonsense', '/v1/labs/x/y/z', '/auth/nonsense']) {
      expect(await get(path)).toMatchObject({ status: 404, code: 'not-found' })
      expect(await problemOf(await request(path))).toMatchObject({ status: 404 })
    }
  })
  it('of something unknown in a lab', async () => {
    expect(await get(`/v1/labs/${id}/machines/nobody/tables/routes`)).toMatchObject({ status: 404 })
    expect(await get(`/v1/labs/${id}/machines/pc/tables/nonsense`)).toMatchObject({ status: 400, field: 'table' })
    expect(await get(`/v1/labs/${id}/packets/99`)).toMatchObject({ status: 404 })
    expect(await get(`/v1/labs/${id}/packets/x`)).toMatchObject({ status: 400, field: 'sequence' })
    expect(await get(`/v1/labs/${id}/jobs/nine`)).toMatchObject({ status: 404 })
    const exec = { console: 'nobody', line: 'dir', clientId: 'abcdefgh' }
    expect(await postJson(`/v1/labs/${id}/exec`, exec)).toMatchObject({ status: 404, field: 'console' })
  })
  it('with a wrong or unknown parameter', async () => {
    const base = `/v1/labs/${id}`
    expect(await get(`${base}/packets?limit=501`)).toMatchObject({ status: 400, field: 'limit' })
    for (const after of ['x', '', '-2', '1e3', '0x10', '1.5', '99999999999999999999']) {
      expect(await get(`${base}/packets?after=${after}`), after).toMatchObject({ status: 400, field: 'after' })
    }
    expect(await get(`${base}/packets?colour=red`)).toMatchObject({ status: 400, field: 'colour', errors: [{ in: 'query' }] })
    expect(await get(`${base}/capture.pcapng?packets=1,x`)).toMatchObject({ status: 400, field: 'packets' })
    expect(await get(`/v1/labs?before=x`)).toMatchObject({ status: 400, field: 'before' })
  })
})

it('nobody signed in: 401 before anything else is looked at', async () => {
  expect((await request(`/v1/labs/${id}/exec`, { method: 'POST', body: '{' })).status).toBe(401)
  expect((await request('/v1/labs')).status).toBe(401)
})

it('a definition with an error: line, path and reason, and nothing is there afterwards', async () => {
  const before = (await (await asker(headers)('GET', '/v1/labs')).json()) as { labs: unknown[] }
  expect(await postJson('/v1/labs', { definition: 'broken' })).toMatchObject({
    status: 422,
    code: 'bad-definition',
    line: 7,
    field: 'machines.0.adapters.0.address',
    detail: 'expected an address',
  })
  expect(await (await asker(headers)('GET', '/v1/labs')).json()).toEqual(before)
})

it('a fault of the service: an error id and no inner words', async () => {
  const host = [...labs.hosts.values()][0]
  host.faults.push(new Error('secret inner words'))
  const problem = await get(`/v1/labs/${id}/topology`)
  expect(problem).toMatchObject({ status: 500, code: 'internal-error' })
  expect(problem.errorId).toMatch(/^[a-z0-9]{20}$/)
  expect(JSON.stringify(problem)).not.toContain('secret')
  const line = logged.map((text) => JSON.parse(text)).find(({ errorId }) => errorId === problem.errorId)
  expect(line).toMatchObject({ level: 'error', method: 'GET', path: `/v1/labs/${id}/topology`, message: 'secret inner words' })
})

it('a fault while a sign-in link is opened: the log does not hold the link', async () => {
  const broken = { prepare: () => raise('no database') } as unknown as D1Database
  const answer = await service({ DB: broken }).request('/auth/link/very-secret')
  const { errorId } = await problemOf(answer)
  const line = logged.find((text) => text.includes(errorId as string)) ?? ''
  expect(JSON.parse(line)).toMatchObject({ path: '/auth/link/…', message: 'no database' })
  expect(line).not.toContain('very-secret')
})

function raise(message: string): never {
  throw new Error(message)
}
