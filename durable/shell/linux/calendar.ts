import type { Clock } from '../../engine/machine/views.ts'

/** A moment as the wall shows it, in the proleptic Gregorian calendar. */
export type Moment = {
  readonly year: number
  readonly month: number
  readonly day: number
  /** 0 = Sunday. */
  readonly weekday: number
  readonly yearDay: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly epochSeconds: number
  readonly zoneMinutes: number
}

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const SECOND = 1_000_000
const DAY = 86_400

export function momentOf(clock: Clock, at: number = clock.now, zoneMinutes: number = clock.zoneMinutes): Moment {
  const epochSeconds = Math.floor((clock.epochMicros + at) / SECOND)
  const local = epochSeconds + zoneMinutes * 60
  const days = Math.floor(local / DAY)
  const rest = local - days * DAY
  const { year, month, day } = civil(days)
  return {
    year,
    month,
    day,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysBefore(year) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    epochSeconds,
    zoneMinutes,
  }
}

/** Days since 1970-01-01 to a date; years are counted from March, so that the leap day comes last. */
function civil(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 }
}

function daysBefore(year: number): number {
  const y = year - 1
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 719_162
}

const two = (value: number): string => String(value).padStart(2, '0')

export function offset(zoneMinutes: number): string {
  const size = Math.abs(zoneMinutes)
  return `${zoneMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

/** `UTC`, or the offset where a zone has no letters of its own. */
export const zoneName = (moment: Moment): string =>
  moment.zoneMinutes === 0 ? 'UTC' : offset(moment.zoneMinutes).replace(/00$/, '')

const name = (list: readonly string[], at: number): string => list[at] ?? ''

/** strftime's common conversions; undefined names the first that is not known. */
export function strftime(format: string, moment: Moment): { readonly text: string } | { readonly unknown: string } {
  let text = ''
  for (let i = 0; i < format.length; i++) {
    const c = format.charAt(i)
    if (c !== '%') {
      text += c
      continue
    }
    const letter = format.charAt(++i)
    const value = conversion(letter, moment)
    if (value === undefined) return { unknown: `%${letter}` }
    text += value
  }
  return { text }
}

function conversion(letter: string, m: Moment): string | undefined {
  const { hour } = m
  switch (letter) {
    case 'Y':
      return String(m.year)
    case 'y':
      return two(m.year % 100)
    case 'm':
      return two(m.month)
    case 'd':
      return two(m.day)
    case 'e':
      return String(m.day).padStart(2)
    case 'H':
      return two(hour)
    case 'I':
      return two(hour % 12 === 0 ? 12 : hour % 12)
    case 'M':
      return two(m.minute)
    case 'S':
      return two(m.second)
    case 'p':
      return hour < 12 ? 'AM' : 'PM'
    case 'F':
      return `${m.year}-${two(m.month)}-${two(m.day)}`
    case 'T':
      return `${two(hour)}:${two(m.minute)}:${two(m.second)}`
    case 'R':
      return `${two(hour)}:${two(m.minute)}`
    case 'D':
      return `${two(m.month)}/${two(m.day)}/${two(m.year % 100)}`
    case 'a':
      return name(WEEKDAYS, m.weekday).slice(0, 3)
    case 'A':
      return name(WEEKDAYS, m.weekday)
    case 'b':
    case 'h':
      return name(MONTHS, m.month - 1).slice(0, 3)
    case 'B':
      return name(MONTHS, m.month - 1)
    case 'j':
      return String(m.yearDay).padStart(3, '0')
    case 'u':
      return String(m.weekday === 0 ? 7 : m.weekday)
    case 'w':
      return String(m.weekday)
    case 's':
      return String(m.epochSeconds)
    case 'N':
      return '000000000'
    case 'z':
      return offset(m.zoneMinutes)
    case 'Z':
      return zoneName(m)
    case 'n':
      return '\n'
    case 't':
      return '\t'
    case '%':
      return '%'
    default:
      return undefined
  }
}

/** `Thu Nov 20 10:15:04 UTC 2025`, as `date` and `dig` write it. */
export function dateLine(moment: Moment): string {
  const done = strftime('%a %b %e %T %Z %Y', moment)
  return 'text' in done ? done.text : ''
}
