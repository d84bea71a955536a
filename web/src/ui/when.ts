const clock = { hour: '2-digit', minute: '2-digit' } as const
const month = { day: 'numeric', month: 'long' } as const
const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options)
const time = format(clock)
const withSeconds = format({ ...clock, second: '2-digit' })
const day = format(month)
const year = format({ ...month, year: 'numeric' })
const monthOf = format({ month: 'long', year: 'numeric' })
const weekday = format({ weekday: 'long' })

/** An instant as the API gives it, in milliseconds, or as a `Date`. */
export type Instant = string | number | Date

/** Midnights between then and now, in the zone of whoever reads: 1 is yesterday, -1 is tomorrow. */
function daysAgo(at: Date, now: Date): number {
  const noon = (of: Date) => Date.UTC(of.getFullYear(), of.getMonth(), of.getDate())
  return (noon(now) - noon(at)) / 86_400_000
}
const near = new Map([
  [-1, 'tomorrow'],
  [0, 'today'],
  [1, 'yesterday'],
])
const isBroken = (at: Date) => Number.isNaN(at.getTime())

/** `14:05` */
export const clockText = (at: Instant): string => time.format(new Date(at))

/** `3 May 2026` */
export const dayText = (at: Instant): string => year.format(new Date(at))

/** `May 2026`, of `2026-05` */
export const monthText = (yearAndMonth: string): string => monthOf.format(new Date(`${yearAndMonth}-15T12:00:00Z`))

/** `3 May 2026, 14:05:09`: for records. */
export const exactText = (at: Instant): string => `${dayText(at)}, ${withSeconds.format(new Date(at))}`

/** `today at 14:05`, `yesterday at 09:12`, `3 May at 10:00`, `3 May 2025`. */
export function whenText(instant: Instant, now = new Date()): string {
  const at = new Date(instant)
  if (isBroken(at)) return 'some time ago'
  const word = near.get(daysAgo(at, now))
  if (word !== undefined) return `${word} at ${time.format(at)}`
  return at.getFullYear() === now.getFullYear() ? `${day.format(at)} at ${time.format(at)}` : year.format(at)
}

/** `Monday 3 May at 10:00`, with the year where it is another one: for what one has to plan for. */
export function dateText(instant: Instant, now = new Date()): string {
  const at = new Date(instant)
  const date = (at.getFullYear() === now.getFullYear() ? day : year).format(at)
  return `${weekday.format(at)} ${date} at ${time.format(at)}`
}
