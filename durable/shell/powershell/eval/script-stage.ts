import { done, type Gen } from '../../windows/program.ts'
import { FlowSignal } from '../errors.ts'
import type { FunctionBody } from '../syntax/ast.ts'
import { parseBody } from '../syntax/parse.ts'
import type { PsScript, PsValue } from '../values/value.ts'
import type { Prepared } from './pipeline.ts'
import { assign, childOf, type Frame, lookup, type Scope, type Sink } from './session.ts'
import { runStatements } from './statements.ts'

export const codeOf = (script: PsScript): { readonly body: FunctionBody; readonly line: string } =>
  script.code ?? { body: parseBody(script.source), line: script.source }

/** A block that is called as a function is: it has parameters or sections. */
export const isFunction = ({ parameters, begin, process }: FunctionBody): boolean =>
  parameters.length > 0 || begin.length > 0 || process !== undefined

/** Runs a block in `scope`; `return` ends the block alone. */
export function* runScript(script: PsScript, frame: Frame, scope: Scope, sink: Sink): Gen {
  const { body, line } = codeOf(script)
  const inside: Frame = { ...frame, scope, line }
  try {
    for (const part of [body.begin, body.process ?? [], body.end]) if (part.length > 0) yield* runStatements(part, inside, sink)
  } catch (error) {
    if (!(error instanceof FlowSignal) || error.flow !== 'return') throw error
  }
}

/** Runs a block in the caller's own scope with `$_` set, as Where-Object and ForEach-Object do. */
export function* runWith(script: PsScript, item: PsValue, frame: Frame, sink: Sink): Gen {
  const before = lookup(frame.scope, '_')
  assign(frame.scope, '_', item)
  try {
    yield* runScript(script, frame, frame.scope, sink)
  } finally {
    if (before === undefined) frame.scope.vars.delete('_')
    else assign(frame.scope, '_', before)
  }
}

/** `& { ... }`: a scope of its own; `own` for `. { ... }`. What is piped in is `$input`. */
export function scriptStage(script: PsScript, args: PsValue[], frame: Frame, own?: Scope): Prepared {
  return (sink, context) => {
    const input: PsValue[] = []
    return {
      take(item) {
        input.push(item)
        return done()
      },
      *end() {
        const scope = own ?? childOf(frame.scope)
        assign(scope, 'args', args)
        assign(scope, 'input', input)
        yield* runScript(script, { ...frame, streams: context.streams }, scope, sink)
      },
    }
  }
}
