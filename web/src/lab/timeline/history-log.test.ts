import { expect, test } from 'vitest'
import type { History, HistoryLine } from '../../../../durable/protocol.ts'
import { askAfter, entriesOf, laterThan, merge } from './history-log.ts'

const line = (id: number, more: Partial<HistoryLine> = {}): HistoryLine => ({
  id,
  branch: 1,
  kind: 'exec',
  console: 'pc',
  line: `line ${id}`,
  by: 'Sam Student',
  at: id * 1_000,
  endedAt: id * 1_000,
  wall: 0,
  exitStatus: 0,
  current: true,
  snapshot: null,
  ...more,
})
const history = (lines: HistoryLine[], branch = 1): History => ({ lines, branch, snapshots: [] })

test('pages are put together, and a line that ended replaces itself', () => {
  const known = history([line(1), line(2, { endedAt: null })])
  expect(askAfter(known)).toBe(1)
  const merged = merge(known, history([line(2), line(3)]))
  expect(merged?.lines.map(({ id, endedAt }) => [id, endedAt])).toEqual([
    [1, 1_000],
    [2, 2_000],
    [3, 3_000],
  ])
  expect(askAfter(merged!)).toBe(3)
})

test('another branch means that all is asked again', () => {
  expect(merge(history([line(1)]), history([line(2)], 2))).toBeNull()
})

test('a branch that was left begins with what it is', () => {
  const lines = [
    line(1),
    line(2, { current: false }),
    line(3, { current: false }),
    line(4, { kind: 'rewind', branch: 2 }),
    line(5, { branch: 2 }),
  ]
  const entries = entriesOf(lines)
  expect(entries.map((one) => (one.type === 'line' ? one.line.id : `left ${one.count} by ${one.by?.id}`))).toEqual([
    1,
    'left 2 by 4',
    2,
    3,
    4,
    5,
  ])
  expect(laterThan(lines, 1)).toBe(2)
})

test('two branches side by side are two', () => {
  const left = [line(1, { current: false }), line(2, { current: false, branch: 2 }), line(3, { kind: 'undo', branch: 3 })]
  expect(entriesOf(left).filter((one) => one.type === 'left').length).toBe(2)
})
