import type { Cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsValue } from '../values/value.ts'
import { evaluateSpec, specs } from './properties.ts'

export const groupObject: Cmdlet = {
  name: 'Group-Object',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Groups objects that contain the same value for specified properties.',
  supports: ['InputObject', 'Property', 'NoElement'],
  signature: 'InputObject:PSObject<v Property:Object[]@0 NoElement? AsHashTable?(AHT) AsString? CaseSensitive? Culture',
  start(call) {
    const wanted = specs(call.bound.list('Property'))
    const groups = new Map<string, { name: string; items: PsValue[] }>()
    return {
      *process(_, input) {
        if (input === undefined) return
        const keys: string[] = []
        for (const one of wanted) keys.push(text(yield* evaluateSpec(call, one, input)))
        const name = wanted.length === 0 ? text(input) : keys.join(', ')
        const group = groups.get(name.toLowerCase()) ?? { name, items: [] }
        group.items.push(input)
        groups.set(name.toLowerCase(), group)
      },
      *end() {
        for (const { name, items } of groups.values()) {
          yield* call.emit(
            object('Microsoft.PowerShell.Commands.GroupInfo', {
              Count: items.length,
              Name: name,
              ...(call.bound.flag('NoElement') ? {} : { Group: items }),
              Values: [name],
            }),
          )
        }
      },
    }
  },
}
