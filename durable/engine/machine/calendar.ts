import type { Clock } from './views.ts'

/** A moment of the Gregorian calendar. `weekday` 0 is Sunday. */
export type CivilTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly milli: number
}

const DAY_MS = 86_400_000

/** Calendar time of milliseconds since 1970-01-01 UTC. Days to date: Howard Hinnant's `civil_from_days`. */
export function civilTime(epochMillis: number): CivilTime {
  const days = Math.floor(epochMillis / DAY_MS)
  const rest = epochMillis - days * DAY_MS
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    weekday: (((days + 4) % 7) + 7) % 7,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    milli: Math.floor(rest % 1000),
  }
}

/** UTC, in milliseconds since 1970, of a lab time. */
export const epochMillis = (clock: Pick<Clock, 'epochMicros'>, at: number): number => Math.floor((clock.epochMicros + at) / 1000)
