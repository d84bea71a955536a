import { NotSimulated, ParseError } from '../errors.ts'
import { numberLiteral } from '../values/convert.ts'
import type { Expr, Statement } from './ast.ts'
import { functionBody } from './compound.ts'
import { type Cursor, close, deeper, ended, peek, rest, skip, take, unexpected } from './cursor.ts'
import { expression } from './expression.ts'
import { parseStatement, parseStatements } from './statement.ts'
import { doubleQuoted, hereString, singleQuoted, subexpression, variable } from './strings.ts'

const number = /^(?:0x[0-9a-f]+|(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:e[+-]?\d+)?)[ld]?(?:kb|mb|gb|tb)?/i
const typeText = /^\[\s*([A-Za-z_][\w.+]*(?:`\d+)?(?:\[[\w.,\s]*(?:\[\])?\])*)\s*\]/

/** A value with its members, indexes and calls. */
export const primary = (c: Cursor): Expr => deeper(c, () => postfix(c, atom(c)))

function atom(c: Cursor): Expr {
  const start = c.at
  const char = peek(c)
  switch (char) {
    case '$': {
      if (peek(c, 1) === '(') return subexpression(c)
      const found = variable(c)
      if (found === undefined) throw unexpected(c)
      return found
    }
    case "'":
      return singleQuoted(c)
    case '"':
      return doubleQuoted(c)
    case '(':
      return group(c)
    case '{':
      return script(c)
    case '@':
      return at(c)
    case '[': {
      const m = typeText.exec(rest(c, 100))
      if (m === null && /^\[\s*[A-Za-z]\w*\s*\(/.test(rest(c, 60)))
        throw new NotSimulated('Attributes of variables are real PowerShell, but they are not simulated here yet.')
      if (m === null) throw unexpected(c)
      c.at += m[0].length
      return { kind: 'type', name: m[1], start, end: c.at }
    }
  }
  const m = number.exec(rest(c, 60))
  if (m === null) throw unexpected(c)
  c.at += m[0].length
  return { kind: 'literal', value: numberLiteral(m[0]) ?? 0, start, end: c.at }
}

function group(c: Cursor): Expr {
  const start = c.at++
  skip(c, true)
  if (peek(c) === ')') throw new ParseError("An expression was expected after '('.", 'ExpectedExpression', c.at, c.at + 1)
  if (ended(c))
    throw new ParseError("Missing closing ')' in expression.", 'MissingEndParenthesisInExpression', c.at, c.at + 1, true)
  const body = parseStatement(c)
  close(c, ')', "Missing closing ')' in expression.", 'MissingEndParenthesisInExpression')
  return { kind: 'group', body, start, end: c.at }
}

function script(c: Cursor): Expr {
  const start = c.at++
  const body = functionBody(c)
  skip(c, true)
  if (ended(c))
    throw new ParseError(
      "Missing closing '}' in statement block or type definition.",
      'MissingEndCurlyBrace',
      start,
      start + 1,
      true,
    )
  close(c, '}', "Missing closing '}' in statement block or type definition.", 'MissingEndCurlyBrace')
  return { kind: 'script', source: c.text.slice(start + 1, c.at - 1), body, start, end: c.at }
}

function at(c: Cursor): Expr {
  const start = c.at
  const next = peek(c, 1)
  if (next === "'" || next === '"') return hereString(c)
  if (next === '(') {
    c.at += 2
    const body = parseStatements(c, ')')
    close(c, ')', "Missing closing ')' in expression.", 'MissingEndParenthesisInExpression')
    return { kind: 'array', body, start, end: c.at }
  }
  if (next === '{') return hash(c)
  throw unexpected(c)
}

function hash(c: Cursor): Expr {
  const start = c.at
  c.at += 2
  const pairs: { key: Expr; value: Statement }[] = []
  for (;;) {
    skip(c, true)
    if (take(c, ';')) continue
    if (take(c, '}')) return { kind: 'hash', pairs, start, end: c.at }
    if (ended(c)) throw new ParseError('The hash literal was incomplete.', 'IncompleteHashLiteral', start, c.at, true)
    const key = hashKey(c)
    skip(c)
    if (!take(c, '='))
      throw new ParseError(
        "Missing '=' operator after key in hash literal.",
        'MissingEqualsInHashLiteral',
        c.at,
        c.at + 1,
        ended(c),
      )
    skip(c, true)
    pairs.push({ key, value: parseStatement(c) })
  }
}

function hashKey(c: Cursor): Expr {
  const m = /^[A-Za-z_][\w-]*/.exec(rest(c, 120))
  if (m === null) return primary(c)
  c.at += m[0].length
  return { kind: 'literal', value: m[0], start: c.at - m[0].length, end: c.at }
}

const memberName = /^[A-Za-z_]\w*/

function postfix(c: Cursor, first: Expr): Expr {
  let value = first
  for (;;) {
    const { start } = value
    if (peek(c) === '.' && /^\.[A-Za-z_$"'(]/.test(rest(c, 2))) {
      c.at++
      value = member(c, value, false)
    } else if (rest(c, 2) === '::') {
      c.at += 2
      value = member(c, value, true)
    } else if (peek(c) === '[' && value.kind !== 'type') {
      c.at++
      skip(c, true)
      const index = expression(c)
      close(c, ']', "Missing ']' after array index expression.", 'MissingEndSquareBracket')
      value = { kind: 'index', target: value, index, start, end: c.at }
    } else if ((rest(c, 2) === '++' || rest(c, 2) === '--') && /^(variable|member|index)$/.test(value.kind)) {
      const operator = rest(c, 2) as '++' | '--'
      c.at += 2
      value = { kind: 'step', operator, prefix: false, operand: value, start, end: c.at }
    } else return value
  }
}

function member(c: Cursor, target: Expr, fixed: boolean): Expr {
  const { start } = target
  const at = c.at
  const m = memberName.exec(rest(c, 120))
  let name: Expr
  if (m !== null) {
    c.at += m[0].length
    name = { kind: 'literal', value: m[0], start: at, end: c.at }
  } else if (ended(c))
    throw new ParseError('Missing property name after reference operator.', 'MissingPropertyName', c.at, c.at + 1)
  else name = atom(c)
  if (peek(c) !== '(') return { kind: 'member', target, name, fixed, start, end: c.at }
  c.at++
  const args: Expr[] = []
  skip(c, true)
  while (peek(c) !== ')') {
    args.push(expression(c, false))
    skip(c, true)
    if (take(c, ',')) skip(c, true)
    else if (peek(c) !== ')') break
  }
  close(c, ')', "Missing ')' in method call.", 'MissingEndParenthesisInMethodCall')
  return { kind: 'call', target, name, fixed, args, start, end: c.at }
}
