// Conditions of WQL: `Name = 'vmms' AND (State LIKE 'Run%' OR ProcessId > 4)`.
import { wildcard } from '../../windows/regex/wildcard.ts'
import { compare } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { isObject, kindOf, type PsObject, type PsValue, property } from '../values/value.ts'

export type Condition = (item: PsObject) => boolean

const TOKEN = /\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|<=|>=|<>|!=|[=<>()]|[\w.$-]+)/gy
const DEEPEST = 32

/** Undefined: it is none. */
export function readCondition(source: string): Condition | undefined {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let m = TOKEN.exec(source); m !== null; m = TOKEN.exec(source)) tokens.push(m[1] as string)
  if (tokens.join('').length !== source.replace(/\s+(?=(?:[^'"]|'[^']*'|"[^"]*")*$)/g, '').length || tokens.length > 400)
    return undefined
  let at = 0
  const word = (): string => (tokens[at] ?? '').toLowerCase()
  function any(depth: number): Condition | undefined {
    let left = every(depth)
    while (left && word() === 'or') {
      at++
      const [a, b] = [left, every(depth)]
      left = b && ((item) => a(item) || b(item))
    }
    return left
  }
  function every(depth: number): Condition | undefined {
    let left = one(depth)
    while (left && word() === 'and') {
      at++
      const [a, b] = [left, one(depth)]
      left = b && ((item) => a(item) && b(item))
    }
    return left
  }
  function one(depth: number): Condition | undefined {
    if (depth > DEEPEST) return undefined
    if (word() === 'not') {
      at++
      const inner = one(depth + 1)
      return inner && ((item) => !inner(item))
    }
    if (word() === '(') {
      at++
      const inner = any(depth + 1)
      if (word() !== ')') return undefined
      at++
      return inner
    }
    const [name, operator, value] = tokens.slice(at, at + 3)
    if (name === undefined || operator === undefined || value === undefined || !/^\w/.test(name)) return undefined
    at += 3
    return comparison(name, operator.toLowerCase(), value)
  }
  const found = any(0)
  return at === tokens.length ? found : undefined
}

function comparison(name: string, operator: string, written: string): Condition | undefined {
  const quoted = /^['"]/.test(written)
  const plain = quoted ? written.slice(1, -1).replace(/\\(.)/g, '$1') : written
  const of = (item: PsObject): PsValue => property(item, name) ?? null
  if (operator === 'like') {
    const matches = wildcard(plain.replace(/\*/g, '[*]').replace(/\?/g, '[?]').replace(/%/g, '*').replace(/_/g, '?'))
    return (item) => matches(text(of(item)))
  }
  const isNull = !quoted && /^null$/i.test(plain)
  if (operator === 'is') return isNull ? (item) => of(item) === null : undefined
  const value: PsValue = isNull ? null : !quoted && /^(true|false)$/i.test(plain) ? /^true$/i.test(plain) : plain
  const order = (item: PsObject): number | undefined => {
    const mine = of(item)
    if (typeof mine === 'boolean') return Number(mine) - Number(value === true || value === 'True' || value === '1')
    if (mine === null || value === null) return mine === value ? 0 : undefined
    return compare(isObject(mine) || kindOf(mine) ? text(mine) : mine, value)
  }
  switch (operator) {
    case '=':
      return (item) => order(item) === 0
    case '<>':
    case '!=':
      return (item) => order(item) !== 0
    case '<':
      return (item) => (order(item) ?? 0) < 0
    case '>':
      return (item) => (order(item) ?? 0) > 0
    case '<=':
      return (item) => (order(item) ?? 1) <= 0
    case '>=':
      return (item) => (order(item) ?? -1) >= 0
    default:
      return undefined
  }
}
