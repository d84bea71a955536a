// When an assignment is due for somebody, and what being late costs. Pure: times are milliseconds since 1970.
import type { LatePolicy } from '../db/tenant/assignments.ts'

const DAY = 24 * 3600 * 1000
const MINUTE = 60_000

export type Dates = {
  readonly opensAt: number | null
  readonly dueAt: number | null
  readonly closesAt: number | null
}
/** What one student has beyond the others. */
export type MoreTime = {
  readonly extraMinutes: number
  /** Of the time between opening and due; nothing where there is no such time. */
  readonly extraPercent: number
  /** The date of an extension. */
  readonly dueAt: number | null
  readonly extraAttempts: number
}

/** No time more than others have. */
export const noMore: MoreTime = { extraMinutes: 0, extraPercent: 0, dueAt: null, extraAttempts: 0 }

/** The dates of one student. An extension and extra time only ever give time: they never take any. */
export function datesFor(dates: Dates, late: LatePolicy, more: MoreTime): Dates {
  const { opensAt, dueAt, closesAt } = dates
  const end = dueAt ?? closesAt
  const span = opensAt === null || end === null ? 0 : Math.max(0, end - opensAt)
  const later = Math.max(0, more.extraMinutes) * MINUTE + Math.round((span * Math.max(0, more.extraPercent)) / 100)
  const due = dueAt === null ? null : Math.max(dueAt + later, more.dueAt ?? dueAt)
  // Without a date to be due, an extension moves the end alone.
  const given = due ?? more.dueAt
  const ends = closesAt === null ? null : Math.max(closesAt + later, given ?? closesAt)
  const last = due === null || late.mostDays === null ? null : due + late.mostDays * DAY + late.graceMinutes * MINUTE
  return { opensAt, dueAt: due, closesAt: ends === null ? last : last === null ? ends : Math.min(ends, last) }
}

/** In all assignments of the course. */
export const hasExtraTime = ({ extraMinutes, extraPercent }: Pick<MoreTime, 'extraMinutes' | 'extraPercent'>): boolean =>
  extraMinutes > 0 || extraPercent > 0

/** Of a group, whoever has most time counts, and whoever has most attempts. */
export const mostOf = (
  dates: Dates,
  late: LatePolicy,
  members: readonly MoreTime[],
): Dates & { readonly extraAttempts: number } => {
  const all = members.map((one) => datesFor(dates, late, one))
  const start = datesFor(dates, late, noMore)
  const latest = (field: 'dueAt' | 'closesAt') => {
    if (start[field] === null) return null
    return all.reduce((most, one) => Math.max(most, one[field] ?? most), start[field])
  }
  return {
    opensAt: dates.opensAt,
    dueAt: latest('dueAt'),
    closesAt: latest('closesAt'),
    extraAttempts: members.reduce((most, one) => Math.max(most, one.extraAttempts), 0),
  }
}

export type Moment =
  | { readonly state: 'early' | 'closed' }
  | { readonly state: 'open'; readonly lateMs: 0; readonly latePercent: 0 }
  | { readonly state: 'late'; readonly lateMs: number; readonly latePercent: number }

/** What handing in at a moment is. `closes` and `due` themselves are still in time. */
export function momentOf(dates: Dates, late: LatePolicy, now: number): Moment {
  if (dates.opensAt !== null && now < dates.opensAt) return { state: 'early' }
  if (dates.closesAt !== null && now > dates.closesAt) return { state: 'closed' }
  const lateMs = dates.dueAt === null ? 0 : Math.max(0, now - dates.dueAt)
  if (lateMs === 0) return { state: 'open', lateMs: 0, latePercent: 0 }
  return { state: 'late', lateMs, latePercent: latePercent(lateMs, late) }
}

/** For each day, or part of one, after the due time; nothing within the grace. */
export function latePercent(lateMs: number, late: LatePolicy): number {
  if (lateMs <= late.graceMinutes * MINUTE) return 0
  return Math.min(100, Math.ceil(lateMs / DAY) * late.percentPerDay)
}

/** Null: any number. */
export const attemptsFor = (attempts: number | null, extra: number): number | null =>
  attempts === null ? null : attempts + extra
