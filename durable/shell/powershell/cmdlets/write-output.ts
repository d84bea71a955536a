import { type Cmdlet, cmdlet } from '../cmdlet.ts'
import { line } from '../values/text.ts'
import { unroll } from '../values/value.ts'

/** Many words make one list: `echo a b`. */
export const writeOutput: Cmdlet = cmdlet(
  {
    name: 'Write-Output',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Sends the specified objects to the next command in the pipeline.',
    supports: ['InputObject', 'NoEnumerate'],
    signature: 'InputObject!:Object[]@0*<v NoEnumerate?',
  },
  function* (call, bound) {
    const value = bound.get('InputObject') ?? null
    if (bound.flag('NoEnumerate')) yield* call.emit(value)
    else for (const item of unroll(value)) yield* call.emit(item)
  },
)

export const writeHost: Cmdlet = cmdlet(
  {
    name: 'Write-Host',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Writes customized output to a host.',
    supports: ['Object', 'NoNewline', 'Separator', 'ForegroundColor', 'BackgroundColor'],
    signature: 'Object:Object@0*<v NoNewline? Separator:Object ForegroundColor BackgroundColor',
  },
  function* (call, bound) {
    const separator = bound.text('Separator') ?? ' '
    const out = unroll(bound.get('Object') ?? '')
      .map((item) => line(item))
      .join(separator)
    call.host(bound.flag('NoNewline') ? out : `${out}\n`)
  },
)
