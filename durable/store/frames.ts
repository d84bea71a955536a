import { asc, desc, gt, lte } from 'drizzle-orm'
import type { Db } from './database.ts'
import { packFrames, type Seen, unpackFrames } from './frame-block.ts'
import { type FrameBlockRow, frameBlock } from './schema.ts'

/** What a lab keeps of its packets; the oldest blocks go first. */
export const KEPT = { sightings: 20_000, bytes: 8 * 1024 * 1024 } as const
/** Sightings in one row, at most. */
const BLOCK = 500
/** Rows read at a time. */
const AT_ONCE = 32

/** The packets of a lab, in rows. */
export class FrameLog {
  private readonly db: Db
  /** Bytes in all blocks; undefined until somebody needs to know. */
  private bytes: number | undefined

  constructor(db: Db) {
    this.db = db
  }

  /** Forgets what a transaction that was rolled back has left in memory. */
  forget(): void {
    this.bytes = undefined
  }

  /** Appends what was seen since the last commit: one row, and one more for every further 500. */
  append(seen: readonly Seen[]): void {
    for (let at = 0; at < seen.length; at += BLOCK) this.insert(seen.slice(at, at + BLOCK))
    this.drop((seen.at(-1)?.sequence ?? 0) - KEPT.sightings)
  }

  clear(): void {
    this.db.delete(frameBlock).run()
    this.bytes = 0
  }

  /** The sightings after `after`, oldest first; blocks are unpacked as they are reached. */
  *after(after: number): Generator<Seen> {
    for (let id = this.blockOf(after + 1) - 1; ; ) {
      const blocks = this.blocksAfter(id)
      for (const block of blocks) {
        id = block.firstSequence
        if (block.lastSequence <= after) continue
        for (const one of unpackFrames(block.bytes)) if (one.sequence > after) yield one
      }
      if (blocks.length < AT_ONCE) return
    }
  }

  /** Sequence number of the oldest sighting that is kept; undefined when there is none. */
  oldest(): number | undefined {
    return this.db.select({ id: frameBlock.firstSequence }).from(frameBlock).orderBy(asc(frameBlock.firstSequence)).limit(1).get()
      ?.id
  }

  private insert(some: readonly Seen[]): void {
    const [first] = some
    const last = some.at(-1) ?? first
    const bytes = packFrames(some)
    this.bytes = this.total() + bytes.length
    const sequences = { firstSequence: first.sequence, lastSequence: last.sequence }
    this.db
      .insert(frameBlock)
      .values({ ...sequences, firstTime: first.time, lastTime: last.time, bytes })
      .run()
  }

  /** Drops the blocks before the one that `boundary` lies in, and as many more as there are bytes too many. */
  private drop(boundary: number): void {
    let limit = boundary > 0 ? this.blockOf(boundary) : 0
    let room = KEPT.bytes - this.total()
    if (room < 0) {
      const sizes = this.db.$client.sql.exec<{ id: number; size: number }>(
        'SELECT first_sequence AS id, length(bytes) AS size FROM frame_block ORDER BY first_sequence',
      )
      for (const { id, size } of sizes.toArray()) {
        limit = Math.max(limit, id)
        if (room >= 0) break
        room += size
      }
    }
    if (limit === 0) return
    const { sql } = this.db.$client
    if (sql.exec('DELETE FROM frame_block WHERE first_sequence < ?', limit).rowsWritten > 0) this.bytes = undefined
  }

  /** The key of the block that a sighting is in, or would be; 0 when it is older than all. */
  private blockOf(sequence: number): number {
    const { firstSequence } = frameBlock
    const before = this.db.select({ id: firstSequence }).from(frameBlock).where(lte(firstSequence, sequence))
    return before.orderBy(desc(firstSequence)).limit(1).get()?.id ?? 0
  }

  private blocksAfter(id: number): FrameBlockRow[] {
    const { firstSequence } = frameBlock
    return this.db.select().from(frameBlock).where(gt(firstSequence, id)).orderBy(asc(firstSequence)).limit(AT_ONCE).all()
  }

  private total(): number {
    const sum = 'SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM frame_block'
    this.bytes ??= this.db.$client.sql.exec<{ bytes: number }>(sum).one().bytes
    return this.bytes
  }
}
