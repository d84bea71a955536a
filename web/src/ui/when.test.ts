import { describe, expect, test } from 'vitest'
import { clockText, dateText, dayText, exactText, monthText, whenText } from './when.ts'

const now = new Date(2026, 4, 4, 15, 30)

describe('when something was, or will be', () => {
  test.each([
    [new Date(2026, 4, 4, 0, 0), 'today at 00:00'],
    [new Date(2026, 4, 4, 23, 59), 'today at 23:59'],
    [new Date(2026, 4, 3, 23, 59), 'yesterday at 23:59'],
    [new Date(2026, 4, 5, 0, 1), 'tomorrow at 00:01'],
    [new Date(2026, 4, 6, 9, 5), '6 May at 09:05'],
    [new Date(2026, 0, 31, 9, 5), '31 January at 09:05'],
    [new Date(2025, 11, 31, 9, 5), '31 December 2025'],
    [new Date('nonsense'), 'some time ago'],
  ])('%s', (at, text) => expect(whenText(at, now)).toBe(text))

  test('yesterday is yesterday over a change of the year', () =>
    expect(whenText(new Date(2025, 11, 31, 23, 0), new Date(2026, 0, 1, 1, 0))).toBe('yesterday at 23:00'))

  test('the same clock everywhere', () => {
    const at = new Date(2026, 4, 4, 14, 33, 7)
    expect([clockText(at), dayText(at), exactText(at), dateText(at, now)]).toEqual([
      '14:33',
      '4 May 2026',
      '4 May 2026, 14:33:07',
      'Monday 4 May at 14:33',
    ])
    expect(monthText('2026-05')).toBe('May 2026')
    expect(dateText(new Date(2027, 0, 4, 10, 5).toISOString(), now)).toBe('Monday 4 January 2027 at 10:05')
  })
})
