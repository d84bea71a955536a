import type { Answer } from '../contract.ts'
import { refuse } from '../refusal.ts'
import { branches } from '../store/branches.ts'
import type { Db } from '../store/database.ts'
import { findLine, type Line } from '../store/journal.ts'
import { isOn, type Path, pathOf } from '../store/path.ts'

/** The lines that lead to right after a line, of whichever branch; 0 is the beginning. */
export function pathTo(db: Db, number: number): Answer<Path> {
  if (number === 0) return { ok: true, value: [] }
  const line = findLine(db, number)
  if (!line) return refuse(404, 'no-line', `There is no line ${number}.`, { field: 'line' })
  const all = branches(db)
  const left = all.find(({ id }) => id > line.branch)
  if (!left || line.id < left.line) return { ok: true, value: pathOf(all, line.branch, number) }
  const what = `Line ${number} is what a line printed in a branch after that was left, and not a moment of it.`
  return refuse(409, 'no-moment', what, { field: 'line' })
}

/** A line of a path, or why it is none. */
export function lineOn(db: Db, path: Path, number: number): Answer<Line> {
  const line = findLine(db, number)
  if (!line) return refuse(404, 'no-line', `There is no line ${number}.`, { field: 'line' })
  if (isOn(path, line)) return { ok: true, value: line }
  return refuse(409, 'other-branch', `Line ${number} is of a branch that was left.`, { field: 'line' })
}
