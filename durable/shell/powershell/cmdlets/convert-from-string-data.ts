import { cmdlet } from '../cmdlet.ts'
import type { PsValue } from '../values/value.ts'

export const convertFromStringData = cmdlet(
  {
    name: 'ConvertFrom-StringData',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Converts a string containing one or more key and value pairs to a hash table.',
    supports: ['StringData'],
    signature: 'StringData!@0<v',
  },
  function* (call, bound) {
    const entries = new Map<string, PsValue>()
    for (const raw of (bound.text('StringData') ?? '').split(/\r?\n/)) {
      const line = raw.trim()
      if (line === '' || line.startsWith('#')) continue
      const at = line.indexOf('=')
      if (at < 0)
        return call.fail({
          message: `Data line '${line}' is not in 'name=value' format.`,
          category: 'InvalidOperation',
          exception: 'PSInvalidOperationException',
          id: 'InvalidOperation',
        })
      entries.set(
        line.slice(0, at).trim(),
        line
          .slice(at + 1)
          .trim()
          .replace(/\\\\/g, '\\'),
      )
    }
    yield* call.emit({ kind: 'hash', entries, ordered: false })
  },
)
