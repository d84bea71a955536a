import { and, eq, inArray, isNotNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './database.ts'
import {
  addressProof,
  answered,
  invitation,
  lab,
  labGuest,
  labLink,
  labView,
  ltiLaunch,
  ltiLogin,
  portToken,
  requestWindow,
  session,
  signInLink,
} from './schema/index.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What is over and shown to nobody any more, of all tenants. */
function over(db: Db, now: number): readonly (readonly [SQLiteTable, SQL | undefined])[] {
  const gone = db
    .select({ id: lab.id })
    .from(lab)
    .where(and(eq(lab.state, 'tombstone'), isNotNull(lab.destroyedAt)))
  return [
    [session, lt(session.expiresAt, now)],
    [signInLink, lt(signInLink.expiresAt, now)],
    [addressProof, lt(addressProof.expiresAt, now)],
    [answered, lt(answered.expiresAt, now)],
    [ltiLogin, lt(ltiLogin.expiresAt, now - DAY)],
    [ltiLaunch, lt(ltiLaunch.expiresAt, now)],
    [requestWindow, lt(requestWindow.minute, (now - HOUR) / 60_000)],
    // For so long they stand in the lists of a lab, as over.
    [labLink, or(lt(labLink.expiresAt, now - 7 * DAY), lt(labLink.revokedAt, now - 7 * DAY))],
    [portToken, or(lt(portToken.expiresAt, now - DAY), lt(portToken.revokedAt, now - DAY))],
    [invitation, lt(invitation.expiresAt, now - 30 * DAY)],
    // Who came by a link to a lab is there by that link alone, also when it is over; until there is no lab.
    [labGuest, inArray(labGuest.labId, gone)],
    [labView, and(lt(labView.expiresAt, now), inArray(labView.labId, gone))],
  ]
}

/** Removes it, at most so many rows of each table at a time. */
export async function sweepOver(db: Db, now: number, most: number): Promise<void> {
  for (const [table, condition] of over(db, now))
    await db.delete(table).where(sql`rowid in (select rowid from ${table} where ${condition} limit ${most})`)
}
