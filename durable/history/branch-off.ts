import type { Caller } from '../contract.ts'
import type { Change } from '../engine/lab/query/index.ts'
import type { LabKeeper, Live } from '../lab-keeper.ts'
import { currentBranch, insertBranch } from '../store/branches.ts'
import { noteChanges } from '../store/changes.ts'
import { endOpenLines, findLine, insertLine, type Line, NO_ANSWER, nextLine, updateLine } from '../store/journal.ts'
import { readClock } from '../store/parts.ts'
import { currentPath, lastReset } from '../store/path.ts'
import type { Numbers, Rerun } from './rerun.ts'
import { dropLeft, snapshotNow } from './snapshots.ts'

/** A branch that was begun in memory and is nobody's lab yet. */
export type Turnoff = {
  /** The line that opens it, as it will be stored. */
  readonly opener: Line
  /** The last line that it shares with the branch that is left; 0 for none. */
  readonly after: number
  readonly leftFrom: number
  /** Lab time at which the other branch is left. */
  readonly leftAt: number
  readonly numbers: Numbers
}

/** A line that has run again in the branch, and what it has changed. */
export type Copy = { readonly line: Line; readonly changes: readonly Change[] }

/** Begins a branch with the state that `rerun` has reached: from here on its packets have new numbers. */
export function turnOff(
  keeper: LabKeeper,
  live: Live | undefined,
  rerun: Rerun,
  what: { readonly kind: 'rewind' | 'undo'; readonly line: string; readonly after: number; readonly caller: Caller },
): Turnoff {
  const { lab } = rerun
  const { after, ...rest } = what
  const leftFrom = lab.nextSighting
  const numbers = unused(keeper, live, rerun)
  rerun.renumber(lab.definition, numbers)
  const input = { ...rest, console: '', clientId: null, operation: null }
  const said = { output: '', exitStatus: 0, status: 'done', started: lab.now, answer: NO_ANSWER } as const
  const opener = keeper.line(nextLine(keeper.db), input, said, '', lab.now, rerun.lab)
  return {
    opener: { ...opener, branch: currentBranch(keeper.db) + 1 },
    after,
    leftFrom,
    leftAt: live?.lab.now ?? lab.now,
    numbers,
  }
}

/** The first packet numbers that no packet of this lab has had. */
function unused({ db, frames }: LabKeeper, live: Live | undefined, { lab }: Rerun): Numbers {
  const { lastPacket, nextSighting } = lab.save().clock
  const numbers = { lastPacket, nextSighting }
  const raise = (other: Numbers) => {
    numbers.lastPacket = Math.max(numbers.lastPacket, other.lastPacket)
    numbers.nextSighting = Math.max(numbers.nextSighting, other.nextSighting)
  }
  if (live) raise(live.lab.save().clock)
  else {
    try {
      raise(readClock(db))
    } catch {
      // That row is spoilt too; what was stored of packets says it as well.
      for (const { packet, sequence } of frames.after(-1)) raise({ lastPacket: packet, nextSighting: sequence + 1 })
    }
  }
  return numbers
}

/**
 * Makes the lab of `rerun` the lab, in one transaction: the branch and its lines are written, lines that run again stand
 * as they stood, and what they had printed since is kept with the branch that is left.
 */
export function adopt(keeper: LabKeeper, rerun: Rerun, turnoff: Turnoff, copies: readonly Copy[] = []): Live {
  const { db, frames } = keeper
  const { opener, after, leftFrom, leftAt, numbers } = turnoff
  const parent = after === 0 ? 0 : (findLine(db, after)?.branch ?? 0)
  const left = { branch: currentBranch(db), reset: lastReset(db, currentPath(db)) }
  return keeper.adopt(rerun.lab, () => {
    const { id, branch } = opener
    const { nextSighting: firstSequence, lastPacket } = numbers
    const copied = new Set(copies.map(({ line }) => line.id))
    const shared = [...rerun.lines.values()].filter((line) => !copied.has(line.id))
    const again = shared.map((line) => ({ line, was: findLine(db, line.id) }))
    endOpenLines(db, leftAt)
    insertBranch(db, { id: branch, parent, after, line: id, leftFrom, firstSequence, lastPacket })
    insertLine(db, opener)
    for (const { line, changes } of copies) {
      insertLine(db, line)
      noteChanges(db, changes, line.id)
    }
    for (const { line, was } of again) {
      if (!was || (line.status === 'done' && sameEnd(was, line))) continue
      keepRest(keeper, was, line, left.branch)
      updateLine(db, line)
    }
    // A reset began packet numbers anew; what was seen after it has nothing to do with what was before.
    if (lastReset(db, currentPath(db)) !== left.reset) frames.clear()
    frames.append(rerun.seen)
    dropLeft(db)
    if (copies.length === 0) snapshotNow(db, rerun.lab, id)
  })
}

const sameEnd = (a: Line, b: Line): boolean =>
  a.status === b.status && a.output === b.output && a.exitStatus === b.exitStatus && a.ended === b.ended

function keepRest({ db }: LabKeeper, was: Line, now: Line, branch: number): void {
  const rest = was.output.startsWith(now.output) ? was.output.slice(now.output.length) : was.output
  if (rest === '') return
  const notice = { kind: 'notice', line: '', prompt: '', status: 'done', clientId: null, operation: null, digest: '' } as const
  insertLine(db, {
    ...was,
    ...notice,
    id: nextLine(db),
    branch,
    output: rest,
    ended: was.ended ?? was.started,
    answer: NO_ANSWER,
  })
}
