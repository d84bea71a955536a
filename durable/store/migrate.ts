import { createHash } from 'node:crypto'
import history from '../../migrations/lab-host/migrations.js'

export type Migration = { readonly tag: string; readonly sql: string }

/** The migrations that this version of the product knows, oldest first, as drizzle-kit wrote them. */
export const known: readonly Migration[] = history.journal.entries.map(({ idx, tag }) => ({
  tag,
  sql: history.migrations[`m${String(idx).padStart(4, '0')}`] ?? '',
}))

const BREAK = '--> statement-breakpoint'

/**
 * Brings an object's tables up to date, all pending migrations in one transaction. drizzle's own migrator goes by the time
 * of the last migration: it skips one that was merged in later and does not see one that was edited. This one goes by name
 * and hash, and refuses a history that it does not know.
 */
export function migrate(storage: DurableObjectStorage, migrations: readonly Migration[] = known): void {
  storage.transactionSync(() => {
    const { sql } = storage
    sql.exec('CREATE TABLE IF NOT EXISTS migration (tag TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID')
    const applied = new Map(
      sql
        .exec<{ tag: string; hash: string }>('SELECT tag, hash FROM migration')
        .toArray()
        .map((row) => [row.tag, row.hash]),
    )
    const tags = new Set(migrations.map(({ tag }) => tag))
    for (const tag of applied.keys()) {
      if (!tags.has(tag)) throw new Error(`the lab was opened by a newer version, which applied ${tag}`)
    }
    for (const { tag, sql: text } of migrations) {
      const hash = createHash('sha256').update(text).digest('hex')
      const before = applied.get(tag)
      if (before === hash) continue
      if (before !== undefined) throw new Error(`migration ${tag} was edited after it had been applied`)
      for (const statement of text.split(BREAK)) if (statement.trim() !== '') sql.exec(statement)
      sql.exec('INSERT INTO migration (tag, hash) VALUES (?, ?)', tag, hash)
    }
  })
}
