import { and, asc, eq } from 'drizzle-orm'
import type { Db } from './database.ts'
import { type TerminalAskRow, type TerminalRow, terminal, terminalAsk } from './schema.ts'

export const terminals = (db: Db): TerminalRow[] => db.select().from(terminal).orderBy(asc(terminal.console)).all()

export function putTerminal(db: Db, row: TerminalRow): void {
  db.insert(terminal).values(row).onConflictDoUpdate({ target: terminal.console, set: row }).run()
}

export function removeTerminal(db: Db, console: string): void {
  db.delete(terminal).where(eq(terminal.console, console)).run()
}

/** The oldest first. */
export const asks = (db: Db): TerminalAskRow[] =>
  db.select().from(terminalAsk).orderBy(asc(terminalAsk.askedAt), asc(terminalAsk.personId)).all()

export function putAsk(db: Db, row: TerminalAskRow): void {
  db.insert(terminalAsk)
    .values(row)
    .onConflictDoUpdate({ target: [terminalAsk.console, terminalAsk.personId], set: row })
    .run()
}

export function removeAsk(db: Db, { console, personId }: Pick<TerminalAskRow, 'console' | 'personId'>): void {
  db.delete(terminalAsk)
    .where(and(eq(terminalAsk.console, console), eq(terminalAsk.personId, personId)))
    .run()
}
