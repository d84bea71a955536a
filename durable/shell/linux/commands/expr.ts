import { type Command, type Io, instant } from '../io.ts'
import { compile } from '../matcher.ts'

export const expr: Command = {
  name: 'expr',
  summary: 'an expression of its arguments',
  usage: 'expr EXPRESSION',
  run: instant(runExpr),
}

class ExprFault extends Error {}

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
]

function runExpr(args: readonly string[], io: Io): number {
  const words = args[0] === '--' ? args.slice(1) : args
  if (words.length === 0) {
    io.err("expr: missing operand\nTry 'expr --help' for more information.\n")
    return 2
  }
  try {
    const reader = new Reader(words, io)
    const value = reader.level(0)
    reader.finish()
    io.out(`${value}\n`)
    return value === '' || /^-?0+$/.test(value) ? 1 : 0
  } catch (fault) {
    if (!(fault instanceof ExprFault)) throw fault
    io.err(`expr: ${fault.message}\n`)
    return 2
  }
}

class Reader {
  private at = 0
  private depth = 0
  private readonly words: readonly string[]
  private readonly io: Io

  constructor(words: readonly string[], io: Io) {
    this.words = words
    this.io = io
  }

  finish(): void {
    const rest = this.words[this.at]
    if (rest !== undefined) throw new ExprFault(`syntax error: unexpected argument ‘${rest}’`)
  }

  level(n: number): string {
    const names = LEVELS[n]
    if (names === undefined) return this.primary()
    let left = this.level(n + 1)
    for (let op = this.words[this.at]; op !== undefined && names.includes(op); op = this.words[this.at]) {
      this.at++
      left = apply(op, left, this.level(n + 1), this.io)
    }
    return left
  }

  private next(): string {
    const word = this.words[this.at++]
    if (word === undefined) throw new ExprFault(`syntax error: missing argument after ‘${this.words[this.at - 2] ?? ''}’`)
    return word
  }

  private primary(): string {
    const word = this.next()
    if (word === '(') {
      if (++this.depth > 100) throw new ExprFault('syntax error')
      const value = this.level(0)
      if (this.words[this.at] !== ')')
        throw new ExprFault(
          this.words[this.at] === undefined
            ? `syntax error: expecting ')' after ‘${this.words[this.at - 1]}’`
            : `syntax error: expecting ')' instead of ‘${this.words[this.at]}’`,
        )
      this.at++
      return value
    }
    if (word === ')') throw new ExprFault("syntax error: unexpected ')'")
    if (this.words[this.at] === undefined) return word
    switch (word) {
      case 'length':
        return String([...this.primary()].length)
      case 'match':
        return match(this.primary(), this.primary(), this.io)
      case 'index': {
        const [text, chars] = [[...this.primary()], [...this.primary()]]
        return String(text.findIndex((c) => chars.includes(c)) + 1)
      }
      case 'substr': {
        const text = [...this.primary()]
        const [from, length] = [Number(this.primary()), Number(this.primary())]
        return from > 0 && length > 0 ? text.slice(from - 1, from - 1 + length).join('') : ''
      }
      case '+':
        return this.next()
      default:
        return word
    }
  }
}

const whole = (text: string): bigint | undefined => (/^-?\d{1,30}$/.test(text) ? BigInt(text) : undefined)
const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text)

function apply(op: string, a: string, b: string, io: Io): string {
  if (op === '|') return isNull(a) ? (isNull(b) ? '0' : b) : a
  if (op === '&') return isNull(a) || isNull(b) ? '0' : a
  if (op === ':') return match(a, b, io)
  const [x, y] = [whole(a), whole(b)]
  if (LEVELS[2]?.includes(op)) {
    const order = x !== undefined && y !== undefined ? (x < y ? -1 : x > y ? 1 : 0) : a < b ? -1 : a > b ? 1 : 0
    const holds =
      op === '<'
        ? order < 0
        : op === '<='
          ? order <= 0
          : op === '>'
            ? order > 0
            : op === '>='
              ? order >= 0
              : (order === 0) === (op !== '!=')
    return holds ? '1' : '0'
  }
  if (x === undefined || y === undefined) throw new ExprFault('non-integer argument')
  if (op === '+') return String(x + y)
  if (op === '-') return String(x - y)
  if (op === '*') return String(x * y)
  if (y === 0n) throw new ExprFault('division by zero')
  return String(op === '/' ? x / y : x % y)
}

/** `TEXT : REGEX`, anchored at the beginning: what the first group holds, or how much matched. */
function match(text: string, pattern: string, io: Io): string {
  const compiled = compile(`^\\(${pattern}\\)`, { extended: false, fixed: false, ignoreCase: false, spend: io.work.spend })
  if (!compiled.ok) throw new ExprFault(compiled.error)
  const spans = compiled.matcher.exec(text)
  const grouped = /\\\(/.test(pattern)
  const span = spans?.[grouped ? 2 : 0]
  if (grouped) return span ? text.slice(span.from, span.to) : ''
  return String(span ? [...text.slice(span.from, span.to)].length : 0)
}
