import { asc, lte, max, sql } from 'drizzle-orm'
import type { Change } from '../engine/lab/query/index.ts'
import { type Db, prepared } from './database.ts'
import { type ChangeRow, changeLog, journal } from './schema.ts'

/** Commits whose changes are kept. */
export const KEPT_COMMITS = 2_000

const { placeholder } = sql

const queries = prepared((db) => ({
  lastLine: db
    .select({ id: max(journal.id) })
    .from(journal)
    .prepare(),
  last: db
    .select({ id: max(changeLog.id) })
    .from(changeLog)
    .prepare(),
  insert: db
    .insert(changeLog)
    .values({ id: placeholder('id'), line: placeholder('line'), changes: placeholder('changes') })
    .prepare(),
  forget: db
    .delete(changeLog)
    .where(lte(changeLog.id, placeholder('upTo')))
    .prepare(),
}))

/** Notes what changed with a commit, or with a line of it; nothing is written where nothing did. */
export function noteChanges(db: Db, changes: readonly Change[], line?: number): void {
  if (changes.length === 0) return
  const { lastLine, last, insert, forget } = queries(db)
  const id = (last.get()?.id ?? 0) + 1
  insert.run({ id, line: line ?? lastLine.get()?.id ?? 0, changes: JSON.stringify(changes) })
  if (id > KEPT_COMMITS) forget.run({ upTo: id - KEPT_COMMITS })
}

/** Every commit that is kept, in order. */
export const changeRows = (db: Db): ChangeRow[] => db.select().from(changeLog).orderBy(asc(changeLog.id)).all()

export const changesIn = ({ changes }: ChangeRow): Change[] => JSON.parse(changes) as Change[]

/** The changes that came with some lines, in the order in which they happened. */
export const changesWith = (db: Db, lines: ReadonlySet<number>): Change[] =>
  changeRows(db)
    .filter(({ line }) => line === 0 || lines.has(line))
    .flatMap(changesIn)
