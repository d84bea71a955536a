import { PatternError, regex } from '../../windows/regex/regex.ts'
import { wildcard } from '../../windows/regex/wildcard.ts'
import { NotSimulated } from '../errors.ts'
import { compare, equal, toInteger, toNumber, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { isHash, isObject, kindOf, type PsValue, typeName } from '../values/value.ts'
import { castOrNull } from './cast.ts'
import { formatOperator } from './format-operator.ts'
import { boundList, boundText } from './session.ts'
import { isOfType } from './types.ts'

/** A fault of an operator or a method: message and error id, with what is unusual about its record. */
export class OperatorFault extends Error {
  readonly id: string
  readonly category: string | undefined
  readonly exception: string | undefined
  readonly also: readonly string[] | undefined
  constructor(
    message: string,
    id: string,
    more: { readonly category?: string; readonly exception?: string; readonly also?: readonly string[] } = {},
  ) {
    super(message)
    this.id = id
    this.category = more.category
    this.exception = more.exception
    this.also = more.also
  }
}

/** What a .NET method throws: `Exception calling "Parse" with "1" argument(s): "..."`. */
export const methodFault = (name: string, count: number, message: string, exception: string): OperatorFault =>
  new OperatorFault(`Exception calling "${name}" with "${count}" argument(s): "${message}"`, exception, {
    category: 'NotSpecified',
    exception: 'MethodInvocationException',
    also: [`System.${exception}`],
  })

const typeNameOf = (value: PsValue): string => (kindOf(value) === 'type' ? (value as { name: string }).name : text(value))

export type Remember = (name: string, value: PsValue) => void

export function binary(operator: string, left: PsValue, right: PsValue, remember: Remember): PsValue {
  switch (operator) {
    case '+':
      return add(left, right)
    case '-':
    case '/':
    case '%':
      return arithmetic(operator, left, right)
    case '*':
      return multiply(left, right)
    case '..':
      return range(left, right)
    case '-f':
      return formatOperator(text(left), Array.isArray(right) ? right : [right])
    case '-xor':
      return truth(left) !== truth(right)
    case '-band':
    case '-bor':
    case '-bxor':
    case '-shl':
    case '-shr':
      return bitwise(operator, numeric(operator, left), numeric(operator, right))
    case '-join':
      return joined(left, text(right))
    case '-is':
    case '-isnot':
      return isOfType(left, typeNameOf(right)) === (operator === '-is')
    case '-as':
      return castOrNull(typeNameOf(right), left)
  }
  const m = /^-([ci]?)(eq|ne|gt|lt|ge|le|like|notlike|match|notmatch|contains|notcontains|in|notin|replace|split)$/.exec(operator)
  if (m === null) throw new OperatorFault(`The operator ${operator} is real, but it is not simulated here yet.`, 'NotSimulated')
  return compared(m[2], m[1] === 'c', left, right, remember)
}

function compared(name: string, exact: boolean, left: PsValue, right: PsValue, remember: Remember): PsValue {
  switch (name) {
    case 'contains':
    case 'notcontains':
      return list(left).some((item) => equal(item, right, exact)) === (name === 'contains')
    case 'in':
    case 'notin':
      return list(right).some((item) => equal(item, left, exact)) === (name === 'in')
    case 'split':
      return split(
        text(left),
        Array.isArray(right) ? text(right[0] ?? '') : text(right),
        !exact,
        Array.isArray(right) ? (toNumber(right[1] ?? 0) ?? 0) : 0,
      )
    case 'replace': {
      const [pattern, by] = Array.isArray(right) ? [text(right[0] ?? ''), text(right[1] ?? '')] : [text(right), '']
      return each(left, (item) => replaced(text(item), pattern, by, !exact))
    }
  }
  const negative = name.startsWith('not') || name === 'ne'
  const test = tester(name, exact, right, remember, Array.isArray(left))
  // With a list on the left the operator picks the items that pass.
  if (Array.isArray(left)) return left.filter((item) => test(item) !== negative)
  return test(left) !== negative
}

function tester(name: string, exact: boolean, right: PsValue, remember: Remember, many: boolean): (item: PsValue) => boolean {
  switch (name) {
    case 'eq':
    case 'ne':
      return (item) => equal(item, right, exact)
    case 'like':
    case 'notlike': {
      const matches = wildcard(text(right), !exact)
      return (item) => matches(text(item))
    }
    case 'match':
    case 'notmatch': {
      const pattern = compiled(text(right), !exact)
      return (item) => {
        const found = pattern.match(text(item))
        if (found !== undefined && !many && name === 'match') {
          const entries = new Map<string, PsValue>()
          for (const [i, group] of found.groups.entries()) if (group !== undefined) entries.set(String(i), group)
          for (const [key, i] of pattern.names) entries.set(key, found.groups[i] ?? null)
          remember('Matches', { kind: 'hash', entries, ordered: false })
        }
        return found !== undefined
      }
    }
    default:
      return (item) => {
        const order = compare(item, right, exact)
        if (order === undefined)
          throw new OperatorFault(
            `Cannot compare "${text(item)}" to "${text(right)}" because the objects are not the same type or the object "${text(item)}" does not implement "IComparable".`,
            'NotIcomparable',
          )
        return name === 'gt' ? order > 0 : name === 'lt' ? order < 0 : name === 'ge' ? order >= 0 : order <= 0
      }
  }
}

/** Linear time: what cannot be had in it answers one line. `(?i)` and `(?-i)` at the beginning are about the whole. */
export function compiled(pattern: string, ignoreCase: boolean) {
  const option = /^\(\?(-?)i\)/.exec(pattern)
  try {
    return option === null ? regex(pattern, ignoreCase) : regex(pattern.slice(option[0].length), option[1] === '')
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    if (/not supported here/.test(error.message)) throw new NotSimulated(error.message)
    throw new OperatorFault(error.message, 'RegexPattern')
  }
}

const list = (value: PsValue): readonly PsValue[] => (Array.isArray(value) ? value : [value])
const each = (value: PsValue, change: (item: PsValue) => PsValue): PsValue =>
  Array.isArray(value) ? value.map(change) : change(value)

function numeric(operator: string, value: PsValue): number {
  const n = toNumber(value)
  if (n === undefined) {
    if (typeof value === 'string')
      throw new OperatorFault(
        `Cannot convert value "${value}" to type "System.Int32". Error: "Input string was not in a correct format."`,
        'InvalidCastFromStringToInteger',
      )
    throw new OperatorFault(
      `Method invocation failed because [${typeName(value)}] does not contain a method named 'op_${operatorNames[operator] ?? operator}'.`,
      'MethodNotFound',
    )
  }
  return n
}

const operatorNames: Record<string, string> = {
  '+': 'Addition',
  '-': 'Subtraction',
  '*': 'Multiply',
  '/': 'Division',
  '%': 'Modulus',
}

function add(left: PsValue, right: PsValue): PsValue {
  if (left === null) return right
  if (Array.isArray(left)) {
    const sum = [...left].concat(Array.isArray(right) ? right : [right])
    boundList(sum.length)
    return sum
  }
  if (typeof left === 'string' || (isObject(left) && left.types[0] === 'System.Char')) {
    const sum = text(left) + text(right)
    boundText(sum.length)
    return sum
  }
  if (isHash(left) && isHash(right))
    return { kind: 'hash', ordered: left.ordered, entries: new Map([...left.entries, ...right.entries]) }
  if (kindOf(left) === 'date' && kindOf(right) === 'span') return { kind: 'date', micros: micros(left) + micros(right) }
  if (kindOf(left) === 'span' && kindOf(right) === 'span') return { kind: 'span', micros: micros(left) + micros(right) }
  return numeric('+', left) + numeric('+', right)
}

const micros = (value: PsValue): number => (value as { micros: number }).micros

function arithmetic(operator: '-' | '/' | '%', left: PsValue, right: PsValue): PsValue {
  if (operator === '-' && kindOf(left) === 'date') {
    if (kindOf(right) === 'date') return { kind: 'span', micros: micros(left) - micros(right) }
    if (kindOf(right) === 'span') return { kind: 'date', micros: micros(left) - micros(right) }
  }
  if (operator === '-' && kindOf(left) === 'span' && kindOf(right) === 'span')
    return { kind: 'span', micros: micros(left) - micros(right) }
  const [a, b] = [numeric(operator, left), numeric(operator, right)]
  if (operator === '-') return a - b
  if (b === 0)
    throw new OperatorFault('Attempted to divide by zero.', 'RuntimeException', {
      category: 'NotSpecified',
      also: ['System.DivideByZeroException'],
    })
  return operator === '/' ? a / b : a % b
}

function multiply(left: PsValue, right: PsValue): PsValue {
  const times = () => Math.max(0, toInteger(numeric('*', right)))
  if (typeof left === 'string') {
    const count = times()
    boundText(left.length * count)
    return left.repeat(count)
  }
  if (Array.isArray(left)) {
    const count = times()
    boundList(left.length * count)
    return new Array<PsValue[]>(count).fill(left).flat()
  }
  return numeric('*', left) * numeric('*', right)
}

function range(left: PsValue, right: PsValue): PsValue {
  const [from, to] = [toInteger(numeric('..', left)), toInteger(numeric('..', right))]
  boundList(Math.abs(to - from) + 1)
  const step = from <= to ? 1 : -1
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step)
}

/** 32-bit when both fit, as for masks and octets; else exact through BigInt. */
function bitwise(operator: string, left: number, right: number): number {
  const [a, b] = [BigInt(toInteger(left)), BigInt(toInteger(right))]
  switch (operator) {
    case '-band':
      return Number(a & b)
    case '-bor':
      return Number(a | b)
    case '-bxor':
      return Number(a ^ b)
    case '-shl':
      return Number(BigInt.asIntN(32, a << (b & 31n)))
    default:
      return Number(a >> (b & 31n))
  }
}

export function joined(value: PsValue, separator: string): string {
  const items = list(value).map((item) => text(item))
  boundText(items.reduce((sum, item) => sum + item.length + separator.length, 0))
  return items.join(separator)
}

/** Splits at each match; `most` bounds the number of pieces when above zero. */
export function split(value: string, pattern: string, ignoreCase: boolean, most = 0): PsValue {
  const matcher = compiled(pattern, ignoreCase)
  const pieces: PsValue[] = []
  let from = 0
  for (let at = 0; at <= value.length && (most <= 0 || pieces.length < most - 1); ) {
    const found = matcher.match(value, at)
    if (found === undefined) break
    if (found.text === '' && (found.index === 0 || found.index >= value.length)) {
      at = found.index + 1
      continue
    }
    pieces.push(value.slice(from, found.index), ...found.groups.slice(1).filter((group) => group !== undefined))
    from = found.index + found.text.length
    at = found.text === '' ? from + 1 : from
    boundList(pieces.length)
  }
  pieces.push(value.slice(from))
  return pieces
}

export function replaced(value: string, pattern: string, by: string, ignoreCase: boolean): string {
  const matcher = compiled(pattern, ignoreCase)
  let out = ''
  let from = 0
  for (let at = 0; at <= value.length; ) {
    const found = matcher.match(value, at)
    if (found === undefined) break
    out += value.slice(from, found.index)
    out += by.replace(/\$(?:(\$)|(\d+)|\{(\w+)\}|(&))/g, (_, dollar, number, name) =>
      dollar !== undefined
        ? '$'
        : name !== undefined
          ? (found.groups[matcher.names.get(name) ?? Number(name)] ?? '')
          : (found.groups[Number(number ?? 0)] ?? ''),
    )
    from = found.index + found.text.length
    at = found.text === '' ? found.index + 1 : from
    if (found.text === '' && found.index < value.length) {
      out += value[found.index]
      from = found.index + 1
    }
    boundText(out.length)
  }
  return out + value.slice(from)
}
