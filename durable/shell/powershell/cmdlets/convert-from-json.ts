import type { Cmdlet } from '../cmdlet.ts'
import { custom, type PsValue } from '../values/value.ts'

type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain }

function made(value: Plain): PsValue {
  if (Array.isArray(value)) return value.map(made)
  if (value !== null && typeof value === 'object')
    return custom(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, made(each)])))
  return value
}

/** Throws a SyntaxError when the text is no JSON. */
export const fromJson = (text: string): PsValue => made(JSON.parse(text) as Plain)

export const convertFromJson: Cmdlet = {
  name: 'ConvertFrom-Json',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Converts a JSON-formatted string to a custom object.',
  supports: ['InputObject'],
  signature: 'InputObject!@0<v',
  start(call) {
    const lines: string[] = []
    return {
      process(bound) {
        lines.push(...bound.texts('InputObject'))
      },
      *end() {
        let value: PsValue
        try {
          value = fromJson(lines.join('\n'))
        } catch {
          return call.fail({
            message: `Invalid JSON primitive: ${lines.join('\n').trim().slice(0, 40)}.`,
            category: 'NotSpecified',
            exception: 'ArgumentException',
            id: 'System.ArgumentException',
          })
        }
        // A list at the top goes on as one object in this version.
        yield* call.emit(value)
      },
    }
  },
}
