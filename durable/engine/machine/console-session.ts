import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { loadTime, type Micros, NEVER, storeTime } from '../sim/time.ts'
import type { Memory, Shell, View, Wait, Wake } from './console.ts'
import type { ConsoleJobs, JobState, PartedLine } from './console-jobs.ts'
import { terminalOf } from './jobs.ts'
import type { Kernel } from './kernel.ts'
import { PagedLog, type PageKeeper } from './log-page.ts'
import type { Process } from './process.ts'
import { LOG_BUDGET, type LogEntry, recorded } from './recorded.ts'
import { type Awaited, awaited, dueOf, inFront, reads, storedWait, type Waiter, waitsForever, wakeOf } from './waiting.ts'

const HISTORY = 200
/** What one line may print before the rest is cut. */
const OUTPUT_LIMIT = 512 * 1024
const CUT = `\n… output of this command is cut here: its budget is ${OUTPUT_LIMIT / 1024} KiB.\n`
const QUEUE_LIMIT = 32
const TOLD_ENOUGH = `\nThe line was stopped: it was told ${LOG_BUDGET / 1024 / 1024} MiB by the system and still waits, and this lab bounds that.\n`

/** System calls after which the network may be another. */
const CHANGES = /^(set|add|remove|delete|change|flush|replace|apply|unit)/
/** What a person types for the end of input. */
const CTRL_D = '\u0004'
/** To stop what runs in front. */
const CTRL_Z = '\u001a'
/** The signals of the terminal: Ctrl-C, Ctrl-Z, and for who reads in the background. */
const [INT, TSTP, TTIN] = [2, 20, 21]

type Queued = { readonly line: string; readonly command: number }

export type ConsoleState = {
  readonly memory: string
  readonly history: readonly string[]
  readonly queue: readonly Queued[]
  readonly job?: JobState
  readonly running: null | {
    readonly line: string
    readonly command: number
    readonly memory: string
    /** Null: a row of before there were pages, of a line that had been told too much to be put back. */
    readonly log: readonly LogEntry[] | null
    /** How many full pages of the log lie in parts of their own; absent in rows of before there were any. */
    readonly pages?: number
    readonly wait: Wait | null
    readonly wakeAt: number | null
    readonly interrupted: boolean
    readonly printed: number
  }
}

/** What a session needs of its machine. */
export interface ConsoleMachine extends PageKeeper {
  readonly shell: Shell
  kernelFor(console: string, command: number): Kernel
  process(pid: number): Process | undefined
  /** An ended process whose events have been read is done with. */
  reap(pid: number): void
  readonly jobs: ConsoleJobs
}

type Running = {
  readonly line: string
  readonly command: number
  readonly memoryAtStart: string
  readonly log: PagedLog
  generator: Generator<Wait, number, Wake>
  wait: Wait | null
  wakeAt: Micros
  interrupted: boolean
  printed: number
}

/**
 * A console session, as a part. It runs one line at a time as a generator. A generator cannot be stored; what is stored is
 * the line, the memory it began with and what its calls answered, and a restored session runs it again up to where it was.
 */
export class ConsoleSession implements Part {
  readonly kind = 'console'
  readonly version = 1
  readonly name: string
  readonly console: string
  private readonly terminal: string
  memory: Memory
  history: string[]
  /** Set in a session that is a job in the background: nobody types into it. */
  job: JobState | undefined
  private queue: Queued[]
  private running: Running | undefined
  /** A stored line is being run again up to where it was: all it prints has been printed. */
  private restoring = false
  private readonly machine: ConsoleMachine
  private readonly ended: (session: ConsoleSession, command: number, exitStatus: number) => void
  private readonly printed: (session: ConsoleSession, command: number, text: string) => void

  constructor(
    machine: ConsoleMachine,
    console: string,
    printed: (session: ConsoleSession, command: number, text: string) => void,
    ended: (session: ConsoleSession, command: number, exitStatus: number) => void,
    state?: ConsoleState,
  ) {
    this.machine = machine
    this.console = console
    this.terminal = terminalOf(console)
    this.name = `${machine.name}/console/${this.terminal}`
    this.printed = printed
    this.ended = ended
    this.memory = state ? (JSON.parse(state.memory) as Memory) : {}
    this.history = [...(state?.history ?? [])]
    this.queue = [...(state?.queue ?? [])]
    // Rows of before jobs could be stopped have neither of the two.
    this.job = state?.job ? { ...state.job, stopped: state.job.stopped === true, parted: state.job.parted === true } : undefined
  }

  /** Puts a suspended line back; separate from the constructor, since its machine's processes must be there first. */
  resume(state: ConsoleState): void {
    const stored = state.running
    if (stored === null) return
    if (stored.log === null) {
      this.printed(this, stored.command, 'interrupted: lab restarted\n')
      this.ended(this, stored.command, 1)
      this.beginNext()
      this.touch()
      return
    }
    this.memory = JSON.parse(stored.memory) as Memory
    const log = new PagedLog(this.machine, this.terminal, stored.pages, stored.log)
    const running = this.begin(stored.line, stored.command, log)
    running.printed = stored.printed
    running.wakeAt = loadTime(stored.wakeAt)
    running.interrupted = stored.interrupted
    this.catchUp(running)
  }

  get busy(): boolean {
    return this.running !== undefined
  }
  get command(): number {
    return this.running?.command ?? 0
  }

  /** Nothing but a person or the end of an endless program lets the running line go on. */
  get parked(): boolean {
    const running = this.running
    return running?.wait ? waitsForever(running.wait, this.waiter(running)) : false
  }

  /** As a job, to those who wait for it. */
  get awaited(): Awaited | undefined {
    const { job } = this
    return job && { status: job.status, stopped: job.stopped, endless: job.stopped || this.parked }
  }

  hasInFront(pid: number): boolean {
    const wait = this.running?.wait
    return wait ? inFront(wait).includes(pid) : false
  }

  prompt(): string {
    return this.machine.shell.prompt({ kernel: this.machine.kernelFor(this.console, 0), memory: this.memory })
  }

  complete(line: string): { readonly from: number; readonly candidates: readonly string[] } {
    return this.machine.shell.complete(line, { kernel: this.machine.kernelFor(this.console, 0), memory: this.memory })
  }

  /** Runs a line now, or queues it behind the one that runs. False: the queue is full. */
  enter(line: string, command: number): boolean {
    if (this.running && line === CTRL_Z) {
      this.suspend()
      this.ended(this, command, 0)
      return true
    }
    if (this.running) {
      if (this.queue.length >= QUEUE_LIMIT) return false
      this.queue.push({ line, command })
      // A program that reads from the terminal takes it at once; what nobody reads is the next line of the shell.
      this.pump()
      for (const pid of this.running?.wait ? inFront(this.running.wait) : []) this.machine.jobs.typedFor(pid)
      return true
    }
    this.remember(line)
    this.begin(line, command)
    this.pump()
    return true
  }

  private remember(line: string): void {
    if (line.trim() === '' || line === CTRL_D || line === CTRL_Z) return
    this.history.push(line)
    if (this.history.length > HISTORY) this.history.shift()
  }

  /** Ctrl-C: the foreground program is interrupted; a pause ends at once; queued lines are forgotten. */
  interrupt(): number[] {
    const dropped = this.queue.map(({ command }) => command)
    this.queue = []
    const running = this.running
    if (!running) return dropped
    running.interrupted = true
    for (const pid of running.wait ? awaited(running.wait) : []) this.machine.jobs.signal(pid, INT)
    this.pump()
    return dropped
  }

  /** Ctrl-Z: the job that runs in front is stopped, or the shell is told to stop what does. */
  suspend(): void {
    const running = this.running
    if (!running?.wait || this.job || !this.machine.shell.jobControl) return
    const front = inFront(running.wait)
    for (const pid of front) this.machine.jobs.signal(pid, TSTP)
    this.pump(front.length > 0 ? undefined : { kind: 'stop' })
  }

  private fork(running: Running, text: string): number {
    const { line, command, memoryAtStart, printed, wakeAt, log } = running
    return this.machine.jobs.part(this, { line, command, memoryAtStart, printed, wakeAt, entries: log.calls.all }, text)
  }

  /** Begins as the other half of a line: whatever that was told, and that this half is the job. */
  take({ line, command, memoryAtStart, printed, wakeAt, entries }: PartedLine): void {
    this.memory = JSON.parse(memoryAtStart) as Memory
    const running = this.begin(line, command, new PagedLog(this.machine, this.terminal, 0, [...entries, { c: 0 }]))
    Object.assign(running, { printed, wakeAt })
    this.catchUp(running)
    running.log.turn()
  }

  /** The machine went down: what ran is gone, and so is the session's memory. */
  reset(): void {
    const running = this.running
    this.running = undefined
    this.queue = []
    this.memory = {}
    if (running) {
      running.log.drop()
      this.machine.sim.parked.delete(running.command)
      this.ended(this, running.command, 1)
    }
    this.touch()
  }

  private begin(line: string, command: number, log = new PagedLog(this.machine, this.terminal)): Running {
    const memoryAtStart = JSON.stringify(this.memory)
    const own = { ...this.machine.kernelFor(this.console, command), fork: (text: string) => this.fork(begun, text) }
    const kernel = recorded(own, log.calls)
    log.calls.after = (name) => {
      if (CHANGES.test(name)) this.machine.sim.observe(true)
    }
    const print = (text: string): void => this.print(command, text)
    const generator = this.machine.shell.run(line, { kernel, memory: this.memory, print })
    const begun: Running = {
      line,
      command,
      memoryAtStart,
      log,
      generator,
      wait: null,
      wakeAt: NEVER,
      interrupted: false,
      printed: 0,
    }
    this.running = begun
    this.touch()
    return begun
  }

  private print(command: number, text: string): void {
    const running = this.running
    if (!running || this.restoring || running.printed > OUTPUT_LIMIT) return
    running.printed += text.length
    this.printed(this, command, running.printed > OUTPUT_LIMIT ? CUT : text)
  }

  /** Runs a restored line silently until everything recorded has been told to it again. */
  private catchUp(running: Running): void {
    this.restoring = true
    try {
      this.replay(running)
    } finally {
      this.restoring = false
    }
    this.touch()
  }

  private replay(running: Running): void {
    let result = running.generator.next({ kind: 'elapsed' })
    for (;;) {
      if (result.done) return this.finish(result.value)
      running.wait = result.value
      const wake = running.log.calls.replayedWake()
      if (wake === undefined) return
      result = running.generator.next(wake)
    }
  }

  /** Lets the line run as far as it can without waiting. */
  private pump(told?: Wake): void {
    let first = told
    for (let running = this.running; running !== undefined && !this.job?.stopped; running = this.running) {
      this.machine.sim.origin = running.command
      this.machine.sim.cause = 0
      const wake = running.wait === null ? ({ kind: 'elapsed' } as const) : (first ?? this.wakeFor(running))
      first = undefined
      if (wake === undefined) {
        if (this.readsBehind(running)) this.machine.jobs.signal(this.job?.pid ?? 0, TTIN)
        running.log.turn()
        if (!running.log.calls.overBudget) break
        this.stop(running)
        continue
      }
      if (running.wait !== null) running.log.calls.recordWake(wake)
      const result = this.next(running, wake)
      // A reboot may have ended the session while its own line ran.
      if (this.running !== running) break
      if (result.done) {
        this.finish(result.value)
        continue
      }
      running.wait = result.value
      running.wakeAt = 'sleep' in result.value ? this.machine.sim.now + Math.max(0, result.value.sleep) : NEVER
    }
    this.touch()
  }

  /** Who is in the background and wants to read from the terminal is stopped by it. */
  private readsBehind({ wait }: Running): boolean {
    return this.job?.parted === true && wait !== null && reads(wait) && this.machine.jobs.frontOf(this) === undefined
  }

  /** The line goes no further; what it holds it gives up. */
  private stop(running: Running): void {
    this.printed(this, running.command, TOLD_ENOUGH)
    try {
      running.generator.return(1)
    } catch {}
    if (this.running === running) this.finish(1)
  }

  /** A shell that throws is our mistake: the student is told, and the session stays usable. */
  private next(running: Running, wake: Wake): IteratorResult<Wait, number> {
    try {
      return running.generator.next(wake)
    } catch (error) {
      this.failed(running, error)
      return { done: true, value: 1 }
    }
  }

  private wakeFor(running: Running): Wake | undefined {
    const wait = running.wait as Wait
    if (running.interrupted) {
      running.interrupted = false
      return { kind: 'interrupt' }
    }
    return wakeOf(wait, this.waiter(running))
  }

  private waiter(running: Running): Waiter {
    const { machine } = this
    return {
      now: machine.sim.now,
      wakeAt: running.wakeAt,
      typed: this.job && !this.job.parted ? true : (this.reader?.queue.length ?? 0) > 0,
      process: (pid) => machine.process(pid),
      job: (pid) => machine.jobs.awaited(pid),
      reap: (pid) => machine.reap(pid),
      viewed: (view, event) => this.viewed(running, view, event),
      take: () => this.typed(),
    }
  }

  /** The console that it reads from. */
  private get reader(): ConsoleSession | undefined {
    return this.job ? this.machine.jobs.frontOf(this) : this
  }

  /** The next line that was typed, for whoever reads; its own command has ended with that. */
  private typed(): Wake | undefined {
    if (this.job && !this.job.parted) return { kind: 'end' }
    const { reader } = this
    const typed = reader?.queue.shift()
    if (reader === undefined || typed === undefined) return undefined
    reader.ended(reader, typed.command, 0)
    return typed.line === CTRL_D ? { kind: 'end' } : { kind: 'line', line: `${typed.line}\n` }
  }

  private viewed(running: Running, view: View | undefined, event: Json): boolean {
    try {
      return view?.(event) === true
    } catch (error) {
      this.failed(running, error)
      return true
    }
  }

  private failed(running: Running, error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown'
    this.print(running.command, `Switchroom: this command failed inside the simulator (${reason}).\n`)
  }

  private finish(exitStatus: number): void {
    const running = this.running as Running
    this.running = undefined
    running.log.drop()
    this.machine.sim.parked.delete(running.command)
    if (this.job) this.job.status = exitStatus
    this.ended(this, running.command, exitStatus)
    this.beginNext()
  }

  private beginNext(): void {
    const next = this.queue.shift()
    if (!next) return
    this.remember(next.line)
    this.begin(next.line, next.command)
  }

  /** A job is ended from outside. */
  terminate(status: number): void {
    const { running } = this
    if (!running) return
    try {
      running.generator.return(status)
    } catch {}
    if (this.running === running) this.finish(status)
  }

  private touch(): void {
    this.machine.sim.touch(this)
  }

  pollAt(): Micros {
    const running = this.running
    if (running === undefined || this.job?.stopped) return NEVER
    if (running.wait === null || this.readsBehind(running)) return this.machine.sim.now
    return dueOf(running.wait, this.waiter(running))
  }

  /** A pause is waited for by whoever entered the line, not by settling; what has come already is shown. */
  transientAt(): Micros {
    return this.running && this.pollAt() <= this.machine.sim.now ? this.machine.sim.now : NEVER
  }

  poll(): void {
    this.pump()
  }

  save(): ConsoleState & Json {
    const running = this.running
    return {
      memory: JSON.stringify(this.memory),
      history: this.history,
      queue: this.queue,
      ...(this.job ? { job: { ...this.job } } : {}),
      running:
        running === undefined
          ? null
          : {
              line: running.line,
              command: running.command,
              memory: running.memoryAtStart,
              log: running.log.calls.last as LogEntry[] & Json,
              pages: running.log.count,
              wait: running.wait && storedWait(running.wait),
              wakeAt: storeTime(running.wakeAt),
              interrupted: running.interrupted,
              printed: running.printed,
            },
    }
  }
}
