import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { Task } from './together.ts'

/** What one line, or one job in the background, may use up. What ends at a budget says which. */
export const STEP_BUDGET = 100_000
export const DEPTH_BUDGET = 100
export const JOB_BUDGET = 32
/** A line that has paused so long goes on as time passes, but nobody waits for its end: an hour, in microseconds. */
export const PAUSE_BUDGET = 3_600_000_000
/** What it costs to open a file, to begin a subshell. */
export const DEAR = 8
/** Characters that one substitution, pipe or file may hold for a line. */
export const TEXT_BUDGET = 1_048_576

/** Thrown when a budget is used up: ends the line, whatever runs in it. */
export class BudgetFault extends Error {}

/** An open file that is written to; what was written reaches the disk before anybody looks. */
export type OpenFile = { readonly path: string; pending: string; failed: boolean }

/** What all shells of one line share. */
export class Work {
  steps = STEP_BUDGET
  depth = 0
  /** Jobs that may still be started. */
  jobs: number
  /** Somebody was told that there are no more. */
  warned = false
  /** How many jobs deep this is: 0 at a console. */
  readonly level: number
  /** What runs beside a list of this line, by its number. */
  readonly tasks = new Map<number, Task>()
  beside = 0
  /** Several things run side by side: pauses are kept as moments. */
  concurrent = 0
  /** Lab time that pauses of this line took so far. */
  paused = 0
  /** Characters that the shell remembers, no fewer than it does; see `memory.ts`. */
  kept: number | undefined
  /** Ctrl-C came and somebody took it. */
  interrupted = false
  /** Programs under way that are not the shell itself: those can be stopped. */
  outside = 0
  /** The text of the pipeline that the shell has in front. */
  front = ''
  /** This is the half of a line that became a job: it ends with what was in front. */
  alone = false
  /** What is being given up belongs to the other half by now: nothing is done to it. */
  parted = false
  readonly files = new Set<OpenFile>()
  /** What `<( )` printed, by the path that stands for it. */
  readonly held = new Map<string, string>()
  private readonly kernel: Kernel

  constructor(kernel: Kernel, jobs: number, level = 0) {
    this.kernel = kernel
    this.jobs = jobs
    this.level = level
  }

  /** This is a job in the background. */
  get job(): boolean {
    return this.level > 0
  }

  /** One command, one round of a loop, one expansion. */
  step(cost = 1): void {
    this.steps -= cost
    if (this.steps < 0) throw new BudgetFault(`${STEP_BUDGET} steps a line`)
  }

  /** The same as a function, for what works for somebody else. */
  readonly spend = (steps: number): void => this.step(steps)

  enter(): void {
    if (++this.depth > DEPTH_BUDGET) {
      this.depth--
      throw new BudgetFault(`a nesting of ${DEPTH_BUDGET} functions, subshells and scripts`)
    }
  }

  leave(): void {
    this.depth--
  }

  /** Writes out what files were given. */
  flush(): void {
    for (const file of this.files) {
      if (file.pending === '') continue
      const text = file.pending
      file.pending = ''
      if (!this.kernel.appendFile(file.path, text).ok) file.failed = true
    }
  }
}
