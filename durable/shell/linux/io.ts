import type { Wait, Wake } from '../../engine/machine/console.ts'
import type { Kernel } from '../../engine/machine/kernel.ts'
import type { Channel, Input, Pipe } from './bash/channels.ts'
import type { Grammar, Script } from './bash/grammar.ts'
import type { Task } from './bash/together.ts'
import type { Work } from './bash/work.ts'
import type { Session } from './session.ts'

/**
 * What a running command needs next. A command yields a process to wait for, a pause, the next line of its standard input, or
 * `pass`, which gives others their turn; the rest is between pipes and those who run several things at once.
 */
export type Need =
  | Wait
  | { readonly pass: true }
  /** A line to read, or room to write, in a pipe. */
  | { readonly pipe: Pipe; readonly full: boolean }
  /** The end of a job of this very line. */
  | { readonly task: Task }
  | { readonly all: readonly Need[] }

/** What it is resumed with. A line keeps its line feed, so that a last one without is told apart. */
export type Got =
  | Wake
  /** A pipe may have changed: look again. */
  | { readonly kind: 'look' }
  /** One of several needs has come. */
  | { readonly kind: 'one'; readonly at: number; readonly got: Got }

/** A command under way; it ends with its exit status. */
export type Run = Generator<Need, number, Got>
/** Work of the shell that may have to wait. */
export type Steps<T> = Generator<Need, T, Got>

/** What a command gets: where it reads and writes, and who it is. */
export type Io = {
  readonly kernel: Kernel
  readonly session: Session
  readonly root: boolean
  /** Standard input comes from a pipe or a file, not from the terminal. */
  readonly piped: boolean
  /** Standard output is the terminal. */
  readonly terminal: boolean
  readonly tools: Tools
  readonly input: Input
  /** What is open beside the standard three, by number. */
  readonly channels: ReadonlyMap<number, Channel>
  /** Where standard output and standard error go, told apart for what outlives the line. */
  readonly place: { readonly out: Place; readonly err: Place }
  /** The pipe that standard output goes to; who writes much waits while it is full. */
  readonly pipe: Pipe | undefined
  /** Of whom this is a copy for another text: `exec` redirects both. */
  readonly base: Io | undefined
  /** The text that positions in the syntax tree mean. */
  readonly source: string
  readonly work: Work
  out(text: string): void
  err(text: string): void
}

/** Where output goes: the console, nowhere, a file, or something that only lives as long as the line. */
export type Place = 'terminal' | 'nowhere' | 'held' | { readonly file: string }

/** What a command may know of the shell that runs it. */
export type Tools = {
  /** What the shell calls itself in messages: `-bash`. */
  readonly name: string
  readonly commands: ReadonlyMap<string, Command>
  readonly grammar: Grammar
  /** Runs a command by name: what `sudo` does. */
  launch(words: readonly string[], io: Io): Run
  /** The same with functions and built-ins of this shell, as a typed command would be run. */
  call(words: readonly string[], io: Io): Run
  /** Runs text in this very shell: `eval`, `source`. */
  evaluate(text: string, io: Io): Run
  /** Runs what was parsed. */
  script(script: Script, io: Io): Run
  /** Runs text in a shell of its own: `bash FILE`, `bash -c`. */
  shell(text: string, name: string, args: readonly string[], io: Io, inline?: boolean): Run
  /** Whether there is such a command, here or in a file. */
  knows(name: string, io: Io): boolean
}

export type Command = {
  readonly name: string
  readonly summary: string
  /** Other names of the same file. */
  readonly aliases?: readonly string[]
  /** Done by the shell itself: `type` says so and there is no path. */
  readonly builtin?: boolean
  /** A builtin that changes the shell for good when it stands alone, as POSIX's special ones do. */
  readonly special?: boolean
  /** How it is written, for those that do not read their options by a `Spec`: what `--help` answers. */
  readonly usage?: string
  /** Words that tab completion offers after the name. */
  readonly completions?: readonly string[]
  run(args: readonly string[], io: Io): Run
}

/** Exit status of a command that Ctrl-C ended. */
export const INTERRUPTED = 130

/** A command that never waits. */
export const instant = (work: (args: readonly string[], io: Io) => number) =>
  function* (args: readonly string[], io: Io): Run {
    yield* [] as Need[]
    return work(args, io)
  }

/** Addresses of IPv6 are shown and looked up, packets do not exist yet. */
export const noIpv6 = (what: string): string => `${what}: IPv6 is not simulated here yet`

export const notSimulated = (what: string): string => `${what} is real, but not simulated here yet\n`
