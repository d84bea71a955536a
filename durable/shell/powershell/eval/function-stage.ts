// Functions that people write: their parameters bind as those of cmdlets do, in a scope of their own.
import type { Gen } from '../../windows/program.ts'
import {
  type BindFault,
  type Binding,
  bindInput,
  bindLine,
  findParameter,
  type Given,
  isOne,
  type Rules,
  settle,
} from '../binding/bind.ts'
import type { Parameter, Signature } from '../binding/signature.ts'
import { ExitSignal, FlowSignal, PsError } from '../errors.ts'
import type { Block, FunctionBody, ParameterDeclaration, Span, Statement } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'
import { object, type PsValue } from '../values/value.ts'
import { boundFrom } from './bound.ts'
import { cast } from './cast.ts'
import { streamed } from './common.ts'
import { evaluate } from './expressions.ts'
import { functionSignature } from './function-signature.ts'
import { supply } from './mandatory.ts'
import type { Prepared } from './pipeline.ts'
import { assign, childOf, extentOf, type Frame, languageError, type Scope, type Session } from './session.ts'
import { runStatements } from './statements.ts'
import { validate } from './validate.ts'

/** A function of the console. `line` is the text that the positions in its body refer to. */
export type PsFunction = {
  readonly name: string
  readonly source: string
  readonly body: FunctionBody
  readonly line: string
  /** A script file, which `exit` ends. */
  readonly file?: true
}

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

export const signatureOf = ({ name, body }: PsFunction): Signature => functionSignature(name, body)

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

/** `own`: the scope it runs in, when not one of its own, as for `. name`. */
export function functionStage(
  it: PsFunction,
  signature: Signature,
  given: readonly Given[],
  element: Span,
  frame: Frame,
  own?: Scope,
): Prepared {
  const { body } = it
  const usual = signature.sets.findIndex((set) => set.toLowerCase() === body.usualSet.toLowerCase())
  const rules: Rules = { signature, defaultSet: usual, classes: {}, works: () => true }
  const { taken, extras } = body.advanced ? { taken: [...given], extras: [] } : withoutExtras(signature, given)
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
    let line: Binding = bound
    const scope = own ?? childOf(frame.scope)
    const out = streamed(boundFrom(bound, ''), frame, context.streams, sink)
    const inside: Frame = { ...frame, scope, line: it.line, streams: context.streams, trying: false }
    const input: PsValue[] = []
    const { begin, process, end } = body
    let returned = false
    const run = function* (block: Block): Gen {
      if (returned || block.length === 0) return
      try {
        yield* runStatements(block, { ...inside, trying: frame.trying === true }, out.emit)
      } catch (error) {
        if (it.file && error instanceof ExitSignal) {
          returned = true
          frame.session.lastExitCode = error.code
          frame.session.ok = error.code === 0
          return
        }
        if (!(error instanceof FlowSignal) || error.flow !== 'return') throw error
        returned = process === undefined
      }
    }
    /** Values of parameters as variables, after their types and validations. */
    const place = function* (binding: Binding): Gen {
      const declared = new Map(body.parameters.map((one) => [one.name, one]))
      for (const [parameter, value] of binding.values) {
        const one = declared.get(parameter.name)
        if (one === undefined) {
          inherit(parameter.name, value, scope)
          continue
        }
        const made = one.type === '' || parameter.type !== 'Object' ? value : typed(one, value)
        const fault = yield* validate(one, made, inside)
        if (fault !== undefined) throw fail(fault)
        assign(scope, parameter.name, made)
      }
      const set = settle(rules, binding, false)
      const entries = new Map([...binding.values].map(([parameter, value]) => [parameter.name, value]))
      assign(scope, 'PSBoundParameters', { kind: 'hash', entries, ordered: false })
      if (body.advanced) assign(scope, 'PSCmdlet', commandOf(body, typeof set === 'string' ? set : ''))
    }
    return {
      *begin() {
        const fault = settle(rules, line, context.piped)
        if (typeof fault !== 'string' && fault.missing === undefined) throw fail(fault)
        if (typeof fault !== 'string' && fault.missing !== undefined) {
          const supplied = yield* supply(it.name, context.position, fault.missing, line, frame.session)
          if (supplied === undefined) throw fail(fault)
          if ('message' in supplied) throw fail(supplied)
          line = supplied
        }
        assign(scope, 'args', extras)
        assign(scope, 'MyInvocation', invocation(it, frame))
        yield* place(line)
        yield* fillIn(body.parameters, inside)
        yield* run(begin)
      },
      *take(item) {
        if (process === undefined && !body.parameters.some((one) => one.pipeline || one.byName)) {
          input.push(item)
          return
        }
        const binding = bindInput(rules, line, item)
        if (binding !== undefined) yield* place(binding)
        if (process === undefined) {
          input.push(item)
          return
        }
        assign(scope, '_', item)
        yield* run(process)
      },
      *end() {
        if (process !== undefined && !context.piped) yield* run(process)
        assign(scope, 'input', input)
        yield* run(end)
        yield* out.flush()
      },
    }
  }
}

/** -Verbose, -WhatIf and their like hold for everything inside. */
function inherit(name: string, value: PsValue, scope: Scope): void {
  switch (name) {
    case 'Verbose':
      return assign(scope, 'VerbosePreference', value === true ? 'Continue' : 'SilentlyContinue')
    case 'Debug':
      return assign(scope, 'DebugPreference', value === true ? 'Inquire' : 'SilentlyContinue')
    case 'WhatIf':
      return assign(scope, 'WhatIfPreference', value)
    case 'Confirm':
      return assign(scope, 'ConfirmPreference', value === true ? 'Low' : 'None')
    case 'ErrorAction':
    case 'WarningAction':
    case 'InformationAction':
      return assign(scope, name.replace('Action', name === 'ErrorAction' ? 'ActionPreference' : 'Preference'), value)
  }
}

/** `$PSCmdlet`: what it can do is in `eval/ps-cmdlet.ts`. */
const commandOf = (body: FunctionBody, set: string): PsValue =>
  object('System.Management.Automation.PSScriptCmdlet', { ParameterSetName: set, ConfirmImpact: body.impact })

const invocation = (it: PsFunction, frame: Frame): PsValue =>
  object('System.Management.Automation.InvocationInfo', {
    MyCommand: object('System.Management.Automation.FunctionInfo', { Name: it.name, CommandType: 'Function' }, it.name),
    InvocationName: it.name,
    Line: frame.line,
  })

const typed = ({ type, array }: ParameterDeclaration, value: PsValue): PsValue =>
  array && Array.isArray(value) ? value.map((item) => cast(type, item) ?? item) : (cast(type, value) ?? value)

/** Parameters that were not given have their default, or the empty value of their type. */
function* fillIn(parameters: readonly ParameterDeclaration[], frame: Frame): Gen {
  for (const one of parameters) {
    if (frame.scope.vars.has(one.name.toLowerCase())) continue
    const value = one.value === undefined ? empty(one) : yield* evaluate(one.value, frame)
    assign(frame.scope, one.name, one.value === undefined || one.type === '' ? value : typed(one, value))
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
