import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ada, command, expectOk, type Host, newLab } from '../test-support.ts'
import { AUTOMATIC } from './snapshots.ts'

const type = async (lab: Host, line: string, console = 'desk') => expectOk(await lab.exec(command(console, line), ada))
const snapshotsOf = async (lab: Host) => expectOk(await lab.history({ after: 0, limit: 1 })).snapshots

describe('snapshots', () => {
  it('are kept now and then, so many and no more, the denser the nearer', { timeout: 120_000 }, async () => {
    const lab = await newLab()
    const lines = 20 * AUTOMATIC.every
    for (let n = 1; n <= lines; n++) await type(lab, `$x = ${n}`)
    const kept = await snapshotsOf(lab)
    expect(kept.length).toBeLessThanOrEqual(AUTOMATIC.most)
    expect(kept.length).toBeGreaterThan(AUTOMATIC.most / 2)
    const at = kept.map(({ line }) => line)
    expect(at.at(-1)).toBe(lines)
    const gaps = at.slice(1).map((line, index) => line - at[index])
    expect(Math.max(...gaps.slice(-3))).toBeLessThanOrEqual(Math.max(...gaps))
    expect(gaps.at(-1)).toBe(AUTOMATIC.every)
    for (const line of [lines - 3, 130, 1]) {
      expectOk(await lab.rewind({ line }, ada))
      expect((await type(lab, '$x')).output).toBe(`${line}\n`)
    }
  })

  it('shorten the way back: what is before them is not run again', async () => {
    const lab = await newLab()
    await type(lab, '$x = 1')
    expectOk(await lab.snapshot('here', ada))
    await type(lab, '$x = 2')
    // A line that cannot be what it was: whoever ran it again would show it.
    await runInDurableObject(lab.stub, (_, { storage }) => {
      storage.sql.exec("UPDATE journal SET line = '$x = 7' WHERE id = 1")
    })
    await lab.evict()
    expectOk(await lab.rewind({ line: 2 }, ada))
    expect((await type(lab, '$x')).output).toBe('1\n')
  })

  it('that are spoilt are passed over', async () => {
    const lab = await newLab()
    await type(lab, '$x = 1')
    expectOk(await lab.snapshot('here', ada))
    await type(lab, '$x = 2')
    await runInDurableObject(lab.stub, (_, { storage }) => {
      storage.sql.exec("UPDATE snapshot SET state = x'00'")
    })
    expectOk(await lab.rewind({ line: 2 }, ada))
    expect((await type(lab, '$x')).output).toBe('1\n')
  })

  it('are what makes far lines reachable: without one, too much would have to run again', async () => {
    const lab = await newLab()
    await type(lab, 'echo x')
    await runInDurableObject(lab.stub, (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
         INSERT INTO journal SELECT i, kind, console, by_person, by_name, wall, started, ended, prompt, line, output, exit_status,
           status, NULL, answer, at, branch, engine, operation, digest FROM journal, n WHERE id = 1`,
      )
    })
    await lab.evict()
    const before = expectOk(await lab.history({ after: 1_050, limit: 500 }))
    expect(await lab.rewind({ line: 1_099 }, ada)).toMatchObject({ status: 409, code: 'too-far' })
    expect(await lab.undo({ line: 2 }, ada)).toMatchObject({ status: 409, code: 'too-far' })
    expect(await lab.forkFile(1_099)).toMatchObject({ status: 409, code: 'too-far' })
    expect(expectOk(await lab.history({ after: 1_050, limit: 500 }))).toEqual(before)
    expectOk(await lab.rewind({ line: 900 }, ada))
    expect((await snapshotsOf(lab)).at(-1)?.line).toBe(1_101)
  })

  it('have names of their own, and a bound', async () => {
    const lab = await newLab()
    expectOk(await lab.snapshot('one', ada))
    expect(await lab.snapshot('one', ada)).toMatchObject({ status: 409, code: 'name-taken' })
    for (let n = 2; n <= 40; n++) expectOk(await lab.snapshot(`number ${n}`, ada))
    expect(await lab.snapshot('one more', ada)).toMatchObject({ status: 409, code: 'too-many-snapshots' })
    expect(await snapshotsOf(lab)).toHaveLength(40)
  })
})
