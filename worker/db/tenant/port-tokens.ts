import { and, count, eq, gt, isNull, lt, or, type SQL } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { portToken } from '../schema/index.ts'

type NewPortToken = Omit<typeof portToken.$inferInsert, 'organisationId'>
export type PortTokenRow = typeof portToken.$inferSelect

/** The tokens that a person or key has made. */
export const portTokensMadeBy = (organisationId: string, actorId: string) =>
  and(eq(portToken.organisationId, organisationId), eq(portToken.createdBy, actorId))

/** Tokens for machines from outside. */
export function portTokensOf(db: Db, organisationId: string) {
  const tokenOf = (labId: string, ...also: (SQL | undefined)[]) =>
    and(eq(portToken.organisationId, organisationId), eq(portToken.labId, labId), ...also)

  return {
    /** Oldest first, those that are over as well, until they are swept. */
    list: (labId: string) => db.select().from(portToken).where(tokenOf(labId)).orderBy(portToken.createdAt, portToken.id).all(),
    /** Makes a token if the lab has fewer than so many that still count; those that are long over go. False: it has as many. */
    async insert(row: NewPortToken, most: number, sweepBefore: number): Promise<boolean> {
      const over = or(lt(portToken.expiresAt, sweepBefore), lt(portToken.revokedAt, sweepBefore))
      await db.delete(portToken).where(tokenOf(row.labId, over))
      const valid = tokenOf(row.labId, isNull(portToken.revokedAt), gt(portToken.expiresAt, row.createdAt))
      const { n = 0 } = (await db.select({ n: count() }).from(portToken).where(valid).get()) ?? {}
      if (n >= most) return false
      await db.insert(portToken).values({ ...row, organisationId })
      return true
    },
    /** False: there is none. */
    async revoke(labId: string, id: string, now: number): Promise<boolean> {
      const ended = await db
        .update(portToken)
        .set({ revokedAt: now })
        .where(tokenOf(labId, eq(portToken.id, id)))
        .returning({ id: portToken.id })
      return ended.length > 0
    },
  }
}
