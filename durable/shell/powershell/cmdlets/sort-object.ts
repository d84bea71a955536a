import type { Cmdlet } from '../cmdlet.ts'
import { compare, compareText } from '../values/convert.ts'
import { text } from '../values/text.ts'
import type { PsValue } from '../values/value.ts'
import { evaluateSpec, specs } from './properties.ts'

export const sortObject: Cmdlet = {
  name: 'Sort-Object',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Sorts objects by property values.',
  supports: ['InputObject', 'Property', 'Descending', 'Unique', 'CaseSensitive'],
  signature: 'InputObject:PSObject<v Property:Object[]@0 Descending? Unique? CaseSensitive? Culture',
  start(call) {
    const { bound } = call
    const wanted = specs(bound.list('Property'))
    const exact = bound.flag('CaseSensitive')
    const held: { item: PsValue; keys: PsValue[] }[] = []
    return {
      *process(_, input) {
        if (input === undefined) return
        const keys: PsValue[] = []
        for (const one of wanted) keys.push(yield* evaluateSpec(call, one, input))
        held.push({ item: input, keys: wanted.length === 0 ? [input] : keys })
      },
      *end() {
        const order = (a: PsValue, b: PsValue) => compare(a, b, exact) ?? compareText(text(a), text(b), exact)
        const rank = (a: (typeof held)[number], b: (typeof held)[number]): number => {
          for (const [i, key] of a.keys.entries()) {
            const found = order(key, b.keys[i])
            if (found !== 0) return (wanted[i]?.descending ?? bound.flag('Descending')) ? -found : found
          }
          return 0
        }
        held.sort(rank)
        for (const [i, one] of held.entries())
          if (!bound.flag('Unique') || i === 0 || rank(held[i - 1], one) !== 0) yield* call.emit(one.item)
      },
    }
  },
}
