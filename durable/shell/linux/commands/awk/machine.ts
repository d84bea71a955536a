// What a program of awk works on: values, fields, variables, arrays.

import { TEXT_BUDGET } from '../../bash/work.ts'
import type { Io } from '../../io.ts'
import { compile, type Matcher } from '../../matcher.ts'
import { AwkFault } from './lexer.ts'

/** Text that came from outside: a number to comparisons, if it looks like one. */
export class Given {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
/** Undefined: a variable that was never set, both empty and zero. */
export type Value = number | string | Given | undefined

export const numberOf = (value: Value): number => {
  if (typeof value === 'number') return value
  const found = /^\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)/.exec(
    value instanceof Given ? value.text : (value ?? ''),
  )
  return found ? Number(found[0]) : 0
}

const isNumeric = (text: string): boolean => /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text)

export const truth = (value: Value): boolean => {
  if (value instanceof Given) return isNumeric(value.text) ? Number(value.text) !== 0 : value.text !== ''
  return typeof value === 'number' ? value !== 0 : value !== undefined && value !== ''
}

/** -1, 0 or 1: as numbers when both are or look like some, else as text. */
export function compared(a: Value, b: Value, machine: Machine): number {
  const numeric = (value: Value) =>
    typeof value === 'number' || value === undefined || (value instanceof Given && isNumeric(value.text))
  if (numeric(a) && numeric(b)) {
    const [x, y] = [numberOf(a), numberOf(b)]
    return x < y ? -1 : x > y ? 1 : 0
  }
  const [x, y] = [machine.text(a), machine.text(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

export type Cells = Map<string, Value>
const MOST_CELLS = 100_000
/** Patterns kept compiled: those of the program, and some that it makes. */
const MOST_PATTERNS = 64

export class Machine {
  readonly variables = new Map<string, Value>([
    ['FS', ' '],
    ['OFS', ' '],
    ['ORS', '\n'],
    ['RS', '\n'],
    ['NR', 0],
    ['FNR', 0],
    ['FILENAME', ''],
    ['SUBSEP', '\x1c'],
    ['CONVFMT', '%.6g'],
    ['OFMT', '%.6g'],
    ['RSTART', 0],
    ['RLENGTH', -1],
  ])
  readonly arrays = new Map<string, Cells>()
  readonly io: Io
  random = 1
  /** What the program ends with. */
  exit = 0
  private record = ''
  private fields: string[] = []
  private split = true
  private readonly known = new Map<string, Matcher>()

  constructor(io: Io) {
    this.io = io
  }

  text(value: Value): string {
    if (typeof value === 'string') return value
    if (value instanceof Given) return value.text
    return value === undefined ? '' : numberText(value)
  }

  /** A text that was put together: whatever grows goes through here. */
  made(text: string): string {
    if (text.length > TEXT_BUDGET) throw new AwkFault(`a text here has at most ${TEXT_BUDGET} characters`)
    return text
  }

  matcher(pattern: string): Matcher {
    const known = this.known.get(pattern)
    if (known) return known
    if (this.known.size >= MOST_PATTERNS) this.known.clear()
    const compiled = compile(pattern.replace(/\\t/g, '\t').replace(/\\n/g, '\n').replace(/\\"/g, '"'), {
      extended: true,
      fixed: false,
      ignoreCase: false,
      spend: this.io.work.spend,
    })
    if (!compiled.ok) throw new AwkFault(`regular expression compile failed (${compiled.error})\n${pattern}`)
    this.known.set(pattern, compiled.matcher)
    return compiled.matcher
  }

  get(name: string): Value {
    if (name === 'NF') return this.count
    return this.variables.get(name)
  }

  set(name: string, value: Value): Value {
    if (name === 'NF') {
      const count = Math.min(Math.max(0, Math.trunc(numberOf(value))), 10_000)
      this.parts()
      this.fields.length = Math.min(this.fields.length, count)
      while (this.fields.length < count) this.fields.push('')
      this.rebuild()
      return count
    }
    this.variables.set(name, value)
    return value
  }

  array(name: string): Cells {
    const known = this.arrays.get(name)
    if (known) return known
    const made: Cells = new Map()
    this.arrays.set(name, made)
    return made
  }

  static put(cells: Cells, key: string, value: Value): Value {
    if (cells.size >= MOST_CELLS && !cells.has(key)) throw new AwkFault(`an array here has at most ${MOST_CELLS} elements`)
    cells.set(key, value)
    return value
  }

  setRecord(text: string): void {
    this.record = text
    this.split = false
  }

  private parts(): string[] {
    if (!this.split) {
      this.fields = this.cut(this.record, this.text(this.variables.get('FS')))
      this.split = true
    }
    return this.fields
  }

  cut(text: string, separator: string): string[] {
    if (separator === ' ') return text.split(/[ \t\n]+/).filter((part) => part !== '')
    if (text === '') return []
    if (separator === '') return [...text]
    if (separator === '\t' || (separator.length === 1 && separator !== '\\')) return text.split(separator)
    return this.cutBy(text, this.matcher(separator))
  }

  cutBy(text: string, matcher: Matcher): string[] {
    const parts: string[] = []
    let at = 0
    for (let span = matcher.find(text); span && span.to > span.from; span = matcher.find(text, at)) {
      parts.push(text.slice(at, span.from))
      at = span.to
    }
    parts.push(text.slice(at))
    return parts
  }

  private get count(): number {
    return this.parts().length
  }

  field(at: number): Value {
    if (at < 0 || !(at < 1e6)) throw new AwkFault(`attempt to access field ${at}`)
    if (at === 0) return new Given(this.record)
    const part = this.parts()[at - 1]
    return part === undefined ? undefined : new Given(part)
  }

  setField(at: number, value: Value): Value {
    if (at < 0 || at > 10_000) throw new AwkFault(`attempt to access field ${at}`)
    const text = this.text(value)
    if (at === 0) this.setRecord(text)
    else {
      const parts = this.parts()
      while (parts.length < at) parts.push('')
      parts[at - 1] = text
      this.rebuild()
    }
    return value
  }

  private rebuild(): void {
    this.record = this.made(this.fields.join(this.text(this.variables.get('OFS'))))
  }
}

/** A number as it is printed: whole ones whole, others with six digits. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value)
  return general(value, 6)
}

/** `%g`. */
export function general(value: number, precision: number): string {
  const digits = precision === 0 ? 1 : Math.min(precision, 100)
  if (value === 0) return '0'
  const power = Number(value.toExponential(digits - 1).split('e')[1])
  if (power < -4 || power >= digits) {
    const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e')
    const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
    return `${short}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`
  }
  const fixed = value.toFixed(Math.min(100, Math.max(0, digits - 1 - power)))
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}
