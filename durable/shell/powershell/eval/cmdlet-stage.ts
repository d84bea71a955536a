import { done, type Gen } from '../../windows/program.ts'
import {
  type BindFault,
  type Binding,
  bindInput,
  bindLine,
  findParameter,
  type Given,
  isOne,
  type Rules,
  refusedInput,
  settle,
} from '../binding/bind.ts'
import { commonParameters, commonSupported, type Parameter, type Signature } from '../binding/signature.ts'
import { type Bound, type Call, type Cmdlet, type Fault, type Instance, supported, type Work } from '../cmdlet.ts'
import { checkSession } from '../cmdlets/cim-session.ts'
import { refusedCmdlet } from '../elevation.ts'
import { type ErrorRecord, NotSimulated, PsError } from '../errors.ts'
import type { Span } from '../syntax/ast.ts'
import { errorObject } from '../values/error-object.ts'
import { text } from '../values/text.ts'
import { type PsValue, shortType } from '../values/value.ts'
import { boundFrom } from './bound.ts'
import { type Streamed, streamed } from './common.ts'
import { supply } from './mandatory.ts'
import { OperatorFault } from './operators.ts'
import { type Prepared, type Stage, type StageContext, StopUpstream } from './pipeline.ts'
import { readLine } from './prompt.ts'
import { runWith } from './script-stage.ts'
import { extentOf, type Frame, noted, type Sink } from './session.ts'
import { askingOf, asksAnything, type Decided, decide, impactOf, permitted } from './should.ts'
import { preference } from './variables.ts'

/** Binds the line now, so that a wrong parameter is told before anything runs. */
export function cmdletStage(
  spec: Cmdlet,
  signature: Signature,
  given: readonly Given[],
  spans: readonly Span[],
  element: Span,
  frame: Frame,
): Prepared {
  const rules: Rules = {
    signature,
    defaultSet: defaultSet(spec, signature),
    classes: spec.classes ?? {},
    works: (parameter) => supported(spec, parameter),
  }
  for (const one of given) if (one.kind === 'named') refuseUnsupported(spec, findParameter(signature, one.name))
  const bound = bindLine(rules, given)
  const where = (fault: BindFault): Span =>
    fault.given !== undefined && fault.id !== 'PositionalParameterNotFound' ? spans[fault.given] : element
  if ('message' in bound) throw new PsError(bindRecord(spec, bound, extentOf(frame, where(bound))))
  for (const [parameter, value] of bound.values) {
    refuseUnsupported(spec, parameter)
    if (parameter.type === 'CimSession' && spec.signature === undefined) {
      frame.session.read?.add(parameter.name)
      checkSession(spec.name, value, frame.session.kernel)
    }
  }
  return (sink, context) => stage(spec, rules, bound, element, frame, sink, context)
}

function defaultSet(spec: Cmdlet, signature: Signature): number {
  if (spec.defaultSet === null) return -1
  if (spec.defaultSet !== undefined) return signature.sets.indexOf(spec.defaultSet)
  const first = signature.parameters.find((one) => one.position === 0 && one.type === 'String' && one.sets !== undefined)
  return first?.sets?.[0] ?? 0
}

const unsupported = (spec: Cmdlet, { name }: Parameter): NotSimulated =>
  new NotSimulated(`${spec.name} -${name}: this parameter is real, but it is not simulated here yet.`)

function refuseUnsupported(spec: Cmdlet, parameter: Parameter | readonly Parameter[]): void {
  if (!isOne(parameter)) return
  const known = commonParameters.includes(parameter) ? commonSupported.has(parameter.name) : supported(spec, parameter)
  if (!known) throw unsupported(spec, parameter)
}

function bindRecord(spec: Cmdlet, fault: BindFault, extent: ErrorRecord['extent']): ErrorRecord {
  return {
    message: fault.message,
    command: spec.name,
    category: fault.category,
    target: '',
    exception: fault.category === 'InvalidData' ? 'ParameterBindingValidationException' : 'ParameterBindingException',
    id: `${fault.id},${errorClass(spec)}`,
    extent,
  }
}

/** The .NET class behind a cmdlet; CIM cmdlets are functions and give their own name. */
export function errorClass(spec: Cmdlet): string {
  const plain = spec.name.replace('-', '')
  if (spec.module === 'Hyper-V') return `Microsoft.HyperV.PowerShell.Commands.${plain}`
  if (spec.module.startsWith('Microsoft.PowerShell')) return `Microsoft.PowerShell.Commands.${plain}Command`
  if (spec.module === 'CimCmdlets') return `Microsoft.Management.Infrastructure.CimCmdlets.${plain}Command`
  if (spec.name === 'Resolve-DnsName') return 'Microsoft.DnsClient.Commands.ResolveDnsName'
  return spec.name
}

function stage(
  spec: Cmdlet,
  rules: Rules,
  given: Binding,
  element: Span,
  frame: Frame,
  sink: Sink,
  context: StageContext,
): Stage {
  const { session } = frame
  const { streams } = context
  let line = given
  const initial = boundFrom(line, '')
  const out: Streamed = streamed(initial, frame, streams, sink)
  const extent = extentOf(frame, element)
  const record = (fault: Fault): ErrorRecord => ({
    ...fault,
    command: spec.name,
    target: fault.target ?? '',
    id: fault.id.includes(',') ? fault.id : `${fault.id},${errorClass(spec)}`,
    extent,
  })
  const self: Stage = { begin, take, end }
  const decided: Decided = { all: false, none: false }
  const changes = rules.signature.parameters.some(({ name }) => name === 'WhatIf')
  const asking = askingOf(initial, frame, out.verbose)
  const call: Call = {
    kernel: session.kernel,
    frame: { ...frame, streams },
    bound: boundFrom(line, '', session.read),
    piped: context.piped,
    emit: out.emit,
    error: (fault) => out.error(record(fault)),
    fail: (fault) => {
      throw out.ended(record(fault))
    },
    warn: out.warn,
    verbose: out.tellVerbose,
    debug: out.tellDebug,
    host: out.host,
    should: (ask) => decide(ask, impactOf(spec), asking, decided, call.frame, out.tellVerbose),
    preference: (name) => preference(frame, name),
    readLine,
    invoke: (script, item, to = out.emit) => runWith(script, item, call.frame, to),
    stop: () => {
      throw new StopUpstream(self)
    },
  }
  /** What an operator or a method refuses inside of a cmdlet is an error of the cmdlet. */
  const told = (thrown: unknown): unknown =>
    thrown instanceof OperatorFault
      ? out.ended(record({ message: thrown.message, category: 'InvalidOperation', exception: 'RuntimeException', id: thrown.id }))
      : thrown
  let instance: Instance
  function* begin(): Gen {
    const fault = settle(rules, line, context.piped)
    if (typeof fault !== 'string' && fault.missing !== undefined) {
      const supplied = yield* supply(spec.name, context.position, fault.missing, line, session)
      if (supplied === undefined) throw out.ended(bindRecord(spec, fault, extent))
      if ('message' in supplied) throw out.ended(bindRecord(spec, supplied, extent))
      line = supplied
    }
    yield* quietly(() => {
      instance = spec.start({ ...call, bound: boundFrom(line, '', session.read) })
    })
  }
  const process = function* (binding: Binding, input: PsValue | undefined): Gen {
    const set = settle(rules, binding, false)
    if (typeof set !== 'string') throw out.ended(bindRecord(spec, set, extent))
    if (instance.process === undefined) return
    const refused = refusedCmdlet(spec, session.kernel)
    if (refused) throw out.ended(record(refused))
    let granted: Binding | undefined = binding
    if (changes && spec.asks !== true) {
      const bound = boundFrom(binding, set)
      if (asksAnything(asking, impactOf(spec), bound.flag('Force'))) granted = yield* permitted(spec, rules, binding, bound, call)
    }
    if (granted === undefined) return
    const bound = boundFrom(granted, set, session.read)
    yield* quietly(() => instance.process?.(bound, input))
    yield* out.settle()
  }
  /** `2>$null` also hides an error that ends the command. */
  const quietly = function* (work: () => Work): Gen {
    try {
      yield* work() ?? done()
    } catch (thrown) {
      const error = told(thrown)
      const route = streams?.[2]
      if (route === undefined || frame.trying === true || !(error instanceof PsError) || error.record.extent !== extent)
        throw error
      noted(session, error.record)
      if (route !== 'hide') route(errorObject(error.record))
      error.shown = true
      throw error
    }
  }
  function* take(input: PsValue): Gen {
    const binding = bindInput(rules, line, input)
    if (binding !== undefined) yield* process(binding, input)
    else {
      const refused = refusedInput(rules, input)
      if (refused !== undefined) throw unsupported(spec, refused)
      out.error(record(notBound(input)))
    }
  }
  /** `-InputObject` on the line is one object, as if it alone had come down the pipeline. */
  const object = (): PsValue | undefined => {
    if (!spec.module.startsWith('Microsoft.PowerShell')) return undefined
    const given = [...line.values].find(([{ name, type }]) => name === 'InputObject' && type === 'PSObject')
    if (given !== undefined) session.read?.add('InputObject')
    return given?.[1]
  }
  function* end(): Gen {
    if (!context.piped) yield* process(line, object())
    if (instance.end !== undefined) yield* quietly(() => instance.end?.())
    yield* out.settle()
    yield* out.flush()
  }
  return self
}

const notBound = (input: PsValue): Fault => ({
  message:
    'The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.',
  category: 'InvalidArgument',
  target: `${text(input)}:${shortType(input)}`,
  exception: 'ParameterBindingException',
  id: 'InputObjectNotBound',
})

export type { Bound }
