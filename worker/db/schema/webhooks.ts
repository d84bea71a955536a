import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId } from './columns.ts'

/** An address of somebody else's that is told what happens. */
export const webhook = sqliteTable(
  'webhook',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    label: text('label').notNull(),
    url: text('url').notNull(),
    events: text('events', { mode: 'json' }).$type<readonly string[]>().notNull(),
    /** Signs what is sent, so it cannot be kept as a hash. Never shown after it was made. */
    secret: text('secret').notNull(),
    /** Signs too until `previousUntil`, so that a receiver can change over. */
    previousSecret: text('previous_secret'),
    previousUntil: integer('previous_until'),
    paused: integer('paused', { mode: 'boolean' }).notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('webhook_organisation').on(t.organisationId)],
)

/** One message to one address, with what came of it. */
export const webhookDelivery = sqliteTable(
  'webhook_delivery',
  {
    /** Made of webhook and event, so that a job that is begun twice does not send two messages. */
    id: text('id').primaryKey(),
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhook.id, { onDelete: 'cascade' }),
    event: text('event').notNull(),
    payload: text('payload').notNull(),
    state: text('state', { enum: ['waiting', 'delivered', 'failed'] }).notNull(),
    attempts: integer('attempts').notNull(),
    /** HTTP status of the last answer; null: there was none. */
    status: integer('status'),
    /** The beginning of the last answer, or why there was none. */
    answer: text('answer').notNull(),
    createdAt: createdAt(),
    triedAt: integer('tried_at'),
  },
  (t) => [index('webhook_delivery_webhook').on(t.webhookId, t.createdAt)],
)
