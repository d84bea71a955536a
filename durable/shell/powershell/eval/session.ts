import type { Memory } from '../../../engine/machine/console.ts'
import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { Gen } from '../../windows/program.ts'
import { type ErrorRecord, type Extent, Halt, PsError } from '../errors.ts'
import type { PsValue } from '../values/value.ts'
import type { PsFunction } from './function-stage.ts'
import type { Streams } from './streams.ts'

export type Scope = {
  readonly vars: Map<string, { readonly name: string; readonly value: PsValue; readonly type?: string }>
  readonly parent: Scope | undefined
}

/** One command line under way. Everything it needs comes from the console's context. */
export type Session = {
  readonly kernel: Kernel
  readonly memory: Memory
  readonly print: (text: string) => void
  readonly globals: Scope
  /** `$?` */
  ok: boolean
  lastExitCode: number | undefined
  cwd: string
  steps: number
  depth: number
  written: number
  /** `$Error`, the last one first. */
  errors: ErrorRecord[]
  /** For tests: the parameters that were looked at. */
  readonly read?: Set<string>
  /** What `$using:` reads, in a block that came from another computer. */
  readonly using?: Scope
  /** Functions of this console, by their names in lower case. */
  readonly functions: Map<string, PsFunction>
}

/** What a piece of code runs in. `line` is the text that its positions refer to. */
export type Frame = {
  readonly session: Session
  readonly scope: Scope
  readonly line: string
  /** Inside of `try`: an error that ends a statement ends the block. */
  readonly trying?: boolean
  /** Inside of `catch`: what `throw` alone throws again. */
  readonly caught?: PsError
  /** The scope of the script file that runs; the console's own outside of one. */
  readonly script?: Scope
  /** Where errors, warnings and the like go when not to the terminal. */
  readonly streams?: Streams
}

/** Where values go: the next stage of a pipeline, a variable, the terminal. */
export type Sink = {
  (value: PsValue): Gen
  /** Only of the terminal: a line of text straight to it, without this command line being resumed. */
  readonly show?: (line: string) => void
}

const MOST_STEPS = 200_000
const MOST_TEXT = 2_000_000
/** Characters of one text, and items of one list. */
export const LARGEST_TEXT = 1_000_000
export const LARGEST_LIST = 50_000

export function spend(session: Session, steps = 1): void {
  session.steps += steps
  if (session.steps > MOST_STEPS)
    throw new Halt(`The line was stopped after ${MOST_STEPS} steps: this lab bounds the work of one command line.`)
}

export function write(session: Session, text: string): void {
  session.written += text.length
  if (session.written > MOST_TEXT)
    throw new Halt(
      `The line was stopped after ${MOST_TEXT} characters of output: this lab bounds the output of one command line.`,
    )
  session.print(text)
}

export function boundText(length: number): void {
  if (length > LARGEST_TEXT)
    throw new Halt(`The line was stopped: a text of more than ${LARGEST_TEXT} characters is not possible in this lab.`)
}

export function boundList(length: number): void {
  if (length > LARGEST_LIST)
    throw new Halt(`The line was stopped: a list of more than ${LARGEST_LIST} items is not possible in this lab.`)
}

/** Errors that a console remembers; the real one has 256. */
const MOST_ERRORS = 64

/** An error that nobody is shown is in `$Error` all the same. */
export function noted(session: Session, record: ErrorRecord): void {
  session.ok = false
  if (session.errors[0] === record) return
  session.errors.unshift(record)
  session.errors.length = Math.min(session.errors.length, MOST_ERRORS)
}

export const extentOf = (frame: Frame, span: { readonly start: number; readonly end: number }): Extent => ({
  line: frame.line,
  start: span.start,
  end: span.end,
})

/** An error of the language itself. */
export function languageError(
  frame: Frame,
  span: { readonly start: number; readonly end: number },
  message: string,
  id: string,
  category = 'InvalidOperation',
  exception = 'RuntimeException',
  also: readonly string[] = [],
): PsError {
  return new PsError({
    message,
    command: '',
    category,
    target: '',
    exception,
    id,
    also,
    extent: extentOf(frame, span),
  })
}

export function lookup(scope: Scope, name: string): PsValue | undefined {
  const key = name.toLowerCase()
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.vars.get(key)
    if (found !== undefined) return found.value
  }
  return undefined
}

export function assign(scope: Scope, name: string, value: PsValue): void {
  scope.vars.set(name.toLowerCase(), { name, value })
}

export const childOf = (parent: Scope): Scope => ({ vars: new Map(), parent })
