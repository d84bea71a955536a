import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ENGINE_VERSION } from '../engine/lab/index.ts'
import { ada, bob, command, expectOk, type Host, newLab } from '../test-support.ts'

const type = async (lab: Host, line: string, console = 'desk', by = ada) => expectOk(await lab.exec(command(console, line), by))
const change = (lab: Host, statement: string) =>
  runInDurableObject(lab.stub, (_, { storage }) => {
    storage.sql.exec(statement)
  })

async function used(): Promise<Host> {
  const lab = await newLab()
  await type(lab, 'ping -t 192.168.3.1')
  await type(lab, 'ping -c 2 198.51.100.9', 'ubuntu-1', bob)
  expectOk(await lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada))
  await type(lab, 'ping -c 1 198.51.100.9', 'ubuntu-1', bob)
  expectOk(await lab.hand({ action: 'plug', link: 'desk-ethernet-home' }, ada))
  expectOk(await lab.interrupt('desk', ada))
  await type(lab, 'Restart-Computer -Force')
  await type(lab, 'ipconfig')
  return lab
}

describe('a replay', () => {
  it('comes out the same, and leaves nothing behind', async () => {
    const lab = await used()
    const before = expectOk(await lab.history({ after: 0, limit: 100 }))
    const topology = expectOk(await lab.topology())
    await lab.evict()
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, difference: null, lines: 8 })
    expect(expectOk(await lab.history({ after: 0, limit: 100 }))).toEqual(before)
    expect(expectOk(await lab.topology())).toEqual(topology)
  })

  it('begins at the last reset', async () => {
    const lab = await used()
    expectOk(await lab.reset(ada))
    await type(lab, 'ping -n 1 192.168.3.1')
    expect(expectOk(await lab.replay())).toMatchObject({ same: true, lines: 1 })
  })

  it('names the first line that put out something else, and both packets', async () => {
    const lab = await used()
    await change(lab, "UPDATE journal SET line = 'ping -c 2 -s 100 198.51.100.9' WHERE id = 2")
    const { same, difference } = expectOk(await lab.replay())
    expect(same).toBe(false)
    expect(difference).toMatchObject({ line: 2, what: 'packets' })
    const { recordedPacket, againPacket } = difference ?? {}
    expect(againPacket?.sequence).toBe(recordedPacket?.sequence)
    expect(againPacket?.command).toBe(2)
    expect(againPacket?.length).toBe((recordedPacket?.length ?? 0) + 100 - 56)
  })

  it('names what was otherwise before the first line', async () => {
    const lab = await used()
    // Other addresses are drawn.
    await change(lab, 'UPDATE lab SET seed = 8')
    await lab.evict()
    const { difference, lines } = expectOk(await lab.replay())
    expect([difference?.line, difference?.what, lines]).toEqual([0, 'packets', 0])
    const { recordedPacket, againPacket } = difference ?? {}
    expect(againPacket?.sequence).toBe(recordedPacket?.sequence)
    expect([recordedPacket?.command, againPacket?.command]).toEqual([0, 0])
    expect(againPacket?.bytes).not.toBe(recordedPacket?.bytes)
  })

  it('names other output, another status, another engine', async () => {
    const lab = await newLab()
    await type(lab, 'echo one')
    await type(lab, 'echo two')
    await change(lab, "UPDATE journal SET line = 'echo three', engine = 0 WHERE id = 2")
    expect(expectOk(await lab.replay())).toMatchObject({
      same: false,
      engine: { recorded: 0, now: ENGINE_VERSION },
      difference: { line: 2, what: 'output', recorded: 'two', again: 'three', recordedPacket: null, againPacket: null },
    })
    await change(lab, "UPDATE journal SET exit_status = 4, line = 'echo two' WHERE id = 2")
    expect(expectOk(await lab.replay())).toMatchObject({
      difference: { line: 2, what: 'status', recorded: 'done 4', again: 'done 0' },
    })
  })

  it('of live time is the same, too', async () => {
    const lab = await newLab()
    expectOk(await lab.setClock({ mode: 'live', running: false }, ada))
    await type(lab, 'ping -c 3 198.51.100.9', 'ubuntu-1')
    expectOk(await lab.advance({ step: 'packet' }, ada))
    expectOk(await lab.advance({ by: 1_500_000 }, ada))
    await type(lab, 'echo x')
    expectOk(await lab.advance({ by: 10_000_000 }, ada))
    expectOk(await lab.setClock({ mode: 'instant' }, ada))
    expect(expectOk(await lab.job('2'))).toMatchObject({ status: 'done' })
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
    expectOk(await lab.rewind({ line: 4 }, ada))
    await lab.evict()
    expect(expectOk(await lab.job('2'))).toMatchObject({ status: 'running' })
    expectOk(await lab.advance({ by: 10_000_000 }, ada))
    expect(expectOk(await lab.job('2'))).toMatchObject({ status: 'done' })
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
  })
})
