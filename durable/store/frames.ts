import { asc, desc, gt, lte } from 'drizzle-orm'
import type { Db } from './database.ts'
import { packFrames, type Seen, unpackFrames } from './frame-block.ts'
import { frameBlock } from './schema.ts'

/** Sightings that a lab keeps; the oldest blocks go first. */
export const KEPT_SIGHTINGS = 20_000
const BLOCK = 500

/** Appends what was seen since the last commit: one row, and one more for every further 500. */
export function appendFrames(db: Db, seen: readonly Seen[]): void {
  for (let at = 0; at < seen.length; at += BLOCK) {
    const some = seen.slice(at, at + BLOCK)
    const first = some[0] as Seen
    const last = some.at(-1) as Seen
    const row = {
      firstSequence: first.sequence,
      lastSequence: last.sequence,
      firstTime: first.time,
      lastTime: last.time,
      bytes: packFrames(some),
    }
    db.insert(frameBlock).values(row).run()
  }
  const newest = seen.at(-1)
  if (newest === undefined || newest.sequence < KEPT_SIGHTINGS) return
  // Blocks are found by their first sequence number: the one that the boundary lies in stays whole.
  const boundary = db
    .select({ id: frameBlock.firstSequence })
    .from(frameBlock)
    .where(lte(frameBlock.firstSequence, newest.sequence - KEPT_SIGHTINGS))
    .orderBy(desc(frameBlock.firstSequence))
    .limit(1)
    .get()
  if (boundary) db.$client.sql.exec('DELETE FROM frame_block WHERE first_sequence < ?', boundary.id)
}

/** The sightings after `after`, oldest first; blocks are unpacked as they are reached. */
export function* framesAfter(db: Db, after: number): Generator<Seen> {
  const start = db
    .select({ id: frameBlock.firstSequence })
    .from(frameBlock)
    .where(lte(frameBlock.firstSequence, after + 1))
    .orderBy(desc(frameBlock.firstSequence))
    .limit(1)
    .get()
  for (let id = (start?.id ?? 0) - 1; ; ) {
    const block = db
      .select()
      .from(frameBlock)
      .where(gt(frameBlock.firstSequence, id))
      .orderBy(asc(frameBlock.firstSequence))
      .limit(1)
      .get()
    if (!block) return
    if (block.lastSequence > after) {
      for (const one of unpackFrames(block.bytes)) if (one.sequence > after) yield one
    }
    id = block.firstSequence
  }
}

/** Sequence number of the oldest sighting kept; undefined when there is none. */
export function oldestFrame(db: Db): number | undefined {
  return db.select({ id: frameBlock.firstSequence }).from(frameBlock).orderBy(asc(frameBlock.firstSequence)).limit(1).get()?.id
}

/** Ids of the packets that a command caused, in the order they were first seen. */
export function packetsOfCommand(db: Db, command: number, most: number): number[] {
  const found = new Set<number>()
  for (const one of framesAfter(db, -1)) {
    if (one.origin === command) found.add(one.packet)
    if (found.size >= most) break
  }
  return [...found]
}
