import type { Db } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { Role } from './actor.ts'
import { startSession } from './start-session.ts'
import { randomId } from './tokens.ts'

/** Somebody whom another service vouches for, by its name for them; it need not tell name or e-mail address. */
export type Stranger = {
  readonly issuer: string
  readonly subject: string
  readonly name: string | null
  /** What it gives them here. They become that if they are new. */
  readonly role: Role
}

export type Found = {
  readonly personId: string
  readonly created: boolean
  /** They were a member, and somebody here has removed them. That stands until somebody here lets them in again. */
  readonly removed: boolean
  /** The service gives them more than it ever did. */
  readonly more: boolean
}

/** The person behind an identity at another service; made, with a membership, if nobody has it yet. */
export function findOrMakePerson(db: Db, organisationId: string, stranger: Stranger, now = Date.now()): Promise<Found> {
  return tenantDb(db, organisationId).arrivals.external({ ...stranger, fresh: randomId(), now })
}

/** A session of that person, for `writeSessionCookie`. */
export const startExternalSession = (db: Db, organisationId: string, personId: string, agent: string | null): Promise<string> =>
  startSession(db, { organisationId, personId, way: 'lti', agent })
