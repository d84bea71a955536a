import type { Io, Run } from '../io.ts'

/** Runs what `trap` set for a signal; `$?` is afterwards what it was, unless the trap leaves the shell. */
export function* runTrap(name: string, io: Io): Run {
  const { session } = io
  const action = session.traps.get(name)
  if (action === undefined || action === '' || session.scope.trapping) return 0
  const { status } = session
  session.scope.trapping = true
  try {
    yield* io.tools.evaluate(action, io)
  } finally {
    session.scope.trapping = false
  }
  if (session.scope.flow === undefined) session.status = status
  return 0
}
