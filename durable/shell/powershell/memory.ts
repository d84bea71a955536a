// What a console keeps between command lines. It is written once, at the end of a line, so that a line that is run again starts from the same.
import type { Memory } from '../../engine/machine/console.ts'
import type { Json } from '../../engine/sim/json.ts'
import { fromSource } from './eval/function-stage.ts'
import type { Scope, Session } from './eval/session.ts'
import { loadRecord, storeRecord } from './values/error-object.ts'
import { load, store } from './values/store.ts'

const MOST_HISTORY = 200
const MOST_STORED = 200_000

export function recall(memory: Memory): Scope['vars'] {
  const stored = (memory['variables'] ?? []) as readonly (readonly [string, Json, string?])[]
  return new Map(
    stored.map(([name, value, type]) => [
      name.toLowerCase(),
      { name, value: load(value), ...(type === undefined ? {} : { type }) },
    ]),
  )
}

export const recallErrors = (memory: Memory): Session['errors'] => ((memory['errors'] ?? []) as readonly Json[]).map(loadRecord)

/** Functions are kept as they were written. */
export function recallFunctions(memory: Memory): Session['functions'] {
  const found: Session['functions'] = new Map()
  for (const source of (memory['functions'] ?? []) as readonly string[]) {
    const one = fromSource(source)
    if (one) found.set(one.name.toLowerCase(), one)
  }
  return found
}

export function remember(memory: Memory, line: string): void {
  if (line.trim() === '') return
  const history = [...((memory['history'] ?? []) as readonly string[]), line]
  const over = Math.max(0, history.length - MOST_HISTORY)
  memory['history'] = history.slice(over)
  memory['forgotten'] = Number(memory['forgotten'] ?? 0) + over
}

export function keep(memory: Memory, session: Session): void {
  const variables: Json[] = []
  let size = 0
  for (const { name, value, type } of session.globals.vars.values()) {
    if (name === '_') continue
    const stored = store(value)
    const own = JSON.stringify(stored).length
    if (size + own > MOST_STORED) {
      session.print(`$${name} was not kept: the variables of one console may hold ${MOST_STORED} characters in this lab.\n`)
      continue
    }
    size += own
    variables.push(type === undefined ? [name, stored] : [name, stored, type])
  }
  memory['variables'] = variables
  const sources = [...session.functions.values()].map(({ source }) => source)
  if (sources.length > 0) memory['functions'] = bounded(sources, session)
  memory['cwd'] = session.cwd
  memory['ok'] = session.ok
  memory['errors'] = session.errors.map(storeRecord)
  if (session.lastExitCode !== undefined) memory['exit'] = session.lastExitCode
}

const MOST_SOURCE = 100_000

function bounded(sources: readonly string[], session: Session): string[] {
  let size = 0
  const kept = sources.filter((source) => {
    size += source.length
    return size <= MOST_SOURCE
  })
  if (kept.length < sources.length)
    session.print(
      `${sources.length - kept.length} functions were not kept: those of one console may have ${MOST_SOURCE} characters in this lab.\n`,
    )
  return kept
}
