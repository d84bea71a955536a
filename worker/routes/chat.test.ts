import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { chatMessage, chatPage } from '../../durable/protocol.ts'
import { newKey, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'
import type { Env } from '../env.ts'

const { asker } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST })

it('is said, read back in pages and removed over HTTP, by those who may', async () => {
  const organisation = await newOrganisation()
  const [teacher, student, observer] = await Promise.all(
    (['teacher', 'student', 'observer'] as const).map(async (role) => asker(await signIn(organisation, role, role))),
  )
  const { id } = (await (await student('POST', '/v1/labs', { definition: yaml, seed: 5 })).json()) as { id: string }
  const chat = `/v1/labs/${id}/chat`
  const said = await student('POST', chat, { text: '<i>one</i>' })
  expect(said.status).toBe(201)
  expect(chatMessage.parse(await said.json())).toMatchObject({
    id: 1,
    text: '<i>one</i>',
    by: { name: 'student', role: 'student' },
  })
  expect((await teacher('POST', chat, { text: 'two' })).status).toBe(201)
  const page = chatPage.parse(await (await observer('GET', `${chat}?limit=1`)).json())
  expect([page.messages.map(({ text }) => text), page.more]).toEqual([['two'], true])
  const older = chatPage.parse(await (await observer('GET', `${chat}?before=2`)).json())
  expect([older.messages.map(({ text }) => text), older.more]).toEqual([['<i>one</i>'], false])

  expect((await observer('POST', chat, { text: 'x' })).status).toBe(403)
  expect((await observer('DELETE', `${chat}/1`)).status).toBe(403)
  expect((await asker(await newKey(organisation, ['labs:read']))('POST', chat, { text: 'x' })).status).toBe(403)
  expect((await problemOf(await student('DELETE', `${chat}/2`))).status).toBe(403)
  expect(chatMessage.parse(await (await teacher('DELETE', `${chat}/1`)).json())).toMatchObject({ text: '', removedBy: 'teacher' })
  expect((await problemOf(await teacher('DELETE', `${chat}/9`))).code).toBe('no-message')
  for (const bad of [{}, { text: '' }, { text: 'x'.repeat(1_001) }, { text: 'x', more: 1 }])
    expect((await student('POST', chat, bad)).status).toBe(400)
  expect((await student('GET', `${chat}?limit=0`)).status).toBe(400)

  const stranger = asker(await signIn(await newOrganisation(), 'owner'))
  for (const [method, path] of [
    ['GET', chat],
    ['POST', chat],
    ['DELETE', `${chat}/1`],
  ] as const)
    expect((await stranger(method, path, method === 'POST' ? { text: 'x' } : undefined)).status).toBe(404)
})
