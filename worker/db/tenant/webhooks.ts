import { and, desc, eq, exists, lt, ne, notInArray, or, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { webhook, webhookDelivery } from '../schema/index.ts'

export type WebhookRow = typeof webhook.$inferSelect
export type DeliveryRow = typeof webhookDelivery.$inferSelect

/** Deliveries that are remembered of each, and how long one that is on its way is, whatever comes after it. */
const MOST_DELIVERIES = 200
const UNDER_WAY_MS = 2 * 24 * 3600_000

export function webhooksOf(db: Db, organisationId: string) {
  const one = (id: string) => and(eq(webhook.organisationId, organisationId), eq(webhook.id, id))
  const isOurs = (id: string) => exists(db.select({ one: sql`1` }).from(webhook).where(one(id)))

  return {
    list: () => db.select().from(webhook).where(eq(webhook.organisationId, organisationId)).orderBy(webhook.createdAt).all(),
    find: (id: string) => db.select().from(webhook).where(one(id)).get(),
    insert: (row: Omit<typeof webhook.$inferInsert, 'organisationId'>) => db.insert(webhook).values({ ...row, organisationId }),
    update: async (
      id: string,
      set: Partial<Pick<WebhookRow, 'label' | 'url' | 'events' | 'paused' | 'secret' | 'previousSecret' | 'previousUntil'>>,
    ) => (await db.update(webhook).set(set).where(one(id)).returning())[0],
    async remove(id: string): Promise<boolean> {
      return (await db.delete(webhook).where(one(id)).returning({ id: webhook.id })).length > 0
    },

    /** Those who want to hear of an event. */
    listening: async (event: string) => {
      const all = await db
        .select()
        .from(webhook)
        .where(and(eq(webhook.organisationId, organisationId), eq(webhook.paused, false)))
        .all()
      return all.filter(({ events }) => events.includes(event))
    },
    /** Notes a message that is to be sent; the same one again is not noted twice. The oldest leave, once they have arrived or failed. */
    async note(row: Pick<DeliveryRow, 'id' | 'webhookId' | 'event' | 'payload' | 'createdAt'>) {
      await db
        .insert(webhookDelivery)
        .values({ ...row, state: 'waiting', attempts: 0, status: null, answer: '', triedAt: null })
        .onConflictDoNothing()
      const kept = db
        .select({ id: webhookDelivery.id })
        .from(webhookDelivery)
        .where(eq(webhookDelivery.webhookId, row.webhookId))
        .orderBy(desc(webhookDelivery.createdAt))
        .limit(MOST_DELIVERIES)
      await db
        .delete(webhookDelivery)
        .where(
          and(
            eq(webhookDelivery.webhookId, row.webhookId),
            notInArray(webhookDelivery.id, kept),
            or(ne(webhookDelivery.state, 'waiting'), lt(webhookDelivery.createdAt, Date.now() - UNDER_WAY_MS)),
            isOurs(row.webhookId),
          ),
        )
    },
    delivery: (id: string) =>
      db
        .select({ delivery: webhookDelivery, webhook })
        .from(webhookDelivery)
        .innerJoin(webhook, eq(webhook.id, webhookDelivery.webhookId))
        .where(and(eq(webhookDelivery.id, id), eq(webhook.organisationId, organisationId)))
        .get(),
    tried: (id: string, webhookId: string, set: Pick<DeliveryRow, 'state' | 'attempts' | 'status' | 'answer' | 'triedAt'>) =>
      db
        .update(webhookDelivery)
        .set(set)
        .where(and(eq(webhookDelivery.id, id), eq(webhookDelivery.webhookId, webhookId), isOurs(webhookId))),
    deliveries: (webhookId: string, query: { before?: number; limit: number }) =>
      db
        .select()
        .from(webhookDelivery)
        .where(
          and(
            eq(webhookDelivery.webhookId, webhookId),
            isOurs(webhookId),
            query.before === undefined ? undefined : lt(webhookDelivery.createdAt, query.before),
          ),
        )
        .orderBy(desc(webhookDelivery.createdAt))
        .limit(query.limit)
        .all(),
  }
}
