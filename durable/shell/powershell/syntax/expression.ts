import { NotSimulated, ParseError } from '../errors.ts'
import type { Expr } from './ast.ts'
import { type Cursor, deeper, ended, peek, rest, skip, take } from './cursor.ts'
import { primary } from './primary.ts'

const named = (words: string) => new RegExp(`^-(${words})(?![\\w-])`, 'i')
const logical = named('and|or|xor')
const bitwise = named('band|bor|bxor|shl|shr')
const comparison = named(
  '[ci]?(?:eq|ne|gt|lt|ge|le|like|notlike|match|notmatch|contains|notcontains|in|notin|replace|split)|join|is|isnot|as',
)
const format = named('f')
const unaryWord = named('not|bnot|[ci]?split|join')
/** A minus in front of a letter begins an operator such as `-eq`. */
const sum = /^(?:\+(?!\+)|-(?![A-Za-z-]))/
const product = /^[*/%]/

/** Operators in a row on one level; a longer chain would make a tree too deep to walk. */
const LONGEST = 300

type Level = (c: Cursor, comma: boolean) => Expr

function level(operator: RegExp, next: Level): Level {
  return (c, comma) => {
    let left = next(c, comma)
    for (let i = 0; ; i++) {
      const mark = c.at
      skip(c)
      const m = operator.exec(rest(c, 16))
      if (m === null || (m[0] === '%' && peek(c, 1) === '=') || (/^[+\-*/]$/.test(m[0]) && peek(c, 1) === '=')) {
        c.at = mark
        return left
      }
      const at = c.at
      if (i >= LONGEST) throw new NotSimulated(`more than ${LONGEST} operators in a row are not simulated here`)
      c.at += m[0].length
      skip(c, true)
      if (!startsValue(c)) {
        throw new ParseError(
          `You must provide a value expression following the '${m[0]}' operator.`,
          'ExpectedValueExpression',
          at,
          at + m[0].length,
          ended(c),
        )
      }
      const right = next(c, comma)
      left = { kind: 'binary', operator: m[0].toLowerCase(), left, right, start: left.start, end: right.end }
    }
  }
}

const range = level(/^\.\./, (c, comma) => (comma ? list(c) : unary(c)))
const formatted = level(format, range)
const products = level(product, formatted)
const sums = level(sum, products)
const comparisons = level(comparison, sums)
const bits = level(bitwise, comparisons)
const whole = level(logical, bits)

/** `comma` false: a comma ends the expression, as between the arguments of a method. */
export const expression = (c: Cursor, comma = true): Expr => deeper(c, () => whole(c, comma))

function list(c: Cursor): Expr {
  const start = c.at
  if (take(c, ',')) {
    skip(c)
    const item = unary(c)
    return { kind: 'list', items: [item], start, end: c.at }
  }
  const items = [unary(c)]
  for (;;) {
    const mark = c.at
    skip(c)
    if (!take(c, ',')) {
      c.at = mark
      return items.length === 1 ? items[0] : { kind: 'list', items, start, end: c.at }
    }
    skip(c, true)
    if (!startsValue(c))
      throw new ParseError("Missing expression after ','.", 'MissingExpressionAfterToken', mark, c.at, ended(c))
    items.push(unary(c))
  }
}

function unary(c: Cursor): Expr {
  return deeper(c, () => {
    const start = c.at
    const word = unaryWord.exec(rest(c, 12))
    let operator: string | undefined
    if (word !== null) operator = word[0].toLowerCase()
    else if (rest(c, 2) === '++' || rest(c, 2) === '--') operator = rest(c, 2)
    else if ('!+-'.includes(peek(c)) && !ended(c)) operator = peek(c)
    if (operator !== undefined) {
      c.at += operator.length
      skip(c)
      if (!startsValue(c)) {
        throw new ParseError(
          `Missing expression after unary operator '${operator}'.`,
          'MissingExpressionAfterOperator',
          start,
          c.at,
          ended(c),
        )
      }
      const operand = operator === '-join' || operator.endsWith('split') ? list(c) : unary(c)
      if (operator === '++' || operator === '--') return { kind: 'step', operator, prefix: true, operand, start, end: c.at }
      return { kind: 'unary', operator, operand, start, end: c.at }
    }
    const value = primary(c)
    // `[int] $x`: a type with a value right behind it is a cast.
    if (value.kind === 'type') {
      const mark = c.at
      skip(c)
      if (/^[$@('"\d[{-]/.test(rest(c, 1)) && (c.at === mark || peek(c) !== '-')) {
        const operand = unary(c)
        return { kind: 'cast', type: value.name, operand, start, end: c.at }
      }
      c.at = mark
    }
    return value
  })
}

/** Whether an expression can start here. */
export function startsValue(c: Cursor): boolean {
  const next = rest(c, 12)
  return /^[$@('"\d[{!+,-]|^\.\d/.test(next)
}
