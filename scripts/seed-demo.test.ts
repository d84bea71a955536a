import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256 } from '../worker/auth/tokens.ts'
import { migrate, readMigrations } from './migrate-d1.ts'
import { openScratchDatabase, type Scratch } from './scratch-d1.ts'
import { seedDemo } from './seed-demo.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = openScratchDatabase()
  await migrate(await scratch.db, readMigrations('migrations/d1'))
})
afterAll(() => scratch.dispose())

it('makes somebody in every role, their links and a key, and at the next start only new links and a new key', async () => {
  const db = await scratch.db
  const count = async (table: string) => (await db.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n
  const first = await seedDemo(db, 1_000_000)
  expect(first.signIn.map(({ role }) => role)).toEqual(['teacher', 'student', 'student', 'assistant', 'observer', 'owner'])
  const again = await seedDemo(db, 2_000_000)
  expect(again.apiKey).not.toBe(first.apiKey)
  expect([await count('organisation'), await count('person'), await count('membership')]).toEqual([1, 6, 6])
  expect([await count('sign_in_link'), await count('api_key')]).toEqual([12, 2])

  await seedDemo(db, 2_000_000 + 31 * 24 * 3600 * 1000)
  expect([await count('sign_in_link'), await count('api_key')]).toEqual([6, 1])
})

it('keeps only hashes', async () => {
  const db = await scratch.db
  const { apiKey, signIn } = await seedDemo(db, 9_000_000_000)
  const row = await db
    .prepare('SELECT scopes FROM api_key WHERE token_hash = ?')
    .bind(await sha256(apiKey))
    .first<{ scopes: string }>()
  expect(JSON.parse(row?.scopes ?? '[]')).toContain('labs:write')
  const token = signIn[0].path.split('/').at(-1) ?? ''
  const link = await db
    .prepare('SELECT person_id FROM sign_in_link WHERE token_hash = ?')
    .bind(await sha256(token))
    .first<{ person_id: string }>()
  expect(link?.person_id).toBe('demo-teacher')
})
