import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { laterThan } from '../../web/src/lab/timeline/history-log.ts'
import { ada, bob, Client, command, expectOk, type Host, newLab, roomsOf, rowsOf } from '../test-support.ts'

const type = async (lab: Host, line: string, console = 'desk', by = ada) => expectOk(await lab.exec(command(console, line), by))
const history = async (lab: Host) => expectOk(await lab.history({ after: 0, limit: 500 }))
const idsOf = async (lab: Host) => (await history(lab)).lines.map(({ id }) => id)
const packetsOf = async (lab: Host) => expectOk(await lab.packets({ after: -1, limit: 500 }))

describe('a rewind', () => {
  it('leads to right after a line, and what follows is as it was the first time', async () => {
    const lab = await newLab()
    await type(lab, '$x = 1')
    const topology = expectOk(await lab.topology())
    const seen = await packetsOf(lab)
    const line = 'ping -c 2 198.51.100.9'
    const { job: _, packets: before, repeated: __, ...first } = await type(lab, line, 'ubuntu-1')
    await type(lab, '$x = 2')
    expectOk(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada))
    await lab.evict()
    expectOk(await lab.rewind({ line: 1 }, ada))
    expect(expectOk(await lab.topology())).toEqual(topology)
    expect((await packetsOf(lab)).packets).toEqual(seen.packets)
    await lab.evict()
    expect((await packetsOf(lab)).packets).toEqual(seen.packets)
    expect((await type(lab, '$x')).output).toBe('1\n')
    const { job: ___, packets: after, repeated: ____, ...second } = await type(lab, line, 'ubuntu-1')
    expect(second).toEqual(first)
    expect(after).toHaveLength(before.length)
    expect(Math.min(...after)).toBeGreaterThan(Math.max(...before))
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, difference: null, lines: 3 })
  })

  it('appends, deletes nothing and uses no number twice', async () => {
    const lab = await newLab()
    for (const line of ['echo 1', 'echo 2', 'echo 3']) await type(lab, line)
    const before = expectOk(await lab.journal({ after: 0, limit: 100 }))
    const answer = expectOk(await lab.rewind({ line: 2 }, ada))
    expect(answer.branch).toBe(1)
    await type(lab, 'echo 4')
    expectOk(await lab.rewind({ line: 0 }, ada))
    await type(lab, 'echo 5')
    const { lines, branch } = await history(lab)
    expect(lines.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(expectOk(await lab.journal({ after: 0, limit: 3 }))).toEqual(before)
    expect(branch).toBe(2)
    expect(lines.map(({ line, branch: of, current }) => [line, of, current])).toEqual([
      ['echo 1', 0, false],
      ['echo 2', 0, false],
      ['echo 3', 0, false],
      ['rewind to line 2', 1, false],
      ['echo 4', 1, false],
      ['rewind to the beginning', 2, true],
      ['echo 5', 2, true],
    ])
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, lines: 1 })
  })

  it('leads into a branch that was left as well: so one takes back a rewind', async () => {
    const lab = await newLab()
    await type(lab, '$x = 1')
    await type(lab, 'ping -c 1 198.51.100.9', 'ubuntu-1')
    await type(lab, '$x = 2')
    const [topology, seen] = [expectOk(await lab.topology()), await packetsOf(lab)]
    expectOk(await lab.rewind({ line: 1 }, ada))
    await type(lab, '$x = 3')
    await type(lab, 'ping -c 2 192.168.3.1', 'ubuntu-1')
    expectOk(await lab.rewind({ line: 3 }, ada))
    expect(expectOk(await lab.topology())).toEqual(topology)
    expect((await packetsOf(lab)).packets).toEqual(seen.packets)
    await lab.evict()
    expect((await packetsOf(lab)).packets).toEqual(seen.packets)
    expect((await type(lab, '$x')).output).toBe('2\n')
    const again = await type(lab, 'ping -c 1 198.51.100.9', 'ubuntu-1')
    expect(again.exitStatus).toBe(0)
    expect((await history(lab)).lines.map(({ id, current }) => [id, current])).toEqual(
      [true, true, true, false, false, false, true, true, true].map((current, at) => [at + 1, current]),
    )
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, lines: 5 })
    // And from there into the other one.
    expectOk(await lab.rewind({ line: 6 }, ada))
    expect((await type(lab, '$x')).output).toBe('3\n')
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, lines: 4 })
  })

  it('leaves as many lines as the console says before it', async () => {
    const lab = await newLab()
    for (const to of [null, 2, 3, 1, 6, 0, 9, 3, 4, 12]) {
      if (to !== null) {
        const before = await history(lab)
        const target = before.lines.find(({ id }) => id === to) ?? { ...before.lines[0], id: 0, branch: 0 }
        const said = laterThan(before, target)
        expectOk(await lab.rewind({ line: to }, ada))
        const now = new Set((await history(lab)).lines.flatMap(({ id, current }) => (current ? [id] : [])))
        expect([to, said]).toEqual([to, before.lines.filter(({ id, current }) => current && !now.has(id)).length])
      }
      await type(lab, 'hostname')
      await type(lab, 'pwd', 'ubuntu-1')
    }
  })

  it('leads to what ran in a branch that was left, but not to what it said afterwards', async () => {
    const lab = await newLab()
    await type(lab, 'ping -t 192.168.3.1')
    await type(lab, 'ping -c 3 192.168.3.1', 'ubuntu-1')
    const then = expectOk(await lab.job('1'))
    expectOk(await lab.rewind({ line: 1 }, ada))
    const { lines } = await history(lab)
    const notice = lines.find(({ kind }) => kind === 'notice')?.id ?? 0
    expect(await lab.rewind({ line: notice }, ada)).toMatchObject({ status: 409, code: 'no-moment' })
    expectOk(await lab.rewind({ line: 2 }, ada))
    expect(expectOk(await lab.job('1'))).toEqual(then)
    expectOk(await lab.interrupt('desk', ada))
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
  })

  it('is refused for lines that are not there, and then nothing has changed', async () => {
    const lab = await newLab()
    for (const line of ['echo 1', 'echo 2']) await type(lab, line)
    expectOk(await lab.rewind({ line: 1 }, ada))
    const before = await history(lab)
    expect(await lab.rewind({ line: 99 }, ada)).toMatchObject({ status: 404, code: 'no-line' })
    expect(await history(lab)).toEqual(before)
    expect(await idsOf(lab)).toEqual([1, 2, 3])
  })

  it('lets a line run again that ran then, and keeps what it printed since', async () => {
    const lab = await newLab()
    const parked = await type(lab, 'ping -t 192.168.3.1')
    expect(parked.status).toBe('running')
    await type(lab, 'ping -c 2 192.168.3.1', 'ubuntu-1')
    const then = expectOk(await lab.job(parked.job))
    await type(lab, 'ping -c 5 192.168.3.1', 'ubuntu-1')
    expectOk(await lab.interrupt('desk', ada))
    const ended = expectOk(await lab.job(parked.job))
    expect(ended.status).toBe('done')
    expectOk(await lab.rewind({ line: 2 }, ada))
    expect(expectOk(await lab.job(parked.job))).toEqual(then)
    const { lines } = await history(lab)
    expect(lines.filter(({ kind, current }) => kind === 'notice' && !current)).toHaveLength(1)
    const rest = expectOk(await lab.journal({ after: 0, limit: 100 })).find(({ output }) => output.includes('Ping statistics'))
    expect(then.output + rest?.output).toBe(ended.output)
    await lab.evict()
    expectOk(await lab.interrupt('desk', ada))
    expect(expectOk(await lab.job(parked.job))).toMatchObject({ status: 'done', exitStatus: ended.exitStatus })
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
  })

  it('goes back behind a reset', async () => {
    const lab = await newLab()
    await type(lab, '$x = 1')
    expectOk(await lab.reset(ada))
    expect((await type(lab, '$x')).output).toBe('')
    expectOk(await lab.rewind({ line: 1 }, ada))
    expect((await type(lab, '$x')).output).toBe('1\n')
    await type(lab, 'ping -n 1 192.168.3.1')
    expect((await packetsOf(lab)).packets.length).toBeGreaterThan(0)
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, lines: 3 })
  })

  it('ends however many lines wait', async () => {
    const lab = await newLab()
    for (const console of ['desk', 'desk:2', 'desk:3', 'desk:4']) {
      expectOk(await lab.exec(command(console, 'ping -t 192.168.3.1'), ada))
      for (let i = 0; i < 30; i++) expect(expectOk(await lab.exec(command(console, 'echo'), ada)).status).toBe('queued')
    }
    const { lines } = expectOk(await lab.rewind({ line: 0 }, ada))
    expect(lines.filter(({ kind }) => kind === 'exec').every(({ endedAt }) => endedAt !== null)).toBe(true)
    expect(expectOk(await lab.exec(command('desk', 'hostname'), ada)).output).toBe('DESK\n')
  })

  it('leaves no trace when something breaks inside', async () => {
    const lab = await newLab()
    await type(lab, '$x = 1')
    await type(lab, 'ping -n 1 192.168.3.1')
    const before = rowsOf(expectOk(await lab.export()))
    for (const what of ['rewind', 'undo'] as const) {
      await runInDurableObject(lab.stub, (instance) => {
        const { keeper } = roomsOf(instance)
        // Late: everything is written but the state.
        vi.spyOn(keeper.frames, 'append').mockImplementationOnce(() => {
          throw new Error('cable chewed')
        })
      })
      expect(await lab[what]({ line: 1 }, ada)).toMatchObject({ ok: false, status: 503, code: 'lab-failure' })
      expect(rowsOf(expectOk(await lab.export()))).toEqual(before)
      await lab.evict()
      expect(rowsOf(expectOk(await lab.export()))).toEqual(before)
    }
    expectOk(await lab.rewind({ line: 1 }, ada))
  })

  it('needs the consent of whoever else is there, or somebody who teaches', async () => {
    const lab = await newLab()
    await type(lab, 'echo 1')
    await type(lab, 'echo 2')
    const client = await Client.join(lab, ada)
    expectOk(await lab.rewind({ line: 1 }, ada))
    await client.next('reset')
    expect((await client.next('welcome')).consoles[0].scrollback).not.toContain('echo 2')
    const before = await history(lab)
    expect(await lab.rewind({ line: 0 }, bob)).toMatchObject({ status: 409, code: 'needs-consent' })
    const eve = { personId: 'person-eve', name: 'Eve', role: 'student' } as const
    expect(await lab.rewind({ line: 0, force: true }, eve)).toMatchObject({ status: 409, code: 'needs-consent' })
    expect(await history(lab)).toEqual(before)
    await lab.evict()
    expectOk(await lab.rewind({ line: 0, force: true }, bob))
    await client.next('reset')
    expect((await client.next('welcome')).consoles[0].scrollback).toBe('')
  })
})
