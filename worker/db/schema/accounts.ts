import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId, personId } from './columns.ts'
import { person } from './organisations.ts'

export const membership = sqliteTable(
  'membership',
  {
    organisationId: organisationId(),
    personId: personId(),
    role: text('role', { enum: ['owner', 'teacher', 'assistant', 'student', 'observer'] }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.personId] }), index('membership_person').on(t.personId)],
)

export const session = sqliteTable(
  'session',
  {
    tokenHash: text('token_hash').primaryKey(),
    personId: personId(),
    organisationId: organisationId(),
    createdAt: createdAt(),
    expiresAt: integer('expires_at').notNull(),
    /** How they came in: password, mail, oidc, link, code, return, invitation, lti. */
    way: text('way').notNull().default('link'),
    /** The browser, shortened, so that a person knows their sessions apart. */
    agent: text('agent'),
  },
  (t) => [index('session_person').on(t.personId)],
)

export const signInLink = sqliteTable('sign_in_link', {
  tokenHash: text('token_hash').primaryKey(),
  personId: personId(),
  organisationId: organisationId(),
  /** May be opened again until it expires. */
  reusable: integer('reusable', { mode: 'boolean' }).notNull(),
  createdAt: createdAt(),
  expiresAt: integer('expires_at').notNull(),
  usedAt: integer('used_at'),
})

export const apiKey = sqliteTable(
  'api_key',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    organisationId: organisationId(),
    /** The person it acts for; null: a machine of the organisation. */
    personId: text('person_id').references(() => person.id, { onDelete: 'cascade' }),
    label: text('label').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<string[]>().notNull(),
    createdAt: createdAt(),
    lastUsedAt: integer('last_used_at'),
    /** The first letters, by which a person knows a key again. */
    prefix: text('prefix').notNull().default(''),
    expiresAt: integer('expires_at'),
    createdByName: text('created_by_name').notNull().default(''),
  },
  (t) => [index('api_key_organisation').on(t.organisationId)],
)
