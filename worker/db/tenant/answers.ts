import { and, count, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { answered } from '../schema/index.ts'

export type AnsweredRow = typeof answered.$inferSelect

/** What was answered under idempotency keys. */
export function answersOf(db: Db, organisationId: string) {
  const one = (id: string) => and(eq(answered.organisationId, organisationId), eq(answered.id, id))

  return {
    /** Takes the key; what is there already when somebody has it. Of two at once, one gets it. */
    async claim(row: Pick<AnsweredRow, 'id' | 'requestHash' | 'createdAt' | 'expiresAt'>): Promise<AnsweredRow | undefined> {
      await db.delete(answered).where(and(eq(answered.organisationId, organisationId), lt(answered.expiresAt, row.createdAt)))
      for (;;) {
        const made = await db
          .insert(answered)
          .values({ ...row, organisationId, status: null, answer: null })
          .onConflictDoNothing()
          .returning({ id: answered.id })
        if (made.length > 0) return undefined
        const known = await db.select().from(answered).where(one(row.id)).get()
        // Let go of in between, it can be taken.
        if (known !== undefined) return known
      }
    },
    /** The key of a request that never ended; false: somebody else was sooner. */
    async takeOver(known: Pick<AnsweredRow, 'id' | 'createdAt'>, now: number): Promise<boolean> {
      const mine = db
        .update(answered)
        .set({ createdAt: now })
        .where(and(one(known.id), isNull(answered.status), eq(answered.createdAt, known.createdAt)))
      return (await mine.returning({ id: answered.id })).length > 0
    },
    keep: (id: string, status: number, answer: Uint8Array) =>
      db
        .update(answered)
        .set({ status, answer: answer as unknown as AnsweredRow['answer'] })
        .where(one(id)),
    release: (id: string) => db.delete(answered).where(one(id)),
    /** Those that still count. */
    count: async (now: number) =>
      (
        await db
          .select({ n: count() })
          .from(answered)
          .where(and(eq(answered.organisationId, organisationId), gt(answered.expiresAt, now)))
          .get()
      )?.n ?? 0,
  }
}
