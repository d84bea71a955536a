import type { Cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { type PsValue, unroll } from '../values/value.ts'

/** Windows PowerShell 5.1 puts two spaces behind colons and aligns with the opening bracket. */
function json(value: PsValue, indent: number, depth: number, compress: boolean): string {
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  const entries = Array.isArray(value)
    ? undefined
    : value.kind === 'object'
      ? [...value.props]
      : value.kind === 'hash'
        ? [...value.entries]
        : []
  if (!Array.isArray(value) && value.kind !== 'object' && value.kind !== 'hash') return JSON.stringify(text(value))
  if (depth < 0) return JSON.stringify(text(value))
  const pad = ' '.repeat(indent + 4)
  const [line, close] = compress ? ['', ''] : [`\n${pad}`, `\n${' '.repeat(indent)}`]
  if (entries === undefined) {
    const items = (value as PsValue[]).map((item) => json(item, indent + 4, depth - 1, compress))
    return items.length === 0 ? '[]' : `[${line}${items.join(`,${line}`)}${close}]`
  }
  const items = entries.map(([name, item]) => {
    const head = `${JSON.stringify(name)}:${compress ? '' : '  '}`
    return head + json(item, indent + 4 + head.length, depth - 1, compress)
  })
  return items.length === 0 ? '{}' : `{${line}${items.join(`,${line}`)}${close}}`
}

export const convertToJson: Cmdlet = {
  name: 'ConvertTo-Json',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Converts an object to a JSON-formatted string.',
  supports: ['InputObject', 'Depth', 'Compress'],
  signature: 'InputObject:Object@0<v Depth:Int32 Compress?',
  start(call) {
    const held: PsValue[] = []
    return {
      process(bound) {
        held.push(...(call.piped ? [bound.get('InputObject') ?? null] : unroll(bound.get('InputObject') ?? null)))
      },
      *end() {
        const value: PsValue = held.length === 1 ? held[0] : held
        if (held.length > 0) yield* call.emit(json(value, 0, call.bound.number('Depth') ?? 2, call.bound.flag('Compress')))
      },
    }
  },
}
