import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { PortState } from '../protocol.ts'
import { ada, bob, Client, command, expectOk, type Host, newLab, roomsOf } from '../test-support.ts'
import { FLOW } from './budget.ts'
import { arpRequest, OURS, plugOf, TestMachine, tryAttach } from './test-machine.ts'

const ROUTER = '192.168.3.1'
const portOf = async (lab: Host, port: string): Promise<PortState | undefined> =>
  expectOk(await lab.ports()).find((one) => one.port === port)
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('a machine from outside', () => {
  it('makes time go on, is answered, is shown and counted, and leaves', async () => {
    const lab = await newLab()
    expect(await portOf(lab, 'home:5')).toMatchObject({ state: 'free', attached: null })
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    expect(expectOk(await lab.clock())).toMatchObject({ mode: 'live', running: true })
    expect(await machine.arp(ROUTER)).toBeGreaterThan(0)
    const port = await portOf(lab, 'home:5')
    expect(port).toMatchObject({ state: 'real', mac: '02:00:00:00:00:01', attached: { label: 'laptop', by: 'Ada' } })
    expect(port?.attached?.traffic.in).toMatchObject({ frames: 1, bytes: 42, dropped: {} })
    expect(port?.attached?.traffic.out.frames).toBeGreaterThan(0)
    expect(expectOk(await lab.topology()).nodes.some(({ kind }) => kind === 'real')).toBe(true)
    machine.socket.close(1000, 'done')
    await until(async () => (await portOf(lab, 'home:5'))?.state === 'free')
    const lines = expectOk(await lab.journal({ after: 0, limit: 10 })).map(({ line }) => line)
    expect(lines).toEqual(['time live', 'plug a real machine in at home:5 (laptop)', 'unplug the real machine at home:5: done'])
  })

  it('is seen in the packet list, also what is wrong, with the reason', async () => {
    const lab = await newLab()
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    await machine.arp(ROUTER)
    for (const bad of [new Uint8Array(0), new Uint8Array(13), new Uint8Array(2_000).fill(2), arpRequest(ROUTER, OURS + 1)])
      machine.send(bad)
    await machine.arp('192.168.3.1', OURS, '192.168.3.241')
    const { packets } = expectOk(await lab.packets({ after: -1, limit: 500 }))
    const here = packets.filter(({ where, direction }) => where.startsWith('home:5') && direction === 'out')
    expect(here.map(({ verdict }) => verdict)).toEqual(['sent', ...['malformed', 'malformed', 'malformed'], 'source-mac', 'sent'])
    expect(here[3]?.verdictText).toContain('2000 bytes')
    const spoofed = expectOk(await lab.why(here[4]?.packet ?? 0, true))
    expect(spoofed).toMatchObject({ outcome: 'dropped' })
    expect(spoofed.sentences.map(({ text }) => text).join(' ')).toContain('MAC spoofing is off')
    const traffic = (await portOf(lab, 'home:5'))?.attached?.traffic
    expect(traffic?.in).toMatchObject({ frames: 6, dropped: { malformed: 3, 'source-mac': 1 } })
  })

  it('is refused at a port that is taken, or is none, and then nothing has changed', async () => {
    const lab = await newLab()
    const refused = async (port: string, more = {}) => {
      const response = await tryAttach(lab, plugOf(port, more))
      expect(response.webSocket).toBeNull()
      return [response.status, ((await response.json()) as { code: string }).code]
    }
    expect(await refused('home:1')).toEqual([409, 'port-taken'])
    expect(await refused('home:40')).toEqual([404, 'no-port'])
    const mac = await runInDurableObject(lab.stub, (instance) => {
      const { keeper } = roomsOf(instance)
      const guests = keeper.open()?.lab.switchTable('desk/switch/Default Switch')
      return guests?.find(({ port }) => port === 'ubuntu-1')?.mac ?? ''
    })
    expect(await refused('desk.default-switch:1', { mac })).toEqual([409, 'address-taken'])
    expect(expectOk(await lab.clock()).mode).toBe('instant')
    expect(expectOk(await lab.journal({ after: 0, limit: 10 }))).toEqual([])
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    await machine.arp(ROUTER)
    const lines = expectOk(await lab.journal({ after: 0, limit: 10 }))
    expect(await refused('home:5', { token: 'token-2' })).toEqual([409, 'port-taken'])
    expect(await refused('home:5', { token: 'token-2', session: 'other' })).toEqual([409, 'port-taken'])
    expect(expectOk(await lab.journal({ after: 0, limit: 10 }))).toEqual(lines)
    expect(await machine.arp(ROUTER)).toBeGreaterThan(0)
  })

  it('takes its own place again when it names its session', async () => {
    const lab = await newLab()
    const first = await TestMachine.attach(lab, plugOf('home:5', { session: 'mine' }))
    await first.arp(ROUTER)
    const second = await TestMachine.attach(lab, plugOf('home:5', { session: 'mine' }))
    expect(await first.end()).toMatchObject({ code: 1008, reason: 'connected again from elsewhere' })
    expect(await second.arp(ROUTER)).toBeGreaterThan(0)
  })

  it('is cut off when it is unplugged, its token ends, its person leaves, or it does not speak Ethernet', async () => {
    const lab = await newLab()
    const attach = (more = {}) => TestMachine.attach(lab, plugOf('home:5', more))
    const first = await attach()
    expectOk(await lab.unplug('home:5', bob))
    expect(await first.end()).toEqual({ code: 1008, reason: 'unplugged by Bob' })
    expect(await lab.unplug('home:5', bob)).toMatchObject({ ok: false, status: 409 })
    const second = await attach({ token: 'other' })
    expectOk(await lab.cutToken('token-1'))
    await second.arp(ROUTER)
    expectOk(await lab.cutToken('other'))
    expect(await second.end()).toMatchObject({ code: 1008, reason: 'the token was revoked' })
    const third = await attach()
    expectOk(await lab.disconnect(ada.personId))
    expect((await third.end()).code).toBe(1008)
    const fourth = await attach({ expiresAt: Date.now() + 300 })
    expect(await fourth.end()).toEqual({ code: 1008, reason: 'the token has expired' })
    const fifth = await attach()
    fifth.socket.send('hello')
    expect((await fifth.end()).code).toBe(1003)
    const sixth = await attach()
    sixth.send(new Uint8Array(70_000))
    expect((await sixth.end()).code).toBe(1009)
    const seventh = await attach()
    expectOk(await lab.reset(ada))
    expect((await seventh.end()).code).toBe(1012)
    const last = await attach()
    expectOk(await lab.destroy())
    expect((await last.end()).reason).toBe('the lab was deleted')
  })

  it('that floods is slowed, then cut with the reason', async () => {
    const lab = await newLab()
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    const frame = new Uint8Array(60)
    let worst = 0
    for (let n = 0; machine.closed === undefined; n++) {
      for (let burst = 0; burst < FLOW.frames / 20; burst++) machine.send(frame)
      if (n % 10 === 0) worst = Math.max(worst, (await portOf(lab, 'home:5'))?.attached?.traffic.in.dropped['queue-full'] ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(worst).toBeGreaterThan(0)
    expect(machine.closed).toEqual({ code: 1008, reason: 'flood: more than 20000 frames or 32 MiB a second for 5 seconds' })
    expect(await portOf(lab, 'home:5')).toMatchObject({ state: 'free', attached: null })
    const again = await TestMachine.attach(lab, plugOf('home:5'))
    expect(await again.arp(ROUTER)).toBeGreaterThan(0)
  })
})

describe('when the object is lost', () => {
  it('the machine is unplugged in the lab, and comes back', async () => {
    const lab = await newLab()
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    await machine.arp(ROUTER)
    // What becomes of an object that is moved or restarted; an eviction waits for the socket.
    await runInDurableObject(lab.stub, (_, state) => state.abort('restarted')).catch(() => {})
    expect((await machine.end()).code).toBe(1006)
    expect(await portOf(lab, 'home:5')).toMatchObject({ state: 'free', attached: null })
    const lines = expectOk(await lab.journal({ after: 0, limit: 10 }))
    expect(lines.at(-1)?.line).toBe('unplug the real machine at home:5: its connection is gone')
    const again = await TestMachine.attach(lab, plugOf('home:5'))
    expect(await again.arp(ROUTER)).toBeGreaterThan(0)
  })

  it('by a failure inside: what was committed stays, the machine is told to come again', async () => {
    const lab = await newLab()
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    await machine.arp(ROUTER)
    await runInDurableObject(lab.stub, (instance) => {
      const { keeper } = roomsOf(instance)
      keeper.forget()
    })
    machine.send(arpRequest(ROUTER))
    expect((await machine.end()).code).toBe(1012)
    const again = await TestMachine.attach(lab, plugOf('home:5'))
    expect(await again.arp(ROUTER)).toBeGreaterThan(0)
  })
})

describe('what machines send', () => {
  it('is recorded, many in a row, and a replay comes out the same', async () => {
    const lab = await newLab()
    const watcher = await Client.join(lab, ada)
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    const other = await TestMachine.attach(lab, plugOf('desk.default-switch:2', { token: 'token-2' }))
    for (let n = 0; n < 20; n++) {
      await machine.arp(ROUTER, OURS, `192.168.3.${200 + n}`)
      other.send(arpRequest('172.20.0.1', OURS + 1))
      if (n === 10) expectOk(await lab.exec(command('desk', 'ping -n 1 192.168.3.1'), ada))
      machine.send(new Uint8Array(n))
    }
    watcher.send({ type: 'exec', console: 'desk', line: 'ping -n 2 192.168.3.1', clientId: 'a-client-id' })
    await watcher.next('answer')
    machine.socket.close(1000, 'done')
    await until(async () => (await portOf(lab, 'home:5'))?.state === 'free')
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, difference: null, from: 0 })
    const rows = await runInDurableObject(lab.stub, (_, { storage }) =>
      storage.sql.exec<{ n: number; f: number }>('SELECT count(*) AS n, sum(frames) AS f FROM input_block').one(),
    )
    expect(rows.f).toBe(60)
    expect(rows.n).toBeLessThan(20)
    // A fork and its file have them, too.
    const lines = expectOk(await lab.journal({ after: 0, limit: 50 }))
    const { host } = await import('../test-support.ts')
    const copy = host()
    expectOk(await copy.create({ from: 'export', file: expectOk(await lab.export()) }))
    expect(expectOk(await copy.replay())).toMatchObject({ same: true, difference: null })
    const early = host()
    expectOk(await early.create({ from: 'export', file: expectOk(await lab.forkFile(lines.at(-2)?.id)) }))
    expect(expectOk(await early.replay())).toMatchObject({ same: true, difference: null })
    other.socket.close()
  })

  it('cannot be undone, but rewound', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    await machine.arp(ROUTER)
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    expect(await lab.undo({ line: 1 }, ada)).toMatchObject({ ok: false, status: 409, code: 'real-machine' })
    expectOk(await lab.rewind({ line: 4 }, ada))
    expect((await machine.end()).code).toBe(1012)
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, difference: null })
    expectOk(await lab.rewind({ line: 1 }, ada))
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, difference: null })
  })

  it('is kept up to a budget: then a replay begins at the first state that is stored after what is gone', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    const machine = await TestMachine.attach(lab, plugOf('home:5'))
    await machine.arp(ROUTER)
    const frame = () => {
      // To an address that nobody has, and with nothing in it that could be packed.
      const bytes = crypto.getRandomValues(new Uint8Array(1_500))
      bytes.set([2, 0, 0, 0, 9, 9, 2, 0, 0, 0, 0, 1, 0x08, 0x06])
      return bytes
    }
    const gone = () =>
      runInDurableObject(lab.stub, (_, { storage }) =>
        storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM input_block WHERE frames = 0').one(),
      )
    for (let sent = 0; (await gone()).n === 0; sent++) {
      expect(sent).toBeLessThan(400)
      for (let n = 0; n < 100; n++) machine.send(frame())
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(await machine.arp(ROUTER)).toBeGreaterThan(0)
    machine.socket.close(1000, 'done')
    await until(async () => (await portOf(lab, 'home:5'))?.state === 'free')
    const report = expectOk(await lab.replay())
    expect(report).toMatchObject({ same: true, difference: null })
    expect(report.from).toBeGreaterThan(3)
    const { lines } = expectOk(await lab.history({ after: 0, limit: 100 }))
    expect(lines.find(({ id }) => id === report.from)).toMatchObject({
      kind: 'frames',
      line: expect.stringMatching(/frames of real machines/),
    })
    expect(expectOk(await lab.rewind({ line: 1 }, ada)).lines.at(-1)?.line).toBe('rewind to line 1')
  })
})
