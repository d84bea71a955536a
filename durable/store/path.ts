import { and, asc, desc, eq, gt, gte, lte } from 'drizzle-orm'
import { branches, currentBranch } from './branches.ts'
import type { Db } from './database.ts'
import { type BranchRow, type JournalRow, journal } from './schema.ts'

/** Lines of one branch, by number, both ends included. */
export type Segment = { readonly branch: number; readonly from: number; readonly upTo: number }
/** The lines that made the lab what it is, oldest first: those of a branch, and of its ancestors up to where they were left. */
export type Path = readonly Segment[]

const EVERY = Number.MAX_SAFE_INTEGER
const PAGE = 100

export function pathOf(all: readonly BranchRow[], branch: number, upTo = EVERY): Path {
  const byId = new Map(all.map((row) => [row.id, row]))
  const path: Segment[] = []
  for (let [id, limit] = [branch, upTo]; ; ) {
    const row = byId.get(id)
    const from = row?.line ?? 1
    if (limit >= from) path.unshift({ branch: id, from, upTo: limit })
    if (!row) return path
    limit = Math.min(limit, row.after)
    id = row.parent
  }
}

export const currentPath = (db: Db): Path => {
  const current = currentBranch(db)
  return pathOf(current === 0 ? [] : branches(db), current)
}

export const isOn = (path: Path, { id, branch }: Pick<JournalRow, 'id' | 'branch'>): boolean =>
  path.some((one) => one.branch === branch && id <= one.upTo)

/** The rows of a path after a line and up to another, oldest first, a page at a time. */
export function* rowsOn(db: Db, path: Path, after = 0, upTo = EVERY): Generator<JournalRow> {
  for (const segment of path) {
    const last = Math.min(upTo, segment.upTo)
    for (let at = Math.max(after, segment.from - 1); at < last; ) {
      const rows = db
        .select()
        .from(journal)
        .where(and(eq(journal.branch, segment.branch), gt(journal.id, at), lte(journal.id, last)))
        .orderBy(asc(journal.id))
        .limit(PAGE)
        .all()
      yield* rows
      at = rows.length < PAGE ? last : (rows.at(-1)?.id ?? last)
    }
  }
}

/** The newest rows of a path since the lab was last reset, newest first. */
export function newestOn(db: Db, path: Path, limit: number): JournalRow[] {
  const found: JournalRow[] = []
  for (const { branch, from, upTo } of path.toReversed()) {
    const its = and(eq(journal.branch, branch), gte(journal.id, from), lte(journal.id, upTo))
    const left = limit - found.length
    for (const row of db.select().from(journal).where(its).orderBy(desc(journal.id)).limit(left).all()) {
      if (row.kind === 'reset') return found
      found.push(row)
    }
  }
  return found
}

/** The last line of a path in which the lab began anew; 0 when it never did. */
export function lastReset(db: Db, path: Path): number {
  for (const { branch, from, upTo } of path.toReversed()) {
    const its = and(eq(journal.branch, branch), eq(journal.kind, 'reset'), gte(journal.id, from), lte(journal.id, upTo))
    const row = db.select({ id: journal.id }).from(journal).where(its).orderBy(desc(journal.id)).limit(1).get()
    if (row) return row.id
  }
  return 0
}

/** The last line of a path before another; 0 when there is none. */
export function lineBefore(db: Db, path: Path, line: number): number {
  for (const { branch, from, upTo } of path.toReversed()) {
    const its = and(eq(journal.branch, branch), gte(journal.id, from), lte(journal.id, Math.min(upTo, line - 1)))
    const row = db.select({ id: journal.id }).from(journal).where(its).orderBy(desc(journal.id)).limit(1).get()
    if (row) return row.id
  }
  return 0
}

export type Range = { readonly from: number; readonly to: number }

/** Sightings that are kept but belong to what a path has left: `from` up to, not including, `to`. */
export function leftSightings(db: Db, path = currentPath(db)): Range[] {
  if (currentBranch(db) === 0) return []
  const ids = new Set(path.map(({ branch }) => branch))
  const reset = lastReset(db, path)
  return branches(db)
    .filter((row) => ids.has(row.id) && row.line > reset)
    .map((row) => ({ from: row.leftFrom, to: row.firstSequence }))
}
