import type { Got, Need, Run } from './io.ts'
import { INTERRUPTED } from './io.ts'

/** Thrown by a write into a pipe whose reader has gone: what SIGPIPE does. */
export class BrokenPipe extends Error {}

/** 128 + SIGPIPE. */
const BROKEN = 141

/** Begins a stage that writes to `out`, or to where the whole pipeline writes when undefined. */
export type Start = (out: ((text: string) => void) | undefined) => Run

type Pipe = { readonly lines: string[]; rest: string; ended: boolean; broken: boolean }
type Stage = { readonly run: Run; need: Need | undefined; status: number | undefined }

/**
 * Runs the stages side by side and passes lines along as they come. Of several that wait at once each has its turn;
 * whoever reads goes before whoever writes, so that output shows as early as it can.
 */
export function* runPipeline(starts: readonly Start[]): Run {
  const pipes: Pipe[] = starts.slice(1).map(() => ({ lines: [], rest: '', ended: false, broken: false }))
  const stages: Stage[] = starts.map((start, i) => {
    const pipe = pipes[i]
    return { run: start(pipe && ((text) => write(pipe, text))), need: undefined, status: undefined }
  })
  let turn = 0
  try {
    for (const [i, stage] of stages.entries()) step(stages, pipes, i, stage, undefined)
    for (;;) {
      while (pass(stages, pipes)) {}
      const at = choose(stages, turn)
      if (at === undefined) return stages.at(-1)?.status ?? 0
      turn = at + 1
      const stage = stages[at] as Stage
      const got: Got = yield stage.need as Need
      if (got.kind === 'interrupt') interrupt(stages, pipes)
      else step(stages, pipes, at, stage, got)
    }
  } finally {
    for (const stage of stages) if (stage.status === undefined) stage.run.return(INTERRUPTED)
  }
}

function write(pipe: Pipe, text: string): void {
  if (pipe.broken) throw new BrokenPipe()
  const lines = (pipe.rest + text).split('\n')
  pipe.rest = lines.pop() ?? ''
  for (const line of lines) pipe.lines.push(`${line}\n`)
}

/** Gives one stage its next line; false when none can take one. */
function pass(stages: Stage[], pipes: Pipe[]): boolean {
  for (let i = stages.length - 1; i > 0; i--) {
    const stage = stages[i] as Stage
    const pipe = pipes[i - 1] as Pipe
    if (stage.status !== undefined || stage.need === undefined || !('read' in stage.need)) continue
    const line = pipe.lines.shift()
    if (line === undefined && !pipe.ended) continue
    step(stages, pipes, i, stage, line === undefined ? { kind: 'end' } : { kind: 'line', line })
    return true
  }
  return false
}

/** The next stage in turn that waits for something outside the pipeline. */
function choose(stages: Stage[], turn: number): number | undefined {
  for (let n = 0; n < stages.length; n++) {
    const at = (turn + n) % stages.length
    const stage = stages[at] as Stage
    if (stage.status !== undefined || stage.need === undefined) continue
    if (at === 0 || !('read' in stage.need)) return at
  }
  return undefined
}

function step(stages: Stage[], pipes: Pipe[], at: number, stage: Stage, got: Got | undefined): void {
  try {
    const result = got === undefined ? stage.run.next() : stage.run.next(got)
    if (result.done) finish(stages, pipes, at, result.value)
    else stage.need = result.value
  } catch (fault) {
    if (!(fault instanceof BrokenPipe)) throw fault
    finish(stages, pipes, at, BROKEN)
  }
}

function finish(stages: Stage[], pipes: Pipe[], at: number, status: number): void {
  ;(stages[at] as Stage).status = status
  const into = pipes[at]
  if (into) {
    if (into.rest !== '') into.lines.push(into.rest)
    into.rest = ''
    into.ended = true
  }
  const from = pipes[at - 1]
  if (from) from.broken = true
}

/** Ctrl-C reaches every stage; one that only reads dies of it. */
function interrupt(stages: Stage[], pipes: Pipe[]): void {
  for (const [i, stage] of stages.entries()) {
    if (stage.status !== undefined || stage.need === undefined || !('read' in stage.need)) continue
    stage.run.return(INTERRUPTED)
    finish(stages, pipes, i, INTERRUPTED)
  }
  for (const [i, stage] of stages.entries()) if (stage.status === undefined) step(stages, pipes, i, stage, { kind: 'interrupt' })
}
