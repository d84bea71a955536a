import type { Json } from '../sim/json.ts'
import type { Kernel } from './kernel.ts'

/**
 * What a shell's generator yields: the process whose next event it needs, a pause in lab microseconds or up to a moment of lab
 * time, the next line that is typed, or the first of several of these. `endless`: one of the pauses of a program that goes on
 * until somebody stops it; nobody waits for that. `stop`: a job that runs in front; that it was stopped is an answer too.
 */
export type Wait =
  | { readonly wait: number; readonly view?: View; readonly stop?: true }
  | { readonly sleep: number; readonly endless?: true }
  | { readonly until: number; readonly endless?: true }
  | { readonly read: true }
  | { readonly any: readonly Wait[] }

/**
 * Takes an event of the awaited process without the line being resumed; false: it is for the line after all. What a view takes
 * is not recorded, so that a program may go on for as long as it likes. So it may do nothing but print, and what it prints
 * may depend on nothing but the event and what was known when the line began to wait.
 */
export type View = (event: Json) => boolean

/**
 * What it is resumed with. `event`: something the program reports; `exit`: it has ended; `interrupt`: Ctrl-C was typed;
 * `stop`: Ctrl-Z was typed, told only to shells with job control; `stopped`: the job in front was stopped; `elapsed`: the pause
 * is over; `line`: what was typed, with its line feed; `end`: Ctrl-D; `one`: which of several it was.
 */
export type Wake =
  | { readonly kind: 'event'; readonly event: Json }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'elapsed' }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'one'; readonly at: number; readonly got: Wake }

/** A console's own memory: working directory, variables, functions, history. Plain data, the shell decides what is in it. */
export type Memory = { [key: string]: Json | undefined }

/**
 * What a shell gets for one command line. Every call through `kernel` is recorded, so that a line that is suspended when
 * the lab goes to sleep is restored by running it again: recorded calls answer what they answered then, and `print` is
 * silent until the line has caught up. So a shell must depend on nothing but these arguments.
 */
export type ShellContext = {
  readonly kernel: Kernel
  readonly memory: Memory
  /** Writes to the terminal: plain text with `\n`; escape sequences only of the shell's own making. */
  print(text: string): void
}

/**
 * A shell: PowerShell, cmd, bash. Declared here, implemented above the engine and handed in. `run` answers the exit status
 * (PowerShell: 0 when `$?` is true, 1 when not).
 */
export interface Shell {
  /** It has jobs, and is told of Ctrl-Z. */
  readonly jobControl?: boolean
  run(line: string, context: ShellContext): Generator<Wait, number, Wake>
  prompt(context: Omit<ShellContext, 'print'>): string
  /** Completions of the word that ends at the end of `line`: what each would make of the whole word. */
  complete(line: string, context: Omit<ShellContext, 'print'>): { readonly from: number; readonly candidates: readonly string[] }
  /** Whether `line` is unfinished and wants another line (open quote, brace, pipe). */
  incomplete(line: string): boolean
}
