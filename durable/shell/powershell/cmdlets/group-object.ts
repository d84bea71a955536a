import type { Cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsValue } from '../values/value.ts'
import { evaluateSpec, specs } from './properties.ts'

export const groupObject: Cmdlet = {
  name: 'Group-Object',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Groups objects that contain the same value for specified properties.',
  supports: ['InputObject', 'Property', 'NoElement', 'AsHashTable', 'AsString', 'CaseSensitive'],
  signature: 'InputObject:PSObject<v Property:Object[]@0 NoElement? AsHashTable?(AHT) AsString? CaseSensitive? Culture',
  start(call) {
    const wanted = specs(call.bound.list('Property'))
    const groups = new Map<string, { name: string; keys: PsValue[]; items: PsValue[] }>()
    const { bound } = call
    return {
      *process(_, input) {
        if (input === undefined) return
        const keys: PsValue[] = []
        for (const one of wanted) keys.push(yield* evaluateSpec(call, one, input))
        const name = wanted.length === 0 ? text(input) : keys.map((key) => text(key)).join(', ')
        const key = bound.flag('CaseSensitive') ? name : name.toLowerCase()
        const group = groups.get(key) ?? { name, keys: wanted.length === 0 ? [input] : keys, items: [] }
        group.items.push(input)
        groups.set(key, group)
      },
      *end() {
        // Keys of a table are texts here, with or without -AsString.
        const plain = bound.flag('AsString')
        if (bound.flag('AsHashTable') || plain) {
          const entries = new Map([...groups.values()].map(({ name, items }): [string, PsValue] => [name, items]))
          if (bound.flag('AsHashTable')) return yield* call.emit({ kind: 'hash', entries, ordered: false })
        }
        for (const { name, keys, items } of groups.values()) {
          yield* call.emit(
            object('Microsoft.PowerShell.Commands.GroupInfo', {
              Count: items.length,
              Name: name,
              ...(bound.flag('NoElement') ? {} : { Group: items }),
              Values: keys,
            }),
          )
        }
      },
    }
  },
}
