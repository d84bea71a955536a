// Sequence numbers (RFC 9293 section 3.4): kept as signed 32-bit numbers, which engines hold without boxing. Only differences mean anything.
export type Seq = number

export const lt = (a: Seq, b: Seq): boolean => ((a - b) | 0) < 0
export const leq = (a: Seq, b: Seq): boolean => ((a - b) | 0) <= 0
export const gt = (a: Seq, b: Seq): boolean => ((a - b) | 0) > 0
export const geq = (a: Seq, b: Seq): boolean => ((a - b) | 0) >= 0
export const plus = (a: Seq, n: number): Seq => (a + n) | 0
/** How far `a` is ahead of `b`. */
export const minus = (a: Seq, b: Seq): number => (a - b) | 0
export const later = (a: Seq, b: Seq): Seq => (((a - b) | 0) > 0 ? a : b)
