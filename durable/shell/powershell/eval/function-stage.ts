// Functions that people write: their parameters bind as those of cmdlets do, in a scope of their own.
import { done, type Gen } from '../../windows/program.ts'
import { type BindFault, bindLine, findParameter, type Given, isOne, type Rules, settle } from '../binding/bind.ts'
import type { Parameter, Signature } from '../binding/signature.ts'
import { FlowSignal, PsError } from '../errors.ts'
import type { Block, FunctionBody, ParameterDeclaration, Span, Statement } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'
import type { PsValue } from '../values/value.ts'
import { evaluate } from './expressions.ts'
import { cast } from './operators.ts'
import type { Prepared } from './pipeline.ts'
import { assign, childOf, extentOf, type Frame, languageError, type Scope, type Session } from './session.ts'
import { runStatements } from './statements.ts'

/** A function of the console. `line` is the text that the positions in its body refer to. */
export type PsFunction = { readonly name: string; readonly source: string; readonly body: FunctionBody; readonly line: string }

const MOST_FUNCTIONS = 200

export function define({ name, body, source }: Extract<Statement, { kind: 'function' }>, frame: Frame): void {
  const { functions } = frame.session
  const key = name.toLowerCase()
  if (!functions.has(key) && functions.size >= MOST_FUNCTIONS)
    throw languageError(
      frame,
      { start: 0, end: 1 },
      `A console of this lab holds ${MOST_FUNCTIONS} functions.`,
      'FunctionOverflow',
    )
  functions.set(key, { name, source, body, line: frame.line })
}

/** A declaration that was kept as text; undefined when it no longer parses. */
export function fromSource(source: string): PsFunction | undefined {
  const [statement] = parse(source)
  return statement?.kind === 'function' ? { name: statement.name, source, body: statement.body, line: source } : undefined
}

export const functionNamed = (session: Session, name: string): PsFunction | undefined =>
  session.functions.get(name.toLowerCase().replace(/^(?:global|script|local|private):/, ''))

const TYPES: Readonly<Record<string, string>> = {
  string: 'String',
  int: 'Int32',
  int32: 'Int32',
  int64: 'Int64',
  long: 'Int64',
  uint32: 'UInt32',
  bool: 'Boolean',
  boolean: 'Boolean',
  scriptblock: 'ScriptBlock',
}

/** The parameters as the binder takes them. Without positions of their own they have those of their order. */
export function signatureOf({ name, body }: PsFunction): Signature {
  const placed = body.parameters.some(({ position }) => position !== undefined)
  let next = 0
  const parameters = body.parameters.map((one): Parameter => {
    const flag = /^switch(parameter)?$/i.test(one.type)
    return {
      name: one.name,
      type: flag ? 'SwitchParameter' : (TYPES[one.type.toLowerCase()] ?? (one.accepted.length > 0 ? 'String' : 'Object')),
      array: one.array,
      flag,
      mandatory: one.mandatory,
      position: placed ? one.position : flag ? undefined : next++,
      rest: false,
      byValue: one.pipeline,
      byName: false,
      aliases: one.aliases,
      accepted: one.accepted,
      sets: undefined,
    }
  })
  return { name, sets: [], parameters }
}

/** What a function without attributes has no parameter for is left in `$args`. */
function withoutExtras(signature: Signature, given: readonly Given[]): { readonly taken: Given[]; readonly extras: PsValue[] } {
  const named = new Set<Parameter>()
  for (const one of given) {
    const found = one.kind === 'named' ? findParameter(signature, one.name) : []
    if (isOne(found)) named.add(found)
  }
  let places = signature.parameters.filter((one) => one.position !== undefined && !named.has(one)).length
  const taken: Given[] = []
  const extras: PsValue[] = []
  for (const one of given) {
    if (one.kind === 'named') {
      const found = findParameter(signature, one.name)
      if (isOne(found) || found.length > 0) taken.push(one)
      else extras.push(`-${one.name}`, ...(one.value === undefined ? [] : [one.value]))
    } else if (places-- > 0) taken.push(one)
    else extras.push(one.value)
  }
  return { taken, extras }
}

export function functionStage(
  it: PsFunction,
  signature: Signature,
  given: readonly Given[],
  element: Span,
  frame: Frame,
): Prepared {
  const rules: Rules = { signature, defaultSet: -1, classes: {}, works: () => true }
  const { taken, extras } = it.body.advanced ? { taken: [...given], extras: [] } : withoutExtras(signature, given)
  const fail = (fault: BindFault): PsError =>
    new PsError({
      message: fault.message,
      command: it.name,
      category: fault.category,
      target: '',
      exception: fault.category === 'InvalidData' ? 'ParameterBindingValidationException' : 'ParameterBindingException',
      id: `${fault.id},${it.name}`,
      extent: extentOf(frame, element),
    })
  const bound = bindLine(rules, taken)
  if ('message' in bound) throw fail(bound)
  return (sink, context) => {
    const missing = settle(rules, bound, context.piped)
    if (typeof missing !== 'string') throw fail(missing)
    const scope = childOf(frame.scope)
    const inside: Frame = { ...frame, scope, line: it.line }
    const input: PsValue[] = []
    const piped = it.body.parameters.find(({ pipeline }) => pipeline)
    const { begin, process, end } = it.body
    let returned = false
    const run = function* (body: Block): Gen {
      if (returned || body.length === 0) return
      try {
        yield* runStatements(body, inside, sink)
      } catch (error) {
        if (!(error instanceof FlowSignal) || error.flow !== 'return') throw error
        returned = process === undefined
      }
    }
    return {
      *begin() {
        for (const [parameter, value] of bound.values) assign(scope, parameter.name, value)
        assign(scope, 'args', extras)
        yield* fillIn(it.body.parameters, inside)
        yield* run(begin)
      },
      take(item) {
        if (piped) assign(scope, piped.name, item)
        if (process === undefined) {
          input.push(item)
          return done()
        }
        assign(scope, '_', item)
        return run(process)
      },
      *end() {
        if (process !== undefined && !context.piped) yield* run(process)
        assign(scope, 'input', input)
        yield* run(end)
      },
    }
  }
}

/** Parameters that were not given have their default, or the empty value of their type. */
function* fillIn(parameters: readonly ParameterDeclaration[], frame: Frame): Gen {
  for (const one of parameters) {
    if (frame.scope.vars.has(one.name.toLowerCase())) continue
    assign(frame.scope, one.name, one.value === undefined ? empty(one) : yield* evaluate(one.value, frame))
  }
}

function empty({ type, array }: ParameterDeclaration): PsValue {
  if (array) return null
  switch (type.toLowerCase()) {
    case 'string':
      return ''
    case 'int':
    case 'int32':
    case 'int64':
    case 'long':
    case 'uint32':
    case 'double':
      return 0
    case 'bool':
    case 'boolean':
    case 'switch':
      return false
    default:
      return null
  }
}

/** `param (...)` at the head of a block that was called with `& { } 1 2`: values in their order. */
export function* takeArguments(parameters: readonly ParameterDeclaration[], frame: Frame): Gen {
  const own = (name: string, scope: Scope) => scope.vars.get(name)?.value
  const given = own('args', frame.scope)
  const values = Array.isArray(given) ? [...given] : []
  for (const one of parameters) {
    if (values.length === 0) break
    const value = values.shift() as PsValue
    assign(frame.scope, one.name, one.type === '' || one.array ? value : (cast(one.type, value) ?? value))
  }
  if (Array.isArray(given)) assign(frame.scope, 'args', values)
  yield* fillIn(parameters, frame)
}
