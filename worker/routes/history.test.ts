import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { type History, history, replayReport } from '../../durable/protocol.ts'
import { newKey, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'
import type { Env } from '../env.ts'

// With the real lab host behind it, over real stubs.

const real = { LAB_HOST: (env as unknown as Env).LAB_HOST }
const { asker, request } = service(real)
let organisation: string
let ada: ReturnType<typeof asker>
let tom: ReturnType<typeof asker>
let tomHeaders: Record<string, string>
let id: string
const at = (path: string) => `/v1/labs/${id}${path}`
const post = (path: string, json?: unknown, ask = ada) => ask('POST', at(path), json)
let clients = 0
const type = async (line: string, ask = ada) =>
  (await post('/exec', { console: 'desk', line, clientId: `history-${++clients}` }, ask)).json() as Promise<{ output: string }>
const read = async (query = ''): Promise<History> => history.parse(await (await ada('GET', at(`/history${query}`))).json())

beforeAll(async () => {
  organisation = await newOrganisation()
  ada = asker(await signIn(organisation, 'student', 'Ada'))
  tomHeaders = await signIn(organisation, 'teacher', 'Tom')
  tom = asker(tomHeaders)
  id = ((await (await ada('POST', '/v1/labs', { definition: yaml, seed: 5 })).json()) as { id: string }).id
  for (const line of ['$x = 1', '$x = 2', '$x = 3']) await type(line)
})

it('is read in pages', async () => {
  expect((await read()).lines.map(({ line, by, current }) => [line, by, current])).toEqual([
    ['$x = 1', 'Ada', true],
    ['$x = 2', 'Ada', true],
    ['$x = 3', 'Ada', true],
  ])
  expect((await read('?after=1&limit=1')).lines.map(({ id: line }) => line)).toEqual([2])
  expect(await problemOf(await ada('GET', at('/history?limit=0')))).toMatchObject({ status: 400, field: 'limit' })
})

it('goes back and takes out, and says why when it does not', async () => {
  const before = await read()
  expect(await problemOf(await post('/rewind', { line: 77 }))).toMatchObject({ status: 404, code: 'no-line', field: 'line' })
  expect(await problemOf(await post('/rewind', { line: -1 }))).toMatchObject({ status: 400, field: 'line' })
  expect(await problemOf(await post('/rewind', {}))).toMatchObject({ status: 400, field: 'line' })
  expect(await problemOf(await post('/undo', { line: 0 }))).toMatchObject({ status: 400, field: 'line' })
  expect(await problemOf(await post('/undo', { line: 1.5 }))).toMatchObject({ status: 400, field: 'line' })
  expect(await read()).toEqual(before)

  const undone = history.parse(await (await post('/undo', { line: 2 })).json())
  expect(undone.branch).toBe(1)
  expect((await type('$x')).output).toBe('3\n')
  const back = history.parse(await (await post('/rewind', { line: 1 })).json())
  expect(back.branch).toBe(2)
  expect((await type('$x')).output).toBe('1\n')
  expect(await problemOf(await post('/undo', { line: 3 }))).toMatchObject({ status: 409, code: 'other-branch' })
  expect(replayReport.parse(await (await post('/replay')).json())).toMatchObject({ same: true, difference: null })
})

it('is rewound for others by who teaches, with force', async () => {
  const opened = await request(at('/socket'), {
    headers: { ...tomHeaders, upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1' },
  })
  const socket = opened.webSocket as WebSocket
  const greeted = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
  socket.accept()
  // Nobody is at a lab before their hello.
  socket.send(JSON.stringify({ type: 'hello', packetsAfter: -1, visible: true }))
  await greeted
  expect(await problemOf(await post('/rewind', { line: 1, force: true }))).toMatchObject({ status: 409, code: 'needs-consent' })
  expect(await problemOf(await post('/rewind', { line: 1 }))).toMatchObject({
    code: 'needs-consent',
    detail: expect.stringMatching(/lab page can ask them/),
  })
  expect((await post('/rewind', { line: 1 }, tom)).status).toBe(200)
  socket.close(1000)
})

it('keeps snapshots under names', async () => {
  const { snapshots } = history.parse(await (await post('/snapshots', { name: 'before the exam' })).json())
  expect(snapshots).toMatchObject([{ name: 'before the exam', automatic: false }])
  expect((await read()).lines.at(-1)).toMatchObject({ kind: 'snapshot', snapshot: 'before the exam' })
  expect(await problemOf(await post('/snapshots', { name: 'before the exam' }))).toMatchObject({
    status: 409,
    code: 'name-taken',
  })
  expect(await problemOf(await post('/snapshots', { name: '' }))).toMatchObject({ status: 400, field: 'name' })
})

it('makes a new lab of a moment, in the same organisation', async () => {
  const made = await post('/fork', { line: 1, title: 'What if' })
  expect(made.status).toBe(201)
  const fork = (await made.json()) as { id: string }
  expect(fork).toMatchObject({ title: 'What if', seed: 5, createdBy: { name: 'Ada' } })
  expect(fork.id).not.toBe(id)
  const exec = { console: 'desk', line: '$x', clientId: 'in-the-fork' }
  expect(await (await ada('POST', `/v1/labs/${fork.id}/exec`, exec)).json()).toMatchObject({ output: '1\n', job: '2' })
  expect(await (await post('/fork', {})).json()).toMatchObject({ title: 'Two rooms' })
  expect(await problemOf(await post('/fork', { line: 99 }))).toMatchObject({ status: 404, code: 'no-line' })
  const small = service({ ...real, LAB_QUOTA: '3' })
  const full = small.asker(tomHeaders)
  expect(await problemOf(await full('POST', at('/fork'), {}))).toMatchObject({ status: 429, code: 'too-many-labs' })
})

it('is nobody else’s', async () => {
  const stranger = asker(await signIn(await newOrganisation(), 'owner'))
  const observer = asker(await signIn(organisation, 'observer'))
  const reader = asker(await newKey(organisation, ['labs:read']))
  expect(await problemOf(await stranger('GET', at('/history')))).toMatchObject({ status: 404 })
  expect((await observer('GET', at('/history'))).status).toBe(200)
  const before = await read()
  for (const [path, json] of [
    ['/snapshots', { name: 'x' }],
    ['/rewind', { line: 1 }],
    ['/undo', { line: 1 }],
    ['/fork', {}],
    ['/replay', undefined],
  ] as const) {
    expect(await problemOf(await post(path, json, stranger))).toMatchObject({ status: 404, code: 'not-found' })
    expect(await problemOf(await post(path, json, observer))).toMatchObject({ status: 403 })
    expect(await problemOf(await post(path, json, reader))).toMatchObject({ status: 403 })
  }
  expect(await read()).toEqual(before)
})
