import type { Gen } from '../../windows/program.ts'
import { ExitSignal, FlowSignal, NotSimulated, PsError } from '../errors.ts'
import type { Block, Statement } from '../syntax/ast.ts'
import { truth } from '../values/convert.ts'
import { collect, type PsValue } from '../values/value.ts'
import { cast } from './cast.ts'
import { assignTo, evaluate, gather } from './expressions.ts'
import { define } from './function-stage.ts'
import { binary, OperatorFault } from './operators.ts'
import { runPipeline } from './pipeline.ts'
import { extentOf, type Frame, languageError, type Sink, spend, write } from './session.ts'
import { reportStatement } from './streams.ts'
import { runSwitch } from './switch.ts'
import { thrownRecord, trapped, tryCatch } from './try-catch.ts'
import { preference, writeVariable } from './variables.ts'

/** Statements one after another; an error that ends one does not end the next. */
export function* runStatements(body: Block, frame: Frame, sink: Sink): Gen {
  for (const statement of body) {
    try {
      yield* runStatement(statement, frame, sink)
    } catch (thrown) {
      const error = asRecord(thrown, frame, statement)
      if (error instanceof NotSimulated) {
        frame.session.ok = false
        write(frame.session, `${error.message}\n`)
      } else if (error instanceof PsError && body.some(({ kind }) => kind === 'trap')) {
        if ((yield* trapped(body, error, frame, sink)) === 'on') continue
        throw error
      } else if (error instanceof PsError && goesOn(error, frame)) {
        if (!error.shown) reportStatement(frame, error.record)
      } else throw error
    }
  }
}

/** What an operator refuses outside of any expression, as when parameters are put in place. */
const asRecord = (thrown: unknown, frame: Frame, s: Statement): unknown =>
  thrown instanceof OperatorFault
    ? languageError(frame, s, thrown.message, thrown.id, thrown.category, thrown.exception, thrown.also)
    : thrown

/** Whether the statement alone is over, or what it stands in too. */
const goesOn = ({ record }: PsError, frame: Frame): boolean =>
  record.thrown !== true && frame.trying !== true && !/^stop$/i.test(preference(frame, 'ErrorActionPreference'))

const DEEPEST = 250

export function* runStatement(s: Statement, frame: Frame, sink: Sink): Gen {
  const { session } = frame
  spend(session)
  if (++session.depth > DEEPEST)
    throw languageError(frame, s, 'The script failed due to call depth overflow.', 'CallDepthOverflow')
  try {
    yield* run(s, frame, sink)
  } finally {
    session.depth--
  }
}

function* run(s: Statement, frame: Frame, sink: Sink): Gen {
  switch (s.kind) {
    case 'pipeline':
      yield* runPipeline(s, frame, sink)
      return
    case 'assign':
      yield* assignment(s, frame)
      return
    case 'if':
      for (const clause of s.clauses) {
        if (!(yield* condition(clause.test, frame))) continue
        yield* runStatements(clause.body, frame, sink)
        return
      }
      if (s.otherwise !== undefined) yield* runStatements(s.otherwise, frame, sink)
      return
    case 'foreach':
      for (const item of yield* gather([s.items], frame)) {
        writeVariable(frame, '', s.variable, item)
        if ((yield* loopBody(s, frame, sink)) === 'break') return
      }
      return
    case 'for':
      if (s.before !== undefined) yield* runStatement(s.before, frame, discard)
      while (s.test === undefined || (yield* condition(s.test, frame))) {
        spend(frame.session)
        if ((yield* loopBody(s, frame, sink)) === 'break') return
        if (s.after !== undefined) yield* runStatement(s.after, frame, discard)
      }
      return
    case 'while':
      for (let first = true; ; first = false) {
        spend(frame.session)
        if ((s.testFirst || !first) && (yield* condition(s.test, frame)) === s.until) return
        if ((yield* loopBody(s, frame, sink)) === 'break') return
      }
    case 'flow': {
      const value = s.value === undefined ? [] : yield* gather([s.value], frame)
      if (s.flow === 'exit') throw new ExitSignal(exitCode(collect(value)))
      if (s.flow === 'return') for (const item of value) yield* sink(item)
      throw new FlowSignal(s.flow, s.label)
    }
    case 'function':
      define(s, frame)
      return
    case 'trap':
      return
    case 'try':
      yield* tryCatch(s, frame, sink)
      return
    case 'switch':
      yield* runSwitch(s, frame, sink)
      return
    case 'throw': {
      if (s.value === undefined && frame.caught !== undefined) throw frame.caught
      const given = s.value === undefined ? 'ScriptHalted' : collect(yield* gather([s.value], frame))
      throw new PsError({ ...thrownRecord(given, extentOf(frame, s)), thrown: true })
    }
    default:
      s satisfies never
  }
}

/** What is no number counts as none. */
function exitCode(value: PsValue): number {
  const code = cast('int', value)
  return typeof code === 'number' ? code : 0
}

const discard: Sink = function* () {}

function* loopBody(
  { body, label }: { readonly body: Block; readonly label: string },
  frame: Frame,
  sink: Sink,
): Gen<'break' | 'on'> {
  try {
    yield* runStatements(body, frame, sink)
  } catch (error) {
    if (!(error instanceof FlowSignal) || error.flow === 'return' || (error.label !== '' && error.label !== label)) throw error
    if (error.flow === 'break') return 'break'
  }
  return 'on'
}

function* condition(test: Statement, frame: Frame): Gen<boolean> {
  return truth(collect(yield* gather([test], frame)))
}

function* assignment(s: Extract<Statement, { kind: 'assign' }>, frame: Frame): Gen {
  const { value: body } = s
  const direct =
    body.kind === 'pipeline' && body.elements.length === 1 && body.elements[0].kind === 'expression'
      ? body.elements[0].value
      : undefined
  // An expression keeps its arrays as they are; what a command puts out is collected.
  let value: PsValue = direct !== undefined ? yield* evaluate(direct, frame) : collect(yield* gather([body], frame))
  if (direct !== undefined) frame.session.ok = true
  if (s.operator !== '') {
    value = binary(s.operator, yield* evaluate(s.target, frame), value, () => {})
  }
  try {
    yield* assignTo(s.target, value, frame)
  } catch (error) {
    if (!(error instanceof OperatorFault)) throw error
    throw languageError(frame, s, error.message, 'RuntimeException', 'MetadataError', 'ArgumentTransformationMetadataException')
  }
}
