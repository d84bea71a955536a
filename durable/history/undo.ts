import type { Answer, Caller } from '../contract.ts'
import { AGAIN } from '../grading/again.ts'
import type { LabKeeper, Live } from '../lab-keeper.ts'
import { refuse } from '../refusal.ts'
import { anyInputs } from '../store/inputs.ts'
import { findLine, type Line, toLine } from '../store/journal.ts'
import { operationOf } from '../store/operation.ts'
import { currentPath, lastReset, lineBefore, rowsOn } from '../store/path.ts'
import { adopt, type Copy, turnOff } from './branch-off.ts'
import { lineOn } from './line-on.ts'
import { stateAfter } from './past.ts'
import type { Rerun } from './rerun.ts'

/** A line as it is recorded, and the number of what stands for it after the undo. */
type Pair = { readonly recorded: Line; readonly again: Line }

/**
 * Takes one line out: the state before it, then every later line again at its lab time. Nobody else may notice: when a line
 * of somebody else would have answered otherwise, nothing is changed.
 */
export function undo(keeper: LabKeeper, live: Live, number: number, caller: Caller): Answer<Live> {
  keeper.settle()
  const { db } = keeper
  const path = currentPath(db)
  const found = lineOn(db, path, number)
  if (!found.ok) return found
  const gone = found.value
  if (operationOf(gone) === undefined && gone.kind !== 'answer')
    return refuse(409, 'not-undoable', `Line ${number} put nothing into the lab.`)
  if (caller.role === 'student' && gone.byPerson !== caller.personId)
    return refuse(409, 'not-yours', `Line ${number} was ${gone.byName}'s.`)
  if (lastReset(db, path) > number) return refuse(409, 'before-reset', 'The lab has been reset since; there is nothing to undo.')

  const { lab, row } = live
  const after = lineBefore(db, path, number)
  if (anyInputs(db, after))
    return refuse(409, 'real-machine', 'A real machine has sent something since; it cannot be made to send it otherwise.')
  const rerun = stateAfter({ db, definition: lab.definition, seed: row.seed }, path, after)
  rerun.passTo(gone.at)
  const turnoff = turnOff(keeper, live, rerun, { kind: 'undo', line: `undo line ${number}`, after, caller })
  const pairs: Pair[] = rerun.open.flatMap((again) => {
    const recorded = findLine(db, again.id)
    return recorded ? [{ recorded, again }] : []
  })
  const copies: Copy[] = []
  rerun.lab.takeChanges()
  for (const later of rowsOn(db, path, number)) {
    const recorded = toLine(later)
    const { id, branch } = turnoff.opener
    const copy = { ...recorded, clientId: null, branch }
    if (recorded.kind === 'answer') {
      rerun.passTo(recorded.at)
      const line = { ...copy, id: id + copies.length + 1, answer: { ...recorded.answer, endedAt: AGAIN } }
      copies.push({ line, changes: [] })
      continue
    }
    if (operationOf(recorded) === undefined) continue
    const again = rerun.give(copy, id + copies.length + 1)
    copies.push({ line: again, changes: rerun.lab.takeChanges().changes })
    pairs.push({ recorded, again })
  }
  const others = pairs.filter(({ recorded }) => recorded.byPerson !== gone.byPerson)
  // What somebody else waits for has gone on until now; alone, one goes back to before the line.
  if (copies.length > 0 || others.length > 0) rerun.passTo(lab.now)
  for (const { recorded, again } of others) {
    const what = difference(recorded, asItStands(rerun, again))
    if (what === undefined) continue
    const text = recorded.line === '' ? recorded.kind : recorded.line
    const message = `Line ${recorded.id} of ${recorded.byName} (${text}) would have had another ${what}.`
    return refuse(409, 'undo-conflict', message, { line: recorded.id })
  }
  return {
    ok: true,
    value: adopt(
      keeper,
      rerun,
      turnoff,
      copies.map(({ line, changes }) => ({ line: asItStands(rerun, line), changes })),
    ),
  }
}

const asItStands = (rerun: Rerun, line: Line): Line => rerun.lines.get(line.id) ?? line

export function difference(recorded: Line, again: Line): 'output' | 'status' | undefined {
  if (recorded.output !== again.output) return 'output'
  return recorded.status === again.status && recorded.exitStatus === again.exitStatus ? undefined : 'status'
}
