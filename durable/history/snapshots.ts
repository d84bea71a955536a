import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { LabApi, StoredLab } from '../engine/lab/lab-api.ts'
import type { Db } from '../store/database.ts'
import { type Line, openLines } from '../store/journal.ts'
import { currentPath, type Path } from '../store/path.ts'
import {
  findSnapshot,
  insertSnapshot,
  newestSnapshot,
  removeSnapshot,
  type SnapshotHead,
  snapshotHeads,
} from '../store/snapshots.ts'

/** Lines between two automatic snapshots, and how many of them are kept, thinning out towards the past. */
export const AUTOMATIC = { every: 20, most: 12, bytes: 2 * 1024 * 1024 } as const
/** Those that people made. With the packets, all must go into one file. */
export const NAMED = { most: 40, bytes: 3 * 1024 * 1024 } as const
/** A row holds at most two megabytes. */
const LARGEST_ROW = 1_900_000
const LARGEST = 64 * 1024 * 1024

/** The whole lab right after a line, and the lines that had not ended then. */
export type State = { readonly stored: StoredLab; readonly open: readonly Line[] }

function pack(state: State): Uint8Array {
  return deflateRawSync(new TextEncoder().encode(JSON.stringify({ v: 1, ...state })))
}

/** The state of a snapshot; throws when it cannot be read. */
export function readSnapshot(db: Db, line: number): State {
  const row = findSnapshot(db, line)
  const text = new TextDecoder().decode(inflateRawSync(row?.state ?? new Uint8Array(), { maxOutputLength: LARGEST }))
  const { v, stored, open } = JSON.parse(text) as State & { readonly v: number }
  if (v !== 1) throw new Error(`a snapshot of version ${v}`)
  return { stored, open }
}

/** Whether a snapshot was written: one that is too large for a row is not. */
export function writeSnapshot(db: Db, lab: LabApi, line: number, name: string, automatic: boolean): boolean {
  const state = pack({ stored: lab.save(), open: openLines(db) })
  if (state.length > LARGEST_ROW) return false
  insertSnapshot(db, { line, name, automatic, at: lab.now, state })
  return true
}

/** To be called in the transaction of every line: now and then the state is kept, so that the way back is never long. */
export function snapshotNow(db: Db, lab: LabApi, line: number): void {
  if (line - newestSnapshot(db) < AUTOMATIC.every) return
  if (writeSnapshot(db, lab, line, `after line ${line}`, true)) thinOut(db, line)
}

/** The state after a line that is not like others: it is kept whenever it can be. */
export function keepState(db: Db, lab: LabApi, line: number): boolean {
  const kept = writeSnapshot(db, lab, line, `after line ${line}`, true)
  if (kept) thinOut(db, line)
  return kept
}

/** Few go back into a branch that was left; for them its lines run again. Only what somebody gave a name is kept of it. */
export function dropLeft(db: Db): void {
  const path = currentPath(db)
  for (const { line, automatic } of snapshotHeads(db)) if (automatic && !stands(path, line)) removeSnapshot(db, line)
}

const stands = (path: Path, line: number): boolean => path.some(({ from, upTo }) => line >= from && line <= upTo)

function thinOut(db: Db, now: number): void {
  let kept = snapshotHeads(db).filter(({ automatic }) => automatic)
  while (kept.length > 1 && (kept.length > AUTOMATIC.most || total(kept) > AUTOMATIC.bytes)) {
    const going = leastNeeded(kept, now)
    removeSnapshot(db, going.line)
    kept = kept.filter((one) => one !== going)
  }
}

export const total = (heads: readonly SnapshotHead[]): number => heads.reduce((sum, { bytes }) => sum + bytes, 0)

/** The one whose neighbours stand closest to each other for their age; never the newest. */
function leastNeeded(kept: readonly SnapshotHead[], now: number): SnapshotHead {
  const gap = (at: number) => ((kept[at + 1]?.line ?? now) - (kept[at - 1]?.line ?? 0)) / (now - (kept[at]?.line ?? 0) + 1)
  let least = 0
  for (let at = 1; at < kept.length - 1; at++) if (gap(at) < gap(least)) least = at
  return kept[least] as SnapshotHead
}
