import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeConsole } from '../../windows/fake-console.ts'
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

// The place is where the mark stands: `row.column`, both from one.
test.each([
  ['if', "Missing '(' after 'if' in if statement.", 'MissingOpenParenthesisInIfStatement', 2],
  ['if (1) {', "Missing closing '}' in statement block or type definition.", 'MissingEndCurlyBrace', 8],
  ['if (1)', 'Missing statement block after if ( condition ).', 'MissingStatementBlock', 6],
  ['while', "Missing opening '(' after keyword 'while'.", 'MissingOpenParenthesisAfterKeyword', 5],
  ['while (1)', 'Missing statement body in while loop.', 'MissingLoopStatement', 9],
  ['foreach x in y', "Missing opening '(' after keyword 'foreach'.", 'MissingOpenParenthesisAfterKeyword', 1],
  ['try', 'The Try statement is missing its statement block.', 'MissingTryStatementBlock', 3],
  ['try { } catch', 'The Catch block is missing its statement block.', 'MissingCatchHandlerBlock', 13],
  ['$x = {', "Missing closing '}' in statement block or type definition.", 'MissingEndCurlyBrace', 6],
  ['1 +', "You must provide a value expression following the '+' operator.", 'ExpectedValueExpression', 3],
  ['Get-VM && 1', "The token '&&' is not a valid statement separator in this version.", 'InvalidEndOfLine', 8],
])('%s: the reason under its place', (line, message, id, column) => {
  const said = fakeConsole().type(line)
  expect(said).toMatch(new RegExp(`^At line:1 char:${column}\\n`))
  expect(said.split('\n')[3]).toBe(message)
  expect(said).toContain(`FullyQualifiedErrorId : ${id}\n`)
})
