import type { Kernel } from '../../engine/machine/kernel.ts'
import type { Gen } from '../windows/program.ts'
import type { Parameter } from './binding/signature.ts'
import type { Frame } from './eval/session.ts'
import type { PsScript, PsValue } from './values/value.ts'

/** What a cmdlet says when something is wrong. */
export type Fault = {
  readonly message: string
  readonly category: string
  /** The object concerned, `nosuch:String`. */
  readonly target?: string
  readonly exception: string
  readonly id: string
}

/** The parameters of one call: those of the line and those of the current pipeline object. */
export type Bound = {
  readonly set: string
  has(name: string): boolean
  get(name: string): PsValue | undefined
  flag(name: string): boolean
  /** A text, undefined when not given. */
  text(name: string): string | undefined
  /** Always a list; empty when not given. */
  texts(name: string): string[]
  list(name: string): readonly PsValue[]
  number(name: string): number | undefined
  numbers(name: string): number[]
  script(name: string): PsScript | undefined
}

/** One running cmdlet. */
export type Call = {
  readonly kernel: Kernel
  readonly frame: Frame
  readonly bound: Bound
  /** Position in the pipeline, 0 first. */
  readonly piped: boolean
  /** The stage behind this one is the end of the pipeline. */
  emit(value: PsValue): Gen
  /** Shows an error and goes on; ends the statement under `-ErrorAction Stop`. */
  error(fault: Fault): void
  /** Ends this cmdlet with an error. */
  fail(fault: Fault): never
  warn(text: string): void
  /** Writes to the terminal past the pipeline, as Write-Host does. */
  host(text: string): void
  /** Runs a script block with `$_` set, its output going down the pipeline or to `sink`. */
  invoke(script: PsScript, item: PsValue, sink?: (value: PsValue) => Gen): Gen
  /** Ends what feeds this cmdlet, without an error. */
  stop(): never
}

/** One running cmdlet's work; what never waits may be a plain function. */
export type Work = Gen | void
export type Instance = { process?(bound: Bound, input: PsValue | undefined): Work; end?(): Work }

export type Cmdlet = {
  readonly name: string
  readonly module: string
  readonly synopsis: string
  /** Its own parameter line when it is not among the documented signatures. */
  readonly signature?: string
  /** Parameters that have behaviour; the other documented ones are refused. */
  readonly supports: readonly string[] | 'all'
  /** Null: it has none, and what fits several sets cannot be resolved. */
  readonly defaultSet?: string | null
  /** The CIM class that a parameter of type CimInstance takes. */
  readonly classes?: Readonly<Record<string, string>>
  start(call: Call): Instance
}

/** A cmdlet without memory between pipeline objects. */
export function cmdlet(spec: Omit<Cmdlet, 'start'>, run: (call: Call, bound: Bound) => Work): Cmdlet {
  return { ...spec, start: (call) => ({ process: (bound) => run(call, bound) }) }
}

export const supported = (spec: Cmdlet, parameter: Parameter): boolean =>
  spec.supports === 'all' || spec.supports.includes(parameter.name)
