import { describe, expect, it } from 'vitest'
import type { PacketRow } from '../protocol.ts'
import { ada, allPackets, bob, command, expectOk, type Host, newLab } from '../test-support.ts'

const type = async (lab: Host, line: string, console = 'desk', by = ada) => expectOk(await lab.exec(command(console, line), by))
const history = async (lab: Host) => expectOk(await lab.history({ after: 0, limit: 500 }))

describe('an undo', () => {
  it('takes one line out and runs the later ones again at their times', async () => {
    const lab = await newLab()
    await type(lab, '$x = 1')
    await type(lab, '$x = 2')
    await type(lab, '$y = 3')
    const pinged = await type(lab, 'ping -c 2 198.51.100.9', 'ubuntu-1', bob)
    await lab.evict()
    expectOk(await lab.undo({ line: 2 }, ada))
    expect((await type(lab, '"$x $y"')).output).toBe('1 3\n')
    const { lines } = await history(lab)
    expect(lines.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(lines.filter(({ current }) => current).map(({ line }) => line)).toEqual([
      '$x = 1',
      'undo line 2',
      '$y = 3',
      'ping -c 2 198.51.100.9',
      '"$x $y"',
    ])
    const again = expectOk(await lab.job('7'))
    expect(again).toMatchObject({ output: pinged.output, startedAt: pinged.startedAt, endedAt: pinged.endedAt })
    const { packets } = expectOk(await lab.packets({ after: -1, limit: 500, command: 7 }))
    expect(packets.length).toBeGreaterThan(0)
    expect(new Set(packets.map(({ packet }) => packet))).toEqual(new Set(again.packets))
    expect(expectOk(await lab.packets({ after: -1, limit: 500, command: 4 })).packets).toEqual([])
    await lab.evict()
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, lines: 4 })
  })

  it('keeps the packets of the lines that run again, however many', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'hostname'), ada))
    expectOk(await lab.exec(command('ubuntu-1', 'ping -q -c 1200 -i 0.01 192.168.3.1'), ada))
    const of = (all: readonly PacketRow[], id: number) => all.filter((one) => one.command === id)
    const before = of(await allPackets(lab), 2)
    const { lines } = expectOk(await lab.undo({ line: 1 }, ada))
    const after = of(await allPackets(lab), lines.at(-1)?.id ?? 0)
    expect(after.length).toBeGreaterThan(4096)
    expect(after.map(({ info, where, time }) => [info, where, time])).toEqual(
      before.map(({ info, where, time }) => [info, where, time]),
    )
  })

  it('keeps what the lines that run again have changed', async () => {
    const lab = await newLab()
    await type(lab, 'hostname')
    expectOk(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada))
    const question = 'change("desk-ethernet-home", "plugged") to "false"'
    expect(expectOk(await lab.query(question)).holds).toBe(true)
    expectOk(await lab.undo({ line: 1 }, ada))
    expect(expectOk(await lab.query(question)).holds).toBe(true)
    expectOk(await lab.undo({ line: 4 }, ada))
    expect(expectOk(await lab.query(question)).holds).toBe(false)
  })

  it('is refused when somebody else would have seen something else, and names the first line', async () => {
    const lab = await newLab()
    await type(lab, 'echo harmless')
    expectOk(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada))
    await type(lab, 'echo of Bob', 'ubuntu-1', bob)
    await type(lab, 'ping -c 1 198.51.100.9', 'ubuntu-1', bob)
    const before = await history(lab)
    const topology = expectOk(await lab.topology())
    const refused = await lab.undo({ line: 2 }, ada)
    expect(refused).toMatchObject({ status: 409, code: 'undo-conflict', line: 4 })
    expect((refused as { message: string }).message).toContain('Bob')
    expect(await history(lab)).toEqual(before)
    expect(expectOk(await lab.topology())).toEqual(topology)
    expectOk(await lab.undo({ line: 1 }, ada))
    expect(expectOk(await lab.topology()).links).toEqual(topology.links)
  })

  it('of own lines only, for students; of lines that put something in; since the last reset', async () => {
    const lab = await newLab()
    await type(lab, 'echo 1', 'desk', bob)
    expectOk(await lab.snapshot('kept', bob))
    expect(await lab.undo({ line: 1 }, ada)).toMatchObject({ status: 409, code: 'not-yours' })
    expect(await lab.undo({ line: 2 }, bob)).toMatchObject({ status: 409, code: 'not-undoable' })
    expect(await lab.undo({ line: 7 }, bob)).toMatchObject({ status: 404, code: 'no-line' })
    expectOk(await lab.undo({ line: 1 }, bob))
    expect(await lab.undo({ line: 1 }, bob)).toMatchObject({ status: 409, code: 'other-branch' })
    const { job } = await type(lab, 'echo 2')
    expectOk(await lab.reset(ada))
    expect(await lab.undo({ line: Number(job) }, ada)).toMatchObject({ status: 409, code: 'before-reset' })
  })

  it('keeps what others have running as it is', async () => {
    const lab = await newLab()
    const parked = await type(lab, 'ping 192.168.3.1', 'ubuntu-1', bob)
    await type(lab, 'ping -n 2 192.168.3.1', 'desk')
    await type(lab, 'echo x', 'desk')
    const then = expectOk(await lab.job(parked.job))
    expect(then.status).toBe('running')
    const { now } = expectOk(await lab.topology())
    expectOk(await lab.undo({ line: 3 }, ada))
    const after = expectOk(await lab.job(parked.job))
    expect({ ...after, packets: 0 }).toEqual({ ...then, packets: 0 })
    expect(expectOk(await lab.topology()).now).toBe(now)
    await lab.evict()
    expectOk(await lab.interrupt('ubuntu-1', bob))
    expect(expectOk(await lab.job(parked.job)).status).toBe('done')
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
  })
})
