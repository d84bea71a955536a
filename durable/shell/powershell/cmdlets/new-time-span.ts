import { localMicros } from '../../windows/calendar.ts'
import { cmdlet } from '../cmdlet.ts'
import { dateOf } from '../eval/casts.ts'
import type { PsValue } from '../values/value.ts'

export const newTimeSpan = cmdlet(
  {
    name: 'New-TimeSpan',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Creates a TimeSpan object.',
    supports: ['Start', 'End', 'Days', 'Hours', 'Minutes', 'Seconds'],
    signature:
      '{Date,Time} Start:DateTime@0<vn(LastWriteTime)#0 End:DateTime@1<n#0 Days:Int32#1 Hours:Int32#1 Minutes:Int32#1 Seconds:Int32#1',
    defaultSet: 'Date',
  },
  function* (call, bound) {
    const now = localMicros(call.kernel.clock())
    const moment = (name: string): number => {
      const given: PsValue | undefined = bound.get(name)
      return given === undefined ? now : ((dateOf(given) as { micros: number } | undefined)?.micros ?? now)
    }
    const n = (name: string): number => bound.number(name) ?? 0
    const written = n('Days') * 86_400 + n('Hours') * 3600 + n('Minutes') * 60 + n('Seconds')
    const dated = bound.has('Start') || bound.has('End')
    yield* call.emit({ kind: 'span', micros: dated ? moment('End') - moment('Start') : written * 1e6 })
  },
)
