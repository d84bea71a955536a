import { expect, test } from 'vitest'
import { DAY } from './duration.ts'
import { fullDate, moment, momentText } from './moment.ts'

const starts = { epochMicros: Date.parse('2026-09-14T09:00:00+02:00') * 1_000, zoneMinutes: 120 }

test('lab time is a date in the zone of the lab', () => {
  expect(moment(12_345_678, starts)).toEqual({ date: 'Mon 14 Sept', time: '09:00:12' })
  expect(fullDate(12_345_678, starts)).toMatch(/^Monday,? 14 September 2026$/)
  expect(momentText(8 * DAY, starts)).toBe('Tue 22 Sept 09:00:00')
})

test('without a date the days are counted', () => {
  expect(momentText(0, null)).toBe('Day 1 00:00:00')
  expect(momentText(DAY + 61_000_000, null)).toBe('Day 2 00:01:01')
})
