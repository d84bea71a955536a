import type { Binding } from '../binding/bind.ts'
import type { Bound } from '../cmdlet.ts'
import { toNumber, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { isScript, type PsValue } from '../values/value.ts'

export function boundFrom(binding: Binding, set: string, read?: Set<string>): Bound {
  const values = new Map<string, PsValue>()
  for (const [parameter, value] of binding.values) values.set(parameter.name, value)
  return boundOf(values, set, read)
}

/** `read` gathers which parameters somebody looked at: none that is bound may be ignored. */
export function boundOf(values: ReadonlyMap<string, PsValue>, set: string, read?: Set<string>): Bound {
  const given = (name: string): PsValue | undefined => {
    read?.add(name)
    return values.get(name)
  }
  const list = (name: string): readonly PsValue[] => {
    const value = given(name)
    return value === undefined ? [] : Array.isArray(value) ? value : [value]
  }
  return {
    set,
    has: (name) => given(name) !== undefined,
    get: given,
    flag: (name) => truth(given(name) ?? false),
    text: (name) => {
      const value = given(name)
      return value === undefined ? undefined : text(value)
    },
    list,
    texts: (name) => list(name).map((item) => text(item)),
    number: (name) => {
      const value = given(name)
      return value === undefined ? undefined : toNumber(value)
    },
    numbers: (name) => list(name).map((item) => toNumber(item) ?? 0),
    script: (name) => {
      const value = given(name) ?? null
      return isScript(value) ? value : undefined
    },
  }
}
