import type { Frozen } from '../grading/report.ts'
import type { Db } from './database.ts'
import { freeze } from './schema.ts'

/** Why nobody puts anything into the lab any more, when that is so. */
export const readFreeze = (db: Db): Frozen | undefined =>
  db.select({ reason: freeze.reason, by: freeze.by, at: freeze.at }).from(freeze).get()

export function writeFreeze(db: Db, frozen: Frozen): void {
  db.insert(freeze)
    .values({ id: 1, ...frozen })
    .onConflictDoNothing()
    .run()
}
