import { and, count, desc, eq, gt, lt, max } from 'drizzle-orm'
import type { Db } from './database.ts'
import { type ChatRow, chat } from './schema.ts'

/** The newest before `before`, oldest first. */
export const chatBefore = (db: Db, before: number, limit: number): ChatRow[] =>
  db.select().from(chat).where(lt(chat.id, before)).orderBy(desc(chat.id)).limit(limit).all().reverse()

export const findMessage = (db: Db, id: number): ChatRow | undefined => db.select().from(chat).where(eq(chat.id, id)).get()

export const messagesOf = (db: Db, personId: string): ChatRow[] =>
  db.select().from(chat).where(eq(chat.personId, personId)).orderBy(chat.id).all()

export const saidSince = (db: Db, personId: string, wall: number): number =>
  db
    .select({ n: count() })
    .from(chat)
    .where(and(eq(chat.personId, personId), gt(chat.wall, wall)))
    .get()?.n ?? 0

/** Keeps the newest `most`. */
export function insertMessage(db: Db, message: Omit<ChatRow, 'id' | 'removedBy' | 'removedByName'>, most: number): ChatRow {
  const last = db
    .select({ id: max(chat.id) })
    .from(chat)
    .get()?.id
  const row = { ...message, id: (last ?? 0) + 1, removedBy: null, removedByName: null }
  db.insert(chat).values(row).run()
  db.delete(chat)
    .where(lt(chat.id, row.id - most + 1))
    .run()
  return row
}

/** Its text goes; that it was said, and by whom it was removed, stays. */
export function emptyMessage(db: Db, id: number, by: { readonly id: string; readonly name: string }): void {
  db.update(chat).set({ text: '', removedBy: by.id, removedByName: by.name }).where(eq(chat.id, id)).run()
}

/** What somebody said goes, and their name where they removed what others said. How many messages they were. */
export function eraseOf(db: Db, personId: string): number {
  db.update(chat).set({ removedBy: '', removedByName: '' }).where(eq(chat.removedBy, personId)).run()
  const gone = db.delete(chat).where(eq(chat.personId, personId)).returning({ id: chat.id }).all()
  return gone.length
}
