import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId, personId } from './columns.ts'
import { assignment, course } from './courses.ts'

// Learning platforms by LTI 1.3 (docs/decisions/0011).

const platformId = () =>
  text('platform_id')
    .notNull()
    .references(() => ltiPlatform.id, { onDelete: 'cascade' })
const contextId = () =>
  text('context_id')
    .notNull()
    .references(() => ltiContext.id, { onDelete: 'cascade' })

/** A learning platform that sends its people here, as its administrator described it. */
export const ltiPlatform = sqliteTable(
  'lti_platform',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    name: text('name').notNull(),
    issuer: text('issuer').notNull(),
    clientId: text('client_id').notNull(),
    authUrl: text('auth_url').notNull(),
    tokenUrl: text('token_url').notNull(),
    jwksUrl: text('jwks_url').notNull(),
    /** The audience of our assertions when the platform wants another than the token URL. */
    tokenAudience: text('token_audience'),
    /** Origins whose pages may show ours in a frame. */
    frameOrigins: text('frame_origins', { mode: 'json' }).$type<string[]>().notNull(),
    /** What an instructor there becomes in the organisation. */
    instructorRole: text('instructor_role', { enum: ['teacher', 'assistant'] }).notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    lastLaunchAt: integer('last_launch_at'),
  },
  (t) => [uniqueIndex('lti_platform_client').on(t.organisationId, t.issuer, t.clientId)],
)

export const ltiDeployment = sqliteTable(
  'lti_deployment',
  { platformId: platformId(), deploymentId: text('deployment_id').notNull(), createdAt: createdAt() },
  (t) => [primaryKey({ columns: [t.platformId, t.deploymentId] })],
)

/** Our keys: what an organisation signs with for all of its platforms. */
export const ltiKey = sqliteTable(
  'lti_key',
  {
    /** The `kid`. */
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    state: text('state', { enum: ['next', 'current', 'previous'] }).notNull(),
    publicJwk: text('public_jwk', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    /** Encrypted; the key to it is a secret of the Worker. */
    sealedKey: text('sealed_key').notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('lti_key_state').on(t.organisationId, t.state)],
)

/** A sign-in that a platform has begun: its state and nonce count once. */
export const ltiLogin = sqliteTable(
  'lti_login',
  {
    stateHash: text('state_hash').primaryKey(),
    organisationId: organisationId(),
    platformId: platformId(),
    nonceHash: text('nonce_hash').notNull(),
    /** Of what the browser that began it keeps, in a cookie or in the platform's storage. */
    browserHash: text('browser_hash').notNull(),
    storageTarget: text('storage_target'),
    /** What the platform sent, to begin again in a tab. */
    request: text('request', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    createdAt: createdAt(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [index('lti_login_expires').on(t.expiresAt)],
)

/** A course at a platform, and ours that belongs to it. */
export const ltiContext = sqliteTable(
  'lti_context',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    platformId: platformId(),
    deploymentId: text('deployment_id').notNull(),
    /** As the platform calls it. */
    foreignId: text('foreign_id').notNull(),
    title: text('title').notNull(),
    courseId: text('course_id').references(() => course.id, { onDelete: 'set null' }),
    membershipsUrl: text('memberships_url'),
    lineItemsUrl: text('line_items_url'),
    scopes: text('scopes', { mode: 'json' }).$type<string[]>().notNull(),
    createdAt: createdAt(),
    rosterAt: integer('roster_at'),
  },
  (t) => [
    uniqueIndex('lti_context_foreign').on(t.platformId, t.deploymentId, t.foreignId),
    index('lti_context_course').on(t.courseId),
  ],
)

/** Who is in a course at a platform, as far as launches and its class list have shown. */
export const ltiMember = sqliteTable(
  'lti_member',
  {
    contextId: contextId(),
    personId: personId(),
    /** What the platform said last that they are there; it counts when it says something else. Null: it is to be taken anew. */
    role: text('role', { enum: ['teacher', 'assistant', 'student', 'observer'] }),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.contextId, t.personId] }), index('lti_member_person').on(t.personId)],
)

/** A link in a course at a platform that leads to an assignment, and the column of the grade book that belongs to it. */
export const ltiLink = sqliteTable(
  'lti_link',
  {
    contextId: contextId(),
    /** The platform's id of the link. */
    foreignId: text('foreign_id').notNull(),
    assignmentId: text('assignment_id')
      .notNull()
      .references(() => assignment.id, { onDelete: 'cascade' }),
    lineItemUrl: text('line_item_url'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.contextId, t.foreignId] }), index('lti_link_assignment').on(t.assignmentId)],
)

/** The column of the grade book that was found or made for an assignment. */
export const ltiLineItem = sqliteTable(
  'lti_line_item',
  {
    contextId: contextId(),
    assignmentId: text('assignment_id')
      .notNull()
      .references(() => assignment.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.contextId, t.assignmentId] })],
)

/** A launch that somebody has come in by, for the pages that go on from it. */
export const ltiLaunch = sqliteTable(
  'lti_launch',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    platformId: platformId(),
    contextId: text('context_id').references(() => ltiContext.id, { onDelete: 'cascade' }),
    personId: personId(),
    /** What they are in that course there. */
    courseRole: text('course_role', { enum: ['teacher', 'assistant', 'student', 'observer'] }).notNull(),
    deploymentId: text('deployment_id').notNull(),
    messageType: text('message_type', { enum: ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest'] }).notNull(),
    /** Id, title and line item of the link; null: deep linking. */
    link: text('link', { mode: 'json' }).$type<{ id: string; title: string | null; lineItemUrl: string | null }>(),
    /** As the platform sent them; null: no deep linking. */
    deepLinking: text('deep_linking', { mode: 'json' }).$type<LtiDeepLinking>(),
    /** The page that it leads to. */
    path: text('path').notNull(),
    /** Lets the person come in from another tab, once and soon; null: not offered, or used. */
    ticketHash: text('ticket_hash').unique(),
    createdAt: createdAt(),
    expiresAt: integer('expires_at').notNull(),
    /** A deep link is answered once. */
    answeredAt: integer('answered_at'),
  },
  (t) => [index('lti_launch_expires').on(t.expiresAt)],
)
export type LtiDeepLinking = {
  readonly returnUrl: string
  readonly data: string | null
  readonly acceptTypes: readonly string[]
  readonly acceptMultiple: boolean
  readonly acceptLineItem: boolean
  readonly acceptTargets: readonly string[]
}

/** What a platform was told, or is to be told, about one person's grade. */
export const ltiReturn = sqliteTable(
  'lti_return',
  {
    contextId: contextId(),
    assignmentId: text('assignment_id')
      .notNull()
      .references(() => assignment.id, { onDelete: 'cascade' }),
    personId: personId(),
    organisationId: organisationId(),
    /** Whose submissions count for the person: as in `copy`. */
    holder: text('holder').notNull().default(''),
    state: text('state', { enum: ['waiting', 'sent', 'failed'] }).notNull(),
    /** Of the grade that arrived last; null: none has. */
    points: real('points'),
    of: real('of'),
    /** What was sent last, so that the same is not sent twice. */
    sent: text('sent'),
    /** The last timestamp that was used for this person and column: they only grow. */
    timestamp: integer('timestamp').notNull(),
    error: text('error'),
    attempts: integer('attempts').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.contextId, t.assignmentId, t.personId] }),
    index('lti_return_organisation').on(t.organisationId, t.state),
  ],
)
