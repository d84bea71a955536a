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
const history = (lines: HistoryLine[], branch = 1): History => ({ lines, branch, branches: [], snapshots: [] })

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
  const branches = [{ id: 2, parent: 1, after: 1, line: 4 }]
  const entries = entriesOf({ lines, branches })
  expect(entries.map((one) => (one.type === 'line' ? one.line.id : `left ${one.count} by ${one.by?.id}`))).toEqual([
    1,
    'left 2 by 4',
    2,
    3,
    4,
    5,
  ])
})

test('what a line printed after its branch was left is not put down to whoever rewound next', () => {
  const lines = [line(1), line(2, { current: false }), line(3, { kind: 'rewind', branch: 2 })]
  const rest = line(4, { kind: 'notice', current: false })
  const next = line(5, { kind: 'rewind', branch: 3 })
  const branches = [
    { id: 2, parent: 1, after: 1, line: 3 },
    { id: 3, parent: 2, after: 3, line: 5 },
  ]
  const left = entriesOf({ lines: [...lines, rest, next], branches }).filter((one) => one.type === 'left')
  expect(left.map(({ by }) => by?.id)).toEqual([3, 3])
})

/** 1 2 3 | 4: back to 1, then 5 6 | 7: back to 2, of the first branch, then 8 */
test('lines that a rewind would leave are counted along the branches', () => {
  const branches = [
    { id: 2, parent: 1, after: 1, line: 4 },
    { id: 3, parent: 1, after: 2, line: 7 },
  ]
  const first = [line(1), line(2), line(3, { current: false })]
  const second = [4, 5, 6].map((id) => line(id, { branch: 2, current: false, kind: id === 4 ? 'rewind' : 'exec' }))
  const third = [line(7, { branch: 3, kind: 'rewind' }), line(8, { branch: 3 })]
  const lines = [...first, ...second, ...third]
  const later = (id: number) => laterThan({ lines, branches }, lines.find((one) => one.id === id)!)
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(later)).toEqual([3, 2, 2, 3, 3, 3, 1, 0])
  expect(laterThan({ lines, branches }, line(0, { branch: 0 }))).toBe(4)
})

test('two branches side by side are two', () => {
  const left = [line(1, { current: false }), line(2, { current: false, branch: 2 }), line(3, { kind: 'undo', branch: 3 })]
  expect(
    entriesOf({ lines: left, branches: [{ id: 2, parent: 1, after: 0, line: 2 }] }).filter((one) => one.type === 'left').length,
  ).toBe(2)
})
