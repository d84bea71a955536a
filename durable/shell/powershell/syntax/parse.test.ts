import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NotSimulated, ParseError } from '../errors.ts'
import { incomplete, parse } from './parse.ts'

const words = [
  'Get-VM',
  '|',
  '$x',
  '{',
  '}',
  '(',
  ')',
  '@(',
  '@{',
  '"',
  "'",
  '`',
  '$(',
  '-eq',
  '-',
  '+',
  ',',
  ';',
  '=',
  '..',
  '[',
  ']',
  '1',
  'if',
  'while',
  'foreach',
  'in',
  '.',
  '::',
  '&',
  '>',
  '2>&1',
  '#',
  '<#',
  '\n',
  ' ',
  '-Name',
  'x',
]

describe('any input', () => {
  test.each([
    ['random text', fc.string({ maxLength: 60 })],
    ['random tokens', fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join(''))],
    ['spaced tokens', fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join(' '))],
  ])('%s: a tree or a parse error', (_, source) => {
    fc.assert(
      fc.property(source, (text) => {
        try {
          parse(text)
        } catch (error) {
          expect(error instanceof ParseError || error instanceof NotSimulated).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('deep nesting and long chains are refused, not fatal', () => {
    for (const text of [
      '('.repeat(5000),
      '$('.repeat(5000),
      '{'.repeat(5000),
      '"$('.repeat(5000),
      '!'.repeat(5000),
      `1${'+1'.repeat(5000)}`,
      `$a${'[0]'.repeat(5000)}`,
    ]) {
      try {
        parse(text)
      } catch (error) {
        expect(error instanceof ParseError || error instanceof NotSimulated).toBe(true)
      }
    }
  })
})

describe('unfinished lines', () => {
  test.each([
    '"abc',
    "'abc",
    'Get-VM |',
    'if ($x) {',
    '(1 + ',
    '@{ a = 1',
    '$x =',
    'foreach ($i in 1..3',
    'Get-VM `',
    '1 +',
    '<# note',
    "@'\nabc",
  ])('%s', (line) => {
    expect(incomplete(line)).toBe(true)
  })
  test.each(['', 'Get-VM', '"abc"', '1 + )', 'if ($x) { 1 }', 'Get-VM | Out-Null', "@'\nabc\n'@"])('%s is whole', (line) => {
    expect(incomplete(line)).toBe(false)
  })
})
