import { BINARY, binary, compared, UNARY, unary } from '../../bash/conditions.ts'
import { complain } from '../../bash/faults.ts'
import { type Command, type Io, instant } from '../../io.ts'

// `test` and `[` (POSIX.1-2017, test: what holds by the number of arguments; more are read as an expression).

class TestFault extends Error {}

const evaluator = (name: 'test' | '['): Command['run'] =>
  instant((args, io) => {
    let words = args
    if (name === '[') {
      if (args.at(-1) !== ']') {
        complain(io, "[: missing `]'")
        return 2
      }
      words = args.slice(0, -1)
    }
    try {
      return new Expression(words, io).value() ? 0 : 1
    } catch (fault) {
      if (!(fault instanceof TestFault)) throw fault
      complain(io, `${name}: ${fault.message}`)
      return 2
    }
  })

export const test: Command = { name: 'test', summary: 'compares, and looks at files', builtin: true, run: evaluator('test') }
export const bracket: Command = { name: '[', summary: 'the same as test', builtin: true, run: evaluator('[') }

class Expression {
  private readonly words: readonly string[]
  private readonly io: Io
  private at = 0

  constructor(words: readonly string[], io: Io) {
    this.words = words
    this.io = io
  }

  value(): boolean {
    const { words } = this
    const [a = '', b = '', c = '', d = ''] = words
    switch (words.length) {
      case 0:
        return false
      case 1:
        return a !== ''
      case 2:
        if (a === '!') return b === ''
        if (UNARY.has(a)) return unary(a, b, this.io)
        throw new TestFault(/^-./.test(a) ? `${a}: unary operator expected` : `${a}: unary operator expected`)
      case 3:
        if (BINARY.has(b)) return this.binary(a, b, c)
        if (b === '-a') return a !== '' && c !== ''
        if (b === '-o') return a !== '' || c !== ''
        if (a === '!') return !new Expression([b, c], this.io).value()
        if (a === '(' && c === ')') return b !== ''
        throw new TestFault(`${b}: binary operator expected`)
      case 4:
        if (a === '!') return !new Expression([b, c, d], this.io).value()
        if (a === '(' && d === ')') return new Expression([b, c], this.io).value()
        break
      default:
        break
    }
    const value = this.or()
    if (this.at < words.length) throw new TestFault('too many arguments')
    return value
  }

  private binary(a: string, operator: string, b: string): boolean {
    if (!/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) return binary(operator, a, b, this.io) === true
    return compared(operator, this.whole(a), this.whole(b))
  }

  private whole(text: string): bigint {
    const trimmed = text.trim()
    if (!/^[-+]?\d{1,18}$/.test(trimmed)) throw new TestFault(`${text}: integer expression expected`)
    return BigInt(trimmed)
  }

  private or(): boolean {
    let value = this.and()
    while (this.words[this.at] === '-o') {
      this.at++
      const right = this.and()
      value ||= right
    }
    return value
  }

  private and(): boolean {
    let value = this.not()
    while (this.words[this.at] === '-a') {
      this.at++
      const right = this.not()
      value &&= right
    }
    return value
  }

  private not(): boolean {
    if (this.words[this.at] !== '!') return this.primary()
    this.at++
    return !this.not()
  }

  private primary(): boolean {
    const [a, b, c] = this.words.slice(this.at, this.at + 3)
    if (a === undefined) throw new TestFault('argument expected')
    if (a === '(') {
      this.at++
      const value = this.or()
      if (this.words[this.at] !== ')') throw new TestFault("`)' expected")
      this.at++
      return value
    }
    if (b !== undefined && c !== undefined && BINARY.has(b)) {
      this.at += 3
      return this.binary(a, b, c)
    }
    if (UNARY.has(a) && b !== undefined) {
      this.at += 2
      return unary(a, b, this.io)
    }
    this.at++
    return a !== ''
  }
}
