import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PairMap } from './pair-map.ts'

// Few keys, so that the same ones come back; the ends of the range, where a signed and an unsigned number differ.
const number = fc.oneof(fc.nat({ max: 6 }), fc.constantFrom(0x7fffffff, 0x80000000, 0xc0a80301, 0xffffffff))
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('set' as const), a: number, b: number, value: fc.nat({ max: 1000 }) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('delete' as const), a: number, b: number, value: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('clear' as const), a: number, b: number, value: fc.constant(0) }),
  },
)

it('answers what a Map would, whatever is set and deleted in between', () => {
  fc.assert(
    fc.property(fc.constantFrom(8, 64), fc.array(step, { maxLength: 200 }), (capacity, steps) => {
      const pairs = new PairMap(capacity)
      const model = new Map<string, number>()
      for (const { act, a, b, value } of steps) {
        const key = `${a},${b}`
        if (act === 'set') {
          pairs.set(a, b, value)
          model.set(key, value)
        } else if (act === 'delete') {
          pairs.delete(a, b)
          model.delete(key)
        } else {
          pairs.clear()
          model.clear()
        }
        expect(pairs.size).toBe(model.size)
        expect(pairs.get(a, b)).toBe(model.get(key) ?? -1)
      }
      for (const [key, value] of model) {
        const [a, b] = key.split(',').map(Number)
        expect(pairs.get(a, b)).toBe(value)
      }
    }),
    { numRuns: 300 },
  )
})

it('grows: ten thousand neighbouring addresses stay apart', () => {
  const pairs = new PairMap(8)
  for (let i = 0; i < 10_000; i++) pairs.set(0x155d, 0x03320000 + i, i)
  for (let i = 0; i < 10_000; i += 2) pairs.delete(0x155d, 0x03320000 + i)
  expect(pairs.size).toBe(5_000)
  for (let i = 0; i < 10_000; i++) expect(pairs.get(0x155d, 0x03320000 + i)).toBe(i % 2 === 0 ? -1 : i)
})
