import type { Io } from '../io.ts'
import { forkSession } from '../session.ts'
import { ShellFault } from './faults.ts'
import { TEXT_BUDGET } from './work.ts'

/** A subshell whose output is kept as text. */
export function newCapture(io: Io): { readonly io: Io; text(): string } {
  const pieces: string[] = []
  let size = 0
  const out = (text: string) => {
    size += text.length
    if (size > TEXT_BUDGET) throw new ShellFault(`an output that is kept here has at most ${TEXT_BUDGET} characters`)
    pieces.push(text)
  }
  const captured: Io = { ...io, session: forkSession(io.session), terminal: false, out, place: { ...io.place, out: 'held' } }
  return { io: captured, text: () => pieces.join('') }
}
