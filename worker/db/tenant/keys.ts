import { and, eq } from 'drizzle-orm'
import { keyActorId } from '../../auth/actor.ts'
import type { Db } from '../database.ts'
import { apiKey, portToken } from '../schema/index.ts'
import { portTokensMadeBy } from './port-tokens.ts'

export function keysOf(db: Db, organisationId: string) {
  return {
    list: () =>
      db
        .select({
          id: apiKey.id,
          label: apiKey.label,
          scopes: apiKey.scopes,
          createdAt: apiKey.createdAt,
          lastUsedAt: apiKey.lastUsedAt,
          prefix: apiKey.prefix,
          expiresAt: apiKey.expiresAt,
          createdByName: apiKey.createdByName,
        })
        .from(apiKey)
        .where(eq(apiKey.organisationId, organisationId))
        .orderBy(apiKey.createdAt)
        .all(),
    insert: (row: Omit<typeof apiKey.$inferInsert, 'organisationId' | 'personId'>) =>
      db.insert(apiKey).values({ ...row, organisationId, personId: null }),
    /** As whom the key has acted; undefined when there is no such key. */
    async remove(id: string): Promise<string | undefined> {
      const ending = db.delete(apiKey).where(and(eq(apiKey.organisationId, organisationId), eq(apiKey.id, id)))
      const [ended] = await ending.returning({ id: apiKey.id, personId: apiKey.personId })
      if (ended) await db.delete(portToken).where(portTokensMadeBy(organisationId, keyActorId(ended)))
      return ended && keyActorId(ended)
    },
  }
}
