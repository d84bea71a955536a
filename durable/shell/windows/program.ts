import type { View, Wait, Wake } from '../../engine/machine/console.ts'
import type { Kernel } from '../../engine/machine/kernel.ts'
import type { Json } from '../../engine/sim/json.ts'

export type Gen<T = void> = Generator<Wait, T, Wake>

/** What a classic program sees of the shell that runs it. */
export type ProgramIo = {
  readonly kernel: Kernel
  /** One line of standard output; may wait, since a pipeline can stand behind it. */
  line(text: string): Gen
  /** A line straight to the terminal, where that is the standard output. */
  readonly show: ((text: string) => void) | undefined
  /** Lines piped in, or undefined at the head of a pipeline. */
  readonly input: readonly string[] | undefined
  /** Full path of a name relative to the working directory. */
  path(name: string): string
  /** Asks whoever sits at the terminal; answers what was typed, undefined where nobody can. Absent: there is no terminal. */
  readonly ask?: ((question: string) => Gen<string | undefined>) | undefined
  /** Makes the console a Linux one; undefined where no person sits at the output. */
  readonly openLinux?: (() => void) | undefined
  /** The same for a console of cmd.exe. */
  readonly openCmd?: (() => void) | undefined
  /** Variables of the environment, by their names. */
  readonly environment?: () => Readonly<Record<string, string>>
  /** Another program by its name, as it may be run here. */
  readonly program?: (name: string) => Program | undefined
}

export type Program = {
  readonly name: string
  readonly synopsis: string
  /** What it acts on, as a person types it. */
  readonly options: readonly string[]
  /** What the real one has too and this one answers with one line. */
  readonly refuses: readonly string[]
  /** Answers the exit code. */
  run(args: readonly string[], io: ProgramIo): Gen<number>
}

/** For a step that has nothing to wait for. */
export function* done(): Gen {}

/** Ctrl-C: thrown after the program under it has ended, caught where the command line started. */
export class Interrupted extends Error {}

export type ProgramEvent = { readonly [key: string]: Json | undefined }

/** A simulated program under way. `interrupted` once Ctrl-C was typed: its last events still come. */
export type Running = { readonly kernel: Kernel; readonly pid: number; interrupted: boolean; code: number | undefined }

export const start = (kernel: Kernel, program: string, args: Json): Running => ({
  kernel,
  pid: kernel.spawn(program, args),
  interrupted: false,
  code: undefined,
})

/** The next event that no view takes, or undefined once the program has ended. */
export function* nextEvent(running: Running, view?: View): Gen<ProgramEvent | undefined> {
  const wait: Wait = view === undefined ? { wait: running.pid } : { wait: running.pid, view }
  while (running.code === undefined) {
    const wake = yield wait
    if (wake.kind === 'event') return wake.event as ProgramEvent
    if (wake.kind === 'exit') running.code = wake.code
    if (wake.kind === 'interrupt' && !running.interrupted) {
      running.interrupted = true
      running.kernel.kill(running.pid)
    }
  }
  return undefined
}

/** Runs a program and hands its events on; when what handles them gives up, the program is ended. */
export function* watch(
  kernel: Kernel,
  program: string,
  args: Json,
  handle: (event: ProgramEvent, running: Running) => Gen,
  view?: View,
): Gen<Running> {
  const running = start(kernel, program, args)
  try {
    for (let event = yield* nextEvent(running, view); event !== undefined; event = yield* nextEvent(running, view))
      yield* handle(event, running)
  } finally {
    if (running.code === undefined) kernel.kill(running.pid)
  }
  return running
}

/** Runs a program to its end and answers all its events; Ctrl-C ends the command line. */
export function* allEvents(kernel: Kernel, program: string, args: Json): Gen<ProgramEvent[]> {
  const running = start(kernel, program, args)
  const events: ProgramEvent[] = []
  for (;;) {
    const event = yield* nextEvent(running)
    if (event === undefined) break
    events.push(event)
  }
  if (running.interrupted) throw new Interrupted('^C')
  return events
}

/** A pause of the command line itself. */
export function* pause(micros: number): Gen {
  const wake = yield { sleep: micros }
  if (wake.kind === 'interrupt') throw new Interrupted('^C')
}

export const textOf = (value: Json | undefined): string => (value === undefined || value === null ? '' : String(value))
export const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)
