import type { Binding } from '../binding/bind.ts'
import type { Bound } from '../cmdlet.ts'
import { toNumber, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { isScript, type PsValue } from '../values/value.ts'

export function boundFrom(binding: Binding, set: string): Bound {
  const values = new Map<string, PsValue>()
  for (const [parameter, value] of binding.values) values.set(parameter.name, value)
  const list = (name: string): readonly PsValue[] => {
    const value = values.get(name)
    return value === undefined ? [] : Array.isArray(value) ? value : [value]
  }
  return {
    set,
    has: (name) => values.has(name),
    get: (name) => values.get(name),
    flag: (name) => truth(values.get(name) ?? false),
    text: (name) => {
      const value = values.get(name)
      return value === undefined ? undefined : text(value)
    },
    list,
    texts: (name) => list(name).map((item) => text(item)),
    number: (name) => {
      const value = values.get(name)
      return value === undefined ? undefined : toNumber(value)
    },
    numbers: (name) => list(name).map((item) => toNumber(item) ?? 0),
    script: (name) => {
      const value = values.get(name) ?? null
      return isScript(value) ? value : undefined
    },
  }
}
