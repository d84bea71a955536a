import { asc, eq, max, sql } from 'drizzle-orm'
import { type Db, prepared } from './database.ts'
import { type SnapshotRow, snapshot } from './schema.ts'

/** A snapshot without its state. */
export type SnapshotHead = Omit<SnapshotRow, 'state'> & { readonly bytes: number }

const queries = prepared((db) => ({
  newest: db
    .select({ line: max(snapshot.line) })
    .from(snapshot)
    .prepare(),
}))

/** The line that the newest snapshot stands after; 0 when there is none. */
export const newestSnapshot = (db: Db): number => queries(db).newest.get()?.line ?? 0

export function insertSnapshot(db: Db, row: SnapshotRow): void {
  db.insert(snapshot).values(row).run()
}

export function removeSnapshot(db: Db, line: number): void {
  db.delete(snapshot).where(eq(snapshot.line, line)).run()
}

/** Oldest first. */
export function snapshotHeads(db: Db): SnapshotHead[] {
  const { line, name, automatic, at, state } = snapshot
  const bytes = sql<number>`length(${state})`
  return db.select({ line, name, automatic, at, bytes }).from(snapshot).orderBy(asc(line)).all()
}

export const findSnapshot = (db: Db, line: number): SnapshotRow | undefined =>
  db.select().from(snapshot).where(eq(snapshot.line, line)).get()

export const snapshots = (db: Db): SnapshotRow[] => db.select().from(snapshot).orderBy(asc(snapshot.line)).all()
