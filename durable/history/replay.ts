import { ENGINE_VERSION } from '../engine/lab/index.ts'
import type { LabApi } from '../engine/lab/lab-api.ts'
import { seenSince } from '../lab-keeper.ts'
import { toDetail } from '../packets.ts'
import type { ReplayReport } from '../protocol.ts'
import { branches } from '../store/branches.ts'
import type { Seen } from '../store/frame-block.ts'
import type { FrameLog } from '../store/frames.ts'
import { type Came, inputsBetween } from '../store/inputs.ts'
import { findLine, type Line, toLine } from '../store/journal.ts'
import { operationOf } from '../store/operation.ts'
import { currentPath, lineBefore, rowsOn } from '../store/path.ts'
import { beginning, giveAgain, type Source } from './past.ts'
import type { Budget, Rerun } from './rerun.ts'
import { difference } from './undo.ts'

/** A replay runs in slices, so it may take longer than what keeps others waiting. */
export const REPLAY_BUDGET: Budget = { lines: 20_000, events: 15_000_000 }

type Found = NonNullable<ReplayReport['difference']>

/**
 * The current branch again since the lab was built or reset, beside the lab in use. Yields after every line how many events
 * it took; the answer says whether everything came out as it is recorded, or what was the first to differ.
 */
export function* replay(source: Source, frames: FrameLog, now: number): Generator<number, ReplayReport> {
  const { db, definition } = source
  const path = currentPath(db)
  const all = branches(db)
  const begun = beginning(source, path, REPLAY_BUDGET)
  const last = lineBefore(db, path, Number.MAX_SAFE_INTEGER)
  const from = begun?.from ?? last
  const engine: { recorded: number; now: number } = { recorded: ENGINE_VERSION, now: ENGINE_VERSION }
  const report = (lines: number, found: Found | null): ReplayReport => ({
    from,
    lines,
    same: found === null,
    engine,
    difference: found,
  })
  if (!begun) return report(0, null)
  const { rerun } = begun
  const built = seenSince(rerun.lab, 0)
  // While it was built, or since the reset, no line had a part in it.
  if (built.length > 0 && frames.oldest() === 0) {
    const found = packets(built, rerun.lab, frames, 0, (was) => was.origin === 0 && was.time <= rerun.lab.now)
    for (const { engine: ran } of found ? rowsOn(db, path, from, last) : []) engine.recorded = Math.min(engine.recorded, ran)
    if (found) return report(0, { line: from, what: 'packets', recorded: '', again: '', ...found })
  }
  let lines = 0
  let before = from
  let branch = path.at(-1)?.branch ?? 0
  for (const row of rowsOn(db, path, from, last)) {
    const { lab } = rerun
    const { events, nextSighting: first } = lab
    rerun.seen = []
    rerun.giveFrames(inputsBetween(db, row.branch, before, row.id))
    before = row.id
    branch = row.branch
    const { now: at } = lab
    const recorded = toLine(row)
    engine.recorded = Math.min(engine.recorded, row.engine)
    if (operationOf(recorded)) lines++
    if (row.at < at) return report(lines, differs(recorded, 'time', String(row.at), String(at)))
    giveAgain(rerun, definition, row, all)
    const digest = rerun.lab.digest()
    if (row.digest !== '' && row.digest !== digest) {
      const until = Math.max(row.ended ?? 0, rerun.lab.now)
      const found = packets(rerun.seen, rerun.lab, frames, first, ({ time }) => time <= until)
      return report(lines, { ...differs(recorded, 'packets', row.digest, digest), ...found })
    }
    const found = endings(rerun, row.at, source, false)
    if (found) return report(lines, found)
    yield rerun.lab === lab ? lab.events - events : 0
  }
  // Those that came after the last line and are not what `now` is about came later than this replay began.
  rerun.giveFrames(upTo(inputsBetween(db, branch, before, Number.MAX_SAFE_INTEGER), now))
  rerun.passTo(now)
  return report(lines, endings(rerun, now, source, true))
}

function* upTo(came: Iterable<Came>, now: number): Generator<Came> {
  for (const one of came) if (one.at <= now) yield one
}

/** What lines have printed is compared when they have ended in both; then they are forgotten. */
function endings(rerun: Rerun, now: number, { db }: Source, all: boolean): Found | null {
  for (const again of rerun.lines.values()) {
    if (again.status !== 'done' && !all) continue
    const recorded = findLine(db, again.id)
    // Not over yet: what it prints after this replay began is no difference.
    if (!recorded || (all && (recorded.ended === null || recorded.ended > now) && again.status !== 'done')) continue
    if (!all && recorded.status !== 'done') continue
    const what = difference(recorded, again)
    if (what === 'output') return differs(recorded, what, ...firstOther(recorded.output, again.output))
    if (what) return differs(recorded, what, `${recorded.status} ${recorded.exitStatus}`, `${again.status} ${again.exitStatus}`)
    if (again.status === 'done') rerun.lines.delete(again.id)
  }
  return null
}

const differs = ({ id }: Line, what: string, recorded: string, again: string): Found => ({
  line: id,
  what,
  recorded,
  again,
  recordedPacket: null,
  againPacket: null,
})

/** The first rows of two texts that are not the same. */
function firstOther(one: string, other: string): [string, string] {
  const [a, b] = [one.split('\n'), other.split('\n')]
  const at = Math.max(
    0,
    a.findIndex((row, index) => row !== b[index]),
  )
  return [a[at] ?? '', b[at] ?? '']
}

/**
 * The first packet that is not the same in both: as it is recorded, if that is still kept, and as it is now. `belongs` tells of the
 * next one that is recorded, when all are the same, whether it should have been seen too. Not everything that was seen is kept in
 * the packet list: what the other has a gap for tells nothing.
 */
function packets(
  seen: readonly Seen[],
  lab: LabApi,
  log: FrameLog,
  from: number,
  belongs: (was: Seen) => boolean,
): Pick<Found, 'recordedPacket' | 'againPacket'> | undefined {
  const answer = (was: Seen | undefined, is: Seen | undefined) => ({
    recordedPacket: was ? toDetail(was) : null,
    againPacket: is ? toDetail(is) : null,
  })
  let at = 0
  let last = from - 1
  for (const was of log.after(last)) {
    while (at < seen.length && (seen[at] as Seen).sequence < was.sequence) at++
    const is = seen[at]
    if (is === undefined) return was.sequence === lab.nextSighting && belongs(was) ? answer(was, undefined) : undefined
    if (was.sequence === is.sequence && !same(was, is)) return answer(was, is)
    last = was.sequence
  }
  const more = seen.find(({ sequence }) => sequence > last)
  return more && answer(undefined, more)
}

function same(a: Seen, b: Seen): boolean {
  const places = a.place.machine === b.place.machine && a.place.adapter === b.place.adapter
  const heads = a.sequence === b.sequence && a.time === b.time && a.packet === b.packet && a.length === b.length
  if (!places || !heads || a.direction !== b.direction || a.verdict !== b.verdict) return false
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, at) => byte === b.bytes[at])
}
