import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { custom, object, type PsValue } from '../values/value.ts'
import { formatted } from './render.ts'
import { clip, wrap } from './wrap.ts'

describe('the default display', () => {
  test('up to four properties share the width in a table; numbers stand right', () => {
    const text = formatted([custom({ Name: 'a', Size: 5 }), custom({ Name: 'b', Size: 12 })])
    const column = `${' '.repeat(55)}`
    expect(text).toBe(
      `\nName${column} ${' '.repeat(55)}Size\n----${column} ${' '.repeat(55)}----\na${' '.repeat(58)} ${' '.repeat(58)}5\nb${' '.repeat(58)} ${' '.repeat(57)}12\n\n\n`,
    )
  })

  test('five or more become a list', () => {
    expect(formatted([custom({ A: 1, Bee: true, C: null, D: [1, 2, 3, 4, 5], E: 'x' })])).toBe(
      '\n\nA   : 1\nBee : True\nC   : \nD   : {1, 2, 3, 4...}\nE   : x\n\n\n',
    )
  })

  test('text, numbers and lists of them are lines', () => {
    expect(formatted(['a', 1, [2, 'b'], null, true])).toBe('a\n1\n2\nb\nTrue\n')
  })

  test('a long value wraps under its own beginning', () => {
    const text = formatted([custom({ A: 1, B: 2, C: 3, D: 4, Long: 'word '.repeat(40).trim() })])
    expect(text.split('\n').filter((line) => line.startsWith('       word'))).toHaveLength(1)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(119)
  })

  test('objects of different types get a table each', () => {
    const one = object('Microsoft.HyperV.PowerShell.VMSwitch', {
      Name: 'n',
      SwitchType: 'Internal',
      NetAdapterInterfaceDescription: '',
    })
    expect(formatted([one, 'between', one]).match(/SwitchType/g)).toHaveLength(2)
    expect(formatted([one, one]).match(/SwitchType/g)).toHaveLength(1)
  })
})

test('cells lose their end to dots, numbers their beginning', () => {
  expect(clip('vEthernet (Default Switch)', 25, false)).toBe('vEthernet (Default Swi...')
  expect(clip('123456789', 6, true)).toBe('...789')
})

test('no line is ever wider than the console', () => {
  const value: fc.Arbitrary<PsValue> = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 6 }),
  )
  fc.assert(
    fc.property(
      fc.array(
        fc.dictionary(
          fc.string({ minLength: 1, maxLength: 12 }).map((name) => name.replace(/\s/g, '_')),
          value,
          { minKeys: 1, maxKeys: 9 },
        ),
        { maxLength: 4 },
      ),
      (items) => {
        const text = formatted(items.map((item) => custom(item)))
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(119)
      },
    ),
  )
})

test('wrap keeps every word', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 }), { maxLength: 20 }),
      (words) => {
        expect(wrap(words.join(' '), 10).join(' ')).toBe(words.join(' '))
      },
    ),
  )
})
