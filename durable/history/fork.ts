import type { Answer } from '../contract.ts'
import { type LabFile, newestInputs, packFile, wholeLab } from '../export.ts'
import type { LabKeeper, Live } from '../lab-keeper.ts'
import { refuse } from '../refusal.ts'
import { branches } from '../store/branches.ts'
import { changeRows, changesIn } from '../store/changes.ts'
import type { Db } from '../store/database.ts'
import { packFrames, type Seen } from '../store/frame-block.ts'
import { type Came, inputBlocks, inputsBetween } from '../store/inputs.ts'
import { type Line, toLine } from '../store/journal.ts'
import { currentPath, lastReset, leftSightings, type Path, rowsOn } from '../store/path.ts'
import type { ChangeRow, FrameBlockRow, InputBlockRow } from '../store/schema.ts'
import { findSnapshot } from '../store/snapshots.ts'
import { pathTo } from './line-on.ts'
import { snapshotsOn, stateAfter } from './past.ts'

const BLOCK = 500

/** Right after a line, or at a lab time of the branch that goes on; without either, now. */
export type Moment = { readonly line?: number | undefined; readonly at?: number | undefined }

/** The lab as it was at a moment, with its history up to there, or all of it: what a new lab is made of. */
export function forkFile(keeper: LabKeeper, { lab, row }: Live, { line: wanted, at }: Moment): Answer<Uint8Array> {
  keeper.settle()
  const { db, frames } = keeper
  if (at !== undefined && at > lab.now) return refuse(409, 'not-yet', 'The lab has not come that far.', { field: 'at' })
  const line = wanted ?? (at === undefined ? undefined : lineBefore(db, at))
  if (line === undefined) return { ok: true, value: packFile(wholeLab(db, row)) }
  const found = pathTo(db, line)
  if (!found.ok) return found
  const path = found.value
  const rerun = stateAfter({ db, definition: lab.definition, seed: row.seed }, path, line)
  if (at !== undefined && wanted === undefined) {
    rerun.giveFrames(until(inputsBetween(db, path.at(-1)?.branch ?? 0, line, Number.MAX_SAFE_INTEGER), at))
    rerun.passTo(at)
  }
  // A reset of another branch has emptied the recorder.
  const seenOn = lastReset(db, path) === lastReset(db, currentPath(db))
  const ids = new Set(path.map(({ branch }) => branch))
  const file: LabFile = {
    ...row,
    stored: rerun.lab.save(),
    branches: branches(db).filter(({ id }) => ids.has(id)),
    journal: linesOf(keeper, path, rerun.lines),
    frames: blocks(seenOn ? frames.after(-1, leftSightings(db, path)) : [], rerun.lab.nextSighting),
    snapshots: snapshotsOn(db, path)
      .reverse()
      .flatMap((head) => findSnapshot(db, head.line) ?? []),
    inputs: newestInputs(inputBlocks(db).filter((one) => isBefore(path, one))),
    changes: changesOn(db, path, rerun.lab.now),
  }
  return { ok: true, value: packFile(file) }
}

/** The last line that had been given at a lab time; what it set off is over, even if that took longer. 0: the beginning. */
function lineBefore(db: Db, at: number): number {
  let last = 0
  for (const row of rowsOn(db, currentPath(db))) {
    // What only lets time pass is gone through halfway.
    const passes = row.kind === 'advance' && (row.ended ?? row.at) > at
    if (row.at <= at && !passes) last = row.id
  }
  return last
}

function* until(came: Iterable<Came>, at: number): Generator<Came> {
  for (const one of came) if (one.at <= at) yield one
}

/** Whether it came before the last line of a path: what came after it was left. */
const isBefore = (path: Path, one: Pick<InputBlockRow, 'branch' | 'line'>): boolean =>
  path.some(({ branch, upTo }) => branch === one.branch && one.line < upTo)

/** What changed up to a moment; what is noted with the last line of a path may have come after it. */
function changesOn(db: Db, path: Path, now: number): ChangeRow[] {
  const ids = new Set(Array.from(rowsOn(db, path), ({ id }) => id))
  return changeRows(db).filter((one) => ids.has(one.line) && changesIn(one).every(({ at }) => at <= now))
}

/** Lines that had not ended then have not ended in the file. */
function* linesOf({ db }: LabKeeper, path: Path, then: ReadonlyMap<number, Line>): Generator<Line> {
  for (const row of rowsOn(db, path)) yield then.get(row.id) ?? toLine(row)
}

function* blocks(seen: Iterable<Seen>, end: number): Generator<FrameBlockRow> {
  let some: Seen[] = []
  const block = (): FrameBlockRow => {
    const [first] = some
    const last = some.at(-1) ?? first
    const sequences = { firstSequence: first.sequence, lastSequence: last.sequence }
    return { ...sequences, firstTime: first.time, lastTime: last.time, bytes: packFrames(some) }
  }
  for (const one of seen) {
    if (one.sequence >= end) break
    some.push(one)
    if (some.length < BLOCK) continue
    yield block()
    some = []
  }
  if (some.length > 0) yield block()
}
