// Comma-separated values as objects; d3-dsv reads the cells.
import { dsvFormat } from 'd3-dsv'
import type { Gen } from '../../windows/program.ts'
import { type Call, type Cmdlet, cmdlet } from '../cmdlet.ts'
import { CUSTOM, type PsValue } from '../values/value.ts'
import { fullPath, noPath } from './get-content.ts'

function* objects(call: Call, source: string, delimiter: string, header: readonly string[]): Gen {
  const lines = source
    .replace(/^\ufeff/, '')
    .replace(/^#TYPE[^\n]*\n/, '')
    .replace(/\r?\n$/, '')
  const rows = dsvFormat(delimiter.slice(0, 1) || ',')
    .parseRows(lines)
    .filter((cells) => cells.length > 1 || cells[0] !== '')
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
