import type { Operation } from '../engine/lab/lab-api.ts'
import type { JournalRow } from './schema.ts'

/** An operation as its row keeps it: nothing where the row's other columns say it. */
export function toText(operation: Operation | null): string | null {
  return operation === null || operation.do === 'line' || operation.do === 'interrupt' ? null : JSON.stringify(operation)
}

type Source = Pick<JournalRow, 'kind' | 'console' | 'line' | 'operation'>

/** What a line put into the lab; undefined for lines that put nothing into it. */
export function operationOf({ kind, console, line, operation }: Source): Operation | undefined {
  if (kind === 'exec') return { do: 'line', console, line }
  if (kind === 'interrupt') return { do: 'interrupt', console }
  if (operation !== null) return JSON.parse(operation) as Operation
  return kind === 'hand' ? handOf(line) : undefined
}

/** Lines of before operations were kept. */
function handOf(line: string): Operation | undefined {
  const space = line.indexOf(' ')
  const [action, what] = [line.slice(0, space), line.slice(space + 1)]
  if (action === 'plug' || action === 'unplug') return { do: 'hand', hand: { action, link: what } }
  if (action === 'power-on' || action === 'power-off') return { do: 'hand', hand: { action, machine: what } }
  return undefined
}
