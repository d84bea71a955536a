// Comparisons between values of one type. Chosen once, when the filter is compiled.
import { maskOf } from '../addresses.ts'
import type { FieldType, Value } from './field.ts'
import { type Constant, octetsOf } from './literal.ts'

export type Relation = '==' | '!=' | '>' | '>=' | '<' | '<='

/** What a type is compared as. */
type Kind = 'number' | 'ipv4' | 'time' | 'text' | 'octets' | 'ether'
const KINDS: { readonly [type in FieldType]: Kind } = {
  uint8: 'number',
  uint16: 'number',
  uint32: 'number',
  boolean: 'number',
  time: 'time',
  ipv4: 'ipv4',
  ipv6: 'octets',
  ether: 'ether',
  bytes: 'octets',
  string: 'text',
  protocol: 'octets',
}
const isOctets = (kind: Kind): boolean => kind === 'octets' || kind === 'ether'

export const comparable = (a: FieldType, b: FieldType): boolean =>
  KINDS[a] === KINDS[b] || (isOctets(KINDS[a]) && isOctets(KINDS[b]))
/** What has octets that can be told apart from the width of a number. */
export const sliceable = (type: FieldType): boolean => KINDS[type] !== 'number' && KINDS[type] !== 'time'
export const searchable = (type: FieldType): boolean => isOctets(KINDS[type]) || KINDS[type] === 'text'

const holds = (relation: Relation, order: number): boolean => {
  switch (relation) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    default:
      return relation satisfies never
  }
}

/** Octet by octet; of two that begin alike the shorter one is less. At most `bits` bits are looked at. */
function orderOfOctets(a: Uint8Array, b: Uint8Array, bits = Number.POSITIVE_INFINITY): number {
  const n = Math.min(a.length, b.length, Math.ceil(bits / 8))
  for (let i = 0; i < n; i++) {
    const mask = bits >= 8 * i + 8 ? 0xff : 0xff00 >> (bits - 8 * i)
    const difference = (a[i] & mask) - (b[i] & mask)
    if (difference !== 0) return difference
  }
  return 8 * n >= bits ? 0 : a.length - b.length
}

function numbers(relation: Relation, than: number): (v: Value) => boolean {
  switch (relation) {
    case '==':
      return (v) => v === than
    case '!=':
      return (v) => v !== than
    case '>':
      return (v) => (v as number) > than
    case '>=':
      return (v) => (v as number) >= than
    case '<':
      return (v) => (v as number) < than
    case '<=':
      return (v) => (v as number) <= than
    default:
      return relation satisfies never
  }
}

/** Whether a value of the type stands in the relation to the constant. */
export function against(relation: Relation, type: FieldType, { value, prefix }: Constant): (v: Value) => boolean {
  if (typeof value === 'number') {
    if (prefix === undefined) return numbers(relation, value)
    const mask = maskOf(prefix)
    const test = numbers(relation, (value & mask) >>> 0)
    return (v) => test(((v as number) & mask) >>> 0)
  }
  if (typeof value === 'string') {
    return (v) => holds(relation, (v as string) === value ? 0 : (v as string) > value ? 1 : -1)
  }
  return (v) => holds(relation, orderOfOctets(octetsOf(type, v), value, prefix))
}

/** The relation between values of two types that are `comparable`. */
export function between(relation: Relation, left: FieldType, right: FieldType): (a: Value, b: Value) => boolean {
  const asOctets = isOctets(KINDS[left]) && left !== right
  return (a, b) => {
    if (asOctets || typeof a === 'object') return holds(relation, orderOfOctets(octetsOf(left, a), octetsOf(right, b)))
    return holds(relation, a === b ? 0 : a > b ? 1 : -1)
  }
}

/** Knuth, Morris and Pratt: the time is that of reading both once, whatever they hold. */
function borders(part: Uint8Array): Int32Array {
  const found = new Int32Array(part.length)
  let k = 0
  for (let i = 1; i < part.length; i++) {
    while (k > 0 && part[i] !== part[k]) k = found[k - 1]
    if (part[i] === part[k]) k++
    found[i] = k
  }
  return found
}

/** Whether some octets hold these. */
export function searcher(part: Uint8Array): (whole: Uint8Array) => boolean {
  if (part.length === 0) return () => true
  const back = borders(part)
  return (whole) => {
    let k = 0
    for (let i = 0; i < whole.length; i++) {
      while (k > 0 && whole[i] !== part[k]) k = back[k - 1]
      if (whole[i] === part[k] && ++k === part.length) return true
    }
    return false
  }
}
