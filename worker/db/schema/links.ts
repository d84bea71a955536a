import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId, personId } from './columns.ts'
import { lab } from './labs.ts'

const labId = () =>
  text('lab_id')
    .notNull()
    .references(() => lab.id, { onDelete: 'cascade' })

/** A link to a lab that gives more than its address does: a part in it, or what it was at a moment. Kept as a hash. */
export const labLink = sqliteTable(
  'lab_link',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    organisationId: organisationId(),
    labId: labId(),
    kind: text('kind', { enum: ['invite', 'moment'] }).notNull(),
    /** Of an invitation. */
    role: text('role', { enum: ['watch', 'work'] }),
    /** Of a moment: what whoever opens it gets, and right after which line or at which lab time. */
    mode: text('mode', { enum: ['read', 'fork'] }),
    line: integer('line'),
    at: integer('at'),
    label: text('label').notNull(),
    /** `Actor.id`. */
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: createdAt(),
    expiresAt: integer('expires_at').notNull(),
    /** People who may open it; null: any number. */
    maxUses: integer('max_uses'),
    uses: integer('uses').notNull().default(0),
    revokedAt: integer('revoked_at'),
  },
  (t) => [index('lab_link_lab').on(t.labId)],
)

/**
 * Who came to a lab by a link, as what and until when. It stays when it is over: for somebody else's lab, who came by a link is there by
 * that link alone. Without a reference to the link, which may be swept.
 */
export const labGuest = sqliteTable(
  'lab_guest',
  {
    labId: labId(),
    personId: personId(),
    linkId: text('link_id').notNull(),
    organisationId: organisationId(),
    role: text('role', { enum: ['watch', 'work'] }).notNull(),
    openedAt: integer('opened_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.labId, t.personId, t.linkId] }), index('lab_guest_link').on(t.linkId)],
)

/** A lab of the kind `view`: what another lab was at a moment, to be looked at by one person for a while. */
export const labView = sqliteTable(
  'lab_view',
  {
    labId: text('lab_id')
      .primaryKey()
      .references(() => lab.id, { onDelete: 'cascade' }),
    organisationId: organisationId(),
    ofLab: text('of_lab').notNull(),
    /** The link that it was opened by; it ends with it. */
    linkId: text('link_id'),
    /** `Actor.id`. */
    actorId: text('actor_id').notNull(),
    line: integer('line'),
    at: integer('at'),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('lab_view_actor').on(t.organisationId, t.actorId), index('lab_view_link').on(t.linkId)],
)
