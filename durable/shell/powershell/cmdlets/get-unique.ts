import type { Cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { type PsValue, typeName, unroll } from '../values/value.ts'

/** Of a sorted list: what equals its predecessor is left out. */
export const getUnique: Cmdlet = {
  name: 'Get-Unique',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Returns unique items from a sorted list.',
  supports: ['InputObject', 'AsString', 'OnType'],
  signature: 'InputObject:PSObject<v AsString? OnType?',
  start(call) {
    let last: string | undefined
    const key = (value: PsValue): string => {
      if (call.bound.flag('OnType')) return typeName(value)
      return call.bound.flag('AsString') ? text(value).toLowerCase() : text(value)
    }
    return {
      *process(_, input) {
        for (const value of input === undefined ? [] : unroll(input)) {
          const own = key(value)
          if (own !== last) yield* call.emit(value)
          last = own
        }
      },
    }
  },
}
