/** Lab time: integer microseconds since the lab was first powered on. Exact in a double for 285 years. */
export type Micros = number

export const MILLISECOND = 1_000
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** "No time at all": the answer of a part that has nothing to do. Stored as null, since JSON has no infinity. */
export const NEVER = Number.POSITIVE_INFINITY

export const storeTime = (at: Micros): number | null => (at === NEVER ? null : at)
export const loadTime = (at: number | null): Micros => (at === null ? NEVER : at)
