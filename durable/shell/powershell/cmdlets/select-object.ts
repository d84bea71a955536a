import type { Cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { CUSTOM, isObject, type PsValue, shortType, unroll } from '../values/value.ts'
import { evaluateSpec, project, specs } from './properties.ts'

const notFound = (name: string, item: PsValue) => ({
  message: `Property "${name}" cannot be found.`,
  category: 'InvalidArgument',
  target: `${text(item)}:${shortType(item)}`,
  exception: 'PSArgumentException',
  id: 'ExpandPropertyNotFound',
})

export const selectObject: Cmdlet = {
  name: 'Select-Object',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Selects objects or object properties.',
  supports: [
    'InputObject',
    'Property',
    'ExpandProperty',
    'First',
    'Last',
    'Skip',
    'SkipLast',
    'Unique',
    'Index',
    'ExcludeProperty',
  ],
  signature:
    'InputObject:PSObject<v Property:Object[]@0 ExpandProperty First:Int32 Last:Int32 Skip:Int32 SkipLast:Int32 Unique? Wait? Index:Int32[] ExcludeProperty[]',
  start(call) {
    const { bound } = call
    const [first, last, skip] = [bound.number('First'), bound.number('Last'), bound.number('Skip') ?? 0]
    const skipLast = bound.number('SkipLast') ?? 0
    const indexes = bound.has('Index') ? bound.numbers('Index') : undefined
    const wanted = bound.has('Property') ? specs(bound.list('Property')) : undefined
    const excluded = bound.texts('ExcludeProperty').map((name) => name.toLowerCase())
    const expand = bound.text('ExpandProperty')
    const seen = new Set<string>()
    const held: PsValue[] = []
    let count = 0
    let given = 0
    function* put(item: PsValue) {
      let out: PsValue = item
      if (expand !== undefined) {
        const value = yield* evaluateSpec(call, specs([expand])[0], item)
        if (
          value === null &&
          !(isObject(item) && [...item.props.keys()].some((name) => name.toLowerCase() === expand.toLowerCase()))
        ) {
          call.error(notFound(expand, item))
          return
        }
        for (const one of unroll(value)) yield* call.emit(one)
        return
      }
      if (wanted !== undefined || excluded.length > 0) {
        const props = yield* project(call, wanted ?? specs(['*']), item)
        for (const name of [...props.keys()]) if (excluded.includes(name.toLowerCase())) props.delete(name)
        out = { kind: 'object', types: [CUSTOM], props }
      }
      if (bound.flag('Unique')) {
        const key = text(out)
        if (seen.has(key)) return
        seen.add(key)
      }
      yield* call.emit(out)
    }
    return {
      *process(_, input) {
        if (input === undefined) {
          if (bound.has('InputObject')) for (const item of unroll(bound.get('InputObject') ?? null)) yield* put(item)
          return
        }
        const at = count++
        if (skipLast > 0) {
          held.push(input)
          if (at >= skip && held.length > skipLast) yield* put(held.shift() as PsValue)
          return
        }
        if (last !== undefined) {
          held.push(input)
          if (held.length > last + skip) held.shift()
          return
        }
        if (at < skip || (indexes !== undefined && !indexes.includes(at))) return
        if (first !== undefined && given >= first) call.stop()
        given++
        yield* put(input)
        if (first !== undefined && given >= first) call.stop()
      },
      *end() {
        if (skipLast > 0) return
        for (const item of skip > 0 ? held.slice(0, -skip) : held) yield* put(item)
      },
    }
  },
}
