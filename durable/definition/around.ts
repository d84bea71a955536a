// Surroundings that many labs share: `around: home` puts a home network and the Internet behind it around a lab's own machines.
import { parse } from 'yaml'
import home from './around/home.yaml'

const TEXTS: { readonly [name: string]: string } = { home }

export const AROUND = ['home'] as const

type Block = { readonly [key: string]: unknown }

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own fields win; blocks are put together, lists follow one another with the lab's own first, so that its places stay. */
function together(own: unknown, shared: unknown): unknown {
  if (own === undefined) return shared
  if (Array.isArray(own) && Array.isArray(shared)) return [...own, ...shared]
  if (!isBlock(own) || !isBlock(shared)) return own
  const keys = new Set([...Object.keys(own), ...Object.keys(shared)])
  return Object.fromEntries([...keys].map((key) => [key, together(own[key], shared[key])]))
}

/** What a lab.yaml says, with its surroundings filled in. Unknown surroundings are left for the schema to refuse. */
export function withSurroundings(data: unknown): unknown {
  if (!isBlock(data) || typeof data.around !== 'string' || !Object.hasOwn(TEXTS, data.around)) return data
  return together(data, parse(TEXTS[data.around] as string))
}
