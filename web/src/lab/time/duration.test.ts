import { expect, test } from 'vitest'
import { DAY, durationText, HOUR, MINUTE, parseDuration } from './duration.ts'

const micros = (text: string) => {
  const parsed = parseDuration(text)
  return parsed.ok ? parsed.micros : parsed.message
}

test('durations are read as people write them', () => {
  expect(micros('90 s')).toBe(90_000_000)
  expect(micros('2h30min')).toBe(2 * HOUR + 30 * MINUTE)
  expect(micros('1.5 days')).toBe(1.5 * DAY)
  expect(micros('1 day, 2 hours and 3 m')).toBe(DAY + 2 * HOUR + 3 * MINUTE)
  expect(micros('250ms')).toBe(250_000)
})

test('what is none says why', () => {
  expect(micros('')).toMatch(/Numbers with units/)
  expect(micros('5')).toMatch(/Numbers with units/)
  expect(micros('-5 s')).toMatch(/Numbers with units/)
  expect(micros('3 fortnights')).toMatch(/“fortnights” is no unit/)
  expect(micros('0 s')).toMatch(/more than nothing/)
  expect(micros('11000 d')).toMatch(/Ten years/)
})

test('distances show what matters', () => {
  expect([340, 210_400, 1_337_000, 252_000_000, DAY - 1, 8 * DAY + 3 * HOUR, 30_000_000].map(durationText)).toEqual([
    '340 µs',
    '210 ms',
    '1.34 s',
    '4 min 12 s',
    '23 h 59 min',
    '8 d 3 h',
    '30 s',
  ])
})
