import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId } from './columns.ts'

/** A script that solves the lab: the name of its file, and its text. */
export type Solution = { readonly name: string; readonly text: string }

/** A lab that an organisation writes itself. */
export const authoredLab = sqliteTable(
  'authored_lab',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    title: text('title').notNull(),
    summary: text('summary').notNull(),
    /** `Actor.id`, and the name at that time. */
    ownerId: text('owner_id').notNull(),
    ownerName: text('owner_name').notNull(),
    /** deleted: only its versions are left. */
    state: text('state', { enum: ['draft', 'published', 'withdrawn', 'deleted'] }).notNull(),
    /** What it was made of, in words: `catalogue: nat-network`. */
    origin: text('origin'),
    createdAt: createdAt(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('authored_lab_organisation').on(t.organisationId, t.updatedAt)],
)

const labId = () =>
  text('lab_id')
    .notNull()
    .references(() => authoredLab.id, { onDelete: 'cascade' })

/** The text that is being worked on. */
export const authoredDraft = sqliteTable('authored_draft', {
  labId: labId().primaryKey(),
  /** Goes up with every save; who saves says which one they have read. */
  revision: integer('revision').notNull(),
  definition: text('definition').notNull(),
  brief: text('brief').notNull(),
  solutions: text('solutions', { mode: 'json' }).$type<readonly Solution[]>().notNull(),
  savedBy: text('saved_by').notNull(),
  savedByName: text('saved_by_name').notNull(),
  savedAt: integer('saved_at').notNull(),
})

/** What was published: never changed and never removed. */
export const authoredVersion = sqliteTable(
  'authored_version',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    labId: labId(),
    /** 1, 2, … */
    number: integer('number').notNull(),
    title: text('title').notNull(),
    summary: text('summary').notNull(),
    definition: text('definition').notNull(),
    brief: text('brief').notNull(),
    solutions: text('solutions', { mode: 'json' }).$type<readonly Solution[]>().notNull(),
    /** SHA-256 over the texts, as `digestOf` puts them together. */
    sha256: text('sha256').notNull(),
    note: text('note').notNull(),
    publishedBy: text('published_by').notNull(),
    publishedByName: text('published_by_name').notNull(),
    publishedAt: integer('published_at').notNull(),
  },
  (t) => [
    uniqueIndex('authored_version_number').on(t.labId, t.number),
    index('authored_version_organisation').on(t.organisationId),
  ],
)

/** The lab in which somebody tries a draft; the next one takes its place. */
export const authoredTrial = sqliteTable(
  'authored_trial',
  {
    labId: labId(),
    /** `Actor.id` */
    actorId: text('actor_id').notNull(),
    /** The lab of kind `trial`. */
    trialId: text('trial_id').notNull(),
    /** The draft as it was: a hash of its texts. */
    sha256: text('sha256').notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('authored_trial_actor').on(t.labId, t.actorId)],
)
