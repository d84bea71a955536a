import type { Gen } from '../../windows/program.ts'
import { PsError } from '../errors.ts'
import type { Element, Statement } from '../syntax/ast.ts'
import { type PsValue, unroll } from '../values/value.ts'
import { prepareCommand } from './commands.ts'
import { evaluate } from './expressions.ts'
import { type Redirected, redirected } from './redirect.ts'
import { type Frame, type Sink, spend } from './session.ts'
import { report, type Streams } from './streams.ts'

/** One stage under way: `take` gets what the stage before it puts out. */
export type Stage = { begin?(): Gen; take: Sink; end(): Gen }

/** What builds a stage once it is known where its output goes. */
export type Prepared = (sink: Sink, context: StageContext) => Stage

export type StageContext = {
  readonly piped: boolean
  /** From 1. */
  readonly position: number
  readonly streams: Streams | undefined
}

/** A stage has enough: everything before it stops, without an error. */
export class StopUpstream extends Error {
  readonly stage: object
  constructor(stage: object) {
    super('stop')
    this.stage = stage
  }
}

export function* runPipeline(s: Extract<Statement, { kind: 'pipeline' }>, frame: Frame, sink: Sink): Gen {
  const { session } = frame
  const [head, ...others] = s.elements
  if (head.kind === 'expression' && others.length === 0) {
    const out = yield* redirected(head.redirections, frame, sink)
    try {
      const value = yield* evaluate(head.value, head.redirections.length === 0 ? frame : { ...frame, streams: out.streams })
      session.ok = true
      if (!silent(head)) for (const item of unroll(value)) yield* out.sink(item)
    } catch (error) {
      elsewhere(error, out, frame)
      throw error
    } finally {
      yield* out.close()
    }
    return
  }
  // $? tells of the whole pipeline: any error in it turns it off.
  const parts: { element: Element; prepared: Prepared }[] = []
  for (const element of s.elements) {
    if (element.kind !== 'command') continue
    try {
      parts.push({ element, prepared: yield* prepareCommand(element, frame) })
    } catch (error) {
      if (element.redirections.length > 0) {
        const out = yield* redirected(element.redirections, frame, sink)
        elsewhere(error, out, frame)
        yield* out.close()
      }
      throw error
    }
  }
  session.ok = true
  const stages: Stage[] = []
  const made: Stage[] = []
  const outs: Redirected[] = []
  let next = sink
  for (let i = parts.length - 1; i >= 0; i--) {
    const { element, prepared } = parts[i]
    const out = yield* redirected(element.redirections, frame, next)
    const piped = i > 0 || head.kind === 'expression'
    const position = i + (head.kind === 'expression' ? 2 : 1)
    const stage = prepared(out.sink, { piped, position, streams: out.streams })
    stages.unshift({ ...stage, end: () => closing(stage, out) })
    made.push(stage)
    outs.push(out)
    next = (item) => {
      spend(session)
      return stage.take(item)
    }
  }
  try {
    yield* feed(head, stages, made.reverse(), frame)
  } catch (error) {
    for (const out of outs) yield* out.close()
    throw error
  }
}

/** What a stage still has goes on before those behind it end. */
function* closing(stage: Stage, out: Redirected): Gen {
  yield* stage.end()
  yield* out.close()
}

/** An error that ends an element goes where the element's errors go. */
function elsewhere(error: unknown, out: Redirected, frame: Frame): void {
  if (!(error instanceof PsError) || error.shown || frame.trying === true || out.streams?.[2] === undefined) return
  report(frame.session, error.record, out.streams)
  error.shown = true
}

/** `$x = 1` and `$i++` alone print nothing. */
const silent = (element: Element): boolean =>
  element.kind === 'expression' &&
  (element.value.kind === 'step' || (element.value.kind === 'cast' && element.value.type.toLowerCase() === 'void'))

function* feed(head: Element, stages: readonly Stage[], made: readonly Stage[], frame: Frame): Gen {
  let from = 0
  const guarded = function* (work: () => Gen): Gen {
    try {
      yield* work()
    } catch (error) {
      if (!(error instanceof StopUpstream)) throw error
      const at = made.indexOf(error.stage as Stage)
      if (at < 0) throw error
      from = Math.max(from, at)
    }
  }
  for (const stage of stages) if (stage.begin !== undefined) yield* guarded(() => stage.begin?.() ?? nothing())
  if (head.kind === 'expression') {
    yield* guarded(function* () {
      const value: PsValue = yield* evaluate(head.value, frame)
      for (const item of unroll(value)) yield* stages[0].take(item)
    })
  }
  for (const [i, stage] of stages.entries()) if (i >= from) yield* guarded(() => stage.end())
}

function* nothing(): Gen {}
