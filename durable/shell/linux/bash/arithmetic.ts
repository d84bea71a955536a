// Arithmetic of bash: 64-bit integers that wrap, C's operators and precedence, variables by name (bash manual, 6.5).

/** What an expression may read and change. */
export type Numbers = {
  /** The text of a variable (of an element, with an index); empty when unset. */
  get(name: string, index?: string): string
  set(name: string, index: string | undefined, value: string): void
}

export class ArithmeticFault extends Error {}

type Token = { readonly kind: 'number' | 'name' | 'operator' | 'end'; readonly text: string; readonly at: number }
type Place = { readonly name: string; readonly index: string | undefined }

const OPERATORS = [
  '<<=',
  '>>=',
  '**',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '=',
  '!',
  '~',
  '&',
  '|',
  '^',
  '?',
  ':',
  '(',
  ')',
  ',',
]
const ASSIGNING = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^='])
const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
/** A variable may name a variable that names a variable: so deep. */
const DEEPEST = 32

export function evaluate(text: string, numbers: Numbers, depth = 0): bigint {
  if (depth > DEEPEST) throw new ArithmeticFault(`${text}: expression recursion level exceeded (error token is "${text}")`)
  if (text.trim() === '') return 0n
  return new Evaluator(text, numbers, depth).run()
}

class Evaluator {
  private readonly text: string
  private readonly numbers: Numbers
  private readonly depth: number
  private at = 0
  private token: Token = { kind: 'end', text: '', at: 0 }
  /** Where the token before this one stands. */
  private before = 0
  /** Above zero in a branch that is not taken: nothing is assigned there, nothing divides by zero. */
  private idle = 0
  private nesting = 0

  constructor(text: string, numbers: Numbers, depth: number) {
    this.text = text
    this.numbers = numbers
    this.depth = depth
  }

  run(): bigint {
    this.next()
    const value = this.comma()
    if (this.token.kind !== 'end') throw this.fault('syntax error in expression')
    return value
  }

  private fault(what: string): ArithmeticFault {
    const rest = this.text.slice(this.token.kind === 'end' ? this.before : this.token.at)
    return new ArithmeticFault(`${this.text.trimStart()}: ${what} (error token is "${rest}")`)
  }

  private next(): void {
    const { text } = this
    this.before = this.token.at
    while (this.at < text.length && ' \t\n'.includes(text.charAt(this.at))) this.at++
    const at = this.at
    if (at >= text.length) {
      this.token = { kind: 'end', text: '', at }
      return
    }
    const word = /^(?:\d[\w#@]*|[A-Za-z_]\w*)/.exec(text.slice(at, at + 200))?.[0]
    if (word !== undefined) {
      this.at += word.length
      this.token = { kind: /^\d/.test(word) ? 'number' : 'name', text: word, at }
      return
    }
    const operator = OPERATORS.find((each) => text.startsWith(each, at))
    if (operator === undefined) {
      this.token = { kind: 'operator', text: text.charAt(at), at }
      throw this.fault('syntax error: operand expected')
    }
    this.at += operator.length
    this.token = { kind: 'operator', text: operator, at }
  }

  private is(operator: string): boolean {
    return this.token.kind === 'operator' && this.token.text === operator
  }

  private comma(): bigint {
    let value = this.assignment()
    while (this.is(',')) {
      this.next()
      value = this.assignment()
    }
    return value
  }

  private assignment(): bigint {
    if (++this.nesting > 100) throw this.fault('expression recursion level exceeded')
    try {
      if (this.token.kind === 'name') {
        const [at, token] = [this.at, this.token]
        const place = this.place()
        const after = this.token as Token
        if (after.kind === 'operator' && ASSIGNING.has(after.text)) {
          const operator = after.text
          this.next()
          const right = this.assignment()
          const value = operator === '=' ? right : this.binary(operator.slice(0, -1), this.read(place), right)
          return this.write(place, value)
        }
        this.at = at
        this.token = token
      }
      return this.ternary()
    } finally {
      this.nesting--
    }
  }

  private ternary(): bigint {
    const test = this.or()
    if (!this.is('?')) return test
    this.next()
    const yes = this.branch(test === 0n, () => this.comma())
    if (!this.is(':')) throw this.fault("`:' expected for conditional expression")
    this.next()
    const no = this.branch(test !== 0n, () => this.assignment())
    return test === 0n ? no : yes
  }

  private branch(idle: boolean, work: () => bigint): bigint {
    if (idle) this.idle++
    const value = work()
    if (idle) this.idle--
    return value
  }

  private or(): bigint {
    let left = this.and()
    while (this.is('||')) {
      this.next()
      const right = this.branch(left !== 0n, () => this.and())
      left = left !== 0n || right !== 0n ? 1n : 0n
    }
    return left
  }

  private and(): bigint {
    let left = this.level(0)
    while (this.is('&&')) {
      this.next()
      const right = this.branch(left === 0n, () => this.level(0))
      left = left !== 0n && right !== 0n ? 1n : 0n
    }
    return left
  }

  private level(n: number): bigint {
    const operators = LEVELS[n]
    if (operators === undefined) return this.power()
    let left = this.level(n + 1)
    while (this.token.kind === 'operator' && operators.includes(this.token.text)) {
      const operator = this.token.text
      this.next()
      left = this.binary(operator, left, this.level(n + 1))
    }
    return left
  }

  private power(): bigint {
    const base = this.unary()
    if (!this.is('**')) return base
    this.next()
    return this.binary('**', base, this.power())
  }

  private unary(): bigint {
    if (++this.nesting > 400) throw this.fault('expression recursion level exceeded')
    try {
      for (const operator of ['++', '--'] as const) {
        if (!this.is(operator)) continue
        this.next()
        if (this.token.kind !== 'name') return operator === '++' ? this.unary() : this.unary()
        const place = this.place()
        return this.write(place, this.read(place) + (operator === '++' ? 1n : -1n))
      }
      if (this.is('!')) {
        this.next()
        return this.unary() === 0n ? 1n : 0n
      }
      if (this.is('~')) {
        this.next()
        return wrap(~this.unary())
      }
      if (this.is('-')) {
        this.next()
        return wrap(-this.unary())
      }
      if (this.is('+')) {
        this.next()
        return this.unary()
      }
      return this.primary()
    } finally {
      this.nesting--
    }
  }

  private primary(): bigint {
    if (this.is('(')) {
      this.next()
      const value = this.comma()
      if (!this.is(')')) throw this.fault("missing `)'")
      this.next()
      return value
    }
    if (this.token.kind === 'number') {
      const value = this.number(this.token.text)
      this.next()
      return value
    }
    if (this.token.kind !== 'name') throw this.fault('syntax error: operand expected')
    const place = this.place()
    const value = this.read(place)
    if (this.is('++') || this.is('--')) {
      const step = this.is('++') ? 1n : -1n
      this.next()
      this.write(place, value + step)
    }
    return value
  }

  /** A name, and what stands in brackets behind it. */
  private place(): Place {
    const name = this.token.text
    if (this.text.charAt(this.at) !== '[') {
      this.next()
      return { name, index: undefined }
    }
    let open = 0
    let end = this.at
    for (; end < this.text.length; end++) {
      const c = this.text.charAt(end)
      if (c === '[') open++
      else if (c === ']' && --open === 0) break
    }
    if (open !== 0) throw this.fault('bad array subscript')
    const index = this.text.slice(this.at + 1, end)
    this.at = end + 1
    this.next()
    return { name, index }
  }

  private read({ name, index }: Place): bigint {
    if (this.idle > 0) return 0n
    const text = this.numbers.get(name, index)
    if (/^-?(0|[1-9]\d{0,17})$/.test(text)) return BigInt(text)
    return evaluate(text, this.numbers, this.depth + 1)
  }

  private write({ name, index }: Place, value: bigint): bigint {
    const wrapped = wrap(value)
    if (this.idle === 0) this.numbers.set(name, index, String(wrapped))
    return wrapped
  }

  private number(text: string): bigint {
    const based = /^(\d+)#([\w@]+)$/.exec(text)
    if (based) return this.inBase(Number(based[1]), based[2] ?? '', text)
    if (/^0[xX][0-9a-fA-F]+$/.test(text)) return wrap(BigInt(text.toLowerCase()))
    if (/^0\d+$/.test(text)) {
      if (/[89]/.test(text)) throw this.fault('value too great for base')
      return wrap(BigInt(`0o${text.slice(1)}`))
    }
    if (!/^\d+$/.test(text)) throw this.fault(/^\d+#$/.test(text) ? 'invalid integer constant' : 'value too great for base')
    return wrap(BigInt(text))
  }

  private inBase(base: number, digits: string, text: string): bigint {
    if (base < 2 || base > 64) throw this.fault('invalid arithmetic base')
    let value = 0n
    for (const c of digits) {
      const digit = digitOf(c, base)
      if (digit < 0 || digit >= base)
        throw new ArithmeticFault(`${this.text.trim()}: value too great for base (error token is "${text}")`)
      value = wrap(value * BigInt(base) + BigInt(digit))
    }
    return value
  }

  private binary(operator: string, a: bigint, b: bigint): bigint {
    switch (operator) {
      case '+':
        return wrap(a + b)
      case '-':
        return wrap(a - b)
      case '*':
        return wrap(a * b)
      case '/':
      case '%':
        if (b === 0n) {
          if (this.idle > 0) return 0n
          throw this.fault('division by 0')
        }
        return wrap(operator === '/' ? a / b : a % b)
      case '**':
        if (b < 0n) {
          if (this.idle > 0) return 0n
          throw this.fault('exponent less than 0')
        }
        return power(a, b)
      case '<<':
        return wrap(a << (b & 63n))
      case '>>':
        return wrap(a >> (b & 63n))
      case '<':
        return a < b ? 1n : 0n
      case '<=':
        return a <= b ? 1n : 0n
      case '>':
        return a > b ? 1n : 0n
      case '>=':
        return a >= b ? 1n : 0n
      case '==':
        return a === b ? 1n : 0n
      case '!=':
        return a === b ? 0n : 1n
      case '&':
        return a & b
      case '^':
        return a ^ b
      default:
        return a | b
    }
  }
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value)

/** By squaring, each step wrapped: the exponent may be anything. */
function power(base: bigint, exponent: bigint): bigint {
  let [result, factor, left] = [1n, wrap(base), exponent]
  while (left > 0n) {
    if ((left & 1n) === 1n) result = wrap(result * factor)
    factor = wrap(factor * factor)
    left >>= 1n
  }
  return result
}

function digitOf(c: string, base: number): number {
  if (c >= '0' && c <= '9') return Number(c)
  if (c >= 'a' && c <= 'z') return c.charCodeAt(0) - 87
  if (c >= 'A' && c <= 'Z') return c.charCodeAt(0) - (base <= 36 ? 55 : 29)
  return c === '@' ? 62 : c === '_' ? 63 : -1
}
