import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { D1 } from './d1.ts'

export type Migration = { readonly name: string; readonly sql: string; readonly hash: string }

export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => {
    const sql = readFileSync(join(folder, name), 'utf8')
    return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
  })
}

/** What is still to do, given what was done; throws when history was edited, removed or slipped in between. */
export function pending(migrations: readonly Migration[], applied: readonly { name: string; hash: string }[]): Migration[] {
  for (const [at, done] of applied.entries()) {
    const here = migrations[at]
    if (here?.name !== done.name) {
      throw new Error(
        `migrations/d1: ${done.name} was applied as number ${at + 1}, but ${here?.name ?? 'nothing'} stands there now`,
      )
    }
    if (here.hash !== done.hash)
      throw new Error(`migrations/d1: ${done.name} was edited after it was applied; add a new one instead`)
  }
  return migrations.slice(applied.length)
}

export async function migrate(db: D1, migrations: readonly Migration[]): Promise<string[]> {
  await db.exec(
    'CREATE TABLE IF NOT EXISTS applied_migration (name TEXT PRIMARY KEY, hash TEXT NOT NULL, applied_at TEXT NOT NULL)',
  )
  const { results } = await db
    .prepare('SELECT name, hash FROM applied_migration ORDER BY name')
    .all<{ name: string; hash: string }>()
  const todo = pending(migrations, results)
  for (const { name, sql, hash } of todo) {
    const statements = sql.split('--> statement-breakpoint').filter((part) => part.trim() !== '')
    // One batch is one transaction: a migration and the note that it was applied stand or fall together.
    await db.batch([
      ...statements.map((statement) => db.prepare(statement)),
      db.prepare("INSERT INTO applied_migration VALUES (?, ?, datetime('now'))").bind(name, hash),
    ])
  }
  return todo.map(({ name }) => name)
}
