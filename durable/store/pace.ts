import type { Db } from './database.ts'
import { pace } from './schema.ts'

/** How live time goes. `leftAt`: since when it stands still because nobody watches, milliseconds since 1970; null while it goes on. */
export type Pace = Omit<typeof pace.$inferSelect, 'id'>

const FIRST: Pace = { running: true, speed: 1, absence: 'frozen', leftAt: null }

export function readPace(db: Db): Pace {
  const { running, speed, absence, leftAt } = pace
  return db.select({ running, speed, absence, leftAt }).from(pace).get() ?? FIRST
}

export function writePace(db: Db, change: Partial<Pace>): Pace {
  const row = { ...readPace(db), ...change }
  db.insert(pace)
    .values({ id: 1, ...row })
    .onConflictDoUpdate({ target: pace.id, set: row })
    .run()
  return row
}
