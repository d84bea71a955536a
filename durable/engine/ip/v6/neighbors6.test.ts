// What a full neighbour cache of IPv6 gives up, and that it is never more than full.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frame } from '../../link/frame.ts'
import { Neighbors6, type StoredNeighbor6, TABLE_LIMIT } from './neighbors6.ts'

const waiting = (id: number): Frame => ({ bytes: new Uint8Array(60), id, cause: 0, origin: 0, stored: -1 })

describe('a full table', () => {
  const fill = (make: (n: number) => Partial<ReturnType<Neighbors6['add']>['entry']>) => {
    const table = new Neighbors6()
    for (let n = 0; n < TABLE_LIMIT; n++) Object.assign(table.add(BigInt(n), 'stale', 0x020000000000 + n).entry, make(n))
    return table
  }

  it('forgets its oldest that nobody waits for, neither routers nor what people entered', () => {
    const table = fill((n) =>
      n < 2 ? { state: 'permanent' } : n < 4 ? { isRouter: true } : n < 6 ? { waiting: [waiting(n)] } : {},
    )
    expect(table.add(9999n, 'incomplete', 0).lost).toEqual([])
    expect(table.get(6n)).toBeUndefined()
    for (let n = 0n; n < 6n; n++) expect(table.get(n)).toBeDefined()
    expect(table.size).toBe(TABLE_LIMIT)
  })

  it('in which somebody waits for each gives up the oldest with what waits', () => {
    const table = fill((n) => ({ waiting: [waiting(n)] }))
    expect(table.add(9999n, 'incomplete', 0).lost.map(({ id }) => id)).toEqual([0])
  })

  it('of routers alone gives up a router: anybody can say that he is one', () => {
    const table = fill((n) => (n === 0 ? { state: 'permanent' } : { isRouter: true }))
    table.add(9999n, 'stale', 1)
    expect([table.get(0n), table.get(1n)]).toMatchObject([{ state: 'permanent' }, undefined])
    expect(table.size).toBe(TABLE_LIMIT)
  })

  it('stays within its limit whatever comes, and is the same after it was stored', () => {
    const steps = fc.array(fc.tuple(fc.nat(2000), fc.boolean(), fc.constantFrom('stale', 'permanent', 'incomplete')), {
      minLength: TABLE_LIMIT,
      maxLength: 3 * TABLE_LIMIT,
    })
    fc.assert(
      fc.property(steps, (list) => {
        const table = new Neighbors6()
        for (const [n, isRouter, state] of list) {
          if (table.get(BigInt(n)) !== undefined) continue
          table.add(BigInt(n), state as 'stale', n).entry.isRouter = isRouter
          expect(table.size).toBeLessThanOrEqual(TABLE_LIMIT)
        }
        const again = new Neighbors6()
        again.load(JSON.parse(JSON.stringify(table.save())) as StoredNeighbor6[])
        expect(again.save()).toEqual(table.save())
        table.add(5000n, 'stale', 1)
        again.add(5000n, 'stale', 1)
        expect(again.save()).toEqual(table.save())
      }),
      { numRuns: 20 },
    )
  })
})
