import { eq, lt, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { throttle } from './schema/index.ts'

/** One more try of a subject, counted before it is made, so that many at once are counted too. How many there are in the window. */
export async function countTry(db: Db, subject: string, windowMs: number, now: number) {
  const over = sql`${throttle.since} < ${now - windowMs}`
  const [row] = await db
    .insert(throttle)
    .values({ subject, failures: 1, since: now, blockedUntil: 0 })
    .onConflictDoUpdate({
      target: throttle.subject,
      set: {
        failures: sql`case when ${over} then 1 else ${throttle.failures} + 1 end`,
        since: sql`case when ${over} then ${now} else ${throttle.since} end`,
      },
    })
    .returning({ tries: throttle.failures, since: throttle.since })
  return { tries: row.tries, until: row.since + windowMs }
}

/** How many there are in the window. */
export async function triesOf(db: Db, subject: string, windowMs: number, now: number) {
  const row = await db.select().from(throttle).where(eq(throttle.subject, subject)).get()
  if (row === undefined || row.since < now - windowMs) return { tries: 0, until: now }
  return { tries: row.failures, until: row.since + windowMs }
}

export const forgetTries = (db: Db, subject: string) => db.delete(throttle).where(eq(throttle.subject, subject))
export const sweepTries = (db: Db, before: number) => db.delete(throttle).where(lt(throttle.since, before))
