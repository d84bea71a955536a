import { describe, expect, it } from 'vitest'
import { attemptsText, datesText, latenessText, lateText, spanText } from './words.ts'

const now = new Date(2026, 4, 1, 12, 0)
const iso = (...at: [number, number, number, number, number]) => new Date(...at).toISOString()

describe('dates in words', () => {
  it('tells how long that is', () => {
    expect([60_000, 90 * 60_000, 50 * 3_600_000].map(spanText)).toEqual(['1 minute', '2 hours', '2 days'])
  })
  it('tells what can be done until when', () => {
    const none = { opensAt: null, dueAt: null, closesAt: null }
    expect(datesText(none, now)).toBe('No date: hand in whenever you are done.')
    const all = { opensAt: iso(2026, 4, 2, 8, 0), dueAt: iso(2026, 4, 4, 12, 0), closesAt: iso(2026, 4, 9, 12, 0) }
    expect(datesText(all, now)).toBe(
      'Opens on Saturday 2 May at 08:00. Due on Monday 4 May at 12:00, in 3 days. Nothing is taken after Saturday 9 May at 12:00.',
    )
    expect(datesText({ ...none, closesAt: iso(2026, 3, 30, 12, 0) }, now)).toBe('Closed since Thursday 30 April at 12:00.')
  })
  it('tells what being late costs', () => {
    const due = { dueAt: iso(2026, 4, 4, 12, 0) }
    expect(lateText(due, { percentPerDay: 10, graceMinutes: 15 })).toBe(
      'Each day, or part of one, after it is due takes off 10 % of the points. Within 15 minutes nothing is taken off.',
    )
    expect(lateText({ dueAt: null }, { percentPerDay: 10, graceMinutes: 0 })).toBe('')
    expect(latenessText(0, 0)).toBe('in time')
    expect(latenessText(3 * 3_600_000, 10)).toBe('3 hours late, 10 % off')
    expect(attemptsText(1, 'last')).toBe('You can hand in once.')
    expect(attemptsText(3, 'best')).toBe('You can hand in 3 times; the best one counts.')
    expect(attemptsText(null, 'best', 'Students')).toBe('Students can hand in as often as they like; the best one counts.')
  })
})
