import type { Cmdlet } from '../cmdlet.ts'
import { member } from '../eval/members.ts'
import { toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { object, type PsValue } from '../values/value.ts'

export const measureObject: Cmdlet = {
  name: 'Measure-Object',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Calculates the numeric properties of objects, and the characters, words, and lines of text.',
  supports: ['InputObject', 'Property', 'Sum', 'Average', 'Maximum', 'Minimum', 'Line', 'Word', 'Character', 'IgnoreWhiteSpace'],
  signature:
    '{Generic,Text} InputObject:PSObject<v Property[]@0 Sum?#0 Average?#0 Maximum?#0 Minimum?#0 Line?#1 Word?#1 Character?#1 IgnoreWhiteSpace?#1',
  defaultSet: 'Generic',
  start(call) {
    const { bound } = call
    const properties = bound.has('Property') ? bound.texts('Property') : [undefined]
    const each = properties.map((property) => new Measured(property))
    return {
      process(_, input) {
        if (input !== undefined) for (const one of each) one.take(input, bound.flag('IgnoreWhiteSpace'))
      },
      *end() {
        const words = ['Line', 'Word', 'Character', 'IgnoreWhiteSpace'].some((name) => bound.flag(name))
        for (const one of each)
          yield* call.emit(words ? one.text((name) => bound.flag(name)) : one.numbers((name) => bound.flag(name)))
      },
    }
  },
}

/** One property of what comes, or the objects themselves. */
class Measured {
  private readonly property: string | undefined
  private readonly found: number[] = []
  private readonly lengths = { lines: 0, words: 0, characters: 0 }
  private count = 0

  constructor(property: string | undefined) {
    this.property = property
  }

  take(input: PsValue, ignoreSpace: boolean): void {
    const value = this.property === undefined ? input : member(input, this.property)
    if (value === null) return
    this.count++
    const n = toNumber(value)
    if (n !== undefined) this.found.push(n)
    const words = text(value)
    this.lengths.lines += words === '' ? 0 : words.split('\n').length
    this.lengths.words += words.split(/\s+/).filter((word) => word !== '').length
    this.lengths.characters += ignoreSpace ? words.replace(/\s/g, '').length : words.length
  }

  text(asked: (name: string) => boolean): PsValue {
    const { lines, words, characters } = this.lengths
    return object('Microsoft.PowerShell.Commands.TextMeasureInfo', {
      Lines: asked('Line') ? lines : null,
      Words: asked('Word') ? words : null,
      Characters: asked('Character') ? characters : null,
      Property: this.property ?? null,
    })
  }

  numbers(asked: (name: string) => boolean): PsValue {
    const sum = this.found.reduce((total, one) => total + one, 0)
    const some = this.found.length > 0
    const best = (pick: (a: number, b: number) => number): PsValue => (some ? this.found.reduce((a, b) => pick(a, b)) : null)
    return object('Microsoft.PowerShell.Commands.GenericMeasureInfo', {
      Count: this.count,
      Average: asked('Average') && some ? sum / this.found.length : null,
      Sum: asked('Sum') ? sum : null,
      Maximum: asked('Maximum') ? best(Math.max) : null,
      Minimum: asked('Minimum') ? best(Math.min) : null,
      Property: this.property ?? null,
    })
  }
}
