import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesBetween } from './changes.ts'
import { countingOf, pointsOf } from './points.ts'
import { toCsv, toJunit } from './spreadsheet.ts'

const checks = [
  { id: 'a', points: 2, of: 3 },
  { id: 'b', points: 0, of: 1 },
]

describe('points', () => {
  it('are those of the checks, with what people gave, less what lateness takes', () => {
    expect(pointsOf(checks, [], 0)).toEqual({ earned: 2, of: 4, lost: 0, final: 2 })
    expect(pointsOf(checks, [{ checkId: 'b', points: 0.5 }], 10)).toEqual({ earned: 2.5, of: 4, lost: 0.25, final: 2.25 })
    expect(pointsOf(checks, [{ checkId: '', points: 4 }], 50)).toMatchObject({ lost: 0, final: 4 })
    expect(pointsOf(checks, [], 250).final).toBe(0)
    expect(pointsOf([], [], 10)).toEqual({ earned: 0, of: 0, lost: 0, final: 0 })
  })

  it('are never negative and never more for being late', () => {
    const check = fc.record({ id: fc.string(), points: fc.integer({ min: 0, max: 500 }).map((n) => n / 100), of: fc.constant(5) })
    fc.assert(
      fc.property(fc.array(check), fc.double({ min: 0, max: 100, noNaN: true }), (some, late) => {
        const { final, earned } = pointsOf(some, [], late)
        expect(final).toBeGreaterThanOrEqual(0)
        expect(final).toBeLessThanOrEqual(earned)
      }),
    )
  })

  it('count of the last submission, or of the best that is graded', () => {
    const attempts = [3, null, 5, 5, 1].map((final, at) => ({ attempt: at + 1, final }))
    expect(countingOf(attempts, 'last')?.attempt).toBe(5)
    expect(countingOf(attempts, 'best')?.attempt).toBe(3)
    expect(countingOf([{ attempt: 1, final: null }], 'best')?.attempt).toBe(1)
    expect(countingOf([], 'best')).toBeUndefined()
  })
})

it('changes name the checks that are new, gone or otherwise', () => {
  const one = (id: string, points: number) => ({ id, title: id, outcome: 'pass' as const, points, of: 2 })
  expect(changesBetween([one('a', 1), one('b', 2), one('c', 0)], [one('a', 2), one('b', 2), one('d', 1)])).toEqual([
    { check: 'a', title: 'a', before: { outcome: 'pass', points: 1, of: 2 }, after: { outcome: 'pass', points: 2, of: 2 } },
    { check: 'd', title: 'd', before: null, after: { outcome: 'pass', points: 1, of: 2 } },
    { check: 'c', title: 'c', before: { outcome: 'pass', points: 0, of: 2 }, after: null },
  ])
})

describe('tables and reports', () => {
  it('hold no formula and nothing that breaks a cell, whatever people are called', () => {
    const cells = (text: string) => toCsv([[text]]).slice(1, -2)
    for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1+1'])
      expect(cells(evil).replace(/^"/, '')).toMatch(/^'/)
    expect(cells('a,b')).toBe('"a,b"')
    expect(cells('say "x"')).toBe('"say ""x"""')
    expect(cells('two\nlines')).toBe('"two\nlines"')
    expect(toCsv([['a', 1, null, -2]])).toBe('\uFEFFa,1,,-2\r\n')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cell = cells(text)
        const inner = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
        expect(inner === text || inner === `'${text}`).toBe(true)
        expect(/^"?[=+\-@\t\r]/.test(cell)).toBe(false)
      }),
    )
  })

  it('are well-formed XML, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const xml = toJunit(text, [
          { name: text, time: null, cases: [{ id: text, title: text, outcome: 'fail', points: 1, of: 2, message: text }] },
        ])
        const rest = xml.replace(
          /<\/?(testsuites|testsuite|testcase|properties|property|failure)( [a-z]+="[^"<>]*")*\/?>|<\?xml [^>]*>/g,
          '',
        )
        expect(rest.trim()).toBe('')
        expect(xml.replace(/&(amp|lt|gt|quot|apos|#\d+);/g, '')).not.toContain('&')
        expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/)
      }),
    )
  })
})
