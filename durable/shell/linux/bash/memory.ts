// How much a shell remembers: a console is stored as one row, and no loop may fill it.
import type { Io } from '../io.ts'
import type { Session } from '../session.ts'
import { ShellFault } from './faults.ts'

/** Characters of variables, arrays, functions, aliases and traps of a shell together. */
export const MEMORY_BUDGET = 262_144
/** What an entry takes beside its text. */
const ENTRY = 16

/**
 * Called before something is remembered, with the text whose place it takes; the rest of the line is left out when there is no
 * room for it.
 */
export function remember(what: string, characters: number, io: Io, before?: string): void {
  const { session, work } = io
  const more = before === undefined ? characters + ENTRY : characters - before.length
  work.kept = (work.kept ?? weigh(session)) + more
  if (work.kept <= MEMORY_BUDGET) return
  // Things that were given up since are still counted.
  work.kept = weigh(session) + more
  work.step(work.kept >> 10)
  if (work.kept > MEMORY_BUDGET)
    throw new ShellFault(`${what}: the variables and functions of a shell here hold at most ${MEMORY_BUDGET} characters`)
}

function weigh(session: Session): number {
  let sum = 0
  const add = (map: ReadonlyMap<string, string>) => {
    for (const [name, text] of map) sum += name.length + text.length + ENTRY
  }
  for (const map of [session.variables, session.functions, session.aliases, session.traps]) add(map)
  for (const { items } of session.arrays.values()) add(items)
  for (const names of [session.exported, session.locked, session.whole]) for (const name of names) sum += name.length + ENTRY
  for (const text of session.positional) sum += text.length + ENTRY
  return sum
}
