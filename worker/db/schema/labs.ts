import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId, personId } from './columns.ts'

export const lab = sqliteTable(
  'lab',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    title: text('title').notNull(),
    /** Which lab of the catalogue it is; null for a definition or an imported file. */
    slug: text('slug'),
    /** own: started by a person or key. view: see lab_view. The others belong to an assignment. */
    kind: text('kind', { enum: ['own', 'template', 'copy', 'submission', 'trial', 'view'] })
      .notNull()
      .default('own'),
    /** The assignment that it belongs to, unless it is somebody's own. */
    assignmentId: text('assignment_id'),
    objectId: text('object_id').notNull().unique(),
    /** Part of the object's address: the same id under another jurisdiction is another object. */
    jurisdiction: text('jurisdiction', { enum: ['eu', 'fedramp', 'us'] }),
    state: text('state', { enum: ['creating', 'ready', 'tombstone'] }).notNull(),
    seed: integer('seed').notNull(),
    createdAt: createdAt(),
    updatedAt: integer('updated_at').notNull(),
    /** When the object confirmed that its storage is gone; a tombstone without it is tried again. */
    destroyedAt: integer('destroyed_at'),
    /** What it uses, as it was last measured. */
    machines: integer('machines').notNull().default(0),
    bytes: integer('bytes').notNull().default(0),
    /** Milliseconds for which its time has gone on while somebody was there. */
    liveMs: integer('live_ms').notNull().default(0),
    measuredAt: integer('measured_at'),
    /** To the hour: a busy lab costs one write an hour. Null: not since it was made. */
    lastUsedAt: integer('last_used_at'),
  },
  (t) => [
    index('lab_organisation').on(t.organisationId, t.createdAt),
    index('lab_creator').on(t.organisationId, t.createdBy),
    index('lab_assignment').on(t.assignmentId),
  ],
)

/** Where a person or key has had a socket, so that it can be closed when they may not be there any more. */
export const labSocket = sqliteTable(
  'lab_socket',
  {
    /** `Actor.id`. */
    actorId: text('actor_id').notNull(),
    labId: text('lab_id')
      .notNull()
      .references(() => lab.id, { onDelete: 'cascade' }),
    openedAt: integer('opened_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.labId] })],
)

/** Who has opened a lab that somebody else made, so that it stands in their list too. */
export const labMember = sqliteTable(
  'lab_member',
  {
    labId: text('lab_id')
      .notNull()
      .references(() => lab.id, { onDelete: 'cascade' }),
    personId: personId(),
    openedAt: integer('opened_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.labId, t.personId] })],
)

/** Lets one machine from outside to one port of one lab. Kept as a hash; whose it is, is the lab's organisation. */
export const portToken = sqliteTable(
  'port_token',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    organisationId: organisationId(),
    labId: text('lab_id')
      .notNull()
      .references(() => lab.id, { onDelete: 'cascade' }),
    port: text('port').notNull(),
    label: text('label').notNull(),
    /** The only address that the machine may have; null: that of its first frame. */
    mac: text('mac'),
    /** Several machines behind the port, each with its own address. */
    spoofing: integer('spoofing', { mode: 'boolean' }).notNull().default(false),
    /** `Actor.id`: it ends with whoever made it. */
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: createdAt(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
    /** Hash of the name that the tool gave its session: by it, and by it alone, it may come back. */
    session: text('session'),
    revokedAt: integer('revoked_at'),
  },
  (t) => [index('port_token_lab').on(t.labId), index('port_token_creator').on(t.organisationId, t.createdBy)],
)
