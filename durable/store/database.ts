import { type DrizzleSqliteDODatabase, drizzle } from 'drizzle-orm/durable-sqlite'
import * as schema from './schema.ts'

export type Db = DrizzleSqliteDODatabase<typeof schema> & { readonly $client: DurableObjectStorage }

/** Queries on the object's own SQLite. All of them are synchronous. */
export const openDatabase = (storage: DurableObjectStorage): Db => drizzle(storage, { schema })
