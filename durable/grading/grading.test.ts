import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ada, bob, Client, command, expectOk, host, newLab, rowsOf, yaml } from '../test-support.ts'
import { differences, gradeArchive } from './archive.ts'

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

const tasks = `
checks:
  - id: length
    title: The prefix length
    points: 4
    check: answer
    value: { machine: desk, of: adapter, name: Ethernet, field: prefix-length }
    hints:
      - { text: Look at the address., cost: 1 }
      - { text: ipconfig shows a mask., cost: 2 }
  - id: gateway-mac
    title: The gateway's MAC address
    check: answer
    attempts: 2
    value: { machine: desk, of: neighbor, name: gateway, field: mac }
  - id: which
    title: What is wrong
    points: 2
    check: names-fault
    fault: nothing
    choices: [{ id: cable, text: A cable is out }, { id: nothing, text: Nothing is }]
`
const withTasks = yaml.replace(/\nchecks:[\s\S]*$/, `\n${tasks}`)
const points = (results: readonly { id: string; points: number }[]) =>
  Object.fromEntries(results.map((one) => [one.id, one.points]))

describe('tasks', () => {
  it('tell what is asked and never what is right', async () => {
    const lab = await newLab(7, withTasks)
    const list = expectOk(await lab.tasks())
    expect(list.tasks.map(({ id, ask }) => [id, ask?.choices?.length ?? null, ask?.most])).toEqual([
      ['length', null, null],
      ['gateway-mac', null, 2],
      ['which', 2, null],
    ])
    expect(list.tasks[0]?.hints).toEqual({ of: 2, read: [], next: 1 })
    expect(list.lesson).toBeNull()
    expect(JSON.stringify(list)).not.toMatch(/24|ipconfig|"fault"|Look at/)
    for (const { expected } of expectOk(await lab.check(ada)).results) expect(expected).toBeNull()
  })

  it('belong to the lesson, which says how long it takes and what for', async () => {
    const lesson = `
lesson:
  duration: 90m
  objectives: [Read a mask]
  tasks: [{ title: Look, checks: [length, gateway-mac] }, { title: Say it, checks: [which] }]
`
    const lab = await newLab(7, `${withTasks}${lesson}`)
    expect(expectOk(await lab.tasks()).lesson).toEqual({
      minutes: 90,
      objectives: ['Read a mask'],
      tasks: [
        { title: 'Look', checks: ['length', 'gateway-mac'] },
        { title: 'Say it', checks: ['which'] },
      ],
    })
  })

  it('are answered in any way of writing, by lines of the journal that are attributed', async () => {
    const lab = await newLab(7, withTasks)
    expectOk(await lab.answer({ check: 'length', value: '255.255.0.0' }, ada))
    expect(points(expectOk(await lab.check(ada)).results)).toMatchObject({ length: 0 })
    expectOk(await lab.answer({ check: 'length', value: ' 255.255.255.0 ', clientId: 'answer-1' }, ada))
    const again = expectOk(await lab.answer({ check: 'length', value: '255.255.255.0', clientId: 'answer-1' }, ada))
    expect(again.tries).toBe(2)
    expect(points(expectOk(await lab.check(ada)).results)).toMatchObject({ length: 4 })
    expect(await lab.answer({ check: 'which', value: 'nonsense' }, ada)).toMatchObject({ ok: false, status: 422, field: 'value' })
    expect(await lab.answer({ check: 'nothing', value: 'x' }, ada)).toMatchObject({ ok: false, status: 404 })
    expectOk(await lab.answer({ check: 'which', value: 'nothing' }, bob))
    const graded = expectOk(await lab.grade({}, bob))
    expect(points(graded.results)).toEqual({ length: 4, 'gateway-mac': 0, which: 2 })
    const lines = expectOk(await lab.journal({ after: 0, limit: 10 }))
    expect(lines.map(({ line, by }) => [line, by])).toEqual([
      ['length 255.255.0.0', 'Ada'],
      ['length 255.255.255.0', 'Ada'],
      ['which nothing', 'Bob'],
    ])
    expect(graded.results[0]).toMatchObject({ expected: '24', evidence: { lines: [2] } })
  })

  it('keep what was so when they were answered, and count the tries', async () => {
    const lab = await newLab(7, withTasks)
    expectOk(await lab.exec(command('desk', 'ping -n 1 192.168.3.1'), ada))
    const [row] = expectOk(await lab.table('desk', 'neighbors')).rows.filter(([, address]) => address === '192.168.3.1')
    const mac = row?.[2]?.replace(/../g, '$&-').slice(0, -1).toLowerCase() ?? ''
    expectOk(await lab.answer({ check: 'gateway-mac', value: mac }, ada))
    expectOk(await lab.exec(command('desk', 'netsh interface ip delete arpcache'), ada))
    expect(points(expectOk(await lab.check(ada)).results)).toMatchObject({ 'gateway-mac': 1 })
    expectOk(await lab.answer({ check: 'gateway-mac', value: '00:00:00:00:00:01' }, ada))
    expect(await lab.answer({ check: 'gateway-mac', value: mac }, ada)).toMatchObject({ status: 409, code: 'no-more-answers' })
    expect(points(expectOk(await lab.check(ada)).results)).toMatchObject({ 'gateway-mac': 0 })
  })

  it('cost what their hints cost, never more than their points, and nothing takes a hint back', async () => {
    const lab = await newLab(7, withTasks)
    expectOk(await lab.answer({ check: 'length', value: '/24' }, ada))
    expect(await lab.takeHint({ check: 'length', number: 2 }, ada)).toMatchObject({ ok: false, status: 409, code: 'hint-order' })
    expect(expectOk(await lab.takeHint({ check: 'length', number: 1 }, ada))).toEqual({
      number: 1,
      of: 2,
      text: 'Look at the address.',
      cost: 1,
    })
    expectOk(await lab.takeHint({ check: 'length', number: 1 }, ada))
    expect(expectOk(await lab.check(ada)).results[0]).toMatchObject({ points: 3, hints: { taken: 1, of: 2, cost: 1 } })
    expectOk(await lab.takeHint({ check: 'length', number: 2 }, ada))
    expect(await lab.takeHint({ check: 'length', number: 3 }, ada)).toMatchObject({ status: 404 })
    expect(expectOk(await lab.check(ada)).results[0]).toMatchObject({ points: 1 })
    expectOk(await lab.rewind({ line: 1 }, bob))
    expect(expectOk(await lab.check(ada)).results[0]).toMatchObject({ points: 1, hints: { taken: 2 } })
    expectOk(await lab.reset(bob))
    expect(expectOk(await lab.check(ada)).results[0]).toMatchObject({ outcome: 'fail', points: 0, hints: { taken: 2 } })
    expect(expectOk(await lab.tasks()).tasks[0]).toMatchObject({ answer: null, hints: { next: null } })
  })

  it('are in forks, files, rewinds and undos', async () => {
    const lab = await newLab(7, withTasks)
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    expectOk(await lab.answer({ check: 'length', value: '/24' }, ada))
    const file = expectOk(await lab.export())
    const copy = host()
    expectOk(await copy.create({ from: 'export', file }))
    expect(points(expectOk(await copy.check(ada)).results)).toMatchObject({ length: 4 })
    // Taking the command before it out lets the answer stand.
    expectOk(await lab.undo({ line: 1 }, ada))
    expect(points(expectOk(await lab.check(ada)).results)).toMatchObject({ length: 4 })
    expect(expectOk(await lab.tasks()).tasks[0]?.ask?.tries).toBe(1)
    const answered = expectOk(await lab.history({ after: 0, limit: 50 })).lines.findLast(
      ({ kind, current }) => kind === 'answer' && current,
    )
    expectOk(await lab.undo({ line: answered?.id ?? 0 }, ada))
    expect(points(expectOk(await lab.check(ada)).results)).toMatchObject({ length: 0 })
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
    expectOk(await copy.rewind({ line: 1 }, bob))
    expect(points(expectOk(await copy.check(ada)).results)).toMatchObject({ length: 0 })
  })
})

/** A lab with three lines, its file, and how a changed one is packed. */
async function answered() {
  const lab = await newLab(7, withTasks)
  expectOk(await lab.exec(command('desk', 'hostname'), ada))
  expectOk(await lab.answer({ check: 'length', value: '/16' }, ada))
  expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
  const packed = (changed: readonly string[]) => new Uint8Array(gzipSync(new TextEncoder().encode(`${changed.join('\n')}\n`)))
  return { lab, rows: rowsOf(expectOk(await lab.export())), packed }
}

const withoutHashes = (rows: readonly string[]) => rows.map((row) => row.replace(/,"hash":"[0-9a-f]{64}"/, ''))

describe('the chain of the journal', () => {
  it('tells which line of a file was changed: a command, what it printed, an answer, one that is gone', async () => {
    const lab = await newLab(7, withTasks)
    expectOk(await lab.exec(command('desk', 'hostname'), ada))
    expectOk(await lab.answer({ check: 'length', value: '/16' }, ada))
    expectOk(await lab.exec(command('desk', 'ipconfig'), ada))
    const rows = rowsOf(expectOk(await lab.export()))
    const brought = async (changed: readonly string[]) => {
      const answer = await host().create({
        from: 'export',
        file: new Uint8Array(gzipSync(new TextEncoder().encode(`${changed.join('\n')}\n`))),
      })
      return answer.ok ? 'brought' : answer.message
    }
    const swap = (from: string, to: string) => rows.map((row) => (row.includes('"row":"journal"') ? row.replace(from, to) : row))
    expect(await brought(rows)).toBe('brought')
    expect(await brought(swap('"line":"hostname"', '"line":"whoami"'))).toContain('line 1 (exec: whoami)')
    expect(await brought(swap('DESK', 'DISK'))).toContain('line 1 (exec: hostname)')
    expect(await brought(swap('"length /16"', '"length /24"'))).toContain('line 2 (answer: length /24)')
    expect(
      await brought(
        swap('"noted":{"desk|adapter|Ethernet|prefix-length":["24"]}', '"noted":{"desk|adapter|Ethernet|prefix-length":["16"]}'),
      ),
    ).toContain('line 2')
    expect(await brought(rows.filter((row) => !row.includes('"length /16"')))).toContain('line 3 (exec: ipconfig)')
    expect(await brought(swap(',"hash":', ',"hush":'))).toContain('damaged')
  })

  it('is promised by the head of a file: lines at its end are not forgotten, hashes not taken out', async () => {
    const { rows, packed } = await answered()
    const brought = async (changed: readonly string[]) => {
      const answer = await host().create({ from: 'export', file: packed(changed) })
      return answer.ok ? 'brought' : answer.message
    }
    const last = rows.findLastIndex((row) => row.includes('"row":"journal"'))
    expect(await brought(rows.filter((_, at) => at !== last))).toContain('it has 2 lines, not 3')
    expect(await brought(withoutHashes(rows))).toContain('lines have lost their hashes')
    expect(await brought(rows.with(0, (rows[0] as string).replace(/[0-9a-f]{64}/, '0'.repeat(64))))).toContain('ends otherwise')
    expect(await brought(rows.with(0, (rows[0] as string).replace('"lines":3', '"lines":2')))).toContain('3 lines, not 2')
  })

  it('is not graded without, unless somebody says so: such a file may be one of before, or a forged one', async () => {
    const { lab, rows, packed } = await answered()
    const told = expectOk(await lab.grade({}, bob))
    const of = (changed: readonly string[], how = {}) => gradeArchive(packed(changed), how)
    const old = ['{"format":"switchroom-lab","version":1}', ...withoutHashes(rows.slice(1))]
    expect(of(rows)).toEqual(told)
    expect(of(old)).toEqual([expect.stringContaining('has no hashes')])
    expect(of(old, { withoutChain: true })).toEqual(told)
    // Hashes that are left do not make it one of ours.
    expect(of([old[0] as string, ...rows.slice(1)])).toEqual([expect.stringContaining('has no hashes')])
    // It opens all the same, as labs of before do.
    expectOk(await host().create({ from: 'export', file: packed(old) }))
  })

  it('proves something where the service has told how it ends', async () => {
    const { lab, rows, packed } = await answered()
    const told = expectOk(await lab.grade({}, bob))
    const against = (changed: readonly string[], what: object = told) => {
      const graded = gradeArchive(packed(changed), { withoutChain: true })
      return 'results' in graded ? differences(graded, what) : graded
    }
    expect(against(rows)).toEqual([])
    const { results: _, ...head } = told
    expect(against(rows, { ...head, engineVersion: head.engine })).toEqual([])
    const old = ['{"format":"switchroom-lab","version":1}', ...withoutHashes(rows.slice(1))]
    // The same lines without their hashes are the same lines.
    expect(against(old)).toEqual([])
    const forged = old.map((row) => row.replace('"length /16"', '"length /24"'))
    expect(against(forged)).toEqual([expect.stringContaining('The journal is another one')])
    const moved = old.map((row) => row.replace(/"now":(\d+)/, '"now":$1' + '0'))
    expect(against(moved)).toContainEqual(expect.stringContaining('The state of the lab is another one'))
    expect(against(rows, { ...told, digest: 'x', rubric: 'y', engine: 0 })).toEqual([
      expect.stringContaining('another rubric'),
      expect.stringContaining('graded by engine 0'),
    ])
    expect(against(rows, {})).toEqual([expect.stringContaining('No digest')])
  })
})
