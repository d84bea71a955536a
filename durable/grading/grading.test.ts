import { describe, expect, it } from 'vitest'
import { ada, bob, Client, command, expectOk, host, newLab } from '../test-support.ts'

const rubric = `
total: 3
checks:
  - { id: ping, title: The desk reaches the router, points: 2, check: reaches, machine: desk, target: 192.168.3.1 }
  - { id: typed, title: Somebody has looked, check: command-used, machine: desk, pattern: ipconfig }
`

describe('grading', () => {
  it('is the same whenever it is done, and after the object was lost', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'ping -n 1 192.168.3.1'), ada))
    const first = expectOk(await lab.grade({ rubric }, bob))
    expect(first).toMatchObject({ format: 1, score: 2, of: 3 })
    expect(first.results.map(({ id, outcome, points }) => [id, outcome, points])).toEqual([
      ['ping', 'pass', 2],
      ['typed', 'fail', 0],
    ])
    expect(expectOk(await lab.grade({ rubric }, bob))).toEqual(first)
    await lab.evict()
    expect(expectOk(await lab.grade({ rubric }, bob))).toEqual(first)
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    const later = expectOk(await lab.grade({ rubric }, bob))
    expect(later.score).toBe(3)
    expect(later.digest).not.toBe(first.digest)
    expect(later.chain).not.toBe(first.chain)
  })

  it('keeps the packets of a trial with the result', async () => {
    const lab = await newLab()
    const [ping] = expectOk(await lab.grade({ rubric }, bob)).results
    expect(ping?.trial).toBe(true)
    const { packets } = ping?.evidence ?? { packets: [] }
    expect(packets.some(({ protocol, info, bytes }) => protocol === 'ICMP' && info.includes('reply') && bytes.length > 80)).toBe(
      true,
    )
  })

  it('does not disturb the lab', async () => {
    const lab = await newLab()
    const before = expectOk(await lab.export())
    expectOk(await lab.grade({ rubric }, bob))
    expectOk(await lab.check(ada))
    expect(expectOk(await lab.export())).toEqual(before)
  })

  it('refuses a rubric with line and field', async () => {
    const lab = await newLab()
    const refused = async (text: string) => {
      const answer = await lab.grade({ rubric: text }, bob)
      return answer.ok ? 'accepted' : [answer.status, answer.code, answer.line, answer.field, answer.message]
    }
    expect(await refused(rubric.replace('machine: desk, target', 'machine: disk, target'))).toEqual([
      422,
      'bad-rubric',
      4,
      'checks[0].machine',
      'Line 4: checks[0].machine no machine is named disk',
    ])
    expect(await refused(rubric.replace('total: 3', 'total: 5'))).toEqual([
      422,
      'bad-rubric',
      2,
      'total',
      'Line 2: total is 5, but the points of the checks add up to 3',
    ])
    expect(await refused(rubric.replace('id: typed', 'id: ping'))).toContain('checks[1].id')
  })
})

describe('a frozen lab', () => {
  it('is read, graded, exported and forked, and nothing is put into it', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    const graded = expectOk(await lab.grade({}, bob))
    const frozen = expectOk(await lab.freeze('it was handed in', bob))
    expect(frozen).toMatchObject({ reason: 'it was handed in', by: 'Bob' })
    expect(expectOk(await lab.freeze('again', ada))).toEqual(frozen)
    for (let round = 0; round < 2; round++) {
      const writes = [
        lab.exec(command('desk', 'ipconfig'), bob),
        lab.interrupt('desk', bob),
        lab.hand({ action: 'power-off', machine: 'desk' }, bob),
        lab.setClock({ mode: 'live' }, bob),
        lab.advance({ by: 1_000_000 }, bob),
        lab.snapshot('mine', bob),
        lab.rewind({ line: 0 }, bob),
        lab.undo({ line: 1 }, bob),
        lab.reset(bob),
        lab.unplug('home:5', bob),
      ]
      for (const answer of await Promise.all(writes)) expect(answer).toMatchObject({ ok: false, status: 409, code: 'frozen' })
      expect(expectOk(await lab.grade({}, bob))).toEqual(graded)
      expectOk(await lab.summary())
      expectOk(await lab.packets({ after: -1, limit: 10 }))
      const fork = host()
      expectOk(await fork.create({ from: 'export', file: expectOk(await lab.export()) }))
      expect(expectOk(await fork.exec(command('desk', 'hostname'), ada)).output).toBe('DESK\n')
      await lab.evict()
    }
  })

  it('refuses what comes over a socket, and stands still', async () => {
    const lab = await newLab()
    const client = await Client.join(lab, ada)
    expectOk(await lab.setClock({ mode: 'live' }, bob))
    expectOk(await lab.freeze('it was handed in', bob))
    client.send({ type: 'exec', console: 'desk', line: 'ipconfig', clientId: 'frozen-1234' })
    expect(await client.next('error')).toMatchObject({ code: 'frozen', clientId: 'frozen-1234' })
    client.send({ type: 'hand', action: { action: 'power-off', machine: 'desk' } })
    expect(await client.next('error')).toMatchObject({ code: 'frozen' })
    client.send({ type: 'clock', change: { running: true } })
    expect(await client.next('error')).toMatchObject({ code: 'frozen' })
    expect(expectOk(await lab.clock())).toMatchObject({ mode: 'live', running: false })
    const { digest } = expectOk(await lab.grade({}, bob))
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(expectOk(await lab.grade({}, bob)).digest).toBe(digest)
    client.close()
  })
})
