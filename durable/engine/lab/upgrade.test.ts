import { describe, expect, it } from 'vitest'
import { CorruptPart, stateOf } from './upgrade.ts'

const row = (change: object) => ({ name: 'pc/nat', kind: 'nat', version: 1, data: '{"mappings":[]}', ...change })

describe('a row of an older engine', () => {
  it('is taken through every format in between', () => {
    const steps = {
      nat: [
        (old: unknown) => ({ list: (old as { mappings: [] }).mappings }),
        (old: unknown) => ({ ...(old as object), more: 1 }),
      ],
    }
    expect(stateOf(row({}), steps as never)).toEqual({ list: [], more: 1 })
    expect(stateOf(row({ version: 2, data: '{"list":[7]}' }), steps as never)).toEqual({ list: [7], more: 1 })
    expect(stateOf(row({ version: 3, data: '{"list":[7]}' }), steps as never)).toEqual({ list: [7] })
  })
})

it('a NAT of format 1 keeps its mappings, each remote address a flow', () => {
  const data = JSON.stringify({ mappings: [[6, 1, 2, 3, 4, [5, 6], 80, 1000, true]] })
  expect(stateOf(row({ data }))).toEqual({
    mappings: [
      [
        6,
        1,
        2,
        3,
        4,
        false,
        1_800_001_000,
        [
          [5, 80, 2, 1_800_001_000],
          [6, 80, 2, 1_800_001_000],
        ],
      ],
    ],
    forwards: { next: 0, all: [] },
    syns: [],
  })
})

describe('a row that cannot be read', () => {
  for (const [what, change] of [
    ['is not JSON', { data: '{"mappings":' }],
    ['has a format of the future', { version: 99 }],
    ['has no format', { version: 0 }],
    ['is of a kind that is not known', { kind: 'flux-capacitor' }],
  ] as const) {
    it(`names its part when it ${what}`, () => {
      expect(() => stateOf(row(change))).toThrow(CorruptPart)
      expect(() => stateOf(row(change))).toThrow('pc/nat')
    })
  }
})
