// try, catch and finally: what ends a statement elsewhere is here for the script to look at.
import type { Gen } from '../../windows/program.ts'
import { type ErrorRecord, PsError } from '../errors.ts'
import type { Statement } from '../syntax/ast.ts'
import { object, type PsObject } from '../values/value.ts'
import { assign, type Frame, lookup, noted, type Sink } from './session.ts'
import { runStatements } from './statements.ts'

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

/** By the name at the end: `[System.Management.Automation.RuntimeException]`, or one that all derive from. */
function isA({ exception }: ErrorRecord, type: string): boolean {
  const short = type.toLowerCase().split('.').at(-1)
  return short === 'exception' || short === 'systemexception' || short === exception.toLowerCase()
}

/** What `$_` is in a catch block. */
export function errorObject(record: ErrorRecord): PsObject {
  const { message, category, target, exception, id, command } = record
  const where = `[${command}], ${exception}`
  const thrown = object(
    [`System.Management.Automation.${exception}`, 'System.Exception'],
    { Message: message, HResult: -2_146_233_087 },
    message,
  )
  return object(
    'System.Management.Automation.ErrorRecord',
    {
      Exception: thrown,
      TargetObject: target.slice(0, Math.max(0, target.lastIndexOf(':'))),
      CategoryInfo: `${category}: (${target === '' ? ':' : target}) ${where}`,
      FullyQualifiedErrorId: id,
      ErrorDetails: null,
      ScriptStackTrace: 'at <ScriptBlock>, <No file>: line 1',
    },
    message,
  )
}
