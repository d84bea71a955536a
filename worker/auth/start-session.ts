import { insertSession } from '../db/accounts.ts'
import type { Db } from '../db/database.ts'
import { randomToken, sha256 } from './tokens.ts'

export const SESSION_SECONDS = 30 * 24 * 3600

/** How somebody came in; it stands beside the session in the list of a person's sessions, and in the audit log. */
export type Way = 'first-owner' | 'link' | 'password' | 'mail' | 'oidc' | 'code' | 'return' | 'invitation' | 'lti' | 'switch'

export type SignedIn = {
  readonly personId: string
  readonly organisationId: string
  readonly way: Way
  /** `user-agent` of the browser, if it said. */
  readonly agent: string | null
}

/** However somebody has shown who they are, what they get is the same: a row here, and its token for the cookie. */
export async function startSession(db: Db, { agent, ...who }: SignedIn, now = Date.now()): Promise<string> {
  const token = randomToken()
  const expiresAt = now + SESSION_SECONDS * 1000
  const row = { ...who, agent: agent?.slice(0, 200) ?? null, tokenHash: await sha256(token), createdAt: now, expiresAt }
  await insertSession(db, row)
  return token
}
