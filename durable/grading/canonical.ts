import { createHash } from 'node:crypto'

type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [key: string]: Value }

/** JSON with its keys in order and nothing between: equal values are equal texts, wherever they were made. */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value as Value))
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value as { readonly [key: string]: Value }).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, one]) => [key, sorted(one)]))
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
