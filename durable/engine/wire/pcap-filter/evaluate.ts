import type { LinkLayer, Relation, Test, Value } from './ast.ts'

export type Looked = {
  readonly bytes: Uint8Array
  /** The length on the wire; `bytes` may be the beginning only. */
  readonly length: number
  /** Undefined: not known, as of a packet out of a file. */
  readonly out?: boolean
}

/** A load that ran over the end: the packet is rejected as a whole. */
const REJECTED = -1

/** Whether a packet passes. */
export const passes = (test: Test, link: LinkLayer, packet: Looked): boolean => decide(test, link, packet) === 1

/** 1, 0, or REJECTED. */
function decide(test: Test, link: LinkLayer, packet: Looked): number {
  switch (test.kind) {
    case 'and': {
      const a = decide(test.a, link, packet)
      return a === 1 ? decide(test.b, link, packet) : a
    }
    case 'or': {
      const a = decide(test.a, link, packet)
      return a === 0 ? decide(test.b, link, packet) : a
    }
    case 'not': {
      const a = decide(test.a, link, packet)
      return a === REJECTED ? a : 1 - a
    }
    case 'compare': {
      const a = amountOf(test.a, link, packet)
      if (a === REJECTED) return REJECTED
      const b = amountOf(test.b, link, packet)
      if (b === REJECTED) return REJECTED
      return related(test.relation, a, b) ? 1 : 0
    }
    case 'direction':
      return packet.out === test.out ? 1 : 0
    default:
      test satisfies never
      return 0
  }
}

export function related(relation: Relation, a: number, b: number): boolean {
  switch (relation) {
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '=':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    default:
      relation satisfies never
      return false
  }
}

function amountOf(value: Value, link: LinkLayer, packet: Looked): number {
  switch (value.kind) {
    case 'number':
      return value.value
    case 'length':
      return packet.length
    case 'load': {
      const offset = amountOf(value.offset, link, packet)
      if (offset === REJECTED) return REJECTED
      if (value.base === 'type' && link.typeAt < 0) return typeOfRaw(packet.bytes)
      const from = baseOf(value.base, value.shift, link, packet.bytes)
      return from === REJECTED ? REJECTED : read(packet.bytes, from + offset, value.size)
    }
    case 'negative': {
      const a = amountOf(value.a, link, packet)
      return a === REJECTED ? a : -a >>> 0
    }
    case 'binary': {
      const a = amountOf(value.a, link, packet)
      if (a === REJECTED) return REJECTED
      const b = amountOf(value.b, link, packet)
      return b === REJECTED ? REJECTED : calculate(value.op, a, b)
    }
    default:
      value satisfies never
      return REJECTED
  }
}

/** A packet without a link header says by its first four bits what it is. */
function typeOfRaw(bytes: Uint8Array): number {
  if (bytes.length === 0) return REJECTED
  const version = (bytes[0] as number) >> 4
  return version === 4 ? 0x0800 : version === 6 ? 0x86dd : 0
}

function baseOf(base: 'frame' | 'type' | 'net' | 'transport', shift: number, link: LinkLayer, bytes: Uint8Array): number {
  switch (base) {
    case 'frame':
      return 0
    case 'type':
      return link.typeAt + shift
    case 'net':
      return link.netAt + shift
    case 'transport': {
      const net = link.netAt + shift
      if (net >= bytes.length) return REJECTED
      return net + 4 * ((bytes[net] as number) & 15)
    }
    default:
      base satisfies never
      return REJECTED
  }
}

function read(bytes: Uint8Array, at: number, size: number): number {
  if (at + size > bytes.length) return REJECTED
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[at + i] as number)
  return value
}

/** Arithmetic of 32 bits without a sign, as the filter machine does it. */
export function calculate(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return (a + b) >>> 0
    case '-':
      return (a - b) >>> 0
    case '*':
      return Math.imul(a, b) >>> 0
    case '/':
      return b === 0 ? REJECTED : Math.floor(a / b)
    case '%':
      return b === 0 ? REJECTED : a % b
    case '&':
      return (a & b) >>> 0
    case '|':
      return (a | b) >>> 0
    case '^':
      return (a ^ b) >>> 0
    case '<<':
      return b > 31 ? 0 : (a << b) >>> 0
    case '>>':
      return b > 31 ? 0 : a >>> b
    default:
      return REJECTED
  }
}
