// Tests: what a comparison becomes when it is compiled. A test never fails, it only answers no.
import type { Packet, Value } from './field.ts'
import { type Fault, faultAt, type Token } from './lexer.ts'
import { type Constant, constant, octetsOf, TYPE_NAMES } from './literal.ts'
import type { Operand } from './operand.ts'
import { against, between, comparable, type Relation, searchable, searcher } from './relation.ts'

export type Test = (packet: Packet) => boolean

/** A field may have several values in a packet: one that fits, or every one (and there is one). */
export type Quantifier = 'any' | 'all'

const RELATIONS: { readonly [sign: string]: readonly [Relation, Quantifier] } = {
  '==': ['==', 'any'],
  eq: ['==', 'any'],
  any_eq: ['==', 'any'],
  '===': ['==', 'all'],
  all_eq: ['==', 'all'],
  '!=': ['!=', 'all'],
  ne: ['!=', 'all'],
  all_ne: ['!=', 'all'],
  '!==': ['!=', 'any'],
  '~=': ['!=', 'any'],
  any_ne: ['!=', 'any'],
  '>': ['>', 'any'],
  gt: ['>', 'any'],
  '>=': ['>=', 'any'],
  ge: ['>=', 'any'],
  '<': ['<', 'any'],
  lt: ['<', 'any'],
  '<=': ['<=', 'any'],
  le: ['<=', 'any'],
}
export const relationOf = (token: Token): readonly [Relation, Quantifier] | undefined =>
  (token.kind === 'op' || token.kind === 'word') && Object.hasOwn(RELATIONS, token.text) ? RELATIONS[token.text] : undefined

/** One list a test, used again for every packet. */
function quantified(of: Operand, quantifier: Quantifier, fits: (value: Value) => boolean): Test {
  const found: Value[] = []
  return (packet) => {
    found.length = 0
    of.read(packet, found)
    return quantifier === 'any' ? found.some(fits) : found.length > 0 && found.every(fits)
  }
}

const anyBit = (value: Value): boolean => (typeof value === 'object' ? value.some((octet) => octet !== 0) : value !== 0)

export function existing(of: Operand): Test | Fault {
  if (of.result) return faultAt(of.token, `${of.label} is a value: compare it with something`)
  return quantified(of, 'any', of.masked ? anyBit : () => true)
}

/** The constant that a token stands for beside an operand. */
export function valueBeside(of: Operand, token: Token): Constant | Fault {
  if (token.kind === 'end') return faultAt(token, `a value is missing: ${of.label} is compared with ${TYPE_NAMES[of.type]}`)
  if (token.kind === 'op' || token.kind === 'slice') return faultAt(token, `${TYPE_NAMES[of.type]} is expected here`)
  const found = constant(of.type, token, of.label, of.names)
  return typeof found === 'string' ? faultAt(token, found) : found
}

export const compared = (of: Operand, relation: Relation, quantifier: Quantifier, value: Constant): Test =>
  quantified(of, quantifier, against(relation, of.type, value))

/** Two fields: any two values of theirs, or all of them with each other. */
export function paired(left: Operand, relation: Relation, quantifier: Quantifier, right: Operand): Test | Fault {
  if (!comparable(left.type, right.type)) {
    return faultAt(right.token, `${left.label} is ${TYPE_NAMES[left.type]}, ${right.label} is ${TYPE_NAMES[right.type]}`)
  }
  const fits = between(relation, left.type, right.type)
  const theirs: Value[] = []
  const ours: Value[] = []
  return (packet) => {
    ours.length = theirs.length = 0
    left.read(packet, ours)
    right.read(packet, theirs)
    if (ours.length === 0 || theirs.length === 0) return false
    return quantifier === 'any'
      ? ours.some((a) => theirs.some((b) => fits(a, b)))
      : ours.every((a) => theirs.every((b) => fits(a, b)))
  }
}

/** What is searched for may be text, octets, or another field. */
export function containing(of: Operand, quantifier: Quantifier, part: Token | Operand): Test | Fault {
  if (!searchable(of.type))
    return faultAt(of.token, `contains looks into a text or octets, and ${of.label} is ${TYPE_NAMES[of.type]}`)
  if ('read' in part) {
    if (!searchable(part.type))
      return faultAt(part.token, `contains looks for a text or octets, and ${part.label} is ${TYPE_NAMES[part.type]}`)
    const wanted: Value[] = []
    return (packet) => {
      wanted.length = 0
      part.read(packet, wanted)
      return wanted.some((one) => {
        const has = searcher(octetsOf(part.type, one))
        return quantified(of, quantifier, (value) => has(octetsOf(of.type, value)))(packet)
      })
    }
  }
  const wanted =
    part.kind === 'end' || part.kind === 'op' || part.kind === 'slice'
      ? undefined
      : constant(of.type === 'string' ? 'string' : 'bytes', part, of.label)
  if (wanted === undefined)
    return faultAt(part, 'a text in quotation marks or octets such as 00:15:5d are expected after contains')
  if (typeof wanted === 'string') return faultAt(part, wanted)
  const has = searcher(octetsOf('bytes', wanted.value))
  return quantified(of, quantifier, (value) => has(octetsOf(of.type, value)))
}

/** From and to; a single value has no `to`. */
export type Member = { readonly from: Constant; readonly to?: Constant }

export function within(of: Operand, quantifier: Quantifier, members: readonly Member[]): Test {
  const single = new Set(
    members.flatMap(({ from, to }) =>
      to === undefined && from.prefix === undefined && typeof from.value !== 'object' ? [from.value] : [],
    ),
  )
  const others = members.flatMap(({ from, to }) => {
    if (to === undefined) return typeof from.value !== 'object' && from.prefix === undefined ? [] : [against('==', of.type, from)]
    const [low, high] = [against('>=', of.type, from), against('<=', of.type, to)]
    return [(value: Value) => low(value) && high(value)]
  })
  return quantified(
    of,
    quantifier,
    (value) => (typeof value !== 'object' && single.has(value)) || others.some((fits) => fits(value)),
  )
}
