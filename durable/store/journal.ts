import { asc, eq, gt, max, sql } from 'drizzle-orm'
import { type Db, prepared } from './database.ts'
import { currentPath, newestOn } from './path.ts'
import { type JournalRow, journal } from './schema.ts'
import { boundOutput, packText, unpackText } from './text.ts'

/** A journal row with its output as text. */
export type Line = Omit<JournalRow, 'output' | 'answer'> & { readonly output: string; readonly answer: StoredAnswer }
/** What an answer says beyond the columns of the row. */
export type StoredAnswer = {
  readonly prompt: string
  readonly packets: readonly number[]
  readonly unsettled: readonly string[]
  readonly endedAt: number
  /** Of an answer to a task: what was so in the lab at that moment, by what was asked. */
  readonly noted?: { readonly [asked: string]: readonly string[] }
}

export const NO_ANSWER: StoredAnswer = { prompt: '', packets: [], unsettled: [], endedAt: 0 }

const { placeholder } = sql

const queries = prepared((db) => ({
  last: db
    .select({ id: max(journal.id) })
    .from(journal)
    .prepare(),
  byClient: db
    .select()
    .from(journal)
    .where(eq(journal.clientId, placeholder('clientId')))
    .prepare(),
  // The condition is the partial index's, word for word, so that only open lines are read.
  open: db.select().from(journal).where(sql`status <> 'done'`).orderBy(asc(journal.id)).prepare(),
  insert: db
    .insert(journal)
    .values({
      id: placeholder('id'),
      kind: placeholder('kind'),
      console: placeholder('console'),
      byPerson: placeholder('byPerson'),
      byName: placeholder('byName'),
      wall: placeholder('wall'),
      started: placeholder('started'),
      ended: placeholder('ended'),
      prompt: placeholder('prompt'),
      line: placeholder('line'),
      output: placeholder('output'),
      exitStatus: placeholder('exitStatus'),
      status: placeholder('status'),
      clientId: placeholder('clientId'),
      answer: placeholder('answer'),
      at: placeholder('at'),
      branch: placeholder('branch'),
      engine: placeholder('engine'),
      operation: placeholder('operation'),
      digest: placeholder('digest'),
    })
    .prepare(),
}))

/** The number that the next line gets. No row is ever deleted, so none is used twice. */
export const nextLine = (db: Db): number => (queries(db).last.get()?.id ?? 0) + 1

export function insertLine(db: Db, line: Line): void {
  queries(db).insert.run({ ...line, output: packText(boundOutput(line.output)), answer: JSON.stringify(line.answer) })
}

/** What becomes of a line after it was answered: it prints more, begins, ends. */
export function updateLine(db: Db, line: Line): void {
  const { id, output, answer, status, started, ended, exitStatus } = line
  db.update(journal)
    .set({ status, started, ended, exitStatus, output: packText(boundOutput(output)), answer: JSON.stringify(answer) })
    .where(eq(journal.id, id))
    .run()
}

export const toLine = (row: JournalRow): Line => ({
  ...row,
  output: unpackText(row.output),
  answer: JSON.parse(row.answer) as StoredAnswer,
})
const optional = (row: JournalRow | undefined): Line | undefined => row && toLine(row)

export const findLine = (db: Db, id: number): Line | undefined =>
  optional(db.select().from(journal).where(eq(journal.id, id)).get())

export const findClientLine = (db: Db, clientId: string): Line | undefined => optional(queries(db).byClient.get({ clientId }))

/** Lines that have not ended. */
export const openLines = (db: Db): Line[] => queries(db).open.all().map(toLine)

export function linesAfter(db: Db, after: number, limit: number): Line[] {
  return db.select().from(journal).where(gt(journal.id, after)).orderBy(asc(journal.id)).limit(limit).all().map(toLine)
}

/** Lines as the API tells them. */
export const journalEntries = (db: Db, after: number, limit: number) =>
  linesAfter(db, after, limit).map(({ id, started: at, wall, console, byName: by, line, exitStatus, output }) => {
    return { id, at, wall, console, by, line, exitStatus, output }
  })

/** What one person has put in, of whichever branch. */
export const linesOf = (db: Db, personId: string) =>
  db
    .select({ id: journal.id, wall: journal.wall, console: journal.console, line: journal.line })
    .from(journal)
    .where(eq(journal.byPerson, personId))
    .orderBy(asc(journal.id))
    .all()

/** The lines stay what they were, by somebody with another name. The chain of the journal is over who it was: it ends otherwise from now on. */
export const renameInJournal = (db: Db, personId: string, alias: { readonly id: string; readonly name: string }): void => {
  db.update(journal).set({ byPerson: alias.id, byName: alias.name }).where(eq(journal.byPerson, personId)).run()
}

/** The newest lines of the current branch since the lab was last reset, oldest first. */
export const recentLines = (db: Db, limit: number): Line[] => newestOn(db, currentPath(db), limit).reverse().map(toLine)

/** Answers and hints, of whichever branch, oldest first. They are few, and there are none in most labs. */
export const taskLines = (db: Db, kind: 'answer' | 'hint'): Line[] =>
  db.select().from(journal).where(eq(journal.kind, kind)).orderBy(asc(journal.id)).all().map(toLine)

/** Leaving a branch and beginning anew end whatever still runs. */
export function endOpenLines(db: Db, now: number): void {
  // Without naming them: a statement has room for a hundred values, and more lines than that may be waiting.
  db.update(journal).set({ status: 'done', ended: now, exitStatus: 1 }).where(sql`status <> 'done'`).run()
}
