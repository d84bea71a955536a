import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { ada, command, expectOk, newLab } from './test-support.ts'

/** What the platform bills; counted on the cursors, because one statement may write more than one row. */
async function rowsWritten(line: string): Promise<Record<string, number>> {
  const lab = await newLab()
  expectOk(await lab.exec(command('desk', line), ada))
  const written: Record<string, number> = {}
  await runInDurableObject(lab.stub, (_, { storage }) => {
    const exec = storage.sql.exec.bind(storage.sql)
    storage.sql.exec = ((query: string, ...values: SqlStorageValue[]) => {
      const cursor = exec(query, ...values)
      const rows = cursor.toArray()
      const key = query.split(/\s+/).slice(0, 3).join(' ')
      if (cursor.rowsWritten > 0) written[key] = (written[key] ?? 0) + cursor.rowsWritten
      return {
        toArray: () => rows,
        raw: () => ({ toArray: () => rows.map((row) => Object.values(row)) }),
        next: () => ({ value: rows[0] }),
      }
    }) as unknown as typeof exec
  })
  expectOk(await lab.exec(command('desk', line), ada))
  return written
}

it('writes at most 12 rows for a ping', async () => {
  const written = await rowsWritten('ping -n 4 192.168.3.1')
  expect(Object.values(written).reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(12)
})
