import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { ltiKey, organisation } from '../schema/index.ts'

export type LtiKeyRow = typeof ltiKey.$inferSelect
type NewKey = Omit<LtiKeyRow, 'organisationId' | 'state'>

export function ltiKeysOf(db: Db, organisationId: string) {
  const ours = eq(ltiKey.organisationId, organisationId)
  const is = (state: LtiKeyRow['state'], id: string) =>
    sql`exists (select 1 from ${ltiKey} as k where k.organisation_id = ${organisationId} and k.state = ${state} and k.id = ${id})`

  return {
    /** Whether there is such an organisation at all, and whether it may be used. */
    async standing(): Promise<'open' | 'suspended' | null> {
      const found = await db
        .select({ suspendedAt: organisation.suspendedAt })
        .from(organisation)
        .where(eq(organisation.id, organisationId))
        .get()
      return found === undefined ? null : found.suspendedAt === null ? 'open' : 'suspended'
    },
    list: () => db.select().from(ltiKey).where(ours).orderBy(ltiKey.createdAt).all(),
    /** Of two that make the first keys at once, one does. */
    insertFirst: (current: NewKey, next: NewKey) =>
      db.batch([
        db
          .insert(ltiKey)
          .values({ ...current, organisationId, state: 'current' })
          .onConflictDoNothing(),
        db
          .insert(ltiKey)
          .values({ ...next, organisationId, state: 'next' })
          .onConflictDoNothing(),
      ]),
    /** One place on, if the current and the next key still are these two; false: they are not. */
    async rotate(currentId: string, nextId: string, fresh: NewKey): Promise<boolean> {
      const both = and(is('current', currentId), is('next', nextId))
      const [, , , made] = await db.batch([
        db.delete(ltiKey).where(and(ours, eq(ltiKey.state, 'previous'), both)),
        db
          .update(ltiKey)
          .set({ state: 'previous' })
          .where(and(ours, eq(ltiKey.id, currentId), both)),
        db
          .update(ltiKey)
          .set({ state: 'current' })
          .where(and(ours, eq(ltiKey.id, nextId), is('next', nextId), is('previous', currentId))),
        db
          .insert(ltiKey)
          .select(
            sql`select ${fresh.id}, ${organisationId}, 'next', ${JSON.stringify(fresh.publicJwk)}, ${fresh.sealedKey}, ${fresh.createdAt}
              where ${is('current', nextId)} and ${is('previous', currentId)}
              and not exists (select 1 from ${ltiKey} as n where n.organisation_id = ${organisationId} and n.state = 'next')`,
          )
          .returning({ id: ltiKey.id }),
      ])
      return made.length === 1
    },
  }
}
