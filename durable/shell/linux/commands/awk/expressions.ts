// Expressions of awk as functions over a machine. Grammar: POSIX.1-2017 awk; what is not simulated is refused here, by name.
import { functions } from './functions.ts'
import { AwkFault, type Token, tokens } from './lexer.ts'
import { type Cells, compared, Machine, numberOf, truth, type Value } from './machine.ts'

/** A parameter or local of a function: a value, or an array, its own or the caller's. */
export type Local = { value: Value; cells: Cells | undefined; readonly from: (() => Cells) | undefined }
export type Frame = { readonly machine: Machine; readonly locals: Map<string, Local>; result: Value; readonly depth: number }
export type Expr = (frame: Frame) => Value
export type Signal = 'break' | 'continue' | 'next' | 'exit' | 'return' | undefined
export type Statement = (frame: Frame) => Signal
export type Out = (text: string, frame: Frame) => void

export type Function = { readonly parameters: readonly string[]; body: Statement | undefined }
/** Something that can be given a value. */
type Place = { readonly get: Expr; readonly set: (frame: Frame, value: Value) => Value }
type Parsed = { readonly value: Expr; readonly place?: Place; readonly name?: string; readonly regex?: string }

export const DEEPEST = 100
export const EMPTY: ReadonlySet<string> = new Set()

export class Expressions {
  protected at = 0
  protected depth = 0
  protected readonly list: readonly Token[]
  protected readonly functions = new Map<string, Function>()
  protected locals: ReadonlySet<string> = EMPTY

  constructor(text: string) {
    this.list = tokens(text)
  }

  // Tokens

  protected get token(): Token {
    return this.list[this.at] ?? { kind: 'end', text: '', line: 0 }
  }
  protected is(text: string): boolean {
    const { kind } = this.token
    return this.token.text === text && (kind === 'mark' || kind === 'word')
  }
  protected take(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }
  protected need(text: string): void {
    if (!this.take(text)) throw this.fault()
  }
  protected fault(): AwkFault {
    const { text, line, kind } = this.token
    return new AwkFault(`line ${line}: syntax error at or near ${kind === 'end' || kind === 'line' ? 'end of file' : text}`)
  }
  protected newlines(): void {
    while (this.token.kind === 'line') this.at++
  }
  protected ends(): void {
    while (this.token.kind === 'line' || this.is(';')) this.at++
  }

  // Expressions, from what binds least

  protected listed(noCompare: boolean): Expr[] {
    const found = [this.expression(noCompare)]
    while (this.take(',')) {
      this.newlines()
      found.push(this.expression(noCompare))
    }
    return found
  }

  expression(noCompare = false): Expr {
    return this.ternary(noCompare).value
  }

  protected ternary(noCompare: boolean): Parsed {
    if (++this.depth > DEEPEST) throw new AwkFault('nested too deeply')
    try {
      const test = this.logical('||', noCompare)
      if (test.place && this.token.kind === 'mark' && /^([-+*/%^]?=)$/.test(this.token.text))
        return this.assignment(test.place, noCompare)
      if (!this.take('?')) return test
      this.newlines()
      const yes = this.ternary(noCompare).value
      this.newlines()
      this.need(':')
      this.newlines()
      const no = this.ternary(noCompare).value
      return { value: (frame) => (truth(test.value(frame)) ? yes(frame) : no(frame)) }
    } finally {
      this.depth--
    }
  }

  protected assignment(place: Place, noCompare: boolean): Parsed {
    const operator = this.token.text.slice(0, -1)
    this.at++
    this.newlines()
    const right = this.ternary(noCompare).value
    if (operator === '') return { value: (frame) => place.set(frame, right(frame)) }
    return { value: (frame) => place.set(frame, calculate(operator, numberOf(place.get(frame)), numberOf(right(frame)))) }
  }

  protected logical(operator: '||' | '&&', noCompare: boolean): Parsed {
    const next = (): Parsed => (operator === '||' ? this.logical('&&', noCompare) : this.membership(noCompare))
    let left = next()
    while (this.take(operator)) {
      this.newlines()
      const [a, b] = [left.value, next().value]
      left = {
        value:
          operator === '||'
            ? (frame) => (truth(a(frame)) || truth(b(frame)) ? 1 : 0)
            : (frame) => (truth(a(frame)) && truth(b(frame)) ? 1 : 0),
      }
    }
    return left
  }

  protected membership(noCompare: boolean): Parsed {
    let left = this.matching(noCompare)
    while (this.is('in')) {
      this.at++
      const cells = this.cells(this.token.text)
      this.at++
      const key = left.value
      left = { value: (frame) => (cells(frame).has(frame.machine.text(key(frame))) ? 1 : 0) }
    }
    return left
  }

  protected matching(noCompare: boolean): Parsed {
    let left = this.comparison(noCompare)
    while (this.is('~') || this.is('!~')) {
      const negated = this.token.text === '!~'
      this.at++
      const [text, right] = [left.value, this.comparison(noCompare)]
      const pattern: Expr = right.regex === undefined ? right.value : () => right.regex
      left = {
        value: (frame) => {
          const { machine } = frame
          const found = machine.matcher(machine.text(pattern(frame))).find(machine.text(text(frame))) !== undefined
          return found !== negated ? 1 : 0
        },
      }
    }
    return left
  }

  protected comparison(noCompare: boolean): Parsed {
    const left = this.concatenation(noCompare, true)
    const { text, kind } = this.token
    if (kind !== 'mark' || !['<', '<=', '==', '!=', '>', '>='].includes(text) || (noCompare && text === '>')) return left
    this.at++
    const [a, b] = [left.value, (this.concatenation(noCompare, true) as Parsed).value]
    return {
      value: (frame) => {
        const order = compared(a(frame), b(frame), frame.machine)
        const holds =
          text === '<'
            ? order < 0
            : text === '<='
              ? order <= 0
              : text === '>'
                ? order > 0
                : text === '>='
                  ? order >= 0
                  : (order === 0) === (text === '==')
        return holds ? 1 : 0
      },
    }
  }

  protected concatenation(noCompare: boolean): Expr
  protected concatenation(noCompare: boolean, whole: true): Parsed
  protected concatenation(noCompare: boolean, whole = false): Expr | Parsed {
    let left = this.additive()
    while (this.beginsValue(noCompare)) {
      const [a, b] = [left.value, this.additive().value]
      left = { value: (frame) => frame.machine.made(frame.machine.text(a(frame)) + frame.machine.text(b(frame))) }
    }
    return whole ? left : left.value
  }

  protected beginsValue(_noCompare: boolean): boolean {
    const { kind, text } = this.token
    if (kind === 'number' || kind === 'string' || kind === 'name' || kind === 'call' || kind === 'regex') return true
    return kind === 'mark' && ['$', '!', '(', '-', '+', '++', '--'].includes(text) && text !== '-' && text !== '+'
  }

  protected additive(): Parsed {
    let left = this.multiplicative()
    while (this.is('+') || this.is('-')) {
      const operator = this.token.text
      this.at++
      const [a, b] = [left.value, this.multiplicative().value]
      left = { value: (frame) => calculate(operator, numberOf(a(frame)), numberOf(b(frame))) }
    }
    return left
  }

  protected multiplicative(): Parsed {
    let left = this.unary()
    while (this.is('*') || this.is('/') || this.is('%')) {
      const operator = this.token.text
      this.at++
      const [a, b] = [left.value, this.unary().value]
      left = { value: (frame) => calculate(operator, numberOf(a(frame)), numberOf(b(frame))) }
    }
    return left
  }

  protected unary(): Parsed {
    const { text } = this.token
    if (this.is('!') || this.is('-') || this.is('+')) {
      this.at++
      if (++this.depth > DEEPEST) throw new AwkFault('nested too deeply')
      const inner = this.unary().value
      this.depth--
      if (text === '!') return { value: (frame) => (truth(inner(frame)) ? 0 : 1) }
      return { value: text === '-' ? (frame) => -numberOf(inner(frame)) : (frame) => numberOf(inner(frame)) }
    }
    return this.power()
  }

  protected power(): Parsed {
    const base = this.postfix()
    if (!this.take('^')) return base
    // To the right, and a minus may stand there.
    const exponent = this.unary().value
    return { value: (frame) => calculate('^', numberOf(base.value(frame)), numberOf(exponent(frame))) }
  }

  protected postfix(): Parsed {
    if (this.is('++') || this.is('--')) {
      const by = this.token.text === '++' ? 1 : -1
      this.at++
      const { place } = this.primary()
      if (!place) throw this.fault()
      return { value: (frame) => place.set(frame, numberOf(place.get(frame)) + by) }
    }
    const one = this.primary()
    const { place } = one
    if (!place || !(this.is('++') || this.is('--'))) return one
    const by = this.token.text === '++' ? 1 : -1
    this.at++
    return {
      value: (frame) => {
        const before = numberOf(place.get(frame))
        place.set(frame, before + by)
        return before
      },
    }
  }

  protected primary(): Parsed {
    const { kind, text } = this.token
    this.at++
    switch (kind) {
      case 'number': {
        const value = Number(text)
        return { value: () => value }
      }
      case 'string':
        return { value: () => text }
      case 'regex':
        return {
          value: (frame) => (frame.machine.matcher(text).find(frame.machine.text(frame.machine.field(0))) ? 1 : 0),
          regex: text,
        }
      case 'name':
        if (text === 'length') return { value: (frame) => [...frame.machine.text(frame.machine.field(0))].length }
        if (this.is('[')) return this.element(text)
        return this.placed(this.variable(text), text)
      case 'call':
        return this.call(text)
      case 'mark':
        if (text === '$') return this.placed(this.fieldPlace())
        if (text === '(') return this.group()
        break
      case 'word':
        if (text === 'getline') throw new AwkFault('getline is real, but not simulated here yet')
        break
      default:
        break
    }
    this.at--
    throw this.fault()
  }

  protected group(): Parsed {
    const list = this.listed(false)
    this.need(')')
    const [only] = list
    if (list.length === 1 && only) return { value: only }
    // `(i, j) in a`
    if (!this.is('in')) throw this.fault()
    return { value: (frame) => joined(list, frame) }
  }

  protected readonly placed = (place: Place, name?: string): Parsed =>
    name === undefined ? { value: place.get, place } : { value: place.get, place, name }

  protected fieldPlace(): Place {
    const index = this.is('++') || this.is('--') || this.is('-') ? this.unary().value : this.primary().value
    return {
      get: (frame) => frame.machine.field(Math.trunc(numberOf(index(frame)))),
      set: (frame, value) => frame.machine.setField(Math.trunc(numberOf(index(frame))), value),
    }
  }

  protected variable(name: string): Place {
    if (!this.locals.has(name))
      return { get: (frame) => frame.machine.get(name), set: (frame, value) => frame.machine.set(name, value) }
    return {
      get: (frame) => frame.locals.get(name)?.value,
      set: (frame, value) => {
        const local = frame.locals.get(name)
        if (local) local.value = value
        return value
      },
    }
  }

  protected cells(name: string): (frame: Frame) => Cells {
    if (!this.locals.has(name)) return (frame) => frame.machine.array(name)
    return (frame) => {
      const local = frame.locals.get(name) as Local
      local.cells ??= local.from?.() ?? new Map()
      return local.cells
    }
  }

  protected subscript(): (frame: Frame) => string {
    this.need('[')
    const list = this.listed(false)
    this.need(']')
    return (frame) => joined(list, frame)
  }

  protected element(name: string): Parsed {
    const cells = this.cells(name)
    const key = this.subscript()
    return this.placed({
      get: (frame) => {
        const [array, at] = [cells(frame), key(frame)]
        if (!array.has(at)) Machine.put(array, at, undefined)
        return array.get(at)
      },
      set: (frame, value) => Machine.put(cells(frame), key(frame), value),
    })
  }

  protected call(name: string): Parsed {
    this.need('(')
    this.newlines()
    const given: Parsed[] = []
    while (!this.take(')')) {
      given.push(this.ternary(false))
      this.newlines()
      if (!this.take(',') && !this.is(')')) throw this.fault()
      this.newlines()
    }
    const arrayOf = (one: Parsed | undefined) => (one?.name === undefined ? undefined : this.cells(one.name))
    if (functions.has(name)) return { value: functions.call(name, given, arrayOf) }
    const known = this.functions
    if (!known.has(name)) known.set(name, { parameters: [], body: undefined })
    const arrays = given.map(arrayOf)
    return {
      value: (frame) => {
        const one = known.get(name) as Function
        if (frame.depth >= DEEPEST) throw new AwkFault('function call nesting is too deep here')
        if (given.length > one.parameters.length)
          throw new AwkFault(`function ${name} called with ${given.length} args, accepts only ${one.parameters.length}`)
        const locals = new Map<string, Local>()
        for (const [i, parameter] of one.parameters.entries()) {
          const from = arrays[i]
          const value = given[i]?.value(frame)
          locals.set(parameter, { value, cells: undefined, from: from && value === undefined ? () => from(frame) : undefined })
        }
        const inner: Frame = { machine: frame.machine, locals, result: undefined, depth: frame.depth + 1 }
        if (one.body?.(inner) === 'exit') throw new Exit()
        return inner.result
      },
    }
  }
}

/** `exit` inside of a function. */
export class Exit extends Error {}

const joined = (list: readonly Expr[], frame: Frame): string =>
  list.map((one) => frame.machine.text(one(frame))).join(list.length > 1 ? frame.machine.text(frame.machine.get('SUBSEP')) : '')

function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      if (b === 0) throw new AwkFault('division by zero')
      return a / b
    case '%':
      if (b === 0) throw new AwkFault('division by zero in %')
      return a % b
    default: {
      if (!Number.isInteger(b) || Math.abs(b) > 4096)
        throw new AwkFault('a power that is no small whole number is real, but not simulated here yet')
      let value = 1
      for (let i = Math.abs(b); i > 0; i--) value *= a
      return b < 0 ? 1 / value : value
    }
  }
}
