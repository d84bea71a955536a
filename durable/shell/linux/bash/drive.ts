// Between the shell's needs and what a console can wait for.
import type { Wait, Wake } from '../../../engine/machine/console.ts'
import { type Got, INTERRUPTED, type Io, type Need, type Run } from '../io.ts'
import { BrokenPipe } from './channels.ts'
import { Stopped } from './faults.ts'
import { isReady } from './together.ts'
import { BudgetFault } from './work.ts'

/** Runs a line to its end. What is over a budget ends it with a sentence that names the budget. */
export function* drive(run: Run, io: Io, interactive: boolean): Generator<Wait, number, Wake> {
  const { work } = io
  try {
    let result = run.next()
    while (!result.done) {
      const need = result.value
      if (isReady(need)) {
        work.step()
        result = run.next({ kind: 'look' })
        continue
      }
      const ways: { readonly wait: Wait; readonly path: readonly number[] }[] = []
      flatten(need, [], ways)
      const [only] = ways
      work.flush()
      if (only === undefined) {
        // Nothing outside can end this: it is our mistake, and better ended than waited for.
        result = run.return(1)
        continue
      }
      const wake: Wake = yield ways.length === 1 ? only.wait : { any: ways.map((way) => way.wait) }
      if (wake.kind === 'stop') {
        const pid = work.outside > 0 ? part(io) : 0
        // What cannot be stopped, and the half that is the job, wait on.
        if (pid > 0) result = run.throw(new Stopped(pid))
        continue
      }
      if (wake.kind === 'interrupt') work.interrupted = true
      result = run.next(routed(wake, ways))
    }
    return result.value
  } catch (fault) {
    if (fault instanceof BudgetFault) {
      io.err(`Switchroom: stopped, because this ${interactive ? 'line' : 'job'} ran over its budget of ${fault.message}.\n`)
      return INTERRUPTED
    }
    if (fault instanceof BrokenPipe) return 141
    throw fault
  } finally {
    run.return(INTERRUPTED)
    work.flush()
  }
}

/** Ctrl-Z: parts the line. Answers the number of the job where the line goes on without it, else 0. */
function part(io: Io): number {
  const { work } = io
  const pid = io.kernel.fork(work.front)
  if (pid === 0) {
    work.alone = true
    io.session.traps.clear()
  }
  work.parted = pid > 0
  return Math.max(0, pid)
}

function flatten(need: Need, path: readonly number[], ways: { readonly wait: Wait; readonly path: readonly number[] }[]): void {
  if ('all' in need) for (const [i, each] of need.all.entries()) flatten(each, [...path, i], ways)
  else if ('any' in need) for (const [i, each] of need.any.entries()) flatten(each, [...path, i], ways)
  else if (!('pass' in need || 'pipe' in need || 'task' in need)) ways.push({ wait: need, path })
}

function routed(wake: Wake, ways: readonly { readonly path: readonly number[] }[]): Got {
  if (wake.kind === 'interrupt') return wake
  const way = wake.kind === 'one' ? ways[wake.at] : ways[0]
  let got: Got = wake.kind === 'one' ? wake.got : wake
  for (const at of [...(way?.path ?? [])].reverse()) got = { kind: 'one', at, got }
  return got
}
