import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { AUTOMATIC } from './history/snapshots.ts'
import { ada, command, expectOk, type Host, host } from './test-support.ts'

type Written = Record<string, number>

/** What the platform bills; counted on the cursors, because one statement may write more than one row. */
async function counting(lab: Host): Promise<Written> {
  const written: Written = {}
  await runInDurableObject(lab.stub, (_, { storage }) => {
    const exec = storage.sql.exec.bind(storage.sql)
    storage.sql.exec = ((query: string, ...values: SqlStorageValue[]) => {
      const cursor = exec(query, ...values)
      const rows = cursor.toArray()
      const key = query.split(/\s+/).slice(0, 3).join(' ')
      if (cursor.rowsWritten > 0) written[key] = (written[key] ?? 0) + cursor.rowsWritten
      return {
        toArray: () => rows,
        one: () => rows[0],
        raw: () => ({ toArray: () => rows.map((row) => Object.values(row)) }),
        next: () => ({ value: rows[0] }),
        rowsWritten: cursor.rowsWritten,
      }
    }) as unknown as typeof exec
  })
  return written
}

describe('a ping in the first lab', () => {
  for (const [what, target] of [
    ['near', '192.168.3.1'],
    ['far', 'www.example.com'],
  ] as const) {
    it(`(${what}) writes at most 12 rows, the first as well as the twentieth`, async () => {
      const lab = host()
      expectOk(await lab.create({ from: 'catalogue', slug: 'default-switch', seed: 7 }))
      const written = await counting(lab)
      for (let n = 1; n <= AUTOMATIC.every; n++) {
        for (const key of Object.keys(written)) delete written[key]
        expect(expectOk(await lab.exec(command('ubuntu1', `ping -c 2 ${target}`), ada)).output).toContain('2 received')
        const rows = Object.values(written).reduce((sum, count) => sum + count, 0)
        expect(rows, JSON.stringify(written)).toBeLessThanOrEqual(12)
      }
      expect(Object.keys(written).join()).toContain('"snapshot"')
    })
  }
})
