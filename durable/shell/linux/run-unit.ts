// A daemon that was started by its name: it is the unit of that name, with options of its own.
import type { Json } from '../../engine/sim/json.ts'
import { textOf, watch } from './events.ts'
import type { Io, Steps } from './io.ts'

/** `print`: it stays in the foreground, says its log there, and ends with Ctrl-C. Answers why it did not start. */
export function* runUnit(
  io: Io,
  unit: string,
  args: Json,
  print: ((ident: string, text: string) => void) | undefined,
): Steps<string | undefined> {
  const before = io.kernel.journal().length
  const outcome = io.kernel.unit(unit, 'start', args)
  if (!outcome.ok) return outcome.detail ?? outcome.error
  if (print === undefined) return undefined
  for (const entry of io.kernel.journal().slice(before)) print(entry.ident, entry.text)
  try {
    yield* watch(
      io,
      'journal',
      { unit },
      () => {},
      (event) => {
        print(textOf(event, 'ident'), textOf(event, 'text'))
        return true
      },
    )
  } finally {
    io.kernel.unit(unit, 'stop')
  }
  return undefined
}
