import { expect, it } from 'vitest'
import { stuckOf } from './class-table.ts'
import { standingAfter } from './self-check.ts'

const MINUTE = 60_000
const now = 1_000 * MINUTE
const none = { progressAt: null, failingLine: null, failingSince: null, failingTimes: 0 }

it('who is at work and passes nothing new for ten minutes is stuck, and who is not there is not', () => {
  const copy = { createdAt: now - 30 * MINUTE, lastActiveAt: now - MINUTE }
  expect(stuckOf(null, copy, false, now)).toMatchObject({ minutes: 30, line: null })
  expect(stuckOf({ ...none, progressAt: now - 12 * MINUTE }, copy, false, now)).toMatchObject({ minutes: 12 })
  expect(stuckOf({ ...none, progressAt: now - 5 * MINUTE }, copy, false, now)).toBeNull()
  expect(stuckOf(null, copy, true, now)).toBeNull()
  expect(stuckOf(null, { ...copy, lastActiveAt: now - 16 * MINUTE }, false, now)).toBeNull()
})

it('a command that fails three times is told with since when', () => {
  const copy = { createdAt: now - 8 * MINUTE, lastActiveAt: now }
  const failing = { ...none, failingLine: 'ping 10.0.0.1', failingSince: now - 4 * MINUTE, failingTimes: 3 }
  expect(stuckOf(failing, copy, false, now)).toMatchObject({ minutes: 4, line: 'ping 10.0.0.1', times: 3 })
  expect(stuckOf({ ...failing, failingTimes: 2 }, copy, false, now)).toBeNull()
})

it('progress is a check that is passed for the first time', () => {
  const result = (id: string, outcome: 'pass' | 'fail') => ({ id, title: id, outcome, points: 0, of: 1 })
  const first = standingAfter([], [result('a', 'pass'), result('b', 'fail')], 5)
  expect(first.progressed).toBe(true)
  expect(first.checks.map(({ passedAt }) => passedAt)).toEqual([5, null])
  const again = standingAfter(first.checks, [result('a', 'fail'), result('b', 'fail')], 6)
  expect([again.progressed, again.checks[0].passedAt]).toEqual([false, 5])
  expect(standingAfter(again.checks, [result('a', 'pass'), result('b', 'fail')], 7).progressed).toBe(false)
  expect(standingAfter(again.checks, [result('a', 'pass'), result('b', 'pass')], 7).progressed).toBe(true)
})
