import { resolvePath } from '../../windows/path.ts'
import { done, type Gen } from '../../windows/program.ts'
import { formatted } from '../format/render.ts'
import type { Redirection } from '../syntax/ast.ts'
import { text } from '../values/text.ts'
import type { PsValue } from '../values/value.ts'
import { evaluate } from './expressions.ts'
import { type Frame, languageError, type Sink } from './session.ts'
import type { Route, StreamNumber, Streams } from './streams.ts'

export type Redirected = { readonly sink: Sink; readonly streams: Streams | undefined; close(): Gen }

const BESIDES: readonly StreamNumber[] = [2, 3, 4, 5, 6]

/** `> file`, `>> file`, `> $null`, the same with a stream's number or `*` before it, and `2>&1`. */
export function* redirected(redirections: readonly Redirection[], frame: Frame, sink: Sink): Gen<Redirected> {
  if (redirections.length === 0) return { sink, streams: frame.streams, close: done }
  let out = sink
  const streams: { [stream in StreamNumber]?: Route } = { ...frame.streams }
  const merged: PsValue[] = []
  const files: (() => void)[] = []
  for (const one of redirections) {
    const numbers = one.stream === '*' ? BESIDES : one.stream === '1' ? [] : [Number(one.stream) as StreamNumber]
    if (one.merge) {
      for (const number of numbers) streams[number] = (value) => merged.push(value)
      continue
    }
    const target = one.target === undefined ? null : yield* evaluate(one.target, frame)
    const kept: PsValue[] = []
    for (const number of numbers) streams[number] = target === null ? 'hide' : (value) => kept.push(value)
    if (one.stream === '1' || one.stream === '*')
      out = (item) => {
        kept.push(item)
        return done()
      }
    if (target !== null) files.push(() => toFile(one, text(target), kept, frame))
  }
  const direct = out
  const flush = function* (): Gen {
    while (merged.length > 0) yield* direct(merged.shift() as PsValue)
  }
  const after: Sink = function* (item) {
    yield* flush()
    yield* direct(item)
  }
  let closed = false
  return {
    sink: out === sink ? Object.assign(after, sink.show === undefined ? {} : { show: sink.show }) : after,
    streams,
    *close() {
      if (closed) return
      closed = true
      yield* flush()
      for (const write of files) write()
    },
  }
}

function toFile(one: Redirection, target: string, kept: readonly PsValue[], frame: Frame): void {
  const { kernel, cwd } = frame.session
  const path = resolvePath(cwd, target, kernel.identity().user)
  const before = one.append ? (kernel.readFile(path) ?? '') : ''
  const written = kernel.writeFile(path, before + formatted(kept, frame.session))
  if (!written.ok) throw languageError(frame, one, `Access to the path '${path}' is denied.`, 'FileOpenFailure', 'OpenError')
}
