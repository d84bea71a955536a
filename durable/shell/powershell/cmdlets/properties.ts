// The property lists of Select, Sort, Group and Format: names, wildcards, blocks, and `@{n=...; e={...}}`.
import { done, type Gen } from '../../windows/program.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import type { Call } from '../cmdlet.ts'
import { member } from '../eval/members.ts'
import { text } from '../values/text.ts'
import { collect, entryOf, isHash, isObject, isScript, type PsScript, type PsValue } from '../values/value.ts'

export type Spec = {
  readonly label: string
  readonly get: string | PsScript
  readonly width?: number
  readonly right?: boolean
  readonly descending?: boolean
}

export function specs(values: readonly PsValue[]): Spec[] {
  return values.flatMap((value) => (Array.isArray(value) ? specs(value) : [spec(value)]))
}

function spec(value: PsValue): Spec {
  if (isScript(value)) return { label: value.source.trim(), get: value }
  if (!isHash(value)) return { label: text(value), get: text(value) }
  const key = (...names: readonly string[]): PsValue | undefined => {
    for (const name of names) {
      const found = entryOf(value.entries, name)
      if (found !== undefined) return found[1]
    }
    return undefined
  }
  const expression = key('Expression', 'e') ?? ''
  const get = isScript(expression) ? expression : text(expression)
  const label = key('Name', 'n', 'Label', 'l')
  const width = key('Width', 'w')
  const align = text(key('Alignment', 'a') ?? '').toLowerCase()
  return {
    label: label === undefined ? (typeof get === 'string' ? get : get.source.trim()) : text(label),
    get,
    ...(typeof width === 'number' ? { width } : {}),
    ...(align === '' ? {} : { right: align === 'right' }),
    ...(key('Descending', 'd') === true ? { descending: true } : {}),
  }
}

/** The value of one property of one item. */
export function* evaluateSpec(call: Call, one: Spec, item: PsValue): Gen<PsValue> {
  if (typeof one.get === 'string') return member(item, one.get)
  const out: PsValue[] = []
  yield* call.invoke(one.get, item, (value) => {
    out.push(value)
    return done()
  })
  return collect(out)
}

/** Wildcards become the names that the item has; a plain name takes the spelling of the object. */
export function expandNames(all: readonly Spec[], item: PsValue): Spec[] {
  const names = isObject(item)
    ? [...item.props.keys()]
    : isHash(item)
      ? [...item.entries.keys()]
      : typeof item === 'string'
        ? ['Length']
        : []
  return all.flatMap((one) => {
    if (typeof one.get !== 'string') return [one]
    if (hasWildcard(one.get)) {
      const matches = wildcard(one.get)
      return names.filter((name) => matches(name)).map((name) => ({ ...one, label: name, get: name }))
    }
    const lower = one.get.toLowerCase()
    const proper = names.find((name) => name.toLowerCase() === lower)
    return [one.label === one.get && proper !== undefined ? { ...one, label: proper, get: proper } : one]
  })
}

/** The items as plain objects with the wanted properties. */
export function* project(call: Call, all: readonly Spec[], item: PsValue): Gen<Map<string, PsValue>> {
  const props = new Map<string, PsValue>()
  for (const one of expandNames(all, item)) if (!props.has(one.label)) props.set(one.label, yield* evaluateSpec(call, one, item))
  return props
}
