import { and, desc, eq } from 'drizzle-orm'
import type { LabActivity } from '../contract.ts'
import type { Db } from './database.ts'
import { journal } from './schema.ts'

/** Lines that are looked back at. */
const RECENT = 60
/** A command that failed is given up, once so many others were typed after it. */
const GIVEN_UP = 12

/** When somebody last typed, and which command fails again and again. From rows alone: the lab is not opened for it. */
export function activityOf(db: Db): LabActivity {
  const lines = db
    .select({ line: journal.line, wall: journal.wall, exitStatus: journal.exitStatus, status: journal.status })
    .from(journal)
    .where(and(eq(journal.kind, 'exec')))
    .orderBy(desc(journal.id))
    .limit(RECENT)
    .all()
  const [newest] = lines
  if (newest === undefined) return { at: null, failing: null }
  const failed = (one: (typeof lines)[number]) => one.status === 'done' && one.exitStatus !== null && one.exitStatus !== 0
  const last = lines.slice(0, GIVEN_UP).find(failed)
  if (last === undefined) return { at: newest.wall, failing: null }
  let since = last.wall
  let times = 0
  for (const one of lines) {
    if (one.line.trim() !== last.line.trim()) continue
    // It worked in the meantime, or works by now.
    if (!failed(one)) break
    since = one.wall
    times++
  }
  return { at: newest.wall, failing: times === 0 ? null : { line: last.line.trim().slice(0, 200), since, times } }
}
