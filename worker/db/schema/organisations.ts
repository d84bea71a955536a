import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What an organisation, and each person in it, may use. What is absent is as the installation says (worker/quotas). */
export type Quotas = {
  readonly labs?: number
  readonly machines?: number
  /** A month. */
  readonly liveHours?: number
  readonly bytes?: number
  readonly requestsPerMinute?: number
  readonly personLabs?: number
  readonly personMachines?: number
  readonly personLiveHours?: number
  readonly personBytes?: number
  readonly personRequestsPerMinute?: number
}

export const organisation = sqliteTable('organisation', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Where its labs must live; null: anywhere. */
  jurisdiction: text('jurisdiction', { enum: ['eu', 'fedramp', 'us'] }),
  createdAt: integer('created_at').notNull(),
  /** Since when nothing but export is answered; only an operator sets it. */
  suspendedAt: integer('suspended_at'),
  suspendedReason: text('suspended_reason'),
  /** Students may join a course by its code and a name, without an e-mail address. */
  joinByCode: integer('join_by_code', { mode: 'boolean' }).notNull().default(true),
  /** Labs and submissions that nobody has used for so many days are removed; null: never. */
  retentionDays: integer('retention_days'),
  quotas: text('quotas', { mode: 'json' }).$type<Quotas>(),
})

/** Somebody, in however many organisations. Who they are outside, if that is known, is in `identity` and `external_identity`. */
export const person = sqliteTable('person', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
})
