import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId } from './columns.ts'
import { lab } from './labs.ts'

/** Who did what, when, to what, from where. Rows are added; only an erasure changes one, and then only its names. */
export const audit = sqliteTable(
  'audit',
  {
    id: integer('id').primaryKey(),
    organisationId: organisationId(),
    at: integer('at').notNull(),
    /** `Actor.id`, or operator. */
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    via: text('via', { enum: ['session', 'key', 'operator', 'system'] }).notNull(),
    /** `member.removed`, `key.made`, … */
    action: text('action').notNull(),
    objectKind: text('object_kind').notNull(),
    objectId: text('object_id').notNull(),
    /** What a person calls it. */
    objectName: text('object_name').notNull(),
    /** What else is worth knowing; never a secret. */
    detail: text('detail').notNull(),
    /** The network address, as the edge saw it. */
    address: text('address').notNull(),
  },
  (t) => [index('audit_organisation').on(t.organisationId, t.id)],
)

/** What was used in a month, by whom; `*` is the whole organisation. Added to in batches. */
export const usage = sqliteTable(
  'usage',
  {
    organisationId: organisationId(),
    /** `Actor.id`, or `*`. */
    actorId: text('actor_id').notNull(),
    /** 2026-11 */
    month: text('month').notNull(),
    requests: integer('requests').notNull().default(0),
    liveMs: integer('live_ms').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.actorId, t.month] })],
)

/** Requests of the present minute over all places where the Worker runs. */
export const requestWindow = sqliteTable(
  'request_window',
  {
    organisationId: organisationId(),
    actorId: text('actor_id').notNull(),
    /** Minutes since 1970. */
    minute: integer('minute').notNull(),
    used: integer('used').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.actorId] })],
)

/** A lab out of whose journal and chat an erased person is still to be taken. Done again until it has succeeded. */
export const erasure = sqliteTable(
  'erasure',
  {
    organisationId: organisationId(),
    labId: text('lab_id')
      .notNull()
      .references(() => lab.id, { onDelete: 'cascade' }),
    personId: text('person_id').notNull(),
    aliasId: text('alias_id').notNull(),
    aliasName: text('alias_name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.labId, t.personId] }), index('erasure_organisation').on(t.organisationId)],
)
