import type { Answer, Caller } from '../contract.ts'
import type { LabKeeper, Live } from '../lab-keeper.ts'
import { currentPath } from '../store/path.ts'
import { adopt, turnOff } from './branch-off.ts'
import { lineOn } from './line-on.ts'
import { type Source, stateAfter } from './past.ts'

/** Takes the lab back to right after a line; 0 is the beginning. Without `live` its present state could not be read. */
export function rewind(keeper: LabKeeper, live: Live | undefined, source: Source, line: number, caller: Caller): Answer<Live> {
  keeper.settle()
  const path = currentPath(keeper.db)
  if (line > 0) {
    const found = lineOn(keeper.db, path, line)
    if (!found.ok) return found
  }
  const rerun = stateAfter(source, path, line)
  const text = line === 0 ? 'rewind to the beginning' : `rewind to line ${line}`
  const turnoff = turnOff(keeper, live, rerun, { kind: 'rewind', line: text, after: line, caller })
  return { ok: true, value: adopt(keeper, rerun, turnoff) }
}
