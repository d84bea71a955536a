import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { jsonOf, real, until } from '../../test/worker/classroom.ts'
import { db, newKey, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'

type Hook = { id: string; secret: string; url: string }
type Delivery = { id: string; state: string; attempts: number; status: number | null; answer: string; payload: string }

const URL_OF_HOOK = 'http://127.0.0.1:9/hook'
let sent: { headers: Headers; body: string }[]
let answer: () => Response

beforeEach(() => {
  sent = []
  answer = () => new Response('thank you', { status: 200 })
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    sent.push({ headers: new Headers(init?.headers), body: String(init?.body) })
    return answer()
  })
})
afterEach(() => vi.restoreAllMocks())

async function setup() {
  const { asker } = service({ OUTBOUND_LOOPBACK: 'allow', JOBS: real.JOBS })
  const organisation = await newOrganisation()
  const teacher = asker(await signIn(organisation, 'teacher'))
  const add = (json: object = {}) =>
    teacher('POST', '/v1/webhooks', { label: 'Gradebook', url: URL_OF_HOOK, events: ['grade.made'], ...json })
  const log = async (id: string) =>
    (await jsonOf<{ deliveries: Delivery[] }>(teacher('GET', `/v1/webhooks/${id}/deliveries`))).deliveries
  return { asker, organisation, teacher, add, log }
}

const signatureOf = (secret: string, { headers, body }: (typeof sent)[number]) => {
  const time = /t=(\d+)/.exec(headers.get('switchroom-signature') ?? '')?.[1]
  return createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
}

describe('webhooks', () => {
  it('tell the secret once, and sign with it', async () => {
    const { teacher, add, log } = await setup()
    const made = await add()
    expect(made.status).toBe(201)
    const hook = await jsonOf<Hook>(made)
    expect(JSON.stringify(await jsonOf(teacher('GET', '/v1/webhooks')))).not.toContain(hook.secret)
    expect((await teacher('POST', `/v1/webhooks/${hook.id}/test`)).status).toBe(202)
    await until(
      () => log(hook.id),
      ([one]) => one?.state === 'delivered',
    )
    expect(sent).toHaveLength(1)
    expect(sent[0].headers.get('switchroom-signature')).toContain(`v1=${signatureOf(hook.secret, sent[0])}`)
    expect(await log(hook.id)).toMatchObject([{ attempts: 1, status: 200, answer: 'thank you' }])
  })

  it('sign with both secrets for a day after a new one was made', async () => {
    const { teacher, add, log } = await setup()
    const old = await jsonOf<Hook>(add())
    const fresh = await jsonOf<Hook>(teacher('POST', `/v1/webhooks/${old.id}/rotate`))
    expect(fresh.secret).not.toBe(old.secret)
    await teacher('POST', `/v1/webhooks/${old.id}/test`)
    await until(
      () => log(old.id),
      ([one]) => one?.state === 'delivered',
    )
    const signature = sent[0].headers.get('switchroom-signature')
    for (const { secret } of [old, fresh]) expect(signature).toContain(`v1=${signatureOf(secret, sent[0])}`)
    await db.prepare('update webhook set previous_until = 1 where id = ?').bind(old.id).run()
    await teacher('POST', `/v1/webhooks/${old.id}/test`)
    await until(
      async () => sent,
      ({ length }) => length === 2,
    )
    expect(sent[1].headers.get('switchroom-signature')).not.toContain(signatureOf(old.secret, sent[1]))
  })

  it('are tried again when nobody answers well, given up when they are gone, and sent again by hand', async () => {
    const { teacher, add, log } = await setup()
    const hook = await jsonOf<Hook>(add())
    answer = () => new Response('no', { status: 500 })
    await teacher('POST', `/v1/webhooks/${hook.id}/test`)
    const [first] = await until(
      () => log(hook.id),
      ([one]) => one?.attempts === 1,
    )
    expect(first).toMatchObject({ state: 'waiting', status: 500, answer: 'no' })
    answer = () => new Response('gone', { status: 410 })
    await teacher('POST', `/v1/webhooks/${hook.id}/test`)
    await until(
      () => log(hook.id),
      (all) => all.some(({ state }) => state === 'failed'),
    )
    const { letters } = await jsonOf<{ letters: { task: number; error: string }[] }>(teacher('GET', '/v1/dead-letters'))
    expect(letters).toMatchObject([{ error: 'It answered 410.' }])
    answer = () => new Response('ok')
    const again = await teacher('POST', `/v1/webhooks/${hook.id}/deliveries/${encodeURIComponent(first.id)}/again`)
    const { id } = await jsonOf<Delivery>(again)
    await until(
      () => log(hook.id),
      (all) => all.find((one) => one.id === id)?.state === 'delivered',
    )
    expect(sent.at(-1)?.body).toBe(first.payload)
  })

  it('are not forgotten on their way, however many there are; what has arrived is, by and by', async () => {
    const { organisation, add, log } = await setup()
    const { id: webhookId } = await jsonOf<Hook>(add())
    const { webhooks } = tenantDb(openDatabase(db), organisation)
    const note = (at: number) => webhooks.note({ id: `message-${at}`, webhookId, event: 'ping', payload: '{}', createdAt: at })
    const now = Date.now()
    for (let nth = 0; nth < 203; nth++) await note(now + nth)
    expect((await webhooks.delivery(`message-${now}`))?.delivery.state).toBe('waiting')
    const done = { state: 'delivered', attempts: 1, status: 200, answer: '', triedAt: now } as const
    await webhooks.tried(`message-${now}`, webhookId, done)
    await note(now + 203)
    expect(await webhooks.delivery(`message-${now}`)).toBeUndefined()
    expect((await webhooks.delivery(`message-${now + 1}`))?.delivery.state).toBe('waiting')
    expect(await log(webhookId)).toHaveLength(50)
  })

  it('go to no address of ours, and redirects are not followed', async () => {
    const { asker, organisation, add, teacher } = await setup()
    for (const url of [
      'https://10.0.0.1/',
      'http://example.org/',
      'https://metadata.google.internal/',
      'nonsense',
      'https://[fd00::1]/',
    ])
      expect(await problemOf(await add({ url })), url).toMatchObject({ status: 422, field: 'url' })
    const hook = await jsonOf<Hook>(add())
    expect((await teacher('PATCH', `/v1/webhooks/${hook.id}`, { url: 'https://192.168.0.1/' })).status).toBe(422)
    const strict = service().asker(await signIn(organisation, 'teacher'))
    expect((await strict('POST', '/v1/webhooks', { label: 'x', url: URL_OF_HOOK, events: ['grade.made'] })).status).toBe(422)
    for (const wrong of [{ events: [] }, { events: ['nonsense'] }, { label: '' }]) expect((await add(wrong)).status).toBe(400)
    expect((await asker(await signIn(organisation, 'assistant'))('GET', '/v1/webhooks')).status).toBe(403)
    expect((await asker(await newKey(organisation, ['grades:read', 'grades:write']))('GET', '/v1/webhooks')).status).toBe(403)
  })

  it('of another organisation do not exist, on any route', async () => {
    const { teacher, add, asker } = await setup()
    const hook = await jsonOf<Hook>(add())
    const { id } = await jsonOf<Delivery>(teacher('POST', `/v1/webhooks/${hook.id}/test`))
    const stranger = asker(await signIn(await newOrganisation(), 'owner'))
    const own = await jsonOf<Hook>(stranger('POST', '/v1/webhooks', { label: 'mine', url: URL_OF_HOOK, events: ['grade.made'] }))
    const message = encodeURIComponent(id)
    for (const [method, path, body] of [
      ['PATCH', '', { paused: true }],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
      ['POST', `/deliveries/${message}/again`],
    ] as const)
      expect((await stranger(method, `/v1/webhooks/${hook.id}${path}`, body)).status, `${method} ${path}`).toBe(404)
    expect((await stranger('POST', `/v1/webhooks/${own.id}/deliveries/${message}/again`)).status).toBe(404)
    expect((await jsonOf<{ letters: unknown[] }>(stranger('GET', '/v1/dead-letters'))).letters).toEqual([])
    expect(await jsonOf(teacher('GET', '/v1/webhooks'))).toMatchObject({ webhooks: [{ id: hook.id, paused: false }] })
  })
})
