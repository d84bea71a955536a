import type { Cmdlet } from '../cmdlet.ts'
import { member } from '../eval/members.ts'
import { toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { object } from '../values/value.ts'

export const measureObject: Cmdlet = {
  name: 'Measure-Object',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Calculates the numeric properties of objects, and the characters, words, and lines of text.',
  supports: ['InputObject', 'Property', 'Sum', 'Average', 'Maximum', 'Minimum', 'Line', 'Word', 'Character'],
  signature:
    '{Generic,Text} InputObject:PSObject<v Property[]@0 Sum?#0 Average?#0 Maximum?#0 Minimum?#0 Line?#1 Word?#1 Character?#1 IgnoreWhiteSpace?#1',
  defaultSet: 'Generic',
  start(call) {
    const { bound } = call
    const property = bound.text('Property')
    const numbers: number[] = []
    const lengths = { lines: 0, words: 0, characters: 0 }
    let count = 0
    return {
      *process(_, input) {
        if (input === undefined) return
        const value = property === undefined ? input : member(input, property)
        if (value === null) return
        count++
        const n = toNumber(value)
        if (n !== undefined) numbers.push(n)
        const words = text(value)
        lengths.lines += words === '' ? 0 : words.split('\n').length
        lengths.words += words.split(/\s+/).filter((word) => word !== '').length
        lengths.characters += words.length
      },
      *end() {
        if (bound.flag('Line') || bound.flag('Word') || bound.flag('Character')) {
          yield* call.emit(
            object('Microsoft.PowerShell.Commands.TextMeasureInfo', {
              Lines: bound.flag('Line') ? lengths.lines : null,
              Words: bound.flag('Word') ? lengths.words : null,
              Characters: bound.flag('Character') ? lengths.characters : null,
              Property: property ?? null,
            }),
          )
          return
        }
        const sum = numbers.reduce((total, one) => total + one, 0)
        const best = (pick: (a: number, b: number) => number) =>
          numbers.length === 0 ? null : numbers.reduce((a, b) => pick(a, b))
        yield* call.emit(
          object('Microsoft.PowerShell.Commands.GenericMeasureInfo', {
            Count: count,
            Average: bound.flag('Average') && numbers.length > 0 ? sum / numbers.length : null,
            Sum: bound.flag('Sum') ? sum : null,
            Maximum: bound.flag('Maximum') ? best(Math.max) : null,
            Minimum: bound.flag('Minimum') ? best(Math.min) : null,
            Property: property ?? null,
          }),
        )
      },
    }
  },
}
