import type { JournalView } from '../../../engine/machine/views.ts'
import { momentOf, written } from '../calendar.ts'
import { numberOf, textOf, watch } from '../events.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { parseOptions } from '../options.ts'

export const journalctl: Command = {
  name: 'journalctl',
  summary: 'what services have written',
  completions: ['-u', '-n', '-f', '-r', '--since', '--no-pager'],
  run: runJournalctl,
}

const SPEC = {
  flags: 'frexbqaN',
  values: 'unoSU',
  real: 'DFgkmptc',
  long: {
    'unit=': 'u',
    'lines=': 'n',
    follow: 'f',
    reverse: 'r',
    'since=': 'S',
    'until=': 'U',
    'output=': 'o',
    'no-pager': 'N',
    'pager-end': 'e',
    catalog: 'x',
    boot: 'b',
    quiet: 'q',
    all: 'a',
  },
  realLong: [
    'priority',
    'grep',
    'dmesg',
    'disk-usage',
    'vacuum-size',
    'list-boots',
    'user',
    'system',
    'identifier',
    'cursor',
    'utc',
    'no-hostname',
  ],
}

export function journalLine(io: Io, entry: JournalView, format = 'short'): string {
  if (format === 'cat') return `${entry.text}\n`
  const clock = io.kernel.clock()
  const pattern = format === 'short-iso' ? '%FT%T%z' : '%b %d %T'
  const time = written(pattern, momentOf(clock, entry.at))
  const host = io.kernel.identity().hostname.split('.')[0] ?? ''
  return `${time} ${host} ${entry.ident}[${entry.pid}]: ${entry.text}\n`
}

/** `10:00`, `2026-03-02 12:00[:30]`, `today`, `yesterday`, `-5min`, `5 min ago`, as lab time; undefined: not a time. */
function timeOf(text: string, io: Io): number | undefined {
  const clock = io.kernel.clock()
  const relative = /^-?\s*(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)(\s+ago)?$/.exec(text.trim())
  if (relative !== null && (text.trim().startsWith('-') || relative[3] !== undefined)) {
    const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[(relative[2] as string).charAt(0) as 's' | 'm' | 'h' | 'd']
    return clock.now - Number(relative[1]) * unit * 1_000_000
  }
  if (text === 'now') return clock.now
  const zone = clock.zoneMinutes * 60_000_000
  const local = clock.epochMicros + clock.now + zone
  const midnight = local - (local % 86_400_000_000)
  if (text === 'today') return midnight - zone - clock.epochMicros
  if (text === 'yesterday') return midnight - 86_400_000_000 - zone - clock.epochMicros
  const full = /^(?:(\d{4})-(\d{2})-(\d{2})[ T]?)?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text)
  if (full === null || text === '') return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = full
  const start = year === undefined ? midnight : daysOf(Number(year), Number(month), Number(day)) * 86_400_000_000
  return start + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000_000 - zone - clock.epochMicros
}

/** Days since 1970-01-01 (Howard Hinnant's `days_from_civil`). */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const inEra = y - era * 400
  const inYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + inEra * 365 + Math.floor(inEra / 4) - Math.floor(inEra / 100) + inYear - 719_468
}

function* runJournalctl(args: readonly string[], io: Io): Run {
  const options = parseOptions(
    'journalctl',
    args.map((arg) => (arg === '-xeu' || arg === '-xu' ? '-u' : arg)),
    SPEC,
    io,
  )
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const fail = (text: string): number => {
    io.err(`${text}\n`)
    return 1
  }
  if (operands[0] !== undefined) return fail(`Failed to add match '${operands[0]}': Invalid argument`)
  const given = values.get('n')
  if (given !== undefined && given !== 'all' && !/^\d+$/.test(given)) return fail(`Failed to parse lines '${given}'`)
  const format = values.get('o') ?? 'short'
  if (!['short', 'cat', 'short-iso'].includes(format))
    return fail(`journalctl: the output mode ${format} is real, but not simulated here yet`)
  const [since, until] = (['S', 'U'] as const).map((letter) => {
    const text = values.get(letter)
    return text === undefined ? null : (timeOf(text, io) ?? text)
  })
  for (const time of [since, until]) if (typeof time === 'string') return fail(`Failed to parse timestamp: ${time}`)
  const unit = values.get('u')?.replace(/\.service$/, '') ?? ''
  let entries = io.kernel
    .journal()
    .filter((entry) => unit === '' || entry.unit === unit)
    .filter((entry) => typeof since !== 'number' || entry.at >= since)
    .filter((entry) => typeof until !== 'number' || entry.at <= until)
  const lines =
    given === undefined ? (flags.has('f') ? 10 : flags.has('e') ? 1000 : undefined) : given === 'all' ? undefined : Number(given)
  if (lines !== undefined) entries = lines === 0 ? [] : entries.slice(-lines)
  if (flags.has('r')) entries.reverse()
  if (entries.length === 0 && !flags.has('f') && !flags.has('q')) io.out('-- No entries --\n')
  for (const entry of entries) io.out(journalLine(io, entry, format))
  if (!flags.has('f')) return 0
  const { interrupted } = yield* watch(
    io,
    'journal',
    { unit },
    () => {},
    (event) => {
      const entry = {
        at: numberOf(event, 'at'),
        unit: textOf(event, 'unit'),
        ident: textOf(event, 'ident'),
        pid: numberOf(event, 'pid'),
        text: textOf(event, 'text'),
      }
      io.out(journalLine(io, entry, format))
      return true
    },
  )
  return interrupted ? INTERRUPTED : 0
}
