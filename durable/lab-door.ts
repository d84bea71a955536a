import type { Answer } from './contract.ts'
import { CorruptPart } from './engine/lab/upgrade.ts'
import type { History } from './history/history.ts'
import type { LabKeeper, Live } from './lab-keeper.ts'
import { failure, frozenLab, noLab } from './refusal.ts'

/** What only looks: when the lab cannot be opened it is not there; everything else is forbidden. */
const READS = new Set([
  ...['summary', 'topology', 'leases', 'table', 'check', 'capture', 'clock', 'why', 'why-nothing', 'query'],
  ...['connect', 'fork', 'replay', 'ports', 'grade', 'tasks'],
])

/** What puts something into a lab: not into one that is frozen. What comes over a socket is looked at there. */
const WRITES = new Set([
  ...['exec', 'interrupt', 'hand', 'unplug', 'set-clock', 'advance', 'snapshot', 'rewind', 'undo', 'reset', 'attach'],
  ...['answer', 'hint'],
])

type Around = {
  /** Before anything is done with the lab. */
  readonly opened: (live: Live) => void
  /** After everything that was done with the lab. */
  readonly used: (live: Live) => void
  /** When something has gone wrong in memory. */
  readonly failed: () => void
}

/** The way to a lab: opens it, or says why it cannot be opened; what goes wrong behind it becomes a refusal. */
export class LabDoor {
  /** Why the rows cannot be used, when a migration failed. */
  broken: unknown
  /** The lab was deleted. */
  closed = false
  private readonly object: string
  private readonly keeper: LabKeeper
  private readonly history: History
  private readonly around: Around

  constructor(object: string, keeper: LabKeeper, history: History, around: Around) {
    this.object = object
    this.keeper = keeper
    this.history = history
    this.around = around
  }

  get hasLab(): boolean {
    return this.open() !== undefined
  }

  withLab<T>(what: string, use: (live: Live) => Answer<T>): Answer<T> {
    return this.withRows(what, (live, damage) => {
      if (live) return use(live)
      return damage ? this.history.damaged(damage, READS.has(what)) : noLab()
    })
  }

  /** For what comes by thousands: without looking around afterwards, and without an answer. */
  onLab(what: string, use: (live: Live) => void): void {
    this.guard(what, () => {
      const live = this.open()
      if (live && !(live instanceof CorruptPart)) use(live)
      return { ok: true, value: null }
    })
  }

  /** For what can be done with the rows alone: without the lab when one of its parts is damaged. */
  withRows<T>(what: string, use: (live: Live | undefined, damage?: CorruptPart) => Answer<T>): Answer<T> {
    return this.guard(what, () => {
      const opened = this.open()
      if (!opened) return noLab()
      if (!(opened instanceof CorruptPart)) this.around.opened(opened)
      const { frozen } = this.keeper
      if (frozen && WRITES.has(what)) return frozenLab(frozen)
      const answer = opened instanceof CorruptPart ? use(undefined, opened) : use(opened)
      this.afterwards()
      return answer
    })
  }

  /** What was done stays done, whatever goes wrong after it. */
  private afterwards(): void {
    try {
      const after = this.open()
      if (after && !(after instanceof CorruptPart)) this.around.used(after)
    } catch (error) {
      this.around.failed()
      this.failure('afterwards', error)
    }
  }

  /** Whatever is thrown, the rows are as they were; memory is made from them again at the next call. */
  guard<T>(what: string, work: () => Answer<T>): Answer<T> {
    try {
      if (this.broken !== undefined) throw this.broken
      return work()
    } catch (error) {
      this.around.failed()
      return this.failure(what, error)
    }
  }

  /** What has been committed stays done, whether or not everybody could be told. */
  tell(say: () => void): void {
    try {
      say()
    } catch (error) {
      this.failure('tell', error)
    }
  }

  failure(what: string, error: unknown) {
    return failure(`lab-${what}`, this.object, error)
  }

  private open(): Live | CorruptPart | undefined {
    try {
      return this.closed ? undefined : this.keeper.open()
    } catch (error) {
      if (error instanceof CorruptPart) return error
      throw error
    }
  }
}
