import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId, personId } from './columns.ts'
import { course } from './courses.ts'

// Who somebody is outside. The first four tables are as the auth library wants them, and only it writes them.

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })
const userId = () =>
  text('user_id')
    .notNull()
    .references(() => authUser.id, { onDelete: 'cascade' })

export const authUser = sqliteTable('auth_user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: integer('email_verified', { mode: 'boolean' }).notNull(),
  image: text('image'),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
})

/** Always empty but for moments: the sessions of people are in `session`. */
export const authSession = sqliteTable(
  'auth_session',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    userId: userId(),
    expiresAt: at('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [index('auth_session_user').on(t.userId)],
)

/** A password, or an account at an OIDC provider. */
export const authAccount = sqliteTable(
  'auth_account',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: userId(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: at('access_token_expires_at'),
    refreshTokenExpiresAt: at('refresh_token_expires_at'),
    scope: text('scope'),
    password: text('password'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [index('auth_account_user').on(t.userId), uniqueIndex('auth_account_key').on(t.providerId, t.accountId)],
)

export const authVerification = sqliteTable(
  'auth_verification',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [index('auth_verification_identifier').on(t.identifier), index('auth_verification_expires').on(t.expiresAt)],
)

/** Which person a proved identity is. Most students have none. */
export const identity = sqliteTable('identity', {
  userId: text('user_id')
    .primaryKey()
    .references(() => authUser.id, { onDelete: 'cascade' }),
  personId: personId().unique(),
  createdAt: createdAt(),
})

/** Who a learning platform says somebody is; without name or address if it does not tell them. */
export const externalIdentity = sqliteTable(
  'external_identity',
  {
    organisationId: organisationId(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    personId: personId(),
    /** The highest role in the organisation that it has given them; it counts once. Null: from before that was kept. */
    role: text('role', { enum: ['observer', 'student', 'assistant', 'teacher', 'owner'] }),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.issuer, t.subject] }), index('external_identity_person').on(t.personId)],
)

/** What brings back somebody who has no e-mail address. One for each person and organisation; a new one ends the old. */
export const returnCode = sqliteTable(
  'return_code',
  {
    codeHash: text('code_hash').primaryKey(),
    organisationId: organisationId(),
    personId: personId(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('return_code_person').on(t.organisationId, t.personId)],
)

/** An address that somebody has given and not yet proved. One for each person; it is nothing to sign in with. */
export const addressProof = sqliteTable('address_proof', {
  /** Of what is in the letter. */
  tokenHash: text('token_hash').primaryKey(),
  personId: personId().unique(),
  email: text('email').notNull(),
  /** Of the password that counts when the address is proved; null: none was given. */
  passwordHash: text('password_hash'),
  createdAt: createdAt(),
  expiresAt: integer('expires_at').notNull(),
})

/** A seat that is offered. Whoever opens the link takes it. */
export const invitation = sqliteTable(
  'invitation',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    organisationId: organisationId(),
    role: text('role', { enum: ['owner', 'teacher', 'assistant', 'student', 'observer'] }).notNull(),
    /** To whom it was sent. Null: the link was copied. */
    email: text('email'),
    name: text('name'),
    courseId: text('course_id').references(() => course.id, { onDelete: 'cascade' }),
    courseRole: text('course_role', { enum: ['assistant', 'student', 'observer'] }),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: createdAt(),
    expiresAt: integer('expires_at').notNull(),
    acceptedAt: integer('accepted_at'),
    acceptedBy: text('accepted_by'),
  },
  (t) => [index('invitation_organisation').on(t.organisationId, t.createdAt)],
)

/** Failed tries, by whom (an address, an account) and at what. */
export const throttle = sqliteTable(
  'throttle',
  {
    /** What is tried, and the SHA-256 of the account or address. */
    subject: text('subject').primaryKey(),
    failures: integer('failures').notNull(),
    /** Failures before it are forgotten. */
    since: integer('since').notNull(),
    blockedUntil: integer('blocked_until').notNull(),
  },
  (t) => [index('throttle_since').on(t.since)],
)
