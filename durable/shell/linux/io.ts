import type { Wait, Wake } from '../../engine/machine/console.ts'
import type { Kernel } from '../../engine/machine/kernel.ts'
import type { Session } from './session.ts'

/** What a running command needs next: a process or a pause, or the next line of its standard input. */
export type Need = Wait | { readonly read: true }

/** What it is resumed with. A line keeps its line feed, so that a last one without is told apart. */
export type Got = Wake | { readonly kind: 'line'; readonly line: string } | { readonly kind: 'end' }

/** A command under way; it ends with its exit status. */
export type Run = Generator<Need, number, Got>

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
  out(text: string): void
  err(text: string): void
}

/** What a command may know of the shell that runs it. */
export type Tools = {
  readonly commands: ReadonlyMap<string, Command>
  /** Runs a command by name: what `sudo` does. */
  launch(words: readonly string[], io: Io): Run
}

export type Command = {
  readonly name: string
  readonly summary: string
  /** Other names of the same file. */
  readonly aliases?: readonly string[]
  /** Done by the shell itself: `type` says so and there is no path. */
  readonly builtin?: boolean
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
