import { DAY } from './duration.ts'

/** What lab time zero is as a date; null when the lab does not say. */
export type Starts = { readonly epochMicros: number; readonly zoneMinutes: number } | null

export function startsOf({ epochMicros, zoneMinutes }: { readonly epochMicros?: number; readonly zoneMinutes?: number }): Starts {
  return epochMicros === undefined ? null : { epochMicros, zoneMinutes: zoneMinutes ?? 0 }
}

const dates = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const two = (value: number) => String(value).padStart(2, '0')

/** Lab time as the lab's own consoles show it: `Mon 14 Sept` and `09:00:12`, or the number of the day. */
export function moment(at: number, starts: Starts): { readonly date: string; readonly time: string } {
  const micros = starts === null ? at : starts.epochMicros + starts.zoneMinutes * 60_000_000 + at
  const seconds = Math.floor((((micros % DAY) + DAY) % DAY) / 1_000_000)
  return {
    date:
      starts === null ? `Day ${Math.floor(at / DAY) + 1}` : dates.format(new Date(Math.floor(micros / 1_000))).replace(',', ''),
    time: `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
  }
}

const years = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })

/** The whole date, for who asks for it. */
export const fullDate = (at: number, starts: Starts): string =>
  starts === null
    ? moment(at, starts).date
    : years.format(new Date(Math.floor((starts.epochMicros + starts.zoneMinutes * 60_000_000 + at) / 1_000)))

export const momentText = (at: number, starts: Starts): string => {
  const { date, time } = moment(at, starts)
  return `${date} ${time}`
}
