import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LatePolicy } from '../db/tenant/assignments.ts'
import { type Dates, datesFor, latePercent, momentOf, mostOf, noMore as none } from './dates.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const at = (text: string) => Date.parse(`${text}Z`)
const policy = (percentPerDay: number, graceMinutes = 0, mostDays: number | null = null): LatePolicy => ({
  percentPerDay,
  graceMinutes,
  mostDays,
})

describe('dates of an assignment', () => {
  const dates: Dates = { opensAt: at('2026-03-01T08:00'), dueAt: at('2026-03-08T18:00'), closesAt: at('2026-03-15T18:00') }
  const late = policy(10, 30)

  it.each([
    ['2026-03-01T07:59:59.999', { state: 'early' }],
    ['2026-03-01T08:00', { state: 'open' }],
    ['2026-03-08T18:00', { state: 'open', latePercent: 0 }],
    ['2026-03-08T18:30', { state: 'late', lateMs: HOUR / 2, latePercent: 0 }],
    ['2026-03-08T18:30:00.001', { state: 'late', latePercent: 10 }],
    ['2026-03-09T18:00', { state: 'late', lateMs: DAY, latePercent: 10 }],
    ['2026-03-09T18:00:00.001', { state: 'late', latePercent: 20 }],
    ['2026-03-15T18:00', { state: 'late', latePercent: 70 }],
    ['2026-03-15T18:00:00.001', { state: 'closed' }],
  ])('at %s it is %o', (time, wanted) => {
    expect(momentOf(dates, late, at(time))).toMatchObject(wanted)
  })

  it('an extension moves when it is due, and when it closes if that would be sooner', () => {
    const given = { ...none, dueAt: at('2026-03-20T18:00') }
    const its = datesFor(dates, late, given)
    expect(its).toEqual({ ...dates, dueAt: given.dueAt, closesAt: given.dueAt })
    expect(momentOf(its, late, given.dueAt).state).toBe('open')
    expect(momentOf(its, late, given.dueAt + 1).state).toBe('closed')
    expect(datesFor(dates, late, { ...none, dueAt: at('2026-03-10T18:00') })).toEqual({ ...dates, dueAt: at('2026-03-10T18:00') })
  })

  it('extra minutes move both', () => {
    expect(datesFor(dates, late, { ...none, extraMinutes: 90 })).toEqual({
      ...dates,
      dueAt: at('2026-03-08T19:30'),
      closesAt: at('2026-03-15T19:30'),
    })
  })

  it('percent are of the time between opening and due, and add to the minutes', () => {
    const week = at('2026-03-08T18:00') - at('2026-03-01T18:00')
    const its = { opensAt: at('2026-03-01T18:00'), dueAt: at('2026-03-08T18:00'), closesAt: at('2026-03-15T18:00') }
    const quarter = { ...none, extraPercent: 25 }
    expect(datesFor(its, late, quarter)).toEqual({
      ...its,
      dueAt: its.dueAt + week / 4,
      closesAt: its.closesAt + week / 4,
    })
    expect(datesFor(its, late, { ...quarter, extraMinutes: 60 }).dueAt).toBe(its.dueAt + week / 4 + HOUR)
    // Of an exam that has no other date than its end.
    expect(datesFor({ ...its, dueAt: null }, late, quarter).closesAt).toBe(its.closesAt + (2 * week) / 4)
    // Without a beginning there is nothing of which it could be a part.
    expect(datesFor({ ...its, opensAt: null }, late, quarter)).toEqual({ ...its, opensAt: null })
  })

  it('without a date to be due nothing is late, and an extension moves the end', () => {
    const open = { opensAt: null, dueAt: null, closesAt: at('2026-03-15T18:00') }
    expect(momentOf(open, late, at('2026-03-15T18:00'))).toEqual({ state: 'open', lateMs: 0, latePercent: 0 })
    expect(datesFor(open, late, { ...none, dueAt: at('2026-03-16T18:00') }).closesAt).toBe(at('2026-03-16T18:00'))
  })

  it('most days end what no closing date ends, after the grace, counted from the extension', () => {
    const open = { ...dates, closesAt: null }
    const strict = policy(10, 30, 2)
    expect(datesFor(open, strict, none).closesAt).toBe(dates.dueAt! + 2 * DAY + HOUR / 2)
    expect(datesFor(open, strict, { ...none, dueAt: dates.dueAt! + DAY }).closesAt).toBe(dates.dueAt! + 3 * DAY + HOUR / 2)
  })
})

const when = fc.integer({ min: 0, max: 60 * DAY })
const maybe = fc.option(when)
const dates = fc.record({ opensAt: maybe, dueAt: maybe, closesAt: maybe })
const late = fc.record({
  percentPerDay: fc.integer({ min: 0, max: 100 }),
  graceMinutes: fc.integer({ min: 0, max: 3000 }),
  mostDays: fc.option(fc.integer({ min: 0, max: 20 })),
})
const more = fc.record({
  extraMinutes: fc.integer({ min: 0, max: 10_000 }),
  extraPercent: fc.nat(200),
  dueAt: maybe,
  extraAttempts: fc.nat(5),
})
const rank = { early: 0, open: 1, late: 2, closed: 3 }
const percentAt = (its: Dates, rule: LatePolicy, now: number) => {
  const moment = momentOf(its, rule, now)
  return moment.state === 'closed' ? 101 : 'latePercent' in moment ? moment.latePercent : 0
}

describe('whatever the dates are', () => {
  const runs = { numRuns: 2_000 }

  it('more time never makes anything worse', () => {
    fc.assert(
      fc.property(dates, late, more, when, (its, rule, given, now) => {
        expect(percentAt(datesFor(its, rule, given), rule, now)).toBeLessThanOrEqual(
          percentAt(datesFor(its, rule, none), rule, now),
        )
      }),
      runs,
    )
  })

  it('waiting never makes anything better', () => {
    fc.assert(
      fc.property(dates, late, more, when, fc.nat(DAY), (its, rule, given, now, wait) => {
        const mine = datesFor(its, rule, given)
        expect(rank[momentOf(mine, rule, now + wait).state]).toBeGreaterThanOrEqual(rank[momentOf(mine, rule, now).state])
        expect(percentAt(mine, rule, now + wait)).toBeGreaterThanOrEqual(percentAt(mine, rule, now))
      }),
      runs,
    )
  })

  it('who has an extension may hand in, in time, until that moment', () => {
    fc.assert(
      fc.property(dates, late, more, (its, rule, given) => {
        if (given.dueAt === null) return
        const mine = datesFor({ ...its, opensAt: null }, rule, given)
        if (mine.dueAt !== null || mine.closesAt !== null) expect(momentOf(mine, rule, given.dueAt).state).toBe('open')
      }),
      runs,
    )
  })

  it('of a group whoever has most counts: nobody is worse off than alone', () => {
    fc.assert(
      fc.property(dates, late, fc.array(more, { minLength: 1, maxLength: 5 }), when, (its, rule, members, now) => {
        const best = Math.min(...members.map((one) => percentAt(datesFor(its, rule, one), rule, now)))
        const ours = mostOf(its, rule, members)
        // Better than any alone when one may hand in longest and another is late last.
        expect(percentAt(ours, rule, now)).toBeLessThanOrEqual(best)
        for (const field of ['dueAt', 'closesAt'] as const)
          expect(members.map((one) => datesFor(its, rule, one)[field])).toContain(ours[field])
      }),
      runs,
    )
  })

  it('what is taken off is between nothing and all, and a whole number of days', () => {
    fc.assert(
      fc.property(late, when, (rule, lateMs) => {
        const percent = latePercent(lateMs, rule)
        expect(percent).toBeGreaterThanOrEqual(0)
        expect(percent).toBeLessThanOrEqual(100)
        if (percent > 0 && percent < 100) expect(percent % rule.percentPerDay).toBe(0)
      }),
      runs,
    )
  })
})
