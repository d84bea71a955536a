import type { Answer } from '../contract.ts'
import { refuse } from '../refusal.ts'
import type { Db } from '../store/database.ts'
import { findLine, type Line } from '../store/journal.ts'
import { isOn, type Path } from '../store/path.ts'

/** A line of a path, or why it is none. */
export function lineOn(db: Db, path: Path, number: number): Answer<Line> {
  const line = findLine(db, number)
  if (!line) return refuse(404, 'no-line', `There is no line ${number}.`, { field: 'line' })
  if (isOn(path, line)) return { ok: true, value: line }
  return refuse(409, 'other-branch', `Line ${number} is of a branch that was left.`, { field: 'line' })
}
