import { wildcard } from '../../windows/regex/wildcard.ts'
import type { Cmdlet } from '../cmdlet.ts'
import { display } from '../values/text.ts'
import { isObject, object, type PsValue, typeName } from '../values/value.ts'

const methods: Record<string, readonly string[]> = {
  'System.String': [
    'Contains',
    'EndsWith',
    'IndexOf',
    'Insert',
    'PadLeft',
    'PadRight',
    'Remove',
    'Replace',
    'Split',
    'StartsWith',
    'Substring',
    'ToLower',
    'ToUpper',
    'Trim',
    'TrimEnd',
    'TrimStart',
  ],
}

export const getMember: Cmdlet = {
  name: 'Get-Member',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Gets the properties and methods of objects.',
  supports: ['InputObject', 'Name', 'MemberType'],
  signature: 'InputObject:PSObject<v Name[]@0 MemberType(Type) View Static? Force?',
  start(call) {
    const seen = new Set<string>()
    const names = call.bound.texts('Name').map((name) => wildcard(name))
    const type = call.bound.text('MemberType')?.toLowerCase()
    return {
      *process(_, input) {
        const item = input ?? call.bound.get('InputObject')
        if (item === undefined || item === null || seen.has(typeName(item))) return
        seen.add(typeName(item))
        const rows = members(item).filter(
          ([name, kind]) =>
            (names.length === 0 || names.some((matches) => matches(name))) &&
            (type === undefined || kind.toLowerCase().includes(type)),
        )
        for (const [name, kind, definition] of rows)
          yield* call.emit(
            object('Microsoft.PowerShell.Commands.MemberDefinition', {
              TypeName: typeName(item),
              Name: name,
              MemberType: kind,
              Definition: definition,
            }),
          )
      },
    }
  },
}

function members(item: PsValue): [string, string, string][] {
  const short = (value: PsValue) =>
    typeName(value).replace(
      /^System\.(String|Int32|Boolean|Object\[\])$/,
      (_, name: string) => ({ String: 'string', Int32: 'int', Boolean: 'bool' })[name] ?? 'Object[]',
    )
  const own: [string, string, string][] = (methods[typeName(item)] ?? ['Equals', 'GetHashCode', 'GetType', 'ToString']).map(
    (name) => [name, 'Method', `${name}()`],
  )
  if (!isObject(item)) return typeof item === 'string' ? [...own, ['Length', 'Property', 'int Length {get;}']] : own
  const custom = item.types[0].endsWith('PSCustomObject')
  const props = [...item.props].map(([name, value]): [string, string, string] => [
    name,
    custom ? 'NoteProperty' : 'Property',
    custom ? `${short(value)} ${name}=${display(value)}` : `${short(value)} ${name} {get;}`,
  ])
  return [...own, ...props.sort((a, b) => (a[0].toLowerCase() < b[0].toLowerCase() ? -1 : 1))]
}
