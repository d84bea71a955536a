import { done, type Gen } from '../../windows/program.ts'
import { FlowSignal } from '../errors.ts'
import type { Block } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'
import type { PsScript, PsValue } from '../values/value.ts'
import type { Prepared } from './pipeline.ts'
import { assign, childOf, type Frame, lookup, type Scope, type Sink } from './session.ts'
import { runStatements } from './statements.ts'

const codeOf = (script: PsScript): { readonly body: Block; readonly line: string } =>
  script.code ?? { body: parse(script.source), line: script.source }

/** Runs a block in `scope`; `return` ends the block alone. */
export function* runScript(script: PsScript, frame: Frame, scope: Scope, sink: Sink): Gen {
  const { body, line } = codeOf(script)
  try {
    yield* runStatements(body, { ...frame, scope, line }, sink)
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

/** `& { ... }`: a scope of its own; what is piped in is `$input`. */
export function scriptStage(script: PsScript, args: PsValue[], frame: Frame): Prepared {
  return (sink) => {
    const input: PsValue[] = []
    return {
      take(item) {
        input.push(item)
        return done()
      },
      *end() {
        const scope = childOf(frame.scope)
        assign(scope, 'args', args)
        assign(scope, 'input', input)
        yield* runScript(script, frame, scope, sink)
      },
    }
  }
}
