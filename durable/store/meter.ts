import type { Db } from './database.ts'
import { meter } from './schema.ts'

/** Milliseconds for which time has gone on by itself, and whether and how long it may. A lab without the row has used none, and may. */
export type Meter = Omit<typeof meter.$inferSelect, 'id'>

const FIRST: Meter = { liveMs: 0, liveAllowed: true, liveUntil: null }

export function readMeter(db: Db): Meter {
  const { liveMs, liveAllowed, liveUntil } = meter
  return db.select({ liveMs, liveAllowed, liveUntil }).from(meter).get() ?? FIRST
}

export function writeMeter(db: Db, change: Partial<Meter>): void {
  const row = { ...readMeter(db), ...change }
  db.insert(meter)
    .values({ id: 1, ...row })
    .onConflictDoUpdate({ target: meter.id, set: row })
    .run()
}
