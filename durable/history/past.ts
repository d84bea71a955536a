import type { LabDefinition } from '../engine/lab/definition.ts'
import { openParsed } from '../runtime.ts'
import { branches } from '../store/branches.ts'
import type { Db } from '../store/database.ts'
import { inputsBetween, missing } from '../store/inputs.ts'
import { toLine } from '../store/journal.ts'
import { lastReset, type Path, rowsOn } from '../store/path.ts'
import type { BranchRow, JournalRow } from '../store/schema.ts'
import { type SnapshotHead, snapshotHeads } from '../store/snapshots.ts'
import { type Budget, InputsGone, Rerun } from './rerun.ts'
import { readSnapshot } from './snapshots.ts'

/** What all of a lab's history was made from. */
export type Source = { readonly db: Db; readonly definition: LabDefinition; readonly seed: number }

/** The same lines, none after `line`. */
export const upTo = (path: Path, line: number): Path =>
  path.filter(({ from }) => from <= line).map((one) => ({ ...one, upTo: Math.min(one.upTo, line) }))

/** Snapshots of a path, the newest first. */
export const snapshotsOn = (db: Db, path: Path): SnapshotHead[] =>
  snapshotHeads(db)
    .filter(({ line }) => path.some((one) => line >= one.from && line <= one.upTo))
    .reverse()

/** The lab as it was right after a line of a path: the nearest state that is stored, and from there the lines again. */
export function stateAfter(source: Source, path: Path, line: number): Rerun {
  const { db, definition } = source
  const { rerun, from } = nearest(source, upTo(path, line))
  const gone = missing(db)
  if (gone && from <= gone.upTo && line > gone.from) throw new InputsGone()
  const all = branches(db)
  let before = from
  for (const row of rowsOn(db, path, from, line)) {
    rerun.giveFrames(inputsBetween(db, row.branch, before, row.id))
    giveAgain(rerun, definition, row, all)
    before = row.id
  }
  return rerun
}

export function giveAgain(rerun: Rerun, definition: LabDefinition, row: JournalRow, all: readonly BranchRow[]): void {
  const opened = all.find((branch) => branch.line === row.id)
  if (!opened) return void rerun.give(toLine(row))
  rerun.passTo(row.at)
  rerun.renumber(definition, { lastPacket: opened.lastPacket, nextSighting: opened.firstSequence })
}

function nearest({ db, definition, seed }: Source, path: Path): { rerun: Rerun; from: number } {
  const reset = lastReset(db, path)
  for (const { line } of snapshotsOn(db, path)) {
    if (line < reset) break
    try {
      const { stored, open } = readSnapshot(db, line)
      return { rerun: new Rerun(openParsed(definition, seed, stored), open), from: line }
    } catch {
      // A snapshot that cannot be read is passed over; the one before it will do.
    }
  }
  return { rerun: fromTheBeginning(definition, seed), from: reset }
}

/**
 * Where a path can be run again from: its beginning, or, where frames that came are not kept, the first stored state after
 * those. Undefined when there is none.
 */
export function beginning(
  { db, definition, seed }: Source,
  path: Path,
  budget: Budget,
): { rerun: Rerun; from: number } | undefined {
  const reset = lastReset(db, path)
  const gone = missing(db)
  if (!gone || reset > gone.upTo) return { rerun: fromTheBeginning(definition, seed, budget), from: reset }
  for (const { line } of snapshotsOn(db, path).reverse()) {
    if (line <= gone.upTo) continue
    try {
      const { stored, open } = readSnapshot(db, line)
      return { rerun: new Rerun(openParsed(definition, seed, stored), open, budget), from: line }
    } catch {
      // The next one will do.
    }
  }
  return undefined
}

export function fromTheBeginning(definition: LabDefinition, seed: number, budget?: Budget): Rerun {
  const lab = openParsed(definition, seed)
  lab.takeOutput()
  return new Rerun(lab, [], budget)
}

/** The line that the lab can be taken back to when its present state is lost: the last snapshot that opens, or the beginning. */
export function lastGood({ db, definition, seed }: Source, path: Path): { readonly line: number; readonly name: string } {
  const reset = lastReset(db, path)
  for (const { line, name } of snapshotsOn(db, path)) {
    if (line < reset) break
    try {
      openParsed(definition, seed, readSnapshot(db, line).stored)
      return { line, name }
    } catch {
      // Spoilt too.
    }
  }
  return { line: reset, name: 'the beginning' }
}
