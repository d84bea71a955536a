import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { checkedReport } from '../../durable/grading/report.ts'
import { execAnswer, packetDetail, packetPage, type ServerMessage, serverMessage, topology } from '../../durable/protocol.ts'
import type { Env } from '../../worker/env.ts'
import { db, newKey, newOrganisation, problemOf, service, signIn } from './service.ts'

// The edge and the real lab host together, over real stubs: what neither side's own tests see.

const { asker, request } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST })
let organisation: string
let key: Record<string, string>
let ask: ReturnType<typeof asker>
let id: string
const at = (path: string) => `/v1/labs/${id}${path}`
const read = async (path: string) => (await ask('GET', at(path))).json()

beforeAll(async () => {
  organisation = await newOrganisation()
  key = await newKey(organisation, ['labs:read', 'labs:write', 'labs:check'])
  ask = asker(key)
  const made = await ask('POST', '/v1/labs', { definition: yaml, brief: '# Find out', seed: 5 })
  expect(made.status).toBe(201)
  const lab = (await made.json()) as { id: string; machines: unknown }
  expect(lab).toMatchObject({ title: 'Two rooms', brief: '# Find out', seed: 5, state: 'ready' })
  expect(lab.machines).toContainEqual({ name: 'desk', hostname: 'DESK', os: 'windows-11', consoles: ['desk'] })
  id = lab.id
})

it('a definition with an error is refused with line, path and reason, and no row stays', async () => {
  const count = () => db.prepare('select count(*) from lab where organisation_id = ?').bind(organisation).first()
  const before = await count()
  const problem = await problemOf(await ask('POST', '/v1/labs', { definition: yaml.replace('os: ubuntu-24.04', 'os: beos') }))
  expect(problem).toMatchObject({ status: 422, code: 'bad-definition', line: 19, field: 'machines.ubuntu-1.os' })
  expect(await count()).toEqual(before)
})

it('a command is answered, and answered the same when its answer was lost', async () => {
  const body = { console: 'desk', line: 'hostname', clientId: 'once-and-again' }
  const first = execAnswer.parse(await (await ask('POST', at('/exec'), body)).json())
  expect(first).toMatchObject({ status: 'done', exitStatus: 0, repeated: false })
  expect(first.output.trim()).toBe('DESK')
  expect(await (await ask('POST', at('/exec'), body)).json()).toEqual({ ...first, repeated: true })
  expect(execAnswer.parse(await read(`/jobs/${first.job}`)).output).toBe(first.output)
  expect(await problemOf(await ask('POST', at('/exec'), { ...body, line: 'ipconfig' }))).toMatchObject({ status: 409 })
  expect(
    await problemOf(await ask('POST', at('/exec'), { ...body, console: 'nobody', clientId: 'somebody-else' })),
  ).toMatchObject({ status: 404 })
  expect(await read('/journal')).toMatchObject({ entries: [{ line: 'hostname', by: 'a key' }] })
})

it('two commands at once on one console are both answered', async () => {
  const exec = (clientId: string) => ask('POST', at('/exec'), { console: 'desk', line: 'hostname', clientId })
  const answers = await Promise.all(['at-once-1', 'at-once-2', 'at-once-3'].map(exec))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
})

it('state, packets, captures and checks have the shapes that the document promises', async () => {
  expect(topology.parse(await read('/topology')).nodes.length).toBeGreaterThan(3)
  const page = packetPage.parse(await read('/packets?limit=3'))
  expect(page.packets).toHaveLength(3)
  const detail = packetDetail.parse(await read(`/packets/${page.packets[0].sequence}`))
  expect(detail.bytes).toMatch(/^[0-9a-f]+$/)
  const capture = new Uint8Array(await (await ask('GET', at('/capture.pcapng'))).arrayBuffer())
  expect([...capture.slice(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a])
  const report = checkedReport.parse(await (await ask('POST', at('/check'))).json())
  expect(report.results.map((result) => result.id)).toEqual(['guest-has-lease', 'guest-reaches-server'])
  expect(await problemOf(await ask('GET', at('/machines/nobody/tables/routes')))).toMatchObject({ status: 404 })
})

it('a lab goes out as a file and comes in again as another lab', async () => {
  const file = await (await ask('GET', at('/export'))).arrayBuffer()
  const made = await request('/v1/labs/import', { method: 'POST', headers: key, body: file })
  expect(made.status).toBe(201)
  const copy = (await made.json()) as { id: string }
  expect(copy).toMatchObject({ title: 'Two rooms', seed: 5, catalogue: null })
  expect(copy.id).not.toBe(id)
  const rubbish = await request('/v1/labs/import', { method: 'POST', headers: key, body: 'rubbish' })
  expect(await problemOf(rubbish)).toMatchObject({ status: 422 })
})

it('a socket greets by name, survives nonsense, and closes with the lab', async () => {
  const student = await signIn(organisation, 'student', 'Zoë 明')
  const opened = await request(at('/socket'), {
    headers: { ...student, upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1' },
  })
  expect([opened.status, opened.headers.get('sec-websocket-protocol')]).toEqual([101, 'lab.v1'])
  const socket = opened.webSocket!
  const messages: ServerMessage[] = []
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve))
  socket.addEventListener('message', ({ data }) => {
    messages.push(serverMessage.parse(JSON.parse(String(data))))
  })
  socket.accept()
  const until = async (type: ServerMessage['type']) => {
    for (let tries = 0; tries < 200; tries++) {
      const found = messages.find((message) => message.type === type)
      if (found) return found
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`no ${type} among ${messages.map((message) => message.type)}`)
  }
  socket.send('nonsense')
  expect(await until('error')).toMatchObject({ code: 'bad-message' })
  socket.send(JSON.stringify({ type: 'hello', packetsAfter: -1, visible: true }))
  expect(await until('welcome')).toMatchObject({ title: 'Two rooms', people: [{ name: 'Zoë 明', role: 'student' }] })

  expect((await ask('DELETE', at(''))).status).toBe(204)
  await closed
  expect((await ask('GET', at('/topology'))).status).toBe(404)
  const row = await db.prepare('select state, destroyed_at from lab where id = ?').bind(id).first()
  expect(row).toMatchObject({ state: 'tombstone', destroyed_at: expect.any(Number) })
})
