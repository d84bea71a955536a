import { civil, formatDate, localMicros } from '../../windows/calendar.ts'
import { type Bound, cmdlet } from '../cmdlet.ts'
import { dateFrom, dateOf } from '../eval/casts.ts'
import { formatValue } from '../eval/format-operator.ts'
import { text } from '../values/text.ts'
import { kindOf, type PsDate } from '../values/value.ts'

/** The Unix letters that differ from .NET's. */
const unix: Readonly<Record<string, string>> = {
  Y: 'yyyy',
  y: 'yy',
  m: 'MM',
  d: 'dd',
  H: 'HH',
  I: 'hh',
  M: 'mm',
  S: 'ss',
  p: 'tt',
  A: 'dddd',
  a: 'ddd',
  B: 'MMMM',
  b: 'MMM',
  T: 'HH:mm:ss',
  D: 'MM/dd/yy',
  R: 'HH:mm',
  F: 'yyyy-MM-dd',
}

function changed(start: PsDate, bound: Bound): PsDate {
  const c = civil(start.micros)
  const part = (name: string, now: number): number => bound.number(name) ?? now
  const made = dateFrom(
    part('Year', c.year),
    part('Month', c.month),
    part('Day', c.day),
    part('Hour', c.hour),
    part('Minute', c.minute),
    part('Second', c.second),
  )
  return made === undefined
    ? start
    : { kind: 'date', micros: made.micros + (bound.has('Millisecond') ? part('Millisecond', 0) * 1000 : c.micro) }
}

export const getDate = cmdlet(
  {
    name: 'Get-Date',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Gets the current date and time of the lab.',
    supports: ['Date', 'Year', 'Month', 'Day', 'Hour', 'Minute', 'Second', 'Millisecond', 'Format', 'UFormat', 'DisplayHint'],
    signature:
      'Date:DateTime@0<vn(LastWriteTime) Year:Int32 Month:Int32 Day:Int32 Hour:Int32 Minute:Int32 Second:Int32 Millisecond:Int32 Format UFormat DisplayHint:DisplayHintType=Date|Time|DateTime',
  },
  function* (call, bound) {
    const given = bound.get('Date')
    const start =
      given === undefined
        ? { kind: 'date' as const, micros: localMicros(call.kernel.clock()) }
        : dateOf(/^\d+$/.test(text(given)) ? Number(text(given)) : given)
    if (start === undefined || kindOf(start) !== 'date')
      return call.fail({
        message: `Cannot bind parameter 'Date'. Cannot convert value "${text(given ?? null)}" to type "System.DateTime". Error: "String was not recognized as a valid DateTime."`,
        category: 'InvalidArgument',
        exception: 'ParameterBindingException',
        id: 'CannotConvertArgumentNoMessage',
      })
    const date = changed(start as PsDate, bound)
    const hint = bound.text('DisplayHint')
    const pattern = bound.text('UFormat')
    if (bound.has('Format')) yield* call.emit(formatValue(date, bound.text('Format') ?? ''))
    else if (pattern !== undefined)
      yield* call.emit(
        pattern.replace(/%([A-Za-z%])/g, (whole, letter: string) =>
          letter === '%'
            ? '%'
            : letter === 's'
              ? String(Math.floor(date.micros / 1e6))
              : unix[letter] === undefined
                ? whole
                : formatDate(civil(date.micros), unix[letter]),
        ),
      )
    else if (hint === 'Date') yield* call.emit(formatDate(civil(date.micros), 'dddd, MMMM d, yyyy'))
    else if (hint === 'Time') yield* call.emit(formatDate(civil(date.micros), 'h:mm:ss tt'))
    else yield* call.emit(date)
  },
)
