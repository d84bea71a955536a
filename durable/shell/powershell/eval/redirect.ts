import { done, type Gen } from '../../windows/program.ts'
import { NotSimulated } from '../errors.ts'
import { formatted } from '../format/render.ts'
import type { Redirection } from '../syntax/ast.ts'
import { text } from '../values/text.ts'
import type { PsValue } from '../values/value.ts'
import { evaluate } from './expressions.ts'
import { resolvePath } from './paths.ts'
import { type Frame, languageError, type Sink } from './session.ts'

export type Redirected = { readonly sink: Sink; readonly errors: 'show' | 'hide' | 'merge'; close(): void }

/** `> file`, `>> file`, `> $null`, `2> $null`, `2>&1`. */
export function* redirected(redirections: readonly Redirection[], frame: Frame, sink: Sink): Gen<Redirected> {
  let out = sink
  let errors: Redirected['errors'] = 'show'
  let finish = () => {}
  for (const one of redirections) {
    if (one.merge) {
      errors = 'merge'
      continue
    }
    const target = one.target === undefined ? null : yield* evaluate(one.target, frame)
    if (one.stream === '2' || one.stream === '*') {
      if (target !== null)
        throw new NotSimulated('Sending errors to a file is real, but it is not simulated here yet; 2>$null is.')
      errors = 'hide'
    }
    if (one.stream === 'other' || one.stream === '2') continue
    const kept: PsValue[] = []
    out = (item) => {
      kept.push(item)
      return done()
    }
    if (target === null) continue
    finish = () => {
      const path = resolvePath(frame.session.cwd, text(target))
      const before = one.append ? (frame.session.kernel.readFile(path) ?? '') : ''
      const done = frame.session.kernel.writeFile(path, before + formatted(kept, frame.session))
      if (!done.ok) throw languageError(frame, one, `Access to the path '${path}' is denied.`, 'FileOpenFailure', 'OpenError')
    }
  }
  return { sink: out, errors, close: () => finish() }
}
