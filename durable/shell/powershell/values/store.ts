// Variables outlive a command line as plain data in the console's memory.
import type { Json } from '../../../engine/sim/json.ts'
import { PsList, type PsValue } from './value.ts'

/** Each composite value is `[tag, ...]`, so that nothing a person stores can be mistaken for one. */
export function store(value: PsValue, depth = 0): Json {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'number' && !Number.isFinite(value) ? ['n', String(value)] : value
  }
  if (depth > 40) return null
  if (Array.isArray(value)) {
    const items = value.map((item) => store(item, depth + 1))
    return value instanceof PsList ? ['l', value.type, items] : ['a', items]
  }
  switch (value.kind) {
    case 'object':
      return ['o', [...value.types], pairs(value.props, depth), value.text ?? null]
    case 'hash':
      return ['h', pairs(value.entries, depth), value.ordered]
    case 'script':
      return ['s', value.source]
    case 'date':
      return ['d', value.micros]
    case 'span':
      return ['t', value.micros]
    case 'type':
      return ['y', value.name]
    default:
      return value satisfies never
  }
}

const pairs = (map: ReadonlyMap<string, PsValue>, depth: number): Json =>
  [...map].map(([name, item]) => [name, store(item, depth + 1)])

export function load(stored: Json): PsValue {
  if (stored === null || typeof stored !== 'object') return stored
  if (!Array.isArray(stored)) return null
  const [tag, first, second, third] = stored as readonly Json[]
  switch (tag) {
    case 'n':
      return Number(first)
    case 'a':
      return (first as readonly Json[]).map(load)
    case 'l':
      return new PsList(String(first), (second as readonly Json[]).map(load))
    case 'o':
      return {
        kind: 'object',
        types: first as readonly string[],
        props: unpair(second),
        ...(typeof third === 'string' ? { text: third } : {}),
      }
    case 'h':
      return { kind: 'hash', entries: unpair(first), ordered: second === true }
    case 's':
      return { kind: 'script', source: String(first) }
    case 'd':
      return { kind: 'date', micros: Number(first) }
    case 't':
      return { kind: 'span', micros: Number(first) }
    case 'y':
      return { kind: 'type', name: String(first) }
    default:
      return null
  }
}

const unpair = (stored: Json): Map<string, PsValue> =>
  new Map((stored as readonly (readonly [string, Json])[]).map(([name, item]) => [name, load(item)]))
