import { and, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { ltiLogin } from '../schema/index.ts'

export type LtiLoginRow = typeof ltiLogin.$inferSelect

/** Sign-ins that platforms have begun. */
export function ltiLoginsOf(db: Db, organisationId: string) {
  const one = (stateHash: string) => and(eq(ltiLogin.organisationId, organisationId), eq(ltiLogin.stateHash, stateHash))
  return {
    /** Those that are long over go with it. */
    insert: (row: Omit<LtiLoginRow, 'organisationId' | 'usedAt'>, sweepBefore: number) =>
      db.batch([
        db.delete(ltiLogin).where(and(eq(ltiLogin.organisationId, organisationId), lt(ltiLogin.expiresAt, sweepBefore))),
        db.insert(ltiLogin).values({ ...row, organisationId, usedAt: null }),
      ]),
    find: (stateHash: string) => db.select().from(ltiLogin).where(one(stateHash)).get(),
    /** True for exactly one of all who try, wherever they run. */
    async use(stateHash: string, now: number): Promise<boolean> {
      const used = await db
        .update(ltiLogin)
        .set({ usedAt: now })
        .where(and(one(stateHash), isNull(ltiLogin.usedAt), gt(ltiLogin.expiresAt, now)))
        .returning({ stateHash: ltiLogin.stateHash })
      return used.length === 1
    },
  }
}
