// switch: every clause that fits runs, in order, for every item; `break` ends it all, `continue` the item.
import { done, type Gen } from '../../windows/program.ts'
import { regex } from '../../windows/regex/regex.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { FlowSignal } from '../errors.ts'
import type { Block, Expr, Statement } from '../syntax/ast.ts'
import { equal, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { collect, isScript, type PsValue } from '../values/value.ts'
import { evaluate, gather } from './expressions.ts'
import { runWith } from './script-stage.ts'
import { assign, type Frame, lookup, type Sink, spend } from './session.ts'
import { runStatements } from './statements.ts'

type Switch = Extract<Statement, { kind: 'switch' }>

export function* runSwitch(s: Switch, frame: Frame, sink: Sink): Gen {
  const before = lookup(frame.scope, '_')
  try {
    for (const item of yield* gather([s.value], frame)) {
      spend(frame.session)
      assign(frame.scope, '_', item)
      if ((yield* oneItem(s, item, frame, sink)) === 'break') return
    }
  } finally {
    if (before === undefined) frame.scope.vars.delete('_')
    else assign(frame.scope, '_', before)
  }
}

function* oneItem(s: Switch, item: PsValue, frame: Frame, sink: Sink): Gen<'break' | 'on'> {
  let fitted = false
  for (const { test, body } of s.clauses) {
    if (test === undefined || !(yield* fits(s, test, item, frame))) continue
    fitted = true
    const ended = yield* clause(body, s.label, frame, sink)
    if (ended !== 'on') return ended === 'break' ? 'break' : 'on'
  }
  const otherwise = s.clauses.find(({ test }) => test === undefined)
  if (!fitted && otherwise && (yield* clause(otherwise.body, s.label, frame, sink)) === 'break') return 'break'
  return 'on'
}

function* fits({ match, caseSensitive }: Switch, test: Expr, item: PsValue, frame: Frame): Gen<boolean> {
  const wanted = yield* evaluate(test, frame)
  if (isScript(wanted)) {
    const out: PsValue[] = []
    yield* runWith(wanted, item, frame, (value) => {
      out.push(value)
      return done()
    })
    return truth(collect(out))
  }
  switch (match) {
    case 'exact':
      return equal(item, wanted, caseSensitive)
    case 'wildcard':
      return wildcard(text(wanted))(text(item))
    case 'regex':
      return regex(text(wanted), !caseSensitive).match(text(item)) !== undefined
    default:
      match satisfies never
      return false
  }
}

function* clause(body: Block, label: string, frame: Frame, sink: Sink): Gen<'break' | 'continue' | 'on'> {
  try {
    yield* runStatements(body, frame, sink)
  } catch (error) {
    if (!(error instanceof FlowSignal) || error.flow === 'return' || (error.label !== '' && error.label !== label)) throw error
    return error.flow
  }
  return 'on'
}
