import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import type { ServerMessage } from '../../durable/protocol.ts'
import { db, newKey, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'
import type { Env } from '../env.ts'

// With real labs: what a link gives is decided by the edge and kept by the lab.

const { asker, request } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST })
type Ask = ReturnType<typeof asker>
type Headers = Record<string, string>
type Made = { id: string; token: string; path: string; state: string; uses: number }
type Opened = { lab: string; part: string; kind: string }

const everything = ['labs:read', 'labs:write', 'labs:check']
const answer = async <T>(response: Response | Promise<Response>, status = 200): Promise<T> => {
  const { status: got } = await response
  const text = await (await response).text()
  expect([got, text.slice(0, 300)]).toEqual([status, expect.anything()])
  return (text === '' ? undefined : JSON.parse(text)) as T
}
const makeLab = async (ask: Ask) => (await answer<{ id: string }>(ask('POST', '/v1/labs', { definition: yaml, seed: 5 }), 201)).id
const link = (ask: Ask, lab: string, wish: object) => answer<Made>(ask('POST', `/v1/labs/${lab}/links`, wish), 201)
const open = (ask: Ask, token: string) => ask('POST', '/v1/links/open', { token })
const opened = (ask: Ask, token: string) => answer<Opened>(open(ask, token))
const type = (ask: Ask, lab: string, line: string, clientId: string) =>
  ask('POST', `/v1/labs/${lab}/exec`, { console: 'desk', line, clientId })

/** A socket that said hello, and what came of it. */
async function sit(headers: Headers, lab: string) {
  const answered = await request(`/v1/labs/${lab}/socket`, {
    headers: { ...headers, upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1' },
  })
  const socket = answered.webSocket
  if (!socket) return { status: answered.status, received: [] as ServerMessage[], closed: () => undefined }
  const received: ServerMessage[] = []
  let closed: { code: number; reason: string } | undefined
  socket.addEventListener('message', ({ data }) => {
    received.push(JSON.parse(data as string) as ServerMessage)
  })
  socket.addEventListener('close', ({ code, reason }) => {
    closed = { code, reason }
  })
  socket.accept()
  socket.send(JSON.stringify({ type: 'hello', packetsAfter: -1, visible: false }))
  await vi.waitFor(() => expect(received.some((one) => one.type === 'welcome')).toBe(true), { timeout: 10_000 })
  return { status: answered.status, received, closed: () => closed, socket }
}

async function people() {
  const organisation = await newOrganisation()
  const [teacher, maker, guest, other] = [
    await signIn(organisation, 'teacher', 'Tove'),
    await signIn(organisation, 'student', 'Mia'),
    await signIn(organisation, 'student', 'Gus'),
    await signIn(organisation, 'observer', 'Olga'),
  ]
  const lab = await makeLab(asker(maker))
  // Longer than what ends here.
  await db.prepare('update session set expires_at = expires_at + 3600000 where organisation_id = ?').bind(organisation).run()
  return {
    organisation,
    teacher,
    maker,
    guest,
    other,
    lab,
    ask: { teacher: asker(teacher), maker: asker(maker), guest: asker(guest), other: asker(other) },
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('an invitation', () => {
  it('to watch lets somebody look and not type, until it is revoked, which closes their sockets', async () => {
    const { guest, lab, ask } = await people()
    const made = await link(ask.maker, lab, { kind: 'invite', role: 'watch', label: 'for Gus' })
    expect(made).toMatchObject({ state: 'open', uses: 0, label: 'for Gus' })
    expect(made.path).toBe(`/open#${made.token}`)
    expect(await opened(ask.guest, made.token)).toMatchObject({ lab, part: 'watch', kind: 'invite' })
    expect((await ask.guest('GET', `/v1/labs/${lab}/topology`)).status).toBe(200)
    expect((await problemOf(await type(ask.guest, lab, 'echo x', 'a-guest-line'))).status).toBe(403)
    const seat = await sit(guest, lab)
    expect(seat.received.find((one) => one.type === 'welcome')).toMatchObject({ left: expect.any(Number) })
    expect(((await answer(ask.guest('GET', '/v1/labs'))) as { labs: { id: string }[] }).labs.map(({ id }) => id)).toEqual([lab])

    expect((await ask.guest('DELETE', `/v1/labs/${lab}/links/${made.id}`)).status).toBe(403)
    expect((await ask.maker('DELETE', `/v1/labs/${lab}/links/${made.id}`)).status).toBe(204)
    await vi.waitFor(() => expect(seat.closed()).toMatchObject({ code: 1008 }), { timeout: 10_000 })
    expect((await ask.guest('GET', `/v1/labs/${lab}/topology`)).status).toBe(404)
    expect((await sit(guest, lab)).status).toBe(404)
    expect((await problemOf(await open(ask.guest, made.token))).code).toBe('link-over')
    expect(await answer(ask.guest('GET', '/v1/labs'))).toMatchObject({ labs: [] })
    const { links } = await answer<{ links: Made[] }>(ask.maker('GET', `/v1/labs/${lab}/links`))
    expect(links).toMatchObject([{ id: made.id, state: 'revoked', uses: 1 }])
    expect(JSON.stringify(links)).not.toContain(made.token)
  })

  it('to work gives more than the role, until its end, which is told to the page and kept by the lab', async () => {
    const { other, lab, ask } = await people()
    expect((await type(ask.other, lab, 'echo x', 'an-observer-line')).status).toBe(403)
    const made = await link(ask.teacher, lab, { kind: 'invite', role: 'work', minutes: 10 })
    await opened(ask.other, made.token)
    expect((await type(ask.other, lab, 'echo x', 'an-observer-line')).status).toBe(200)
    const seat = await sit(other, lab)
    const now = Date.now() + 10 * 60_000
    vi.spyOn(Date, 'now').mockReturnValue(now)
    // Whatever happens next is not told to who may not be here.
    await answer(type(ask.teacher, lab, 'echo secret', 'after-the-end'))
    await vi.waitFor(() => expect(seat.closed()).toMatchObject({ code: 1008, reason: 'the invitation has ended' }), {
      timeout: 10_000,
    })
    expect(JSON.stringify(seat.received)).not.toContain('secret')
    expect((await ask.other('GET', `/v1/labs/${lab}/topology`)).status).toBe(404)
    expect((await problemOf(await open(ask.other, made.token))).code).toBe('link-over')
  })

  it('is for so many people, and for the same person as often as they like', async () => {
    const { organisation, lab, ask } = await people()
    const made = await link(ask.maker, lab, { kind: 'invite', role: 'work', maxUses: 1 })
    await opened(ask.guest, made.token)
    await opened(ask.guest, made.token)
    const late = asker(await signIn(organisation, 'student'))
    expect((await problemOf(await open(late, made.token))).code).toBe('link-over')
    expect(await answer(ask.maker('GET', `/v1/labs/${lab}/links`))).toMatchObject({ links: [{ state: 'used', uses: 1 }] })
  })

  it('takes nothing from who may do as much without it', async () => {
    const { guest, lab, ask } = await people()
    const made = await link(ask.maker, lab, { kind: 'invite', role: 'watch', maxUses: 1 })
    expect(await opened(ask.maker, made.token)).toMatchObject({ part: 'work' })
    expect(await opened(ask.teacher, made.token)).toMatchObject({ part: 'teach' })
    const seat = await sit(guest, lab)
    seat.socket?.close(1000)
    expect(await opened(ask.guest, made.token)).toMatchObject({ part: 'work' })
    expect((await type(ask.guest, lab, 'echo x', 'still-a-worker')).status).toBe(200)
    expect(await answer(ask.maker('GET', `/v1/labs/${lab}/links`))).toMatchObject({ links: [{ uses: 0 }] })
  })

  it('ends with whoever made it, and opens nothing for strangers, keys and people of elsewhere', async () => {
    const { organisation, lab, ask, maker } = await people()
    const made = await link(ask.maker, lab, { kind: 'invite', role: 'work' })
    const stranger = asker(await signIn(await newOrganisation(), 'owner'))
    expect((await problemOf(await open(stranger, made.token))).code).toBe('link-over')
    expect((await problemOf(await open(ask.guest, `${made.token}x`))).code).toBe('link-over')
    expect((await request('/v1/links/open', { method: 'POST', json: { token: made.token } })).status).toBe(401)
    expect((await open(asker(await newKey(organisation, everything)), made.token)).status).toBe(403)
    expect((await stranger('GET', `/v1/labs/${lab}/links`)).status).toBe(404)
    expect((await stranger('POST', `/v1/labs/${lab}/links`, { kind: 'invite', role: 'work' })).status).toBe(404)
    expect((await stranger('DELETE', `/v1/labs/${lab}/links/${made.id}`)).status).toBe(404)
    const { person } = await answer<{ person: { id: string } }>(asker(maker)('GET', '/auth/session'))
    await db.prepare('delete from membership where organisation_id = ? and person_id = ?').bind(organisation, person.id).run()
    expect((await problemOf(await open(ask.guest, made.token))).code).toBe('link-over')
  })

  it('is made by who started the lab or teaches, with a part, an end and nothing else', async () => {
    const { lab, ask } = await people()
    for (const who of [ask.guest, ask.other])
      expect((await who('POST', `/v1/labs/${lab}/links`, { kind: 'invite', role: 'watch' })).status).toBe(403)
    expect((await ask.guest('GET', `/v1/labs/${lab}/links`)).status).toBe(403)
    for (const bad of [
      {},
      { kind: 'invite' },
      { kind: 'invite', role: 'teach' },
      { kind: 'invite', role: 'watch', minutes: 0 },
      { kind: 'invite', role: 'watch', maxUses: 0 },
      { kind: 'invite', role: 'watch', line: 3 },
      { kind: 'moment', mode: 'read' },
      { kind: 'moment', mode: 'read', line: 1, at: 5 },
      { kind: 'moment', mode: 'read', line: -1 },
    ])
      expect([bad, (await ask.maker('POST', `/v1/labs/${lab}/links`, bad)).status]).toEqual([bad, 400])
    expect((await ask.maker('DELETE', `/v1/labs/${lab}/links/none`)).status).toBe(404)
    const copies = await makeLab(ask.maker)
    await db.prepare("update lab set kind = 'copy', assignment_id = 'none' where id = ?").bind(copies).run()
    expect((await ask.maker('POST', `/v1/labs/${copies}/links`, { kind: 'invite', role: 'work' })).status).toBe(404)
    await link(ask.teacher, copies, { kind: 'invite', role: 'work' })
  })
})

describe('a link to a moment', () => {
  const lines = async (ask: Ask, lab: string) =>
    (await answer<{ entries: { line: string }[] }>(ask('GET', `/v1/labs/${lab}/journal`))).entries.map(({ line }) => line)

  it('shows the lab as it was, to look at, and leaves nothing in the lab', async () => {
    const { teacher, lab, ask } = await people()
    for (const [at, line] of ['$x = 1', 'ping -n 1 192.168.3.1', '$x = 2'].entries())
      await answer(type(ask.maker, lab, line, `moment-line-${at}`))
    const before = await answer(ask.maker('GET', `/v1/labs/${lab}/history`))
    const made = await link(ask.maker, lab, { kind: 'moment', mode: 'read', line: 2, maxUses: 1 })
    const view = await opened(ask.other, made.token)
    expect(view.lab).not.toBe(lab)
    expect(await lines(ask.other, view.lab)).toEqual(['$x = 1', 'ping -n 1 192.168.3.1'])
    const { packets } = await answer<{ packets: unknown[] }>(ask.other('GET', `/v1/labs/${view.lab}/packets`))
    expect(packets.length).toBeGreaterThan(3)
    expect((await ask.other('GET', `/v1/labs/${view.lab}/topology`)).status).toBe(200)
    expect((await ask.other('GET', `/v1/labs/${view.lab}/machines/desk/tables/neighbors`)).status).toBe(200)
    expect(await answer(ask.other('GET', `/v1/labs/${view.lab}/view`))).toMatchObject({ of: lab, line: 2, at: null })
    expect((await ask.maker('GET', `/v1/labs/${lab}/view`)).status).toBe(404)
    // Nobody types there, not even who teaches.
    expect((await type(ask.other, view.lab, 'echo x', 'into-the-past-1')).status).toBe(403)
    expect(await problemOf(await type(ask.teacher, view.lab, 'echo x', 'into-the-past-2'))).toMatchObject({
      status: 409,
      code: 'frozen',
    })
    expect((await ask.other('POST', `/v1/labs/${view.lab}/fork`, {})).status).toBe(403)
    const mine = await answer<{ lab: string }>(ask.maker('POST', `/v1/labs/${lab}/views`, { line: 1 }), 201)
    const { id: fork } = await answer<{ id: string }>(ask.maker('POST', `/v1/labs/${mine.lab}/fork`, {}), 201)
    expect(await answer(type(ask.maker, fork, '$x', 'in-the-copy-of-a-view'))).toMatchObject({ output: '1\n' })
    // It is of whoever opened it, and the same as often as they open it.
    expect((await opened(ask.other, made.token)).lab).toBe(view.lab)
    expect((await ask.guest('GET', `/v1/labs/${view.lab}/topology`)).status).toBe(404)
    expect((await problemOf(await open(ask.guest, made.token))).code).toBe('link-over')
    expect(await answer(ask.maker('GET', `/v1/labs/${lab}/history`))).toEqual(before)
    const { labs } = await answer<{ labs: { id: string }[] }>(ask.other('GET', '/v1/labs'))
    expect(labs.map(({ id }) => id).sort()).toEqual([lab, fork].sort())
    expect((await sit(teacher, view.lab)).status).toBe(101)
    expect((await ask.maker('DELETE', `/v1/labs/${lab}/links/${made.id}`)).status).toBe(204)
    expect((await ask.other('GET', `/v1/labs/${view.lab}/topology`)).status).toBe(404)
    // The next lab that somebody makes sweeps it away.
    await makeLab(ask.maker)
    expect(await db.prepare('select state from lab where id = ?').bind(view.lab).first('state')).toBe('tombstone')
  })

  it('is for those who may look at the lab, ten at a time', async () => {
    const { lab, ask } = await people()
    const stranger = asker(await signIn(await newOrganisation(), 'owner'))
    expect((await stranger('POST', `/v1/labs/${lab}/views`, { line: 0 })).status).toBe(404)
    expect((await stranger('GET', `/v1/labs/${lab}/view`)).status).toBe(404)
    for (let at = 1; at <= 11; at++) await answer(type(ask.maker, lab, `echo ${at}`, `one-of-eleven-${at}`))
    for (let line = 1; line <= 10; line++) await answer(ask.guest('POST', `/v1/labs/${lab}/views`, { line }), 201)
    await answer(ask.guest('POST', `/v1/labs/${lab}/views`, { line: 10 }), 201)
    expect((await problemOf(await ask.guest('POST', `/v1/labs/${lab}/views`, { line: 11 }))).code).toBe('too-many-views')
  })

  it('or gives a lab of one’s own that goes on from there', async () => {
    const { lab, ask } = await people()
    for (const [at, line] of ['$x = 1', '$x = 2'].entries()) await answer(type(ask.maker, lab, line, `fork-line-${at}`))
    const made = await link(ask.maker, lab, { kind: 'moment', mode: 'fork', line: 1 })
    const fork = await opened(ask.guest, made.token)
    expect(fork.part).toBe('fork')
    expect(await answer(type(ask.guest, fork.lab, '$x', 'in-the-fork'))).toMatchObject({ output: '1\n' })
    expect((await ask.other('POST', '/v1/links/open', { token: made.token })).status).toBe(403)
    expect(await lines(ask.maker, lab)).toEqual(['$x = 1', '$x = 2'])
  })

  it('can be a lab time, within a line as after it, and not one that has not come', async () => {
    const { lab, ask } = await people()
    await answer(ask.maker('PATCH', `/v1/labs/${lab}/clock`, { mode: 'live', running: false }))
    await answer(type(ask.maker, lab, 'ping -n 3 192.168.3.1', 'a-long-ping'))
    const { now } = await answer<{ now: number }>(ask.maker('GET', `/v1/labs/${lab}/clock`))
    await answer(ask.maker('POST', `/v1/labs/${lab}/advance`, { by: 5_000_000 }))
    const at = now + 1_500_000
    const { lab: view } = await answer<{ lab: string }>(ask.maker('POST', `/v1/labs/${lab}/views`, { at }), 201)
    expect((await answer<{ now: number }>(ask.maker('GET', `/v1/labs/${view}/clock`))).now).toBe(at)
    const replies = async (of: string) =>
      (await answer<{ entries: { output: string }[] }>(ask.maker('GET', `/v1/labs/${of}/journal`))).entries
        .map(({ output }) => output.match(/Reply from/g)?.length ?? 0)
        .reduce((sum, n) => sum + n, 0)
    expect([await replies(view), await replies(lab)]).toEqual([2, 3])
    expect(await problemOf(await ask.maker('POST', `/v1/labs/${lab}/views`, { at: at * 100 }))).toMatchObject({
      status: 409,
      code: 'not-yet',
    })
    expect(await problemOf(await ask.maker('POST', `/v1/labs/${lab}/views`, { line: 99 }))).toMatchObject({
      status: 404,
      code: 'no-line',
    })
    expect(
      await problemOf(await ask.maker('POST', `/v1/labs/${lab}/links`, { kind: 'moment', mode: 'read', line: 99 })),
    ).toMatchObject({ code: 'no-line' })
    expect((await ask.maker('POST', `/v1/labs/${lab}/views`, {})).status).toBe(400)
  })
})
