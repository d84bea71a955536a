import { dateText } from '../ui/when.ts'

const plural = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`

/** `3 days`, `2 hours`, `5 minutes`: as much of it as matters. */
export function spanText(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000))
  if (minutes < 60) return plural(minutes, 'minute')
  if (minutes < 48 * 60) return plural(Math.round(minutes / 60), 'hour')
  return plural(Math.round(minutes / 1440), 'day')
}

type Dates = { readonly opensAt: string | null; readonly dueAt: string | null; readonly closesAt: string | null }
type Late = { readonly percentPerDay: number; readonly graceMinutes: number }

/** When it is due and until when it is taken, as a person says it. */
export function datesText({ opensAt, dueAt, closesAt }: Dates, now = new Date()): string {
  const said: string[] = []
  if (opensAt !== null && new Date(opensAt) > now) said.push(`Opens on ${dateText(opensAt, now)}.`)
  if (dueAt !== null) {
    const left = new Date(dueAt).getTime() - now.getTime()
    said.push(`Due on ${dateText(dueAt, now)}${left > 0 ? `, in ${spanText(left)}` : `, ${spanText(-left)} ago`}.`)
  }
  if (closesAt !== null && closesAt !== dueAt) {
    const closed = new Date(closesAt) <= now
    said.push(closed ? `Closed since ${dateText(closesAt, now)}.` : `Nothing is taken after ${dateText(closesAt, now)}.`)
  }
  return said.length === 0 ? 'No date: hand in whenever you are done.' : said.join(' ')
}

/** What handing in late costs. */
export function lateText({ dueAt }: Pick<Dates, 'dueAt'>, { percentPerDay, graceMinutes }: Late): string {
  if (dueAt === null) return ''
  const grace = graceMinutes > 0 ? ` Within ${spanText(graceMinutes * 60_000)} nothing is taken off.` : ''
  if (percentPerDay === 0) return 'Late submissions count in full.'
  if (percentPerDay === 100) return `What is handed in late gets no points.${grace}`
  return `Each day, or part of one, after it is due takes off ${percentPerDay} % of the points.${grace}`
}

export function attemptsText(attempts: number | null, counts: 'last' | 'best', who: 'You' | 'Students' = 'You'): string {
  if (attempts === 1) return `${who} can hand in once.`
  const times = attempts === null ? `as often as ${who === 'You' ? 'you' : 'they'} like` : `${attempts} times`
  return `${who} can hand in ${times}; the ${counts === 'last' ? 'last' : 'best'} one counts.`
}

/** How late something was. */
export const latenessText = (lateMs: number, percent: number): string =>
  lateMs === 0 ? 'in time' : `${spanText(lateMs)} late${percent > 0 ? `, ${percent} % off` : ''}`

/** For an input of date and time, in the zone of whoever types. */
export function toInput(iso: string | null): string {
  if (iso === null) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export const fromInput = (text: string): string | null => (text === '' ? null : new Date(text).toISOString())

export const stateWords = { draft: 'Draft', published: 'Published', archived: 'Put away' } as const
