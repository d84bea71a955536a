import { type DrizzleSqliteDODatabase, drizzle } from 'drizzle-orm/durable-sqlite'
import * as schema from './schema.ts'

export type Db = DrizzleSqliteDODatabase<typeof schema> & { readonly $client: DurableObjectStorage }

/** Queries on the object's own SQLite. All of them are synchronous. */
/** Queries that every command asks: building their SQL takes longer than running them, so it is done once a database. */
export function prepared<T>(build: (db: Db) => T): (db: Db) => T {
  const built = new WeakMap<Db, T>()
  return (db) => {
    const known = built.get(db)
    if (known !== undefined) return known
    const made = build(db)
    built.set(db, made)
    return made
  }
}

export const openDatabase = (storage: DurableObjectStorage): Db => drizzle(storage, { schema })
