// try, catch and finally: what ends a statement elsewhere is here for the script to look at.
import type { Gen } from '../../windows/program.ts'
import { type ErrorRecord, type Extent, FlowSignal, PsError } from '../errors.ts'
import type { Block, Statement } from '../syntax/ast.ts'
import { errorObject, exceptionTypes, isErrorObject, recordOf } from '../values/error-object.ts'
import { text } from '../values/text.ts'
import { isObject, type PsValue, shortType } from '../values/value.ts'
import { assign, type Frame, lookup, noted, type Sink } from './session.ts'
import { runStatements } from './statements.ts'
import { reportStatement } from './streams.ts'

export function* tryCatch(s: Extract<Statement, { kind: 'try' }>, frame: Frame, sink: Sink): Gen {
  try {
    try {
      yield* runStatements(s.body, { ...frame, trying: true }, sink)
    } catch (error) {
      if (!(error instanceof PsError)) throw error
      const { record } = error
      const found = s.catches.find(({ types }) => types.length === 0 || types.some((type) => isA(record, type)))
      if (found === undefined) throw error
      noted(frame.session, record)
      const before = lookup(frame.scope, '_')
      assign(frame.scope, '_', errorObject(record))
      try {
        yield* runStatements(found.body, { ...frame, caught: error }, sink)
      } finally {
        if (before === undefined) frame.scope.vars.delete('_')
        else assign(frame.scope, '_', before)
      }
    }
  } finally {
    if (s.last !== undefined) yield* runStatements(s.last, { ...frame, trying: false }, sink)
  }
}

/** By its full name or the words at its end, as accelerators and `using` have it. */
function isA(record: ErrorRecord, type: string): boolean {
  const wanted = type.toLowerCase()
  return exceptionTypes(record).some((one) => one.toLowerCase() === wanted || one.toLowerCase().endsWith(`.${wanted}`))
}

/** The first trap of a block that fits; `on`: the block goes on behind the statement that failed. */
export function* trapped(body: Block, error: PsError, frame: Frame, sink: Sink): Gen<'on' | 'out'> {
  const traps = body.filter((one) => one.kind === 'trap')
  const found =
    traps.find(({ types }) => types.length > 0 && types.some((type) => isA(error.record, type))) ??
    traps.find(({ types }) => types.length === 0)
  if (found === undefined) return 'out'
  const before = lookup(frame.scope, '_')
  assign(frame.scope, '_', errorObject(error.record))
  try {
    yield* runStatements(found.body, { ...frame, caught: error }, sink)
  } catch (signal) {
    if (!(signal instanceof FlowSignal) || signal.flow === 'return') throw signal
    if (signal.flow === 'break') return 'out'
    noted(frame.session, error.record)
    return 'on'
  } finally {
    if (before === undefined) frame.scope.vars.delete('_')
    else assign(frame.scope, '_', before)
  }
  reportStatement(frame, error.record)
  return 'on'
}

/** What `throw` makes of a value: an error again, an exception's own record, or a text. */
export function thrownRecord(given: PsValue, extent: Extent): ErrorRecord {
  if (isErrorObject(given)) return recordOf(given)
  const message = text(given)
  const base = { message, command: '', category: 'OperationStopped', extent }
  if (isObject(given) && given.types.includes('System.Exception'))
    return {
      ...base,
      target: ':',
      exception: shortType(given),
      id: message,
      also: given.types.filter((one) => one !== 'System.Exception'),
    }
  return { ...base, target: `${message}:${shortType(given)}`, exception: 'RuntimeException', id: message }
}
