// What a capture filter comes down to: comparisons of loads out of the packet, joined by and, or, not. The packet filter of
// a kernel knows nothing else (McCanne, Jacobson 1993), and what it does is repeated here: a load beyond the end of the packet
// rejects it, whatever stands around the load.

/** Where a load counts from: the frame, its type field, the network header, an IPv4 transport header. */
export type Base = 'frame' | 'type' | 'net' | 'transport'

export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | {
      readonly kind: 'load'
      readonly base: Base
      /** Octets of tags that the expression has stepped over. */
      readonly shift: number
      readonly offset: Value
      readonly size: 1 | 2 | 4
    }
  | { readonly kind: 'binary'; readonly op: ArithmeticOp; readonly a: Value; readonly b: Value }
  | { readonly kind: 'negative'; readonly a: Value }

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>'
export type Relation = '>' | '>=' | '=' | '!=' | '<' | '<='

export type Test =
  | { readonly kind: 'and' | 'or'; readonly a: Test; readonly b: Test }
  | { readonly kind: 'not'; readonly a: Test }
  | { readonly kind: 'compare'; readonly relation: Relation; readonly a: Value; readonly b: Value }
  /** Which way the packet went: known of a live capture only. */
  | { readonly kind: 'direction'; readonly out: boolean }

export const number = (value: number): Value => ({ kind: 'number', value })
export const load = (base: Base, offset: number, size: 1 | 2 | 4, shift: number): Value => ({
  kind: 'load',
  base,
  shift,
  offset: number(offset),
  size,
})
export const masked = (a: Value, mask: number): Value =>
  mask === 0xffffffff ? a : { kind: 'binary', op: '&', a, b: number(mask) }
export const compare = (a: Value, relation: Relation, b: number): Test => ({ kind: 'compare', relation, a, b: number(b) })
export const and = (a: Test, ...rest: Test[]): Test => rest.reduce<Test>((all, next) => ({ kind: 'and', a: all, b: next }), a)
export const or = (a: Test, ...rest: Test[]): Test => rest.reduce<Test>((all, next) => ({ kind: 'or', a: all, b: next }), a)
export const not = (a: Test): Test => ({ kind: 'not', a })

/** How frames of a link begin. */
export type LinkLayer = {
  readonly type: number
  /** Where the type field and the network header stand; -1: there is no type field, every packet is IP. */
  readonly typeAt: number
  readonly netAt: number
}
