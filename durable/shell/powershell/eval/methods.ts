// Methods that run blocks: `.Where({ })`, `.ForEach({ })`, `.Invoke()`. All others are in invoke.ts.
import { done, type Gen } from '../../windows/program.ts'
import { toInteger, toNumber, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { collect, isScript, type PsScript, type PsValue, unroll } from '../values/value.ts'
import { cast } from './cast.ts'
import { invoke } from './invoke.ts'
import { member } from './members.ts'
import { runScript, runWith } from './script-stage.ts'
import { assign, childOf, type Frame } from './session.ts'

/** `$value.name(args)` */
export function* method(value: PsValue, name: string, args: readonly PsValue[], frame: Frame): Gen<PsValue> {
  const lower = name.toLowerCase()
  if (isScript(value) && /^(invoke|invokereturnasis)$/.test(lower)) {
    const scope = childOf(frame.scope)
    assign(scope, 'args', [...args])
    const out = yield* gathered((sink) => runScript(value, frame, scope, sink))
    return lower === 'invoke' ? out : collect(out)
  }
  if (lower === 'where' && args.length > 0 && isScript(args[0])) return yield* where(unroll(value), args[0], args, frame)
  if (lower === 'foreach' && args.length > 0) return yield* forEach(unroll(value), args, frame)
  return invoke(value, name, args)
}

function* gathered(work: (sink: (item: PsValue) => Gen) => Gen): Gen<PsValue[]> {
  const out: PsValue[] = []
  yield* work((item) => {
    out.push(item)
    return done()
  })
  return out
}

function* where(items: readonly PsValue[], test: PsScript, args: readonly PsValue[], frame: Frame): Gen<PsValue[]> {
  const mode = text(args[1] ?? 'Default').toLowerCase()
  const most = toInteger(toNumber(args[2] ?? 0) ?? 0)
  const yes: PsValue[] = []
  const no: PsValue[] = []
  let until = false
  for (const item of items) {
    if (until) {
      yes.push(item)
      continue
    }
    const passes = truth(collect(yield* gathered((sink) => runWith(test, item, frame, sink))))
    if (mode === 'skipuntil') {
      until = passes
      if (passes) yes.push(item)
    } else if (mode === 'until') {
      if (passes) break
      yes.push(item)
    } else {
      ;(passes ? yes : no).push(item)
      if (mode === 'first' && yes.length >= Math.max(1, most)) break
    }
  }
  if (mode === 'split') return [yes, no]
  if (mode === 'last') return yes.slice(-Math.max(1, most))
  return most > 0 ? yes.slice(0, most) : yes
}

function* forEach(items: readonly PsValue[], args: readonly PsValue[], frame: Frame): Gen<PsValue[]> {
  const [what = null, ...more] = args
  const out: PsValue[] = []
  for (const item of items) {
    if (isScript(what)) out.push(...(yield* gathered((sink) => runWith(what, item, frame, sink))))
    else if (what !== null && typeof what === 'object' && 'kind' in what && what.kind === 'type')
      out.push(cast(what.name, item) ?? item)
    else if (more.length > 0) out.push(invoke(item, text(what), more))
    else out.push(...unroll(member(item, text(what))))
  }
  return out
}
