import { describe, expect, it } from 'vitest'
import { findSeedFaults, SECTIONS, seedCoverage, seedCoveragePage } from '../../scripts/checks/seed-coverage.ts'

const files: Readonly<Record<string, string>> = {
  'a.test.ts': "it('shows it, and more', () => {})\n// describes nothing",
  'a.script': '# Why\npc> Get-VM\n= Running\nubuntu1> ip neigh\n= REACHABLE\n! FAILED\n',
  'a.ts': "const words = ': not simulated here yet.'",
}
const read = (path: string) => files[path]

/** Data in which every line is the same, but for those of `change`. */
function data(change: Readonly<Record<string, object | undefined>> = {}): string {
  const lines = Object.entries(SECTIONS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, at) => [
      `${section}.${at + 1}`,
      { says: 'something that it says', shown: ['a.test.ts › shows it'] },
    ]),
  )
  const sections = Object.entries(SECTIONS).map(([section, count]) => [section, { title: section, lines: count }])
  return JSON.stringify({ sections: Object.fromEntries(sections), lines: { ...Object.fromEntries(lines), ...change } })
}

const faults = (text: string, page = seedCoveragePage(seedCoverage(text))) => findSeedFaults(text, page, read)
const faultsWith = (line: object) => faults(data({ '1.2.3': { says: 'something else here', ...line } }))

it('is content with all 150 lines and the page made of them', () => {
  expect(Object.values(SECTIONS).reduce((sum, count) => sum + count)).toBe(150)
  expect(faults(data())).toEqual([])
})

it('wants the page to be what the data say', () => {
  expect(faults(data(), '')[0]).toContain('is not what the data say')
})

it('wants each line, and no other', () => {
  expect(faults(data({ '1.4.25': undefined }))).toEqual(['1.4.25 is missing'])
  expect(faults(data({ '1.5.13': { says: 'one line too many', shown: ['a.test.ts › shows it'] } }))).toEqual([
    '1.5.13 is no line of these sections',
  ])
})

describe('a line', () => {
  it.each([
    ['neither shown nor declined', {}, 'neither a test nor words that decline'],
    ['a file that is not there', { shown: ['b.test.ts › shows it'] }, 'there is no b.test.ts'],
    ['words that are no title of a test', { shown: ['a.test.ts › describes nothing'] }, 'no test in a.test.ts is called'],
    ['a typed line without an outcome', { shown: ['a.script › pc> Get-VM'] }, 'name an outcome'],
    ['a line that nobody types', { shown: ['a.script › pc> Get-V › = Running'] }, 'nobody types'],
    ['the outcome of another line', { shown: ['a.script › pc> Get-VM › = REACHABLE'] }, 'is not followed by'],
    ['words of no file', { declines: [{ words: 'x: is not there.', in: 'a.ts › is not there' }] }, 'does not stand in a.ts'],
    [
      'words that are not those',
      { declines: [{ words: 'x: is not there.', in: 'a.ts › not simulated' }] },
      'is not among the words',
    ],
  ])('with %s is a fault', (_what, line, fault) => {
    expect(faultsWith(line)).toHaveLength(1)
    expect(faultsWith(line)[0]).toContain(`1.2.3: `)
    expect(faultsWith(line)[0]).toContain(fault)
  })

  it.each([
    ['an outcome of a script', { shown: ['a.script › ubuntu1> ip neigh › ! FAILED'] }],
    ['words of the product', { declines: [{ words: 'wsl: not simulated here yet.', in: 'a.ts › not simulated here yet.' }] }],
  ])('with %s is well', (_what, line) => {
    expect(faultsWith(line)).toEqual([])
  })
})
