import { expect, test } from 'vitest'
import type { ClockState } from '../../../../durable/protocol.ts'
import { distances, speedsWith, timeAt } from './clock.ts'

const state: ClockState = {
  mode: 'live',
  running: true,
  speed: 10,
  absence: 'frozen',
  now: 5_000_000,
  next: {
    event: 5_000_100,
    'lease-renewal': 65_000_000,
    'lease-expiry': null,
    'arp-expiry': 6_000_000,
    'nat-expiry': 1_000_000,
    'dns-expiry': null,
  },
}

test('a running lab goes on at its speed between two messages, but not for long', () => {
  expect(timeAt({ state, heard: 1_000 }, 1_500)).toBe(10_000_000)
  expect(timeAt({ state, heard: 1_000 }, 60_000)).toBe(25_000_000)
  expect(timeAt({ state, heard: 1_000 }, 900)).toBe(5_000_000)
})

test('a lab that stands, stands', () => {
  expect(timeAt({ state: { ...state, running: false }, heard: 0 }, 1_500)).toBe(5_000_000)
  expect(timeAt({ state: { ...state, mode: 'instant' }, heard: 0 }, 1_500)).toBe(5_000_000)
})

test('what comes next is listed by how near it is', () => {
  expect(distances(state, 5_000_000)).toEqual([
    { kind: 'nat-expiry', away: 0 },
    { kind: 'arp-expiry', away: 1_000_000 },
    { kind: 'lease-renewal', away: 60_000_000 },
    { kind: 'lease-expiry', away: null },
    { kind: 'dns-expiry', away: null },
  ])
})

test('an unusual speed is on offer too', () => {
  expect(speedsWith(7)).toContain(7)
  expect(speedsWith(1)).not.toContain(7)
})
