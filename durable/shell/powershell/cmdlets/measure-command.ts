import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'

const [DAY, HOUR, MINUTE, SECOND, MILLISECOND] = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000] as const

/** Lab time, in which thinking takes none: only what waits has a length. */
export const measureCommand = cmdlet(
  {
    name: 'Measure-Command',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Measures the time it takes to run script blocks and cmdlets.',
    supports: ['Expression', 'InputObject'],
    signature: 'Expression!:ScriptBlock@0 InputObject:PSObject<v',
  },
  function* (call, bound) {
    const script = bound.script('Expression')
    if (script === undefined) return
    const from = call.kernel.clock().now
    yield* call.invoke(script, bound.get('InputObject') ?? null, function* () {
      yield* []
    })
    const micros = call.kernel.clock().now - from
    const part = (unit: number, of: number) => Math.floor(micros / unit) % (of / unit)
    yield* call.emit(
      object('System.TimeSpan', {
        Days: Math.floor(micros / DAY),
        Hours: part(HOUR, DAY),
        Minutes: part(MINUTE, HOUR),
        Seconds: part(SECOND, MINUTE),
        Milliseconds: part(MILLISECOND, SECOND),
        Ticks: micros * 10,
        TotalDays: micros / DAY,
        TotalHours: micros / HOUR,
        TotalMinutes: micros / MINUTE,
        TotalSeconds: micros / SECOND,
        TotalMilliseconds: micros / MILLISECOND,
      }),
    )
  },
)
