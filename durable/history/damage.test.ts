import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ada, Client, command, expectOk, type Host, host, newLab, rowsOf } from '../test-support.ts'

const type = async (lab: Host, line: string) => expectOk(await lab.exec(command('desk', line), ada))

/** Everything that is stored, as text. */
const stored = (lab: Host) =>
  runInDurableObject(lab.stub, (_, { storage }) => {
    const tables = ['part_group', 'clock', 'journal', 'branch', 'snapshot', 'frame_block', 'lab', 'pace']
    return JSON.stringify(
      tables.map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
      (_key, value: unknown) => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value),
    )
  })

const spoil = async (lab: Host, statement: string) => {
  await runInDurableObject(lab.stub, (_, { storage }) => {
    expect(storage.sql.exec(statement).rowsWritten).toBeGreaterThan(0)
  })
  await lab.evict()
}

async function used(): Promise<Host> {
  const lab = await newLab()
  await type(lab, '$x = 1')
  expectOk(await lab.snapshot('good', ada))
  await type(lab, '$x = 2')
  await type(lab, 'ping -n 1 192.168.3.1')
  return lab
}

const DRAWER_OF_DESK = 'name = (SELECT name FROM part_group WHERE data LIKE \'%"desk/stack"%\')'
const damages = [
  [
    'a part',
    'desk/stack',
    `UPDATE part_group SET data = json_set(data, '$."desk/stack".data', '{}') WHERE ${DRAWER_OF_DESK}`,
    /desk/,
  ],
  ['a row of parts', 'desk', `UPDATE part_group SET data = substr(data, 1, 100) WHERE ${DRAWER_OF_DESK}`, /the row drawer-\d/],
  ['a row that is gone', 'desk', `DELETE FROM part_group WHERE ${DRAWER_OF_DESK}`, /no row/],
  ['the clock', 'clock', "UPDATE clock SET state = '{'", /clock/],
] as const

describe('a lab of which something is damaged', () => {
  for (const [what, part, statement, why] of damages) {
    it(`(${what}) can be read and not changed, and goes on where it was good`, async () => {
      const lab = await used()
      const packets = expectOk(await lab.packets({ after: -1, limit: 500 }))
      await spoil(lab, statement)
      const before = await stored(lab)
      for (const look of [
        lab.summary(),
        lab.topology(),
        lab.leases(),
        lab.check(ada),
        lab.capture({}),
        lab.forkFile(1),
        lab.replay(),
      ]) {
        const answer = await look
        expect(answer).toMatchObject({ ok: false, status: 503, code: 'corrupt-part', line: 2 })
        expect((answer as { field: string }).field).toContain(part)
        expect((answer as { message: string }).message).toMatch(why)
        expect((answer as { message: string }).message).toContain('Rewind to line 2 (good)')
      }
      for (const change of [
        lab.exec(command('desk', 'echo x'), ada),
        lab.interrupt('desk', ada),
        lab.hand({ action: 'unplug', link: 'desk-ethernet-home' }, ada),
        lab.advance({ by: 5 }, ada),
        lab.setClock({ mode: 'live' }, ada),
        lab.snapshot('bad', ada),
        lab.undo({ line: 3 }, ada),
        lab.reset(ada),
      ])
        expect(await change).toMatchObject({ ok: false, status: 409, code: 'read-only' })
      await expect(Client.connect(lab, ada)).rejects.toThrow('503')
      expect(expectOk(await lab.packets({ after: -1, limit: 500 }))).toEqual(packets)
      expect(expectOk(await lab.journal({ after: 0, limit: 9 }))).toHaveLength(4)
      expect(expectOk(await lab.history({ after: 0, limit: 9 })).snapshots).toHaveLength(1)
      expect(expectOk(await lab.job('4'))).toMatchObject({ status: 'done' })
      expect(await lab.rewind({ line: 99 }, ada)).toMatchObject({ status: 404 })
      expect(await lab.create({ from: 'catalogue', slug: 'default-switch', seed: 1 })).toMatchObject({ status: 409 })
      expect(await stored(lab)).toBe(before)

      expectOk(await lab.rewind({ line: 2 }, ada))
      expect((await type(lab, '$x')).output).toBe('1\n')
      await lab.evict()
      const { packets: again } = await type(lab, 'ping -n 1 192.168.3.1')
      expect(Math.min(...again)).toBeGreaterThan(Math.max(...packets.packets.map((one) => one.packet)))
      expect(expectOk(await lab.replay())).toMatchObject({ same: true })
    })
  }

  it('is taken to its very last line as well: the lines since the snapshot run again', async () => {
    const lab = await used()
    const topology = expectOk(await lab.topology())
    await spoil(lab, damages[0][2])
    expectOk(await lab.rewind({ line: 4 }, ada))
    expect(expectOk(await lab.topology())).toEqual(topology)
    expect((await type(lab, '$x')).output).toBe('2\n')
  })

  it('goes back to the beginning when no snapshot is good', async () => {
    const lab = await used()
    await spoil(lab, "UPDATE snapshot SET state = x'01'")
    await spoil(lab, damages[1][2])
    expect(await lab.summary()).toMatchObject({ status: 503, line: 0 })
    expectOk(await lab.rewind({ line: 0 }, ada))
    expect((await type(lab, '$x')).output).toBe('')
  })

  it('is refused as a file, naming the part', async () => {
    const lab = await used()
    const rows = rowsOf(expectOk(await lab.export()))
    const text = rows
      .map((row) => (row.includes('"name":"desk/stack"') ? JSON.stringify({ ...JSON.parse(row), data: '{}' }) : row))
      .join('\n')
    const file = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip')))
    const bytes = new Uint8Array(await file.arrayBuffer())
    const answer = await host().create({ from: 'export', file: bytes })
    expect(answer).toMatchObject({ ok: false, status: 422, code: 'bad-file' })
    expect((answer as { message: string }).message).toContain('desk')
  })
})
