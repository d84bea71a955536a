// Objects as comma-separated values, as Windows PowerShell 5.1 writes them: everything in quotes, the type in a first line.
import type { Call, Cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { entryOf, isHash, isObject, type PsValue, typeName } from '../values/value.ts'
import { fullPath } from './get-content.ts'

const quoted = (value: string): string => `"${value.replace(/"/g, '""')}"`

function rows(held: readonly PsValue[], delimiter: string, typed: boolean): string[] {
  const [first] = held
  if (first === undefined) return []
  const entries = (value: PsValue): ReadonlyMap<string, PsValue> =>
    isObject(value) ? value.props : isHash(value) ? value.entries : new Map([['Length', text(value).length]])
  const names = [...entries(first).keys()]
  const cell = (value: PsValue, name: string) => {
    const found = entryOf(entries(value), name)?.[1]
    return found === undefined || found === null ? '' : quoted(text(found))
  }
  return [
    ...(typed ? [`#TYPE ${typeName(first)}`] : []),
    names.map(quoted).join(delimiter),
    ...held.map((value) => names.map((name) => cell(value, name)).join(delimiter)),
  ]
}

const common = 'InputObject!:PSObject<v Delimiter:Object@1 UseCulture? NoTypeInformation?(NTI)'

function gathering(spec: Omit<Cmdlet, 'start' | 'module'>, finish: (call: Call, lines: string[]) => Generator | void): Cmdlet {
  return {
    ...spec,
    module: 'Microsoft.PowerShell.Utility',
    start(call) {
      const held: PsValue[] = []
      return {
        process(each, input) {
          held.push(input ?? each.get('InputObject') ?? null)
        },
        end() {
          const lines = rows(held, call.bound.text('Delimiter') ?? ',', !call.bound.flag('NoTypeInformation'))
          return finish(call, lines) as ReturnType<NonNullable<ReturnType<Cmdlet['start']>['end']>>
        },
      }
    },
  }
}

export const convertToCsv = gathering(
  {
    name: 'ConvertTo-Csv',
    synopsis: 'Converts objects into a series of comma-separated value strings.',
    supports: ['InputObject', 'Delimiter', 'NoTypeInformation'],
    signature: common.replace('@1', '@0'),
  },
  function* (call, lines) {
    for (const line of lines) yield* call.emit(line)
  },
)

export const exportCsv = gathering(
  {
    name: 'Export-Csv',
    synopsis: 'Converts objects into comma-separated values and saves them in a file.',
    supports: ['InputObject', 'Path', 'LiteralPath', 'Delimiter', 'NoTypeInformation', 'Force', 'Encoding', 'Append'],
    signature: `${common} Path@0 LiteralPath(PSPath) Force? NoClobber?(NoOverwrite) Encoding Append? Confirm?(cf) WhatIf?(wi)`,
  },
  (call, lines) => {
    const path = fullPath(call, call.bound.text('Path') ?? call.bound.text('LiteralPath') ?? '')
    const old = call.bound.flag('Append') ? call.kernel.readFile(path) : undefined
    // What is added has no head of its own.
    const head = call.bound.flag('NoTypeInformation') ? 1 : 2
    const added = old === undefined ? lines : lines.slice(head)
    const done = call.kernel.writeFile(path, (old ?? '') + added.map((line) => `${line}\r\n`).join(''))
    if (!done.ok)
      call.error({
        message: `Access to the path '${path}' is denied.`,
        category: 'OpenError',
        target: ':',
        exception: 'UnauthorizedAccessException',
        id: 'FileOpenFailure',
      })
  },
)
