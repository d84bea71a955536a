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
  /** In the brackets of the category line, when it is not the command. */
  readonly activity?: string
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

/** What a cmdlet asks before it changes something (ShouldProcess). */
export type Ask = {
  /** The whole sentence behind `What if: `, and what `-Verbose` says: `New-VMSwitch will create a new virtual switch "X".` */
  readonly says: string
  /** The question of the prompt; without one it is `Are you sure you want to perform this action?` and `says` under it. */
  readonly question?: string
  /** High asks by default. Without it: what the cmdlet has (`impactOf`). */
  readonly impact?: Impact
  /** `-Force` was given: nothing is asked unless `-Confirm` was, too. */
  readonly force?: boolean
}
export type Impact = 'None' | 'Low' | 'Medium' | 'High'

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
  /** Shown under `-Verbose` or `$VerbosePreference`. */
  verbose(text: string): void
  /** Shown under `-Debug` or `$DebugPreference`. */
  debug(text: string): void
  /** Writes to the terminal past the pipeline, as Write-Host does. */
  host(text: string): void
  /**
   * Before each change: answers whether to make it, under `-WhatIf`, `-Confirm`, their preference variables and the impact. A cmdlet that
   * never calls it is asked for before it runs, once for each object that it names (`eval/should.ts`).
   */
  should(ask: Ask): Gen<boolean>
  /** What a preference variable says here: `preference('ConfirmPreference')`. */
  preference(name: string): string
  /** The next line typed at the console, for cmdlets that ask; undefined when nobody can type. */
  readLine(): Gen<string | undefined>
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
  /** It calls `call.should` itself for each thing that it changes. */
  readonly asks?: true
  /** Whether it asks by default; most that change something are Medium and do not. */
  readonly impact?: Impact
  /** The CIM class that a parameter of type CimInstance takes. */
  readonly classes?: Readonly<Record<string, string>>
  start(call: Call): Instance
}

/** A cmdlet without memory between pipeline objects. */
export function cmdlet(spec: Omit<Cmdlet, 'start'>, run: (call: Call, bound: Bound) => Work): Cmdlet {
  return { ...spec, start: (call) => ({ process: (bound) => run(call, bound) }) }
}

/** Of any cmdlet that has them: whether to ask, which computer is asked (`cim-session.ts`), and how many at once, which is one. */
const EVERYWHERE = /^(WhatIf|Confirm|ThrottleLimit)$/

export const supported = (spec: Cmdlet, parameter: Parameter): boolean =>
  spec.supports === 'all' ||
  spec.supports.includes(parameter.name) ||
  EVERYWHERE.test(parameter.name) ||
  (parameter.type === 'CimSession' && spec.signature === undefined)
