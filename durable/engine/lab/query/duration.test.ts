import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDuration, sayTime, writeDuration } from './duration.ts'

describe('times', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.nat(),
          fc.maxSafeNat().map((n) => n % 8.64e15),
        ),
        (micros) => {
          expect(parseDuration(writeDuration(micros))).toBe(micros)
        },
      ),
    )
    expect(['5s', '1.5min', '250 ms', '2d', '3h', '0.5us', '5', 's', '1e3s', '-5s'].map(parseDuration)).toEqual([
      5_000_000,
      90_000_000,
      250_000,
      172_800_000_000,
      10_800_000_000,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('says them as a person would', () => {
    expect([0, 7, 1500, 12_000, 3_204_000, 90_000_000, 694_984_500_000].map(sayTime)).toEqual([
      '0 s',
      '7 µs',
      '1.5 ms',
      '12 ms',
      '3.204 s',
      '1 min 30 s',
      '8 d 1 h 3 min 4.5 s',
    ])
  })
})
