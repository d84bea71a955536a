import type { Answer, Caller } from '../contract.ts'
import type { LabKeeper, Live } from '../lab-keeper.ts'
import { adopt, turnOff } from './branch-off.ts'
import { pathTo } from './line-on.ts'
import { type Source, stateAfter } from './past.ts'

/** Takes the lab to right after a line, also one of a branch that was left; 0 is the beginning. Without `live` its present state could not be read. */
export function rewind(keeper: LabKeeper, live: Live | undefined, source: Source, line: number, caller: Caller): Answer<Live> {
  keeper.settle()
  const path = pathTo(keeper.db, line)
  if (!path.ok) return path
  const rerun = stateAfter(source, path.value, line)
  const text = line === 0 ? 'rewind to the beginning' : `rewind to line ${line}`
  const turnoff = turnOff(keeper, live, rerun, { kind: 'rewind', line: text, after: line, caller })
  return { ok: true, value: adopt(keeper, rerun, turnoff) }
}
