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
  /** What they become here if they are new; who is a member already stays what they are. */
  readonly role: Role
}

/** The person behind an identity at another service; made, with a membership, if nobody has it yet. */
export async function findOrMakePerson(
  db: Db,
  organisationId: string,
  stranger: Stranger,
  now = Date.now(),
): Promise<{ readonly personId: string; readonly created: boolean }> {
  const fresh = randomId()
  const personId = await tenantDb(db, organisationId).arrivals.external({ ...stranger, fresh, now })
  return { personId, created: personId === fresh }
}

/** A session of that person, for `writeSessionCookie`. */
export const startExternalSession = (db: Db, organisationId: string, personId: string, agent: string | null): Promise<string> =>
  startSession(db, { organisationId, personId, way: 'lti', agent })
