// What a line waits for, and whether it has come.
import type { Json } from '../sim/json.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import type { View, Wait, Wake } from './console.ts'
import type { Process } from './process.ts'

/** A job in the background, as those who wait for it see it. */
export type Awaited = {
  readonly status: number | null
  readonly stopped: boolean
  /** Nothing that comes by itself lets it go on. */
  readonly endless: boolean
}

export interface Waiter {
  readonly now: Micros
  /** When the pause of a lone `sleep` is over. */
  readonly wakeAt: Micros
  process(pid: number): Process | undefined
  job(pid: number): Awaited | undefined
  /** An ended process whose events have been read is done with. */
  reap(pid: number): void
  /** Shows an event to a view; true: it is dealt with. */
  viewed(view: View | undefined, event: Json): boolean
  /** What was typed, if anything. */
  take(): Wake | undefined
  /** Something is typed already. */
  readonly typed: boolean
}

/** What a wait is answered with, or undefined while nothing has come. */
export function wakeOf(wait: Wait, waiter: Waiter): Wake | undefined {
  if ('sleep' in wait) return waiter.wakeAt <= waiter.now ? { kind: 'elapsed' } : undefined
  if ('until' in wait) return wait.until <= waiter.now ? { kind: 'elapsed' } : undefined
  if ('read' in wait) return waiter.take()
  if ('any' in wait) {
    for (const [at, each] of wait.any.entries()) {
      const got = wakeOf(each, waiter)
      if (got !== undefined) return { kind: 'one', at, got }
    }
    return undefined
  }
  const job = waiter.job(wait.wait)
  if (job?.status === null) return job.stopped && wait.stop ? { kind: 'stopped' } : undefined
  if (job) return { kind: 'exit', code: job.status as number }
  const process = waiter.process(wait.wait)
  if (process === undefined) return { kind: 'exit', code: 1 }
  for (let event = process.events.shift(); event !== undefined; event = process.events.shift()) {
    process.touch()
    if (!waiter.viewed(wait.view, event)) return { kind: 'event', event }
  }
  if (process.exitCode === null) return undefined
  const code = process.exitCode
  waiter.reap(process.pid)
  return { kind: 'exit', code }
}

/** When to look again. */
export function dueOf(wait: Wait, waiter: Waiter): Micros {
  if ('sleep' in wait) return waiter.wakeAt
  if ('until' in wait) return wait.until
  if ('read' in wait) return waiter.typed ? waiter.now : NEVER
  if ('any' in wait) return wait.any.reduce<Micros>((due, each) => Math.min(due, dueOf(each, waiter)), NEVER)
  const job = waiter.job(wait.wait)
  if (job) return job.status === null && !(job.stopped && wait.stop) ? NEVER : waiter.now
  const process = waiter.process(wait.wait)
  const spoken = process === undefined || process.events.length > 0 || process.exitCode !== null
  return spoken ? waiter.now : NEVER
}

/** Whether only a person or an endless program can end it. */
export function waitsForever(wait: Wait, waiter: Waiter): boolean {
  if ('sleep' in wait || 'until' in wait) return wait.endless === true
  if ('read' in wait) return !waiter.typed
  if ('any' in wait) return wait.any.every((each) => waitsForever(each, waiter))
  const job = waiter.job(wait.wait)
  return job ? job.endless : waiter.process(wait.wait)?.unbounded === true
}

/** Jobs that run in front of it: they take what is typed. */
export const inFront = (wait: Wait): number[] =>
  'wait' in wait ? (wait.stop ? [wait.wait] : []) : 'any' in wait ? wait.any.flatMap(inFront) : []

/** Whether nothing but a typed line is waited for. */
export const reads = (wait: Wait): boolean => 'read' in wait || ('any' in wait && wait.any.every(reads))

/** The processes and jobs that it names. */
export const awaited = (wait: Wait): number[] => ('wait' in wait ? [wait.wait] : 'any' in wait ? wait.any.flatMap(awaited) : [])

/** A wait as its row has it: a view is there again when the line has been run up to it. */
export function storedWait(wait: Wait): Wait & Json {
  if ('wait' in wait) return wait.stop ? { wait: wait.wait, stop: true } : { wait: wait.wait }
  return 'any' in wait ? { any: wait.any.map(storedWait) } : wait
}
