import { civil, formatDate, localMicros } from '../../windows/calendar.ts'
import { cmdlet } from '../cmdlet.ts'

export const getDate = cmdlet(
  {
    name: 'Get-Date',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Gets the current date and time of the lab.',
    supports: ['Format', 'DisplayHint'],
    signature:
      'Date:DateTime@0<vn(LastWriteTime) Year:Int32 Month:Int32 Day:Int32 Hour:Int32 Minute:Int32 Second:Int32 Format UFormat DisplayHint=Date|Time|DateTime',
  },
  function* (call, bound) {
    const micros = localMicros(call.kernel.clock())
    const format = bound.text('Format')
    if (format === undefined) yield* call.emit({ kind: 'date', micros })
    else
      yield* call.emit(
        formatDate(
          civil(micros),
          format === 's' ? "yyyy-MM-dd'T'HH:mm:ss" : format === 'o' ? "yyyy-MM-dd'T'HH:mm:ss.fffffff" : format,
        ),
      )
  },
)
