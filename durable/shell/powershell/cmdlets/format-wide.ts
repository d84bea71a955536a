import type { Cmdlet } from '../cmdlet.ts'
import { FORMATTED } from '../format/render.ts'
import { clip, WIDTH } from '../format/wrap.ts'
import { display, line } from '../values/text.ts'
import { isObject, object, type PsValue, property } from '../values/value.ts'
import { evaluateSpec, specs } from './properties.ts'

/** One value of each object, in columns. */
export const formatWide: Cmdlet = {
  name: 'Format-Wide',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Formats objects as a wide table that displays only one property of each object.',
  supports: ['InputObject', 'Property', 'Column', 'AutoSize'],
  signature:
    'InputObject:PSObject<v Property:Object@0 AutoSize? Column:Int32 GroupBy:Object View ShowError? DisplayError? Force? Expand',
  start(call) {
    const { bound } = call
    const wanted = specs(bound.list('Property'))[0]
    const cells: string[] = []
    return {
      *process(_, input) {
        if (input === undefined) return
        const first: PsValue = isObject(input) ? (property(input, 'Name') ?? [...input.props.values()][0] ?? null) : input
        cells.push(wanted === undefined ? line(first) : display(yield* evaluateSpec(call, wanted, input)))
      },
      *end() {
        if (cells.length === 0) return
        const widest = Math.max(...cells.map(({ length }) => length))
        const auto = Math.max(1, Math.floor((WIDTH + 1) / (widest + 1)))
        const columns = Math.max(1, Math.min(50, bound.number('Column') ?? (bound.flag('AutoSize') ? auto : 2)))
        const width = Math.max(1, bound.flag('AutoSize') ? widest : Math.floor(WIDTH / columns) - 1)
        let out = '\n'
        for (let at = 0; at < cells.length; at += columns)
          out += `${cells
            .slice(at, at + columns)
            .map((cell) => clip(cell, width, false))
            .join(' ')
            .trimEnd()}\n`
        yield* call.emit(object(FORMATTED, {}, `${out}\n\n`))
      },
    }
  },
}
