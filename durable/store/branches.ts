import { asc, max } from 'drizzle-orm'
import { type Db, prepared } from './database.ts'
import { type BranchRow, branch } from './schema.ts'

const queries = prepared((db) => ({
  current: db
    .select({ id: max(branch.id) })
    .from(branch)
    .prepare(),
}))

/** The branch that lines are appended to: the one that was opened last. */
export const currentBranch = (db: Db): number => queries(db).current.get()?.id ?? 0

export const branches = (db: Db): BranchRow[] => db.select().from(branch).orderBy(asc(branch.id)).all()

export function insertBranch(db: Db, row: BranchRow): void {
  db.insert(branch).values(row).run()
}
