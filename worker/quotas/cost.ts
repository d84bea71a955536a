// What the platform would charge for an organisation's month, by list price and beyond no allowance: an allowance belongs to the
// whole installation. Prices in dollars as of 2026-11 (Cloudflare Workers Paid).

const PRICE = {
  /** A million requests to objects, and to the Worker. */
  objectRequests: 0.15,
  workerRequests: 0.3,
  /** A million gigabyte-seconds; an object is billed as 128 MB. */
  duration: 12.5,
  /** A million rows written. */
  rows: 1,
  /** A gigabyte for a month. */
  storage: 0.2,
} as const

const OBJECT_GB = 0.128
/** Rows that a request writes on average: the journal line, the clock, changed parts, a block of packets. */
const ROWS_A_REQUEST = 4

export type Used = { readonly requests: number; readonly liveMs: number; readonly bytes: number }
export type Cost = {
  readonly requests: number
  readonly duration: number
  readonly rows: number
  readonly storage: number
  readonly total: number
}

export function costOf({ requests, liveMs, bytes }: Used): Cost {
  const parts = {
    requests: (requests / 1e6) * (PRICE.objectRequests + PRICE.workerRequests),
    duration: ((liveMs / 1000) * OBJECT_GB * PRICE.duration) / 1e6,
    rows: ((requests * ROWS_A_REQUEST) / 1e6) * PRICE.rows,
    storage: (bytes / 1024 ** 3) * PRICE.storage,
  }
  const total = parts.requests + parts.duration + parts.rows + parts.storage
  const rounded = Object.entries({ ...parts, total }).map(([name, dollars]) => [name, Math.round(dollars * 10_000) / 10_000])
  return Object.fromEntries(rounded) as Cost
}
