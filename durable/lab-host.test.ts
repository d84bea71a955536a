import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ada, allPackets, bob, command, expectOk, host, newLab, roomsOf, rowsOf, yaml } from './test-support.ts'

describe('creating', () => {
  it('says what was created', async () => {
    const lab = host()
    const summary = expectOk(await lab.create({ from: 'definition', yaml, brief: '# Brief', seed: 3 }))
    expect(summary).toMatchObject({ title: 'Two rooms', seed: 3, brief: '# Brief' })
    expect(summary.machines.find(({ name }) => name === 'desk')).toMatchObject({
      hostname: 'DESK',
      os: 'windows-11',
      consoles: ['desk'],
    })
    expect(expectOk(await lab.summary())).toEqual(summary)
  })

  it('refuses a definition with line, field and reason, and creates nothing', async () => {
    const lab = host()
    const bad = yaml.replace('os: ubuntu-24.04', 'os: beos')
    const answer = await lab.create({ from: 'definition', yaml: bad, brief: '', seed: 3 })
    expect(answer).toMatchObject({ ok: false, status: 422, code: 'bad-definition', field: 'machines.ubuntu-1.os', line: 19 })
    expect(await lab.summary()).toMatchObject({ ok: false, status: 404 })
  })

  it('answers 404 when there is no lab, was none, or is none any more', async () => {
    expect(await host().exec(command('desk', 'ipconfig'), ada)).toMatchObject({ ok: false, status: 404, code: 'no-lab' })
    const lab = await newLab()
    expectOk(await lab.destroy())
    expect(await lab.summary()).toMatchObject({ ok: false, status: 404 })
    await lab.evict()
    expect(await lab.summary()).toMatchObject({ ok: false, status: 404 })
  })
})

describe('commands', () => {
  it('are answered with what they did, and once only', async () => {
    const lab = await newLab()
    const request = command('desk', 'ping -n 1 192.168.3.1')
    const first = expectOk(await lab.exec(request, ada))
    expect(first).toMatchObject({ status: 'done', exitStatus: 0, repeated: false })
    expect(first.packets.length).toBeGreaterThan(0)
    expect(expectOk(await lab.exec(request, ada))).toEqual({ ...first, repeated: true })
    await lab.evict()
    expect(expectOk(await lab.exec(request, ada))).toEqual({ ...first, repeated: true })
    expect(expectOk(await lab.journal({ after: 0, limit: 10 }))).toHaveLength(1)
    expect(await lab.exec({ ...request, line: 'ipconfig' }, ada)).toMatchObject({ ok: false, status: 409 })
    expect(await lab.exec(request, bob)).toMatchObject({ ok: false, status: 409 })
  })

  it('leave no trace when something breaks inside', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    const before = rowsOf(expectOk(await lab.export()))
    await runInDurableObject(lab.stub, (instance) => {
      const { keeper } = roomsOf(instance)
      const live = keeper.open()
      // Late: the journal line and the packets are written, the parts not yet.
      if (live) live.lab.takeChanges = () => raise('cable chewed')
    })
    const request = command('desk', 'ping -n 1 192.168.3.1')
    const answer = await lab.exec(request, ada)
    expect(answer).toMatchObject({ ok: false, status: 503, code: 'lab-failure' })
    expect((answer as { message: string }).message).toMatch(/Error [0-9a-f]{8}/)
    expect(rowsOf(expectOk(await lab.export()))).toEqual(before)
    expect(expectOk(await lab.exec(request, ada))).toMatchObject({ status: 'done', repeated: false })
  })

  it('stay done when something breaks after them', async () => {
    const lab = await newLab()
    await runInDurableObject(lab.stub, (instance) => {
      const { pacer } = roomsOf(instance)
      pacer.review = () => raise('cable chewed')
    })
    const answer = expectOk(await lab.exec(command('desk', 'hostname'), ada))
    expect(answer).toMatchObject({ status: 'done', output: 'DESK\n' })
    expect(expectOk(await lab.journal({ after: 0, limit: 10 }))).toHaveLength(1)
  })

  it('at once on one console are serialised', async () => {
    const lab = await newLab()
    const lines = Array.from({ length: 8 }, (_, i) => `echo line-${i}`)
    const answers = await Promise.all(lines.map((line) => lab.exec(command('desk', line), ada)))
    expect(answers.map((one) => expectOk(one).output.trim())).toEqual(lines.map((line) => line.slice(5)))
    expect(expectOk(await lab.journal({ after: 0, limit: 10 })).map((one) => one.line)).toEqual(lines)
  })

  it('that wait are jobs; what is typed meanwhile is queued', async () => {
    const lab = await newLab()
    const parked = expectOk(await lab.exec(command('desk', 'ping -t 192.168.3.1'), ada))
    expect(parked).toMatchObject({ status: 'running', exitStatus: null })
    const queued = expectOk(await lab.exec(command('desk', 'echo after'), ada))
    expect(queued).toMatchObject({ status: 'queued', output: '' })
    expectOk(await lab.exec(command('ubuntu-1', 'ping -c 3 192.168.3.1'), ada))
    await lab.evict()
    expect(expectOk(await lab.job(parked.job)).status).toBe('running')
    expectOk(await lab.interrupt('desk', ada))
    const ended = expectOk(await lab.job(parked.job))
    expect(ended).toMatchObject({ status: 'done' })
    expect(ended.packets.length).toBeGreaterThan(parked.packets.length)
    expect(expectOk(await lab.job(queued.job))).toMatchObject({ status: 'done' })
    expect(await lab.job('99')).toMatchObject({ ok: false, status: 404 })
  })

  it('on unknown consoles are refused', async () => {
    const lab = await newLab()
    for (const name of ['nobody', 'router', 'server']) {
      expect(await lab.exec(command(name, 'ls'), ada)).toMatchObject({ ok: false, status: 404, code: 'no-console' })
    }
  })
})

describe('hands, tables and packets', () => {
  it('plug and unplug, and say when they cannot', async () => {
    const lab = await newLab()
    const before = expectOk(await lab.topology())
    expect(await lab.hand({ action: 'unplug', link: 'nope' }, ada)).toMatchObject({ ok: false, status: 409 })
    const after = expectOk(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada))
    expect(after.links).not.toEqual(before.links)
    await lab.evict()
    expect(expectOk(await lab.topology()).links).toEqual(after.links)
    expect(expectOk(await lab.journal({ after: 0, limit: 10 }))).toMatchObject([{ line: 'unplug desk-ethernet-home' }])
  })

  it('page through all packets, forwards, once each', async () => {
    const lab = await newLab()
    const { job } = expectOk(await lab.exec(command('desk', 'ping -n 4 192.168.3.1'), ada))
    const whole = expectOk(await lab.packets({ after: -1, limit: 500 }))
    const pieces: unknown[] = []
    for (let page = expectOk(await lab.packets({ after: -1, limit: 3 })); page.packets.length > 0; ) {
      pieces.push(...page.packets)
      await lab.evict()
      page = expectOk(await lab.packets({ after: page.next, limit: 3 }))
    }
    expect(pieces).toEqual(whole.packets)
    const caused = expectOk(await lab.packets({ after: -1, limit: 500, command: Number(job) })).packets
    expect(caused.length).toBeGreaterThan(0)
    expect(caused.every((one) => one.command === Number(job))).toBe(true)
    const [first] = caused
    const detail = expectOk(await lab.packet(first.sequence))
    expect(detail).toMatchObject(first)
    expect(detail.bytes).toHaveLength(first.length * 2)
    expect(await lab.packet(999_999)).toMatchObject({ ok: false, status: 404 })
  })

  it('of a command are all kept, however many, and the first of them named', async () => {
    const lab = await newLab()
    const line = 'ping -q -c 1200 -i 0.01 192.168.3.1'
    const { job, packets: named } = expectOk(await lab.exec(command('ubuntu-1', line), ada))
    const all = await allPackets(lab)
    // More than the engine itself has room for.
    expect(all.length).toBeGreaterThan(2 * 4096)
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, at) => at))
    const caused = new Set(all.filter(({ command }) => command === Number(job)).map(({ packet }) => packet))
    expect(named).toEqual([...caused].slice(0, 1_000))
  })

  it('capture the same file however often the object was evicted', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'ping -n 1 192.168.3.1'), ada))
    const file = expectOk(await lab.capture({}))
    await lab.evict()
    expect(expectOk(await lab.capture({}))).toEqual(file)
    const { packets } = expectOk(await lab.packets({ after: -1, limit: 500 }))
    const one = expectOk(await lab.capture({ packets: [packets[0].packet] }))
    expect(one.length).toBeLessThan(file.length)
  })
})

function raise(message: string): never {
  throw new Error(message)
}

it('a check that asks for a packet passes however often the object has slept', async () => {
  const lab = host()
  const check =
    '- { id: pinged, check: packet-seen, machine: router, protocol: ICMP, text: request, title: Pinged, hint: Ping it. }'
  expectOk(await lab.create({ from: 'definition', yaml: `${yaml.trimEnd()}\n  ${check}\n`, brief: '', seed: 7 }))
  const outcome = async () => expectOk(await lab.check(ada)).results.find(({ id }) => id === 'pinged')
  expect(await outcome()).toMatchObject({ outcome: 'fail', packets: [] })
  expectOk(await lab.exec(command('desk', 'ping -n 1 192.168.3.1'), ada))
  const passed = await outcome()
  expect(passed).toMatchObject({ outcome: 'pass' })
  expect(passed?.packets.length).toBeGreaterThan(0)
  await lab.evict()
  expect(await outcome()).toEqual(passed)
})
