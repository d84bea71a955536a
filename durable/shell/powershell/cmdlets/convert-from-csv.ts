// Comma-separated values as objects.
import type { Gen } from '../../windows/program.ts'
import { type Call, type Cmdlet, cmdlet } from '../cmdlet.ts'
import { CUSTOM, type PsValue } from '../values/value.ts'
import { fullPath, noPath } from './get-content.ts'

/** RFC 4180: a cell in quotes may hold delimiters, line ends and doubled quotes. */
export function cellRows(source: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let cells: string[] = []
  for (let at = 0; at <= source.length; ) {
    let cell = ''
    if (source[at] === '"') {
      for (at++; at < source.length; at++) {
        if (source[at] !== '"') cell += source[at]
        else if (source[at + 1] === '"') cell += source[++at]
        else break
      }
      at++
    }
    const from = at
    while (at < source.length && source[at] !== delimiter && source[at] !== '\n') at++
    cells.push(cell + source.slice(from, at).replace(/\r$/, ''))
    if (source[at] !== delimiter) {
      rows.push(cells)
      cells = []
    }
    at++
  }
  return rows
}

function* objects(call: Call, source: string, delimiter: string, header: readonly string[]): Gen {
  const lines = source.replace(/^\ufeff/, '').replace(/^#TYPE[^\n]*\n/, '')
  const rows = cellRows(lines, delimiter.slice(0, 1) || ',').filter((cells) => cells.length > 1 || cells[0] !== '')
  const names = header.length > 0 ? header : (rows.shift() ?? [])
  for (const cells of rows)
    yield* call.emit({
      kind: 'object',
      types: [CUSTOM],
      props: new Map(names.map((name, at): [string, PsValue] => [name === '' ? `H${at + 1}` : name, cells[at] ?? null])),
    })
}

export const convertFromCsv: Cmdlet = {
  name: 'ConvertFrom-Csv',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Converts object properties in comma-separated value format into versions of the original objects.',
  supports: ['InputObject', 'Delimiter', 'Header'],
  signature: 'InputObject![]@0<v Delimiter@1 UseCulture? Header[]',
  start(call) {
    const held: string[] = []
    return {
      process(each) {
        held.push(...each.texts('InputObject'))
      },
      end: () => objects(call, held.join('\n'), call.bound.text('Delimiter') ?? ',', call.bound.texts('Header')),
    }
  },
}

export const importCsv = cmdlet(
  {
    name: 'Import-Csv',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Creates table-like custom objects from the items in a CSV file.',
    supports: ['Path', 'LiteralPath', 'Delimiter', 'Header', 'Encoding'],
    signature: 'Path[]@0<v Delimiter@1 LiteralPath[]<n(PSPath) UseCulture? Header[] Encoding',
  },
  function* (call, bound) {
    for (const given of [...bound.texts('Path'), ...bound.texts('LiteralPath')]) {
      const path = fullPath(call, given)
      const content = call.kernel.readFile(path)
      if (content === undefined)
        call.error({
          ...noPath(path),
          message: `Could not find file '${path}'.`,
          category: 'OpenError',
          exception: 'FileNotFoundException',
          id: 'FileOpenFailure',
        })
      else yield* objects(call, content, bound.text('Delimiter') ?? ',', bound.texts('Header'))
    }
  },
)
