import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { D1 } from './d1.ts'
import { type Migration, migrate, pending, readMigrations } from './migrate-d1.ts'
import { openScratchDatabase, type Scratch } from './scratch-d1.ts'

const step = (name: string, sql = `CREATE TABLE ${name} (x INTEGER)`): Migration => ({ name, sql, hash: `hash of ${sql}` })
const first = step('a')
const second = step('b')
const third = step('c')

describe('pending', () => {
  it('is all of them on an empty database and the rest later', () => {
    expect(pending([first, second], [])).toEqual([first, second])
    expect(pending([first, second], [first])).toEqual([second])
    expect(pending([first, second], [first, second])).toEqual([])
  })
  it('refuses a migration that was edited after it ran', () => {
    expect(() => pending([{ ...first, hash: 'other' }], [first])).toThrow('a was edited after it was applied')
  })
  it('refuses one that was slipped in before those that ran, or taken away', () => {
    expect(() => pending([first, second, third], [first, third])).toThrow('c was applied as number 2, but b stands there now')
    expect(() => pending([first], [first, second])).toThrow('nothing stands there now')
  })
})

describe('migrate', () => {
  let scratch: Scratch
  let db: D1
  beforeAll(async () => {
    scratch = openScratchDatabase()
    db = await scratch.db
  })
  afterAll(() => scratch.dispose())

  const tables = async () => {
    const { results } = await db
      .prepare("SELECT name FROM sqlite_master WHERE name IN ('a', 'b', 'half')")
      .all<{ name: string }>()
    return results.map(({ name }) => name).sort()
  }

  it('runs each once', async () => {
    expect(await migrate(db, [first, second])).toEqual(['a', 'b'])
    expect(await migrate(db, [first, second])).toEqual([])
    expect(await tables()).toEqual(['a', 'b'])
  })

  it('leaves nothing of a migration that fails half way', async () => {
    const broken = step('zzz', 'CREATE TABLE half (x INTEGER);\n--> statement-breakpoint\nCREATE TABEL oops')
    await expect(migrate(db, [first, second, broken])).rejects.toThrow()
    expect(await tables()).not.toContain('half')
    expect(await migrate(db, [first, second])).toEqual([])
  })
})

describe('readMigrations', () => {
  it('takes the SQL files in the order of their names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'migrations-'))
    for (const name of ['0001_b.sql', '0000_a.sql', 'notes.txt']) writeFileSync(join(folder, name), 'SELECT 1')
    expect(readMigrations(folder).map(({ name }) => name)).toEqual(['0000_a.sql', '0001_b.sql'])
    rmSync(folder, { recursive: true })
  })
})
