// What stands on one side of a comparison: a field, a part of one, or a function of one.
import { type Field, type FieldType, type Names, P, type Packet, type Value } from './field.ts'
import { advice, fieldNamed, fields } from './fields/index.ts'
import { type Fault, fault, faultAt, type Token } from './lexer.ts'
import { constant, numberOf, octetsOf, TYPE_NAMES } from './literal.ts'
import { searchable, sliceable } from './relation.ts'
import { nearest } from './suggest.ts'

export type Operand = {
  readonly type: FieldType
  /** How the filter calls it. */
  readonly label: string
  readonly names?: Names
  /** Adds every value that it has in a packet. */
  readonly read: (packet: Packet, out: Value[]) => void
  /** True for what is only worth something in a comparison. */
  readonly result?: boolean
  /** A number that was masked: by itself it asks whether any bit is left. */
  readonly masked?: boolean
  /** The protocols that must be looked for. */
  readonly of: number
  readonly token: Token
}

/** What a field may have in one packet; more is not looked at. */
const MAX_VALUES = 1024

function fieldOperand(field: Field, token: Token, layer: number): Operand {
  const { of } = field
  const label = layer === 0 ? token.text : `${token.text}#${layer}`
  return {
    type: field.type,
    label,
    ...(field.names === undefined ? undefined : { names: field.names }),
    of,
    token,
    read({ subject, layers }, out) {
      let n = 0
      for (const one of layers) {
        if ((one.protocol & of) === 0 || (layer > 0 && ++n !== layer)) continue
        field.read(subject.bytes, one, out, subject)
        if (out.length > MAX_VALUES) return
      }
    },
  }
}

type Range = { readonly from: number; readonly to: number | undefined; readonly length: number | undefined }

/** One of `i`, `i:n`, `i-j`, `:n`, `i:`; an offset below zero counts from the end. */
function rangeOf(text: string): Range | undefined {
  const m = /^\s*(-?\d{1,5})?\s*(?:([:-])\s*(-?\d{1,5})?)?\s*$/.exec(text)
  if (m === null || (m[1] === undefined && m[3] === undefined)) return undefined
  const from = m[1] === undefined ? 0 : Number(m[1])
  const second = m[3] === undefined ? undefined : Number(m[3])
  if (m[2] === undefined) return { from, to: undefined, length: 1 }
  if (m[2] === '-') return m[1] === undefined || second === undefined ? undefined : { from, to: second, length: undefined }
  return second !== undefined && second < 1 ? undefined : { from, to: undefined, length: second }
}

/** The octets of a range, or undefined when they are not all there. */
function cut<T extends string | Uint8Array>(value: T, { from, to, length }: Range): T | undefined {
  const start = from < 0 ? value.length + from : from
  const last = to === undefined ? undefined : to < 0 ? value.length + to : to
  const end = last !== undefined ? last + 1 : length === undefined ? value.length : start + length
  return start < 0 || end > value.length || start >= end ? undefined : (value.slice(start, end) as T)
}

export function sliced(of: Operand, token: Token): Operand | Fault {
  if (!sliceable(of.type)) return faultAt(token, `${of.label} is a number and has no octets to slice`)
  const ranges: Range[] = []
  let at = token.at + 1
  for (const part of token.text.split(',')) {
    const range = rangeOf(part)
    if (range === undefined)
      return fault(at, Math.max(1, part.length), 'a slice is [offset:length], [first-last], [offset:] or [offset]')
    ranges.push(range)
    at += part.length + 1
  }
  const text = of.type === 'string'
  return {
    type: text ? 'string' : 'bytes',
    label: `${of.label}[${token.text}]`,
    of: of.of,
    token: of.token,
    read(packet, out) {
      const whole: Value[] = []
      of.read(packet, whole)
      for (const value of whole) {
        const from = text ? (value as string) : octetsOf(of.type, value)
        const parts = ranges.map((range) => cut(from, range))
        if (parts.some((part) => part === undefined)) continue
        out.push(text ? parts.join('') : Uint8Array.from(parts.flatMap((part) => [...(part as Uint8Array)])))
      }
    },
  }
}

/** Bit by bit; octets of another number than the mask's have no value. */
function and(type: FieldType, value: Value, mask: Value): Value | undefined {
  if (typeof mask === 'number') return ((value as number) & mask) >>> 0
  const octets = octetsOf(type, value)
  return octets.length === mask.length ? octets.map((octet, i) => octet & (mask as Uint8Array)[i]) : undefined
}

export function masked(of: Operand, token: Token): Operand | Fault {
  const type = of.type === 'ether' ? 'bytes' : of.type
  if (!['uint8', 'uint16', 'uint32', 'ipv4', 'bytes'].includes(type)) {
    return faultAt(of.token, `& takes a number, an address or octets, and ${of.label} is none`)
  }
  const mask = token.kind === 'word' ? constant(of.type, token, of.label) : `${TYPE_NAMES[of.type]} is expected after &`
  if (typeof mask === 'string') return faultAt(token, mask)
  return {
    type,
    label: `${of.label} & ${token.text}`,
    masked: true,
    of: of.of,
    token: of.token,
    read(packet, out) {
      const whole: Value[] = []
      of.read(packet, whole)
      for (const value of whole) {
        const left = and(of.type, value, of.type === 'ether' ? octetsOf('ether', mask.value) : mask.value)
        if (left !== undefined) out.push(left)
      }
    },
  }
}

/** ASCII only, as in Wireshark. */
const folded = (upper: boolean) => (text: string) =>
  text.replace(upper ? /[a-z]+/g : /[A-Z]+/g, (part) => (upper ? part.toUpperCase() : part.toLowerCase()))

export const FUNCTIONS = ['lower', 'upper', 'len', 'count']

export function called(name: Token, of: Operand): Operand | Fault {
  const label = `${name.text}(${of.label})`
  const base = { label, of: of.of, token: name, result: true }
  const map = (type: FieldType, change: (value: Value) => Value): Operand => ({
    ...base,
    type,
    read(packet, out) {
      const whole: Value[] = []
      of.read(packet, whole)
      for (const value of whole) out.push(change(value))
    },
  })
  switch (name.text) {
    case 'lower':
    case 'upper': {
      const fold = folded(name.text === 'upper')
      return of.type === 'string'
        ? map('string', (v) => fold(v as string))
        : faultAt(of.token, `${name.text}() takes a text, and ${of.label} is none`)
    }
    case 'len':
      if (of.type === 'protocol' && of.of !== P.frame)
        return faultAt(of.token, `len() of a whole protocol is not known here; use a length field of it`)
      return sliceable(of.type) || searchable(of.type)
        ? map('uint32', (v) => (typeof v === 'string' ? v.length : octetsOf(of.type, v).length))
        : faultAt(of.token, `len() takes a text or octets, and ${of.label} is a number`)
    case 'count':
      if (of.result || of.masked) return faultAt(of.token, 'count() takes a field')
      return {
        ...base,
        type: 'uint32',
        read(packet, out) {
          const whole: Value[] = []
          of.read(packet, whole)
          // What is not there is not counted as none.
          if (whole.length > 0) out.push(whole.length)
        },
      }
    default:
      return faultAt(name, `there is no function ${name.text}(); there are ${FUNCTIONS.join(', ')}`)
  }
}

export function unknown(token: Token): Fault {
  const known = advice(token.text)
  if (known !== undefined) return faultAt(token, `${token.text} is not known here: ${known}`)
  if (/^[\d-]/.test(token.text)) return faultAt(token, 'the field stands on the left, the value on the right')
  const near = nearest(token.text, fields.keys())
  return faultAt(token, `${token.text} is neither a field nor a protocol${near === undefined ? '' : `; did you mean ${near}?`}`)
}

/** The field or protocol that a word names; `layer` counts headers of its kind from the outside, 0 for all. */
export function named(token: Token, layer: number): Operand | undefined {
  const field = fieldNamed(token.text)
  return field === undefined ? undefined : fieldOperand(field, token, layer)
}

/** The number of a header after `#`: from the outside, beginning with one. */
export function layerOf(token: Token): number | Fault {
  const layer = token.kind === 'word' ? numberOf(token.text) : undefined
  return layer === undefined || layer < 1 || layer > 99
    ? faultAt(token, 'after # stands which header is meant, as in ip.src#2')
    : layer
}
