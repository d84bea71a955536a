// Jobs as console sessions have them.
import type { Micros } from '../sim/time.ts'
import type { ConsoleSession } from './console-session.ts'
import type { LogEntry } from './recorded.ts'
import type { Awaited } from './waiting.ts'

/** Of a session that is a job in the background: what its shell shows of it, and how it ended. */
export type JobState = {
  readonly pid: number
  readonly text: string
  readonly command: number
  readonly startedAt: Micros
  status: number | null
  stopped: boolean
  /** It was the line in front of a console once, and reads there when it is again. */
  readonly parted: boolean
  /** A signal that came while it was stopped. */
  pending?: number | undefined
  /** It is what a service of the system runs: what it says is the journal's. */
  readonly unit?: string
}

/** Half of a line that was parted: run again, it comes to where the other half stood. */
export type PartedLine = {
  readonly line: string
  readonly command: number
  readonly memoryAtStart: string
  readonly printed: number
  readonly wakeAt: Micros
  readonly entries: readonly LogEntry[]
}

/** The jobs of its machine. */
export interface ConsoleJobs {
  awaited(pid: number): Awaited | undefined
  /** To a process or a job. */
  signal(pid: number, number: number): void
  /** What a line has in front becomes a job that is stopped; answers its process id, -1 when there are too many. */
  part(session: ConsoleSession, line: PartedLine, text: string): number
  /** The console in which a job runs in front, if it does: that is where it reads. */
  frontOf(job: ConsoleSession): ConsoleSession | undefined
  /** Something was typed for a job in front. */
  typedFor(pid: number): void
}
