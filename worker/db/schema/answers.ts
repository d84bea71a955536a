import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createdAt, organisationId } from './columns.ts'

/** What was answered under an idempotency key. */
export const answered = sqliteTable(
  'answered',
  {
    /** Hash of who asked and of the key. */
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    /** Hash of method, address and body: the same key with another request is refused. */
    requestHash: text('request_hash').notNull(),
    /** Null while the request is under way. */
    status: integer('status'),
    /** Headers and body, encrypted under the key and the credential, neither of which is kept: answers hold secrets. */
    answer: blob('answer', { mode: 'buffer' }),
    createdAt: createdAt(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('answered_organisation').on(t.organisationId, t.expiresAt)],
)
