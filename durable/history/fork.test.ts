import { describe, expect, it } from 'vitest'
import { ada, bob, command, expectOk, type Host, host, newLab, rowsOf } from '../test-support.ts'

const type = async (lab: Host, line: string, console = 'desk', by = ada) => expectOk(await lab.exec(command(console, line), by))
const history = async (lab: Host) => expectOk(await lab.history({ after: 0, limit: 500 }))

async function forkOf(lab: Host, line?: number): Promise<Host> {
  const fork = host()
  expectOk(await fork.create({ from: 'export', file: expectOk(await lab.forkFile(line)) }))
  return fork
}

async function branched(): Promise<Host> {
  const lab = await newLab()
  await type(lab, '$x = 1')
  await type(lab, 'ping -t 192.168.3.1', 'desk')
  await type(lab, 'ping -c 2 198.51.100.9', 'ubuntu-1', bob)
  expectOk(await lab.snapshot('middle', ada))
  expectOk(await lab.interrupt('desk', ada))
  await type(lab, '$x = 5')
  expectOk(await lab.rewind({ line: 4 }, ada))
  await type(lab, 'ping -c 1 198.51.100.9', 'ubuntu-1', bob)
  return lab
}

describe('a fork', () => {
  it('of now is the lab with all its history, and goes on as it would have', async () => {
    const lab = await branched()
    const fork = await forkOf(lab)
    await fork.evict()
    expect(await history(fork)).toEqual(await history(lab))
    expect(rowsOf(expectOk(await fork.export()))).toEqual(rowsOf(expectOk(await lab.export())))
    expect(expectOk(await fork.packets({ after: -1, limit: 500 }))).toEqual(
      expectOk(await lab.packets({ after: -1, limit: 500 })),
    )
    for (const each of [lab, fork]) {
      expectOk(await each.interrupt('desk', ada))
      expectOk(await each.rewind({ line: 3 }, ada))
    }
    expect(expectOk(await fork.topology())).toEqual(expectOk(await lab.topology()))
    expect(expectOk(await fork.replay())).toEqual(expectOk(await lab.replay()))
  })

  it('of a moment is the lab as it was then, with the lines and packets up to there', async () => {
    const lab = await branched()
    const fork = await forkOf(lab, 3)
    const reference = await newLab()
    await type(reference, '$x = 1')
    await type(reference, 'ping -t 192.168.3.1', 'desk')
    await type(reference, 'ping -c 2 198.51.100.9', 'ubuntu-1', bob)
    expect(expectOk(await fork.topology())).toEqual(expectOk(await reference.topology()))
    expect(expectOk(await fork.packets({ after: -1, limit: 500 }))).toEqual(
      expectOk(await reference.packets({ after: -1, limit: 500 })),
    )
    expect(expectOk(await fork.job('2'))).toEqual(expectOk(await reference.job('2')))
    expect((await history(fork)).lines.map(({ line, current }) => [line, current])).toEqual([
      ['$x = 1', true],
      ['ping -t 192.168.3.1', true],
      ['ping -c 2 198.51.100.9', true],
    ])
    await fork.evict()
    expectOk(await fork.interrupt('desk', ada))
    expect((await type(fork, '$x')).output).toBe('1\n')
    expect(expectOk(await fork.replay())).toMatchObject({ same: true, lines: 5 })
    expect((await history(lab)).lines.at(-1)?.line).toBe('ping -c 1 198.51.100.9')
  })

  it('has what had changed up to then, for questions about it', async () => {
    const lab = await newLab()
    const link = 'desk-ethernet-home'
    expectOk(await lab.hand({ action: 'unplug', link }, ada))
    expectOk(await lab.hand({ action: 'plug', link }, ada))
    const questions = ['false', 'true'].map((to) => `change("${link}", "plugged") to "${to}"`)
    const answers = (of: Host) => Promise.all(questions.map(async (one) => expectOk(await of.query(one)).holds))
    expect(await answers(lab)).toEqual([true, true])
    expect(await answers(await forkOf(lab))).toEqual([true, true])
    expect(await answers(await forkOf(lab, 1))).toEqual([true, false])
    expect(await answers(await forkOf(lab, 0))).toEqual([false, false])
  })

  it('of a moment in a branch that was left has its packets and no others', async () => {
    const lab = await newLab()
    await type(lab, 'ping -c 1 198.51.100.9', 'ubuntu-1')
    await type(lab, '$x = 2')
    const seen = expectOk(await lab.packets({ after: -1, limit: 500 }))
    expectOk(await lab.rewind({ line: 0 }, ada))
    await type(lab, 'ping -c 2 192.168.3.1', 'ubuntu-1')
    const fork = await forkOf(lab, 2)
    expect(expectOk(await fork.packets({ after: -1, limit: 500 }))).toEqual(seen)
    expect((await type(fork, '$x')).output).toBe('2\n')
    expect(expectOk(await fork.replay())).toMatchObject({ same: true, lines: 3 })
    expectOk(await lab.reset(ada))
    const afterReset = await forkOf(lab, 2)
    expect(expectOk(await afterReset.packets({ after: -1, limit: 500 })).packets).toEqual([])
    expect((await type(afterReset, '$x')).output).toBe('2\n')
  })

  it('of a line that is not there is refused', async () => {
    const lab = await branched()
    expect(await lab.forkFile(99)).toMatchObject({ status: 404, code: 'no-line' })
    const fork = await forkOf(lab, 0)
    expect((await history(fork)).lines).toEqual([])
  })
})
