// Several things that run side by side: the stages of a pipeline, a list and its jobs.
import { type Got, INTERRUPTED, type Need, type Run } from '../io.ts'
import { BrokenPipe, isFull, isReadable } from './channels.ts'
import type { Work } from './work.ts'

/** 128 + SIGPIPE. */
const BROKEN = 141

/** A thing that runs; `ended` is told its exit status, before anybody else runs on. */
export type Task = {
  readonly run: Run
  need: Need | undefined
  status: number | undefined
  readonly ended: (status: number) => void
}

export const newTask = (run: Run, ended: (status: number) => void = () => {}): Task => ({
  run,
  need: undefined,
  status: undefined,
  ended,
})

/**
 * Runs all to their end; the exit status is that of the last. Whoever reads goes before whoever writes, so that output shows
 * as early as it can.
 */
export function* together(tasks: readonly Task[], work: Work): Run {
  work.concurrent++
  try {
    for (const task of tasks) step(task, { kind: 'look' })
    for (;;) {
      while (advance(tasks)) {}
      const waiting = tasks.filter((task) => task.status === undefined)
      const [first] = waiting
      if (first === undefined) return tasks.at(-1)?.status ?? 0
      const need: Need = waiting.length === 1 ? (first.need as Need) : { all: waiting.map((task) => task.need as Need) }
      const got: Got = yield need
      if (got.kind === 'interrupt') interrupt(tasks)
      else if (waiting.length === 1) step(first, got)
      else if (got.kind === 'one') {
        const task = waiting[got.at]
        if (task) step(task, got.got)
      }
    }
  } finally {
    work.concurrent--
    for (const task of tasks) if (task.status === undefined) end(task, INTERRUPTED)
  }
}

/** Gives one that can go on its turn; false when all wait for something outside. */
function advance(tasks: readonly Task[]): boolean {
  for (let i = tasks.length - 1; i >= 0; i--) {
    const task = tasks[i] as Task
    if (task.status !== undefined || task.need === undefined || !isReady(task.need)) continue
    step(task, { kind: 'look' })
    return true
  }
  return false
}

/** Whether a need can be met without the world outside. */
export function isReady(need: Need): boolean {
  if ('pass' in need) return true
  if ('pipe' in need) return need.full ? !isFull(need.pipe) : isReadable(need.pipe)
  if ('task' in need) return need.task.status !== undefined
  return 'all' in need && need.all.some(isReady)
}

function step(task: Task, got: Got): void {
  try {
    const result = task.need === undefined ? task.run.next() : task.run.next(got)
    if (result.done) finish(task, result.value)
    else task.need = result.value
  } catch (fault) {
    if (!(fault instanceof BrokenPipe)) throw fault
    finish(task, BROKEN)
  }
}

function finish(task: Task, status: number): void {
  if (task.status !== undefined) return
  task.status = status
  task.ended(status)
}

/** Ends one from outside. */
export function end(task: Task, status: number): void {
  if (task.status !== undefined) return
  try {
    task.run.return(status)
  } catch (fault) {
    if (!(fault instanceof BrokenPipe)) throw fault
  }
  finish(task, status)
}

/** Ctrl-C reaches everyone; who waits only for the others dies of it. */
function interrupt(tasks: readonly Task[]): void {
  for (const task of tasks) {
    const { need } = task
    if (task.status === undefined && need && ('pass' in need || 'pipe' in need || 'task' in need)) end(task, INTERRUPTED)
  }
  for (const task of tasks) if (task.status === undefined) step(task, { kind: 'interrupt' })
}
