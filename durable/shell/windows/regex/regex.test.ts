import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { regex } from './regex.ts'
import { wildcard } from './wildcard.ts'

/** Patterns that both engines read the same way. */
const pattern = fc.letrec((tie) => ({
  atom: fc.oneof({ maxDepth: 3 }, fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w'), tie('group')),
  group: tie('choice').map((inner) => `(${inner})`),
  repeat: fc.tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '{1,2}', '*?')).map(([atom, mark]) => `${atom}${mark}`),
  sequence: fc.array(tie('repeat'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  choice: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((parts) => parts.join('|')),
})).choice as fc.Arbitrary<string>

describe('regex', () => {
  test('finds what the platform finds', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' '), maxLength: 12 }), (source, text) => {
        // The platform needs exponential time for repetitions of repetitions.
        fc.pre((source.match(/\)[*+?{]/g) ?? []).length < 2)
        const ours = regex(source, false).match(text)
        const theirs = new RegExp(source).exec(text)
        expect(ours?.index).toBe(theirs?.index)
        // ECMAScript alone takes back a repeated group that matched nothing.
        if (!/\)[*+?{]/.test(source)) expect(ours?.text).toBe(theirs?.[0])
      }),
      { numRuns: 500 },
    )
  })

  test('needs linear time for what makes others explode', () => {
    expect(regex('(a+)+$', false).match(`${'a'.repeat(5000)}b`)).toBeUndefined()
  })

  test.each([
    ['(?=a)', 'lookaround'],
    ['(a)\\1', 'backreferences'],
    ['a{999}', 'repetitions'],
  ])('%s is refused in one line', (source, word) => {
    expect(() => regex(source, false)).toThrow(new RegExp(`${word}.* not supported here`))
  })

  test('random patterns never hang or throw anything but a pattern error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (source, text) => {
        try {
          regex(source, true).match(text)
        } catch (error) {
          expect((error as Error).constructor.name).toBe('PatternError')
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('named groups and anchors', () => {
    const found = regex('^(?<ip>[\\d.]+):(\\d+)$', false)
    expect(found.match('172.27.160.1:67')?.groups).toEqual(['172.27.160.1:67', '172.27.160.1', '67'])
    expect(found.names.get('ip')).toBe(1)
  })
})

describe('wildcard', () => {
  test.each([
    ['HNS*', 'hns container', true],
    ['*(UDP-In)*', 'DNS (UDP-In) x', true],
    ['vm?', 'vm1', true],
    ['vm?', 'vm', false],
    ['vm[1-3]', 'vm2', true],
    ['vm[1-3]', 'vm5', false],
    ['a*b*c', 'aXbYbZc', true],
  ])('%s on %s', (source, text, result) => {
    expect(wildcard(source)(text)).toBe(result)
  })
})
