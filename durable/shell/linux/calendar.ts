// Dates as `date` and `dig` write them, out of the engine's calendar.
import { type CivilTime, civilTime, localMicros, MONTHS, WEEKDAYS } from '../../engine/machine/calendar.ts'
import type { Clock } from '../../engine/machine/views.ts'

/** A moment as the wall shows it. */
export type Moment = CivilTime & { readonly epochSeconds: number; readonly zoneMinutes: number }

export const momentOf = (clock: Clock, at: number = clock.now, zoneMinutes: number = clock.zoneMinutes): Moment => ({
  ...civilTime(localMicros({ ...clock, zoneMinutes }, at)),
  epochSeconds: Math.floor((clock.epochMicros + at) / 1_000_000),
  zoneMinutes,
})

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
/** A format of our own, whose conversions are all known. */
export function written(format: string, moment: Moment): string {
  const done = strftime(format, moment)
  return 'text' in done ? done.text : ''
}

export const dateLine = (moment: Moment): string => written('%a %b %e %T %Z %Y', moment)
