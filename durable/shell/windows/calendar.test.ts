import fc from 'fast-check'
import { expect, test } from 'vitest'
import { civil, formatDate, longDateTime, timeSpan } from './calendar.ts'

test('civil dates agree with the platform calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_000_000_000, max: 8_000_000_000 }), (seconds) => {
      const c = civil(seconds * 1_000_000)
      const date = new Date(seconds * 1000)
      expect([c.year, c.month, c.day, c.hour, c.minute, c.second, c.weekday]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
        date.getUTCDay(),
      ])
    }),
  )
})

test('written as Windows writes them', () => {
  const at = civil(Date.UTC(2025, 10, 20, 8, 1, 12) * 1000)
  expect(longDateTime(at)).toBe('Thursday, November 20, 2025 8:01:12 AM')
  expect(formatDate(at, "yyyy-MM-dd'T'HH:mm:ss ddd h tt")).toBe('2025-11-20T08:01:12 Thu 8 AM')
  expect(timeSpan(842_123_000)).toBe('00:14:02.1230000')
  expect(timeSpan(0)).toBe('00:00:00')
})
