import { cmdlet } from '../cmdlet.ts'
import { member } from '../eval/members.ts'
import { equal } from '../values/convert.ts'
import { custom, type PsValue, unroll } from '../values/value.ts'

/** What is on one side only; with -IncludeEqual also what is on both. */
export const compareObject = cmdlet(
  {
    name: 'Compare-Object',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Compares two sets of objects.',
    supports: [
      'ReferenceObject',
      'DifferenceObject',
      'Property',
      'IncludeEqual',
      'ExcludeDifferent',
      'CaseSensitive',
      'PassThru',
    ],
    signature:
      'ReferenceObject!:PSObject[]@0 DifferenceObject!:PSObject[]@1<v SyncWindow:Int32 Property:Object[] ExcludeDifferent? IncludeEqual? PassThru? Culture CaseSensitive?',
  },
  function* (call, bound) {
    const left = [...unroll(bound.get('ReferenceObject') ?? null)]
    const right = [...unroll(bound.get('DifferenceObject') ?? null)]
    const properties = bound.texts('Property')
    const exact = bound.flag('CaseSensitive')
    const same = (a: PsValue, b: PsValue) =>
      properties.length === 0 ? equal(a, b, exact) : properties.every((name) => equal(member(a, name), member(b, name), exact))
    const both: PsValue[] = []
    const onlyLeft: PsValue[] = []
    for (const item of left) {
      const at = right.findIndex((other) => same(item, other))
      if (at < 0) onlyLeft.push(item)
      else {
        right.splice(at, 1)
        both.push(item)
      }
    }
    const shown = function* (items: readonly PsValue[], side: string) {
      for (const item of items) {
        if (bound.flag('PassThru')) {
          yield* call.emit(item)
          continue
        }
        const what: Record<string, PsValue> =
          properties.length === 0
            ? { InputObject: item }
            : Object.fromEntries(properties.map((name) => [name, member(item, name)]))
        yield* call.emit(custom({ ...what, SideIndicator: side }))
      }
    }
    if (bound.flag('IncludeEqual')) yield* shown(both, '==')
    if (bound.flag('ExcludeDifferent')) return
    yield* shown(right, '=>')
    yield* shown(onlyLeft, '<=')
  },
)
