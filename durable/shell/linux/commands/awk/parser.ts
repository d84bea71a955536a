// Programs and statements of awk.
import { DEEPEST, EMPTY, type Expr, Expressions, type Frame, type Out, type Statement } from './expressions.ts'
import { functions } from './functions.ts'
import { AwkFault, type Token } from './lexer.ts'
import { Given, numberOf, truth } from './machine.ts'

export type Rule = { readonly from: Expr | undefined; readonly to: Expr | undefined; readonly body: Statement; open: boolean }
export type Program = { readonly begin: Statement[]; readonly end: Statement[]; readonly rules: Rule[] }

export class Parser extends Expressions {
  private readonly open: (kind: string, name: string, frame: Frame) => Out

  constructor(text: string, open: (kind: string, name: string, frame: Frame) => Out) {
    super(text)
    this.open = open
  }

  // Programs

  program(): Program {
    const found: Program = { begin: [], end: [], rules: [] }
    this.ends()
    while (this.token.kind !== 'end') {
      if (this.take('function')) this.define()
      else if (this.take('BEGIN')) found.begin.push(this.action())
      else if (this.take('END')) found.end.push(this.action())
      else {
        const from = this.is('{') ? undefined : this.expression()
        const to = from && this.take(',') ? (this.newlines(), this.expression()) : undefined
        const print: Statement = (frame) => {
          this.open(
            '',
            '',
            frame,
          )(`${frame.machine.text(frame.machine.field(0))}${frame.machine.text(frame.machine.get('ORS'))}`, frame)
          return undefined
        }
        found.rules.push({ from, to, body: this.is('{') ? this.action() : print, open: false })
      }
      this.ends()
    }
    for (const [name, one] of this.functions) if (one.body === undefined) throw new AwkFault(`function ${name} never defined`)
    return found
  }

  private action(): Statement {
    if (!this.is('{')) throw this.fault()
    return this.block()
  }

  private define(): void {
    const name = this.token.text
    if (this.token.kind !== 'call' && this.token.kind !== 'name') throw this.fault()
    this.at++
    this.need('(')
    const parameters: string[] = []
    while (this.token.kind === 'name') {
      parameters.push(this.token.text)
      this.at++
      if (!this.take(',')) break
      this.newlines()
    }
    this.need(')')
    this.newlines()
    this.locals = new Set(parameters)
    const known = this.functions.get(name)
    if (known?.body) throw new AwkFault(`line ${this.token.line}: redefinition of ${name}`)
    const body = this.action()
    this.functions.set(name, { parameters, body })
    this.locals = EMPTY
  }

  // Statements

  private block(): Statement {
    this.need('{')
    if (++this.depth > DEEPEST) throw new AwkFault('nested too deeply')
    const list: Statement[] = []
    this.ends()
    while (!this.take('}')) {
      list.push(this.statement())
      this.ends()
    }
    this.depth--
    return (frame) => {
      for (const one of list) {
        const signal = one(frame)
        if (signal !== undefined) return signal
      }
      return undefined
    }
  }

  /** What stands behind `if (...)` and the like: a block, a statement, or nothing. */
  private body(): Statement {
    this.newlines()
    if (this.take(';')) return () => undefined
    const one = this.statement()
    return one
  }

  private statement(): Statement {
    const step =
      (run: Statement): Statement =>
      (frame) => {
        frame.machine.io.work.step()
        return run(frame)
      }
    if (this.is('{')) return this.block()
    if (this.take('if')) return step(this.condition())
    if (this.take('while')) {
      this.need('(')
      const test = this.expression()
      this.need(')')
      return loop(test, this.body())
    }
    if (this.take('do')) {
      const body = this.body()
      this.ends()
      this.need('while')
      this.need('(')
      const test = this.expression()
      this.need(')')
      const again = loop(test, body)
      return (frame) => {
        const signal = body(frame)
        return signal === 'break' ? undefined : signal === undefined || signal === 'continue' ? again(frame) : signal
      }
    }
    if (this.take('for')) return this.forLoop()
    const simple = step(this.simple())
    if (this.token.kind !== 'line' && !this.is(';') && !this.is('}')) throw this.fault()
    if (this.is(';')) this.at++
    return simple
  }

  private condition(): Statement {
    this.need('(')
    const test = this.expression()
    this.need(')')
    const then = this.body()
    const before = this.at
    this.ends()
    if (!this.take('else')) {
      this.at = before
      return (frame) => (truth(test(frame)) ? then(frame) : undefined)
    }
    const other = this.body()
    return (frame) => (truth(test(frame)) ? then(frame) : other(frame))
  }

  private forLoop(): Statement {
    this.need('(')
    const [name, , array, close] = this.list.slice(this.at, this.at + 4)
    if (name?.kind === 'name' && this.list[this.at + 1]?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.at += 4
      const place = this.variable(name.text)
      const cells = this.cells(array.text)
      const body = this.body()
      return (frame) => {
        for (const key of [...cells(frame).keys()]) {
          frame.machine.io.work.step()
          place.set(frame, new Given(key))
          const signal = body(frame)
          if (signal === 'break') break
          if (signal !== undefined && signal !== 'continue') return signal
        }
        return undefined
      }
    }
    const first = this.is(';') ? undefined : this.simple()
    this.need(';')
    this.newlines()
    const test = this.is(';') ? () => 1 : this.expression()
    this.need(';')
    this.newlines()
    const then = this.is(')') ? undefined : this.simple()
    this.need(')')
    const repeat = loop(test, this.body(), then)
    return (frame) => {
      first?.(frame)
      return repeat(frame)
    }
  }

  private simple(): Statement {
    const { text, kind } = this.token
    if (kind === 'word') {
      switch (text) {
        case 'print':
        case 'printf':
          this.at++
          return this.output(text)
        case 'next':
        case 'break':
        case 'continue':
          this.at++
          return () => text
        case 'exit':
        case 'return': {
          this.at++
          const value = this.atEnd() ? undefined : this.expression()
          return (frame) => {
            const result = value?.(frame)
            if (text === 'return') frame.result = result
            else if (value) frame.machine.exit = numberOf(result)
            return text
          }
        }
        case 'delete':
          return this.deletion()
        case 'nextfile':
        case 'getline':
          throw new AwkFault(`${text} is real, but not simulated here yet`)
        default:
          break
      }
    }
    const value = this.expression()
    return (frame) => {
      value(frame)
      return undefined
    }
  }

  private atEnd(): boolean {
    return this.token.kind === 'line' || this.token.kind === 'end' || this.is(';') || this.is('}')
  }

  private deletion(): Statement {
    this.at++
    const { text, kind } = this.token
    if (kind !== 'name') throw this.fault()
    this.at++
    const cells = this.cells(text)
    const key = this.is('[') ? this.subscript() : undefined
    return (frame) => {
      if (key) cells(frame).delete(key(frame))
      else cells(frame).clear()
      return undefined
    }
  }

  private output(kind: string): Statement {
    const grouped = this.is('(') && this.closes()
    if (grouped) this.at++
    const values = this.atEnd() || this.is('>') || this.is('>>') || this.is('|') ? [] : this.listed(!grouped)
    if (grouped) this.need(')')
    let [operator, name]: [string, Expr | undefined] = ['', undefined]
    if (this.is('>') || this.is('>>') || this.is('|')) {
      operator = this.token.text
      this.at++
      if (operator === '|') throw new AwkFault('a pipe into a command is real, but not simulated here yet')
      name = this.concatenation(true)
    }
    return (frame) => {
      const { machine } = frame
      const out = this.open(operator, name ? machine.text(name(frame)) : '', frame)
      if (kind === 'printf') {
        const [format = () => '', ...rest] = values
        out(
          functions.format(
            machine.text(format(frame)),
            rest.map((one) => one(frame)),
            machine,
          ),
          frame,
        )
      } else {
        const texts = values.length === 0 ? [machine.text(machine.field(0))] : values.map((one) => machine.text(one(frame)))
        out(texts.join(machine.text(machine.get('OFS'))) + machine.text(machine.get('ORS')), frame)
      }
      return undefined
    }
  }

  /** Whether the parenthesis that opens here closes before the end of the statement: then it holds the whole list. */
  private closes(): boolean {
    let depth = 0
    for (let at = this.at; at < this.list.length; at++) {
      const { text, kind } = this.list[at] as Token
      if (kind !== 'mark') continue
      if (text === '(') depth++
      else if (text === ')' && --depth === 0) {
        const next = this.list[at + 1] as Token
        return next.kind === 'line' || next.kind === 'end' || [';', '}', '>', '>>', '|'].includes(next.text)
      }
    }
    return false
  }
}

function loop(test: Expr, body: Statement, then?: Statement): Statement {
  return (frame) => {
    while (truth(test(frame))) {
      frame.machine.io.work.step()
      const signal = body(frame)
      if (signal === 'break') return undefined
      if (signal !== undefined && signal !== 'continue') return signal
      then?.(frame)
    }
    return undefined
  }
}
