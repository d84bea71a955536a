import { expect, it } from 'vitest'
import { newKey, newLab, newOrganisation, origin, problemOf, service, signIn } from '../../test/worker/service.ts'
import { asciiJson } from './socket.ts'

const upgrade = { upgrade: 'websocket', 'sec-websocket-protocol': 'other, lab.v1' }

async function setUp() {
  const { asker, request, labs } = service()
  const organisation = await newOrganisation()
  const id = await newLab(asker(await signIn(organisation, 'teacher')))
  const open = (headers: Record<string, string>) => request(`/v1/labs/${id}/socket`, { headers })
  return { organisation, open, labs }
}

it('opens for a session of our own page, carries messages, and tells the lab who it is', async () => {
  const { organisation, open, labs } = await setUp()
  const student = await signIn(organisation, 'student', 'Zoë 明')
  const answer = await open({ ...student, ...upgrade, 'x-caller': '{"role":"owner"}' })
  expect(answer.status).toBe(101)
  expect(answer.headers.get('sec-websocket-protocol')).toBe('lab.v1')
  const socket = answer.webSocket
  socket?.accept()
  const echo = new Promise((resolve) => socket?.addEventListener('message', (event) => resolve(event.data)))
  socket?.send('hello')
  expect(await echo).toBe('echo hello')
  socket?.close()

  const headers = labs.last.upgrade
  expect(JSON.parse(headers?.get('x-caller') ?? '')).toMatchObject({ name: 'Zoë 明', role: 'student' })
  expect(headers?.get('cookie')).toBeNull()
})

it('opens for a key, which may only look if it may not write', async () => {
  const { organisation, open, labs } = await setUp()
  const answer = await open({ ...(await newKey(organisation, ['labs:read'])), ...upgrade })
  expect(answer.status).toBe(101)
  answer.webSocket?.accept()
  answer.webSocket?.close()
  expect(JSON.parse(labs.last.upgrade?.get('x-caller') ?? '')).toMatchObject({ role: 'observer' })
})

it('refuses, without waking the lab: other pages, nobody, no upgrade, another subprotocol', async () => {
  const { organisation, open, labs } = await setUp()
  const { cookie } = await signIn(organisation, 'student')
  expect((await problemOf(await open({ cookie, ...upgrade, origin: 'https://evil.test' }))).code).toBe('foreign-origin')
  expect((await open({ cookie, ...upgrade })).status).toBe(403)
  expect((await open(upgrade)).status).toBe(401)
  expect(await problemOf(await open({ cookie, origin }))).toMatchObject({ status: 426 })
  const other = { cookie, origin, upgrade: 'websocket' }
  expect(await problemOf(await open(other))).toMatchObject({ status: 400, field: 'sec-websocket-protocol' })
  expect(labs.last.upgrade).toBeNull()
})

it('passes on that the lab has no room', async () => {
  const { organisation, open, labs } = await setUp()
  labs.last.full = true
  const answer = await open({ ...(await signIn(organisation, 'student')), ...upgrade })
  expect(await problemOf(answer)).toMatchObject({ status: 429, detail: 'Too many people are at this lab.' })
})

it('writes any name in ASCII', () => {
  expect(asciiJson({ name: 'é明🙂\n' })).toBe('{"name":"\\u00e9\\u660e\\ud83d\\ude42\\n"}')
})
