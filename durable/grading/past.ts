import type { CheckMaterial, GivenAnswer, JournalEntry, LabApi } from '../engine/lab/lab-api.ts'
import type { Change } from '../engine/lab/query/index.ts'
import type { LabFile } from '../export.ts'
import type { LabKeeper } from '../lab-keeper.ts'
import { branches } from '../store/branches.ts'
import { changeRows, changesIn } from '../store/changes.ts'
import { type Seen, unpackFrames } from '../store/frame-block.ts'
import { type Line, linesAfter } from '../store/journal.ts'
import { isOn, pathOf, type Range } from '../store/path.ts'
import type { BranchRow, ChangeRow } from '../store/schema.ts'
import { chainOf } from './chain.ts'

/** Lines that checks look back at. */
const CHECKED_LINES = 2_000
const PAGE = 500

/** All that a lab has been, read from its rows or from a file of it: the same values, so that the same grade comes of both. */
export type Past = {
  readonly branches: readonly BranchRow[]
  /** Of every branch, in order. */
  readonly lines: readonly Line[]
  /** Without what belongs to branches that were left. */
  readonly seen: () => Iterable<Seen>
  readonly changes: readonly ChangeRow[]
}

export function pastOfRows({ db, frames }: LabKeeper): Past {
  const lines: Line[] = []
  for (let page = linesAfter(db, 0, PAGE); page.length > 0; page = linesAfter(db, page.at(-1)?.id ?? 0, PAGE)) lines.push(...page)
  return { branches: branches(db), lines, seen: () => frames.after(-1), changes: changeRows(db) }
}

export function pastOfFile(file: LabFile): Past {
  const lines = [...file.journal]
  const left = leftOf(file.branches, lines)
  const frames = [...file.frames]
  return { branches: file.branches, lines, seen: () => sightings(frames, left), changes: [...file.changes] }
}

function* sightings(frames: readonly { readonly bytes: Uint8Array }[], left: readonly Range[]): Generator<Seen> {
  for (const { bytes } of frames)
    for (const one of unpackFrames(bytes)) if (!left.some(({ from, to }) => one.sequence >= from && one.sequence < to)) yield one
}

/** The branch that goes on, and the line in which the lab last began anew; 0 when it never did. */
function current(all: readonly BranchRow[], lines: readonly Line[]) {
  const path = pathOf(all, all.at(-1)?.id ?? 0)
  return { path, reset: lines.findLast((line) => line.kind === 'reset' && isOn(path, line))?.id ?? 0 }
}

function leftOf(all: readonly BranchRow[], lines: readonly Line[]): Range[] {
  const { path, reset } = current(all, lines)
  const ids = new Set(path.map(({ branch }) => branch))
  return all.filter((row) => ids.has(row.id) && row.line > reset).map((row) => ({ from: row.leftFrom, to: row.firstSequence }))
}

/** What the lab's checks look at beside the lab. Hints that were read stay read, whatever the lab was taken back to. */
export function materialOf(past: Past, { vantages }: Pick<LabApi, 'vantages'>): CheckMaterial {
  const { path, reset } = current(past.branches, past.lines)
  const standing = past.lines.filter((line) => line.id > reset && isOn(path, line))
  const ids = new Set(standing.map(({ id }) => id))
  const recent = standing.slice(-CHECKED_LINES)
  return {
    journal: recent.filter(({ kind }) => kind === 'exec').map(entryOf),
    seen: () => {
      const numbers = new Map(vantages.map((one) => [`${one.machine}/${one.adapter}`, one.number]))
      return Array.from(past.seen(), ({ place, ...seen }) => ({
        ...seen,
        vantage: numbers.get(`${place.machine}/${place.adapter}`) ?? -1,
      })).filter(({ vantage }) => vantage >= 0)
    },
    changes: (): Change[] => past.changes.filter(({ line }) => line === 0 || ids.has(line)).flatMap(changesIn),
    answers: standing.filter(({ kind }) => kind === 'answer').map(answerOf),
    hints: hintsIn(past.lines),
  }
}

const entryOf = ({ id, console, line, output, started: at, exitStatus, ended: endedAt }: Line): JournalEntry => {
  return { id, console, line, output, at, exitStatus, endedAt }
}

/** The line of an answer is `CHECK ANSWER`, that of a hint `CHECK NUMBER`. */
function answerOf({ id, line, at, answer }: Line): GivenAnswer {
  const space = line.indexOf(' ')
  return { line: id, check: line.slice(0, space), value: line.slice(space + 1), at, noted: answer.noted ?? {} }
}

/** How many hints of each check were read. */
export function hintsIn(lines: readonly Line[]): { [check: string]: number } {
  const taken: { [check: string]: number } = {}
  for (const { kind, line } of lines) {
    const [check = '', number = '0'] = line.split(' ')
    if (kind === 'hint') taken[check] = Math.max(taken[check] ?? 0, Number(number))
  }
  return taken
}

export const chainOfPast = ({ lines }: Past): string => chainOf(lines)
