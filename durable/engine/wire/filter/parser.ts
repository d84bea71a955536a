// The grammar: tests joined by not, and, xor, or (the first binds most), compiled as they are read.
import { type Fault, faultAt, type Token } from './lexer.ts'
import { called, FUNCTIONS, layerOf, masked, named, type Operand, sliced, unknown } from './operand.ts'
import {
  compared,
  containing,
  existing,
  type Member,
  paired,
  type Quantifier,
  relationOf,
  type Test,
  valueBeside,
  within,
} from './predicate.ts'

/** Brackets within brackets. */
const MAX_DEPTH = 64

const failed = (made: object): made is Fault => 'ok' in made

/** The words and signs that join tests, weakest first. */
const JOINS = [
  ['or', '||'],
  ['xor', '^^'],
  ['and', '&&'],
] as const

const COMBINED: readonly ((tests: readonly Test[]) => Test)[] = [
  (tests) => (packet) => tests.some((test) => test(packet)),
  (tests) => (packet) => tests.reduce((odd, test) => odd !== test(packet), false),
  (tests) => (packet) => tests.every((test) => test(packet)),
]

export class Parser {
  /** The protocols that the filter asks about, as a mask. */
  wanted = 0
  private i = 0
  private depth = 0
  private readonly tokens: readonly Token[]

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  whole(): Test | Fault {
    if (this.peek().kind === 'end') return () => true
    const test = this.joined(0)
    if (failed(test)) return test
    const rest = this.peek()
    if (rest.kind === 'end') return test
    if (rest.text === ')') return faultAt(rest, 'this ) was never opened')
    return faultAt(rest, `“${rest.text}” was not expected here: tests are joined by and, or, xor`)
  }

  private peek(ahead = 0): Token {
    return this.tokens[Math.min(this.i + ahead, this.tokens.length - 1)]
  }
  private take(): Token {
    const token = this.peek()
    this.i++
    return token
  }
  /** Moves on when the next token is one of these words or signs. */
  private accept(...texts: readonly string[]): boolean {
    const { kind, text } = this.peek()
    const found = (kind === 'word' || kind === 'op') && texts.includes(text)
    if (found) this.i++
    return found
  }

  private joined(level: number): Test | Fault {
    if (level === JOINS.length) return this.negated()
    const tests: Test[] = []
    do {
      const test = this.joined(level + 1)
      if (failed(test)) return test
      tests.push(test)
    } while (this.accept(...JOINS[level]))
    return tests.length === 1 ? tests[0] : COMBINED[level](tests)
  }

  private negated(): Test | Fault {
    let odd = false
    while (this.accept('not', '!')) odd = !odd
    const test = this.primary()
    return failed(test) || !odd ? test : (packet) => !test(packet)
  }

  private primary(): Test | Fault {
    const open = this.peek()
    if (open.kind !== 'op' || open.text !== '(') return this.test()
    if (this.bracketedMask()) {
      this.take()
      const of = this.operand()
      if (failed(of)) return of
      this.take()
      return this.tested(of, undefined)
    }
    this.take()
    if (++this.depth > MAX_DEPTH) return faultAt(open, `brackets are nested more than ${MAX_DEPTH} deep`)
    const test = this.joined(0)
    if (failed(test)) return test
    this.depth--
    if (this.accept(')')) return test
    const next = this.peek()
    if (next.kind === 'end') return faultAt(open, 'this ( is not closed')
    return faultAt(next, `“${next.text}” was not expected here: tests are joined by and, or, xor`)
  }

  /** `(tcp.flags & 0x12) == 0x12`: the bracket holds a number, not a test. */
  private bracketedMask(): boolean {
    const sign = (ahead: number, text: string) => this.peek(ahead).kind === 'op' && this.peek(ahead).text === text
    return sign(2, '&') && sign(4, ')') && relationOf(this.peek(5)) !== undefined
  }

  private test(): Test | Fault {
    const first = this.peek()
    const quantifier = first.kind === 'word' && (first.text === 'any' || first.text === 'all') ? first.text : undefined
    if (quantifier !== undefined) this.take()
    const of = this.operand()
    return failed(of) ? of : this.tested(of, quantifier)
  }

  /** What follows an operand makes it a test. */
  private tested(of: Operand, quantifier: Quantifier | undefined): Test | Fault {
    const token = this.peek()
    if (relationOf(token) !== undefined) return this.comparison(of, quantifier)
    if (this.accept('contains')) return this.contains(of, quantifier ?? 'any')
    if (this.accept('matches', '~')) return faultAt(token, 'regular expressions are not supported here: use contains')
    if (this.accept('in')) return this.set(of, quantifier ?? 'any')
    if (token.text === 'not' && this.peek(1).text === 'in') {
      this.i += 2
      const test = this.set(of, quantifier ?? 'any')
      return failed(test) ? test : (packet) => !test(packet)
    }
    if (quantifier !== undefined) return faultAt(token, `a comparison is expected after “${quantifier} ${of.label}”`)
    return existing(of)
  }

  /** `a < b < c` asks for both. */
  private comparison(first: Operand, quantifier: Quantifier | undefined): Test | Fault {
    const tests: Test[] = []
    let left: Operand | undefined = first
    for (let sign = relationOf(this.peek()); sign !== undefined && left !== undefined; sign = relationOf(this.peek())) {
      this.take()
      const [relation, usual] = sign
      const right = this.beside(left)
      if (right !== undefined && failed(right)) return right
      const value = right === undefined ? valueBeside(left, this.take()) : undefined
      if (value !== undefined && failed(value)) return value
      const test: Test | Fault | undefined =
        right !== undefined
          ? paired(left, relation, quantifier ?? usual, right)
          : value !== undefined
            ? compared(left, relation, quantifier ?? usual, value)
            : undefined
      if (test === undefined || failed(test)) return test ?? faultAt(this.peek(), 'a value is expected here')
      tests.push(test)
      left = right
    }
    return tests.length === 1 ? tests[0] : COMBINED[2](tests)
  }

  /** The right side, when it is a field or a function and not a word that the left side knows as a value. */
  private beside(left: Operand): Operand | Fault | undefined {
    const token = this.peek()
    if (token.kind !== 'word') return undefined
    if (left.names !== undefined && Object.hasOwn(left.names, token.text.toLowerCase())) return undefined
    const call = this.peek(1).kind === 'op' && this.peek(1).text === '(' && FUNCTIONS.includes(token.text)
    return call || named(token, 0) !== undefined ? this.operand() : undefined
  }

  private contains(of: Operand, quantifier: Quantifier): Test | Fault {
    const right = this.beside(of)
    if (right !== undefined && failed(right)) return right
    return containing(of, quantifier, right ?? this.take())
  }

  private set(of: Operand, quantifier: Quantifier): Test | Fault {
    const open = this.peek()
    if (!this.accept('{')) return faultAt(open, 'a set is written {1, 2, 5..9}')
    const members: Member[] = []
    do {
      const start = this.peek()
      if (start.text === '}') return faultAt(start, 'a value is expected here')
      const from = valueBeside(of, this.take())
      if (failed(from)) return from
      if (!this.accept('..')) {
        members.push({ from })
        continue
      }
      const to = valueBeside(of, this.take())
      if (failed(to)) return to
      members.push({ from, to })
    } while (this.accept(','))
    const close = this.peek()
    if (this.accept('}')) return within(of, quantifier, members)
    return close.kind === 'end'
      ? faultAt(open, 'this { is not closed')
      : faultAt(close, 'the values of a set are parted by commas')
  }

  private operand(): Operand | Fault {
    const token = this.take()
    if (token.kind === 'end') return faultAt(token, 'the filter ends where a field is expected')
    if (token.kind !== 'word')
      return faultAt(
        token,
        token.kind === 'op' ? `a field is expected before “${token.text}”` : 'the left side must be a field or a function',
      )
    if (this.peek().kind === 'op' && this.peek().text === '(') return this.call(token)
    let layer = 0
    if (this.accept('#')) {
      const found = layerOf(this.take())
      if (typeof found !== 'number') return found
      layer = found
    }
    let made: Operand | Fault = named(token, layer) ?? unknown(token)
    if (failed(made)) return made
    this.wanted |= made.of
    while (this.peek().kind === 'slice') {
      made = sliced(made, this.take())
      if (failed(made)) return made
    }
    return this.accept('&') ? masked(made, this.take()) : made
  }

  private call(name: Token): Operand | Fault {
    if (!FUNCTIONS.includes(name.text)) {
      return faultAt(name, `there is no function ${name.text}(); there are ${FUNCTIONS.join(', ')}`)
    }
    const open = this.take()
    if (++this.depth > MAX_DEPTH) return faultAt(open, `brackets are nested more than ${MAX_DEPTH} deep`)
    const of = this.operand()
    this.depth--
    if (failed(of)) return of
    const close = this.peek()
    if (!this.accept(')'))
      return close.kind === 'end' ? faultAt(open, 'this ( is not closed') : faultAt(close, `${name.text}() takes one field`)
    const made = called(name, of)
    if (failed(made) || this.peek().kind !== 'slice') return made
    return sliced(made, this.take())
  }
}
