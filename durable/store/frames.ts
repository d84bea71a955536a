import { asc, desc, gt, gte, lte } from 'drizzle-orm'
import type { Db } from './database.ts'
import { packFrames, type Seen, type Sightings, unpackFrames } from './frame-block.ts'
import type { Range } from './path.ts'
import { type FrameBlockRow, frameBlock } from './schema.ts'

/** What a lab keeps of its packets; the oldest blocks go first. */
export const KEPT = { sightings: 20_000, bytes: 8 * 1024 * 1024 } as const
/** Sightings in one row, at most. */
const BLOCK = 500
/** Rows read at a time. */
const AT_ONCE = 32

type Total = { readonly count: number; readonly bytes: number }

/** The packets of a lab, in rows; those of live time are held until the next commit, and can be read like the others. */
export class FrameLog implements Sightings {
  private readonly db: Db
  /** What all blocks have; undefined until somebody needs to know. */
  private total: Total | undefined
  private held: Seen[] = []
  revision = 0
  /** Numbers of sightings that are kept but belong to a branch that was left. */
  private left: readonly Range[] = []

  constructor(db: Db) {
    this.db = db
  }

  /** Forgets what a transaction that was rolled back has left in memory. */
  forget(): void {
    this.total = undefined
    this.held = []
    this.revision++
  }

  /** Nobody is shown these until they are hidden no longer. */
  hide(left: readonly Range[]): void {
    this.left = left
    this.revision++
  }

  hold(seen: readonly Seen[]): void {
    for (const one of seen) this.held.push(one)
    // More than is kept is not held either.
    if (this.held.length > 2 * KEPT.sightings) this.held = this.held.slice(-KEPT.sightings)
  }

  /** What has no row yet, for whoever commits it. */
  get waiting(): readonly Seen[] {
    return this.held
  }

  /** Appends what was seen since the last commit, held or not: one row, and one more for every further 500. */
  append(seen: readonly Seen[]): void {
    // Not emptied in place: `seen` may be that very list.
    this.held = []
    if (seen.length === 0) return
    for (let at = 0, to = 1; at < seen.length; to++) {
      // Where some were missed a new row begins, so that its ends tell how many are in it.
      const goesOn = to < seen.length && to - at < BLOCK && seen[to]?.sequence === (seen[to - 1]?.sequence ?? 0) + 1
      if (goesOn) continue
      this.insert(seen.slice(at, to))
      at = to
    }
    this.drop()
  }

  /** Appends the first `most` of them as far as there is room: nothing older goes for them. Answers how many were kept. */
  appendSpare(seen: readonly Seen[], most: number): number {
    const { count, bytes } = this.totals()
    const room = bytes < KEPT.bytes / 2 ? KEPT.sightings - count : 0
    const kept = seen.slice(0, Math.max(0, Math.min(most, room)))
    this.append(kept)
    return kept.length
  }

  clear(): void {
    this.db.delete(frameBlock).run()
    this.total = { count: 0, bytes: 0 }
    this.held = []
    this.revision++
  }

  /** The sightings after `after` without those of what was `left`, oldest first; blocks are unpacked as they are reached. */
  *after(after: number, left = this.left): Generator<Seen> {
    for (let id = this.blockOf(after + 1) - 1; ; ) {
      const blocks = this.blocksAfter(id)
      for (const block of blocks) {
        id = block.firstSequence
        if (block.lastSequence <= after) continue
        for (const one of unpackFrames(block.bytes)) if (one.sequence > after && !isIn(left, one.sequence)) yield one
      }
      if (blocks.length < AT_ONCE) break
    }
    for (const one of this.held) if (one.sequence > after) yield one
  }

  /** Sequence number of the oldest sighting that is kept; undefined when there is none. */
  oldest(): number | undefined {
    const { firstSequence, lastSequence } = frameBlock
    const from = (sequence: number) =>
      this.db
        .select({ id: firstSequence })
        .from(frameBlock)
        .where(gte(lastSequence, sequence))
        .orderBy(asc(firstSequence))
        .limit(1)
        .get()?.id
    let first = from(0)
    for (const range of this.left) {
      if (first === undefined || first < range.from || first >= range.to) continue
      const next = from(range.to)
      first = next === undefined ? undefined : Math.max(next, range.to)
    }
    return first ?? this.held[0]?.sequence
  }

  firstBlocks(most: number): Uint8Array[] | undefined {
    if (this.held.length > 0 || this.left.length > 0) return undefined
    const { firstSequence } = frameBlock
    const found = this.db
      .select()
      .from(frameBlock)
      .orderBy(asc(firstSequence))
      .limit(most + 1)
      .all()
    if (found.length > most || found[0]?.firstSequence !== 0) return undefined
    return found.map(({ bytes }) => bytes)
  }

  private insert(some: readonly Seen[]): void {
    const [first] = some
    const last = some.at(-1) ?? first
    const bytes = packFrames(some)
    const before = this.totals()
    this.total = { count: before.count + some.length, bytes: before.bytes + bytes.length }
    const sequences = { firstSequence: first.sequence, lastSequence: last.sequence }
    this.db
      .insert(frameBlock)
      .values({ ...sequences, firstTime: first.time, lastTime: last.time, bytes })
      .run()
  }

  /** Drops the oldest blocks while there are too many bytes, or as many sightings as may be kept without them. */
  private drop(): void {
    const { sql } = this.db.$client
    let { count, bytes } = this.totals()
    const tooMany = (block: number) => bytes > KEPT.bytes || count - block > KEPT.sightings
    while (tooMany(BLOCK)) {
      const oldest = sql.exec<{ id: number; last: number; size: number }>(
        'SELECT first_sequence AS id, last_sequence AS last, length(bytes) AS size FROM frame_block ORDER BY first_sequence LIMIT 64',
      )
      let upTo = -1
      for (const { id, last, size } of oldest.toArray()) {
        if (!tooMany(last - id + 1)) break
        upTo = id
        count -= last - id + 1
        bytes -= size
      }
      if (upTo < 0) return
      sql.exec('DELETE FROM frame_block WHERE first_sequence <= ?', upTo)
      this.total = { count, bytes }
    }
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

  private totals(): Total {
    const sum =
      'SELECT coalesce(sum(last_sequence - first_sequence + 1), 0) AS count, coalesce(sum(length(bytes)), 0) AS bytes FROM frame_block'
    this.total ??= this.db.$client.sql.exec<Total>(sum).one()
    return this.total
  }
}

const isIn = (ranges: readonly Range[], sequence: number): boolean =>
  ranges.some(({ from, to }) => sequence >= from && sequence < to)
