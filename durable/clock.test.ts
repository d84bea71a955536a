import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { CATCH_UP_EVENTS, CATCH_UP_SIGHTINGS } from './catch-up.ts'
import type { Pacer } from './pacer.ts'
import { ada, bob, Client, command, expectOk, type Host as Lab, newLab, roomsOf, yaml } from './test-support.ts'

const SECOND = 1_000_000

async function liveLab(change: object = {}): Promise<Lab> {
  const lab = await newLab()
  expectOk(await lab.setClock({ mode: 'live', ...change }, ada))
  return lab
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const inside = <T>(lab: Lab, look: (pacer: Pacer, storage: DurableObjectStorage) => T | Promise<T>): Promise<T> =>
  runInDurableObject(lab.stub, (instance, { storage }) => look(roomsOf(instance).pacer, storage))
const ticking = (lab: Lab) => inside(lab, (pacer) => pacer.ticking)
const commits = (lab: Lab) =>
  inside(lab, (_, { sql }) => sql.exec<{ n: number }>('SELECT count(*) AS n FROM frame_block').one().n)

/** As if everybody had gone so long ago. */
const leaveFor = (lab: Lab, milliseconds: number) =>
  inside(lab, (_, { sql }) => sql.exec('UPDATE pace SET left_at = left_at - ?', milliseconds).toArray())

describe('the clock', () => {
  it('is instant at first, and says what is due', async () => {
    const lab = await newLab()
    const clock = expectOk(await lab.clock())
    expect(clock).toMatchObject({ mode: 'instant', running: true, speed: 1, absence: 'frozen' })
    expect(clock.next['lease-renewal']).toBeGreaterThan(clock.now)
    await lab.evict()
    expect(expectOk(await lab.clock())).toEqual(clock)
  })

  it('moves by a duration, to an event and by steps, each a line of the journal', async () => {
    const lab = await newLab()
    const { now, next } = expectOk(await lab.clock())
    const by = expectOk(await lab.advance({ by: 5 * SECOND }, ada))
    expect(by).toMatchObject({ startedAt: now, reached: true, line: 1 })
    expect(by.endedAt).toBeGreaterThanOrEqual(now + 5 * SECOND)
    const to = expectOk(await lab.advance({ to: 'lease-renewal' }, ada))
    expect(to.endedAt).toBeGreaterThanOrEqual(next['lease-renewal'] as number)
    expect(to.packets.length).toBeGreaterThan(0)
    expectOk(await lab.advance({ step: 'event' }, ada))
    expectOk(await lab.advance({ step: 'packet' }, ada))
    const lines = expectOk(await lab.journal({ after: 0, limit: 10 })).map(({ line }) => line)
    expect(lines).toEqual(['advance by 5 s', 'advance to lease-renewal', 'step event', 'step packet'])
    await lab.evict()
    expect(expectOk(await lab.clock()).now).toBeGreaterThanOrEqual(to.endedAt)
  })

  it('keeps every packet of a long advance that the capture has room for', async () => {
    const lab = await newLab()
    const { now } = expectOk(await lab.clock())
    const first = expectOk(await lab.packets({ after: -1, limit: 1 })).packets[0].sequence
    const moved = expectOk(await lab.advance({ by: 10 * 86_400 * SECOND }, ada))
    expect(moved.endedAt).toBeGreaterThanOrEqual(now + 10 * 86_400 * SECOND)
    const { packets, oldest } = expectOk(await lab.packets({ after: -1, limit: 500 }))
    expect(oldest).toBe(first)
    for (let i = 1; i < packets.length; i++) expect(packets[i].sequence).toBe(packets[i - 1].sequence + 1)
  })

  it('refuses an advance to what is not due, and changes nothing', async () => {
    const lab = await newLab()
    const before = expectOk(await lab.clock())
    expect(await lab.advance({ to: 'nat-expiry' }, ada)).toMatchObject({ ok: false, status: 409, code: 'nothing-due' })
    expect(await lab.advance({ by: -1 }, ada)).toMatchObject({ ok: false, status: 409 })
    expect(expectOk(await lab.clock())).toEqual(before)
    expect(expectOk(await lab.journal({ after: 0, limit: 10 }))).toEqual([])
  })
})

describe('live time', () => {
  it('goes on for as long as is left, also after the object was lost, and not a second more', async () => {
    const lab = await liveLab()
    expectOk(await lab.allowLive(60_000))
    await lab.evict()
    // As if it had gone on for nearly all of it.
    await inside(lab, (_, { sql }) => sql.exec('UPDATE meter SET live_ms = live_until - 500').toArray())
    const client = await Client.join(lab, ada)
    expect(await ticking(lab)).toBe(true)
    for (let tries = 0; tries < 100 && (await ticking(lab)); tries++) await pause(20)
    expect(await ticking(lab)).toBe(false)
    const { liveMs } = expectOk(await lab.usage())
    expect(liveMs).toBeLessThan(60_000 + 1_000)
    // Nobody brings it to go on but more hours.
    await Client.join(lab, bob)
    expect(await ticking(lab)).toBe(false)
    expectOk(await lab.allowLive(null))
    expect(await ticking(lab)).toBe(true)
    expectOk(await lab.allowLive(0))
    expect(await ticking(lab)).toBe(false)
    client.close()
  })

  it('goes on while somebody watches, as fast as it should, and streams', async () => {
    const lab = await liveLab({ speed: 20 })
    const [client, other] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    client.send({ type: 'exec', console: 'desk', line: 'ping -t 192.168.3.1', clientId: 'ping-forever' })
    expect((await client.next('answer')).answer).toMatchObject({ status: 'running' })
    const replies = async (count: number) => {
      let text = ''
      while (text.split('Reply from').length <= count) text += (await other.next('output')).text
      return text
    }
    await replies(10)
    expect(
      (await other.next('packets', ({ packets }) => packets.some(({ info }) => /request/i.test(info)))).next,
    ).toBeGreaterThan(0)
    client.send({ type: 'interrupt', console: 'desk' })
    const { answer } = await client.next('answer', ({ clientId }) => clientId === 'ping-forever')
    expect(answer).toMatchObject({ status: 'done' })
    expect(answer.output).toContain('Ping statistics')
    // Everything that was streamed stands in the journal, once.
    const [, entry] = expectOk(await lab.journal({ after: 0, limit: 10 }))
    const numbers = entry.output.match(/Received = (\d+)/)
    expect(entry.output.split('Reply from')).toHaveLength(Number(numbers?.[1]) + 1)
  })

  it('writes rows about once a second, however much happens', async () => {
    const lab = await liveLab({ speed: 100 })
    const client = await Client.join(lab, ada)
    client.send({ type: 'exec', console: 'desk', line: 'ping -t 192.168.3.1', clientId: 'ping-forever' })
    await client.next('answer')
    const before = await commits(lab)
    const from = Date.now()
    await pause(2_500)
    const spent = (Date.now() - from) / 1_000
    const rows = (await commits(lab)) - before
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThanOrEqual(spent + 1)
    client.close()
  })

  it('pauses, goes on, steps while paused, and is told to everybody', async () => {
    const lab = await liveLab()
    const [client, other] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    expect(await ticking(lab)).toBe(true)
    client.send({ type: 'clock', change: { running: false } })
    await other.next('clock', ({ clock }) => !clock.running)
    expect(await ticking(lab)).toBe(false)
    const stood = expectOk(await lab.clock()).now
    await pause(200)
    expect(expectOk(await lab.clock()).now).toBe(stood)
    client.send({ type: 'advance', advance: { by: SECOND } })
    expect((await other.next('clock', ({ clock }) => clock.now > stood)).clock.now).toBe(stood + SECOND)
    client.send({ type: 'clock', change: { running: true, speed: 1_000 } })
    await other.next('clock', ({ clock }) => clock.now > stood + 60 * SECOND)
    expect(await ticking(lab)).toBe(true)
  })

  it('stands still and costs nothing when nobody watches', async () => {
    const lab = await liveLab()
    expect(await runDurableObjectAlarm(lab.stub)).toBe(false)
    const client = await Client.join(lab, ada)
    expect(await ticking(lab)).toBe(true)
    expect(await runDurableObjectAlarm(lab.stub)).toBe(true)
    expect(await ticking(lab)).toBe(true)
    client.send({ type: 'hello', packetsAfter: -1, visible: false })
    await client.next('welcome')
    expect(await ticking(lab)).toBe(false)
    expect(await runDurableObjectAlarm(lab.stub)).toBe(false)
    client.send({ type: 'hello', packetsAfter: -1, visible: true })
    await client.next('welcome')
    expect(await ticking(lab)).toBe(true)
    client.close()
    while (!client.closed) await client.something()
    expect(await ticking(lab)).toBe(false)
    expect(await runDurableObjectAlarm(lab.stub)).toBe(false)
    const { now } = expectOk(await lab.clock())
    await lab.evict()
    expect(expectOk(await lab.clock()).now).toBe(now)
    expect(await runDurableObjectAlarm(lab.stub)).toBe(false)
  })

  it('is not lost with the object, and sockets sleep through it', async () => {
    const lab = await liveLab({ speed: 20 })
    const client = await Client.join(lab, ada)
    client.send({ type: 'hello', packetsAfter: -1, visible: false })
    await client.next('welcome')
    const { now } = expectOk(await lab.clock())
    await lab.evict()
    client.send({ type: 'hello', packetsAfter: -1, visible: true })
    expect((await client.next('clock', ({ clock }) => clock.now > now + SECOND)).clock.mode).toBe('live')
    expect(await ticking(lab)).toBe(true)
  })

  it('that was told but is lost, because something broke inside, is taken back', async () => {
    const lab = await liveLab({ speed: 20 })
    const client = await Client.join(lab, ada)
    client.send({ type: 'exec', console: 'desk', line: 'ping -t 192.168.3.1', clientId: 'ping-forever' })
    await client.next('output', ({ text }) => text.includes('Reply from'))
    await runInDurableObject(lab.stub, (instance) => {
      const live = roomsOf(instance).keeper.open()
      if (live) live.lab.exec = () => raise('cable chewed')
    })
    expect(await lab.exec(command('ubuntu-1', 'hostname'), bob)).toMatchObject({ ok: false, code: 'lab-failure' })
    await client.next('reset')
    const { consoles } = await client.next('welcome')
    const told = consoles.find((one) => one.console === 'desk')?.scrollback ?? ''
    const entry = expectOk(await lab.journal({ after: 0, limit: 10 })).find(({ line }) => line.startsWith('ping'))
    expect(entry?.output.startsWith(told.slice(told.indexOf('\n') + 1))).toBe(true)
    await client.next('output', ({ text }) => text.includes('Reply from'))
  })

  it('that was lost while it went on is found standing by the watchdog, and goes on for who comes', async () => {
    const lab = await liveLab({ speed: 20 })
    const client = await Client.join(lab, ada)
    client.send({ type: 'exec', console: 'desk', line: 'ping -t 192.168.3.1', clientId: 'ping-forever' })
    const { job } = (await client.next('answer')).answer
    await client.next('output', ({ text }) => text.includes('Reply from'))
    // The platform's sockets go with it; a timer would keep an eviction waiting for ever.
    await abortAllDurableObjects()
    expect(await runDurableObjectAlarm(lab.stub)).toBe(true)
    expect(await ticking(lab)).toBe(false)
    expect(await runDurableObjectAlarm(lab.stub)).toBe(false)
    expect(expectOk(await lab.job(job)).status).toBe('running')
    const again = await Client.join(lab, ada)
    await again.next('output', ({ text }) => text.includes('Reply from'))
    expect(await ticking(lab)).toBe(true)
  })

  it('stops when nothing is done for long, although somebody watches', async () => {
    const lab = await liveLab()
    const client = await Client.join(lab, ada)
    await inside(lab, (pacer) => {
      ;(pacer as unknown as { lastInput: number }).lastInput -= 31 * 60_000
    })
    const { clock } = await client.next('clock', ({ notice }) => notice !== undefined)
    expect(clock.running).toBe(false)
    expect(await ticking(lab)).toBe(false)
    expect(await runDurableObjectAlarm(lab.stub)).toBe(false)
  })

  it('tells of a storm while time goes on, once in a while', async () => {
    const looped = yaml
      .replace(/^switches:\n/m, 'switches:\n  attic: { label: Attic }\n')
      .replace(/^cables:\n/m, 'cables:\n  - { name: up, between: [attic, home] }\n  - { name: down, between: [home, attic] }\n')
    const lab = await newLab(7, looped)
    expectOk(await lab.setClock({ mode: 'live', speed: 20 }, ada))
    const client = await Client.join(lab, ada)
    client.send({ type: 'exec', console: 'desk', line: 'arp -d 192.168.3.1; ping -t 192.168.3.1', clientId: 'ping-forever' })
    const { notice } = await client.next('clock', (message) => message.notice !== undefined)
    expect(notice).toMatch(/^storm: packet \d+ goes round in circles\. (home|attic) passed it on 1000 times/)
    const told = expectOk(await lab.journal({ after: 0, limit: 50 })).filter(({ output }) => output.includes('storm: packet'))
    expect(told).toHaveLength(1)
    client.close()
  })

  it('of a lab that becomes instant ends what was under way', async () => {
    const lab = await liveLab({ running: false })
    const { job } = expectOk(await lab.exec(command('desk', 'ping -n 2 192.168.3.1'), ada))
    expect(expectOk(await lab.job(job)).status).toBe('running')
    expectOk(await lab.setClock({ mode: 'instant' }, ada))
    expectOk(await lab.advance({ by: 10 * SECOND }, ada))
    expect(expectOk(await lab.job(job))).toMatchObject({ status: 'done', exitStatus: 0 })
  })
})

describe('somebody who comes back', () => {
  it('finds a frozen lab as it was', async () => {
    const lab = await liveLab({ absence: 'frozen' })
    const { now } = expectOk(await lab.clock())
    await leaveFor(lab, 3_600_000)
    const client = await Client.join(lab, ada)
    const { clock } = await client.next('clock')
    expect(clock.now - now).toBeLessThan(600 * SECOND)
  })

  it('finds that a lab has caught up, with their own packets still there', async () => {
    const lab = await liveLab({ absence: 'catch-up' })
    expectOk(await lab.exec(command('desk', 'ping -t 192.168.3.1'), ada))
    const own = expectOk(await lab.packets({ after: -1, limit: 500 })).packets
    const { now } = expectOk(await lab.clock())
    const hours = 3_600 * SECOND
    await leaveFor(lab, 2 * 3_600_000)
    const client = await Client.join(lab, ada)
    const { notice, clock } = await client.next('clock', (message) => message.notice !== undefined)
    expect(notice).toContain('caught up on the 2 h')
    expect(clock.now - now).toBeGreaterThanOrEqual(2 * hours)
    expect(expectOk(await lab.packets({ after: -1, limit: 500 })).packets.slice(0, own.length)).toEqual(own)
    const kept = await inside(
      lab,
      (_, { sql }) => sql.exec<{ n: number }>('SELECT sum(last_sequence - first_sequence + 1) AS n FROM frame_block').one().n,
    )
    expect(kept).toBeLessThanOrEqual(own.length + CATCH_UP_SIGHTINGS + 1_000)
    expect(notice).toMatch(/packets of this time are not kept/)
    const welcome = await client.next('welcome')
    expect(welcome.consoles.find((one) => one.console === 'desk')?.scrollback).toContain('Reply from')
  })

  it('is told how far a lab came that had too much to catch up on', async () => {
    const lab = await liveLab({ absence: 'catch-up', speed: 1_000 })
    expectOk(await lab.exec(command('desk', 'ping -t 192.168.3.1'), ada))
    const { now } = expectOk(await lab.clock())
    await leaveFor(lab, 10 * 86_400_000)
    const client = await Client.join(lab, ada)
    const { notice, clock } = await client.next('clock', (message) => message.notice !== undefined)
    expect(notice).toContain(`its budget of ${CATCH_UP_EVENTS} events`)
    expect(clock.now - now).toBeLessThan(10_000 * 86_400 * SECOND)
    expectOk(await lab.exec(command('ubuntu-1', 'hostname'), ada))
  })
})

function raise(message: string): never {
  throw new Error(message)
}
