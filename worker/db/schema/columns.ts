import { integer, text } from 'drizzle-orm/sqlite-core'
import { organisation, person } from './organisations.ts'

// Times are milliseconds since 1970. Tokens are kept only as SHA-256.

export const createdAt = () => integer('created_at').notNull()
/** Whose it is: every table of a tenant has it, or hangs on a row that has. */
export const organisationId = () =>
  text('organisation_id')
    .notNull()
    .references(() => organisation.id, { onDelete: 'cascade' })
export const personId = () =>
  text('person_id')
    .notNull()
    .references(() => person.id, { onDelete: 'cascade' })
