import { ParseError } from '../errors.ts'
import type { Expr } from './ast.ts'
import { type Cursor, close, ended, peek, take } from './cursor.ts'
import { parseStatements } from './statement.ts'

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0', a: '\x07', b: '\b', f: '\f', v: '\v', e: 'e' }
export const escaped = (char: string): string => escapes[char] ?? char

const variableName = /^(?:(\w+):(?!:))?([A-Za-z_\d]+|[$?^])/

/** `$name`, `$scope:name`, `${any text}`; undefined when the dollar stands for itself. */
export function variable(c: Cursor): Expr | undefined {
  const start = c.at
  if (peek(c, 1) === '{') {
    const end = c.text.indexOf('}', c.at)
    if (end < 0)
      throw new ParseError("The closing '}' of a variable name is missing.", 'IncompleteDollarBrace', start, start + 2, true)
    const name = c.text.slice(c.at + 2, end)
    c.at = end + 1
    const colon = name.indexOf(':')
    return {
      kind: 'variable',
      scope: colon < 0 ? '' : name.slice(0, colon).toLowerCase(),
      name: name.slice(colon + 1),
      start,
      end: c.at,
    }
  }
  const m = variableName.exec(c.text.slice(c.at + 1, c.at + 200))
  if (m === null) return undefined
  c.at += 1 + m[0].length
  return { kind: 'variable', scope: (m[1] ?? '').toLowerCase(), name: m[2], start, end: c.at }
}

/** `$( ... )` with the cursor on the dollar. */
export function subexpression(c: Cursor): Expr {
  const start = c.at
  c.at += 2
  const body = parseStatements(c, ')')
  close(c, ')', "Missing closing ')' in subexpression.", 'MissingEndParenthesisInSubexpression')
  return { kind: 'sub', body, start, end: c.at }
}

/** Adds what a `$` inside a text stands for. */
export function expansion(c: Cursor, parts: (string | Expr)[]): void {
  const found = peek(c, 1) === '(' ? subexpression(c) : variable(c)
  if (found === undefined) {
    c.at++
    addText(parts, '$')
  } else parts.push(found)
}

export function addText(parts: (string | Expr)[], more: string): void {
  const last = parts.length - 1
  if (typeof parts[last] === 'string') parts[last] += more
  else parts.push(more)
}

export function textNode(parts: (string | Expr)[], start: number, end: number): Expr {
  if (parts.length === 0) return { kind: 'literal', value: '', start, end }
  if (parts.length === 1 && typeof parts[0] === 'string') return { kind: 'literal', value: parts[0], start, end }
  return { kind: 'text', parts, start, end }
}

export function singleQuoted(c: Cursor): Expr {
  const start = c.at++
  let value = ''
  for (;;) {
    if (ended(c))
      throw new ParseError("The string is missing the terminator: '.", 'TerminatorExpectedAtEndOfString', start, c.at, true)
    const char = c.text[c.at++]
    if (char !== "'") value += char
    else if (peek(c) === "'") {
      value += "'"
      c.at++
    } else return { kind: 'literal', value, start, end: c.at }
  }
}

export function doubleQuoted(c: Cursor): Expr {
  const start = c.at++
  const parts: (string | Expr)[] = []
  for (;;) {
    if (ended(c))
      throw new ParseError('The string is missing the terminator: ".', 'TerminatorExpectedAtEndOfString', start, c.at, true)
    const char = peek(c)
    if (char === '"') {
      c.at++
      if (peek(c) !== '"') return textNode(parts, start, c.at)
      addText(parts, '"')
      c.at++
    } else if (char === '`' && c.at + 1 < c.text.length) {
      addText(parts, escaped(peek(c, 1)))
      c.at += 2
    } else if (char === '$') expansion(c, parts)
    else {
      addText(parts, char)
      c.at++
    }
  }
}

/** `@'` or `@"` up to a line that starts with the same mark. */
export function hereString(c: Cursor): Expr {
  const start = c.at
  const quote = peek(c, 1)
  c.at += 2
  while (peek(c) === ' ' || peek(c) === '\r') c.at++
  if (!take(c, '\n')) {
    if (!ended(c))
      throw new ParseError(
        'No characters are allowed after a here-string header but before the end of the line.',
        'UnexpectedCharactersAfterHereStringHeader',
        c.at,
        c.at + 1,
      )
    throw new ParseError(`The string is missing the terminator: ${quote}@.`, 'TerminatorExpectedAtEndOfString', start, c.at, true)
  }
  const close = c.text.startsWith(`${quote}@`, c.at) ? c.at - 1 : c.text.indexOf(`\n${quote}@`, c.at)
  if (close < 0)
    throw new ParseError(
      `The string is missing the terminator: ${quote}@.`,
      'TerminatorExpectedAtEndOfString',
      start,
      c.text.length,
      true,
    )
  const parts: (string | Expr)[] = []
  while (c.at < close) {
    const char = peek(c)
    if (quote === '"' && char === '`') {
      addText(parts, escaped(peek(c, 1)))
      c.at += 2
    } else if (quote === '"' && char === '$') expansion(c, parts)
    else {
      addText(parts, char)
      c.at++
    }
  }
  c.at = close + 3
  return textNode(parts, start, c.at)
}
