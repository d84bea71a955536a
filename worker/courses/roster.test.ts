import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRoster } from './roster.ts'

describe('a class list', () => {
  it('is read with the headings that schools use, in any order and with any of the usual delimiters', () => {
    const wanted = [
      { line: 2, name: 'Ann Example', email: 'ann@example.org', role: 'student', group: 'Red' },
      { line: 3, name: 'Ben "B" Example', email: null, role: 'assistant', group: null },
    ]
    const comma = 'Name,E-mail,Role,Group\nAnn  Example,ANN@example.org,,Red\n"Ben ""B"" Example",,Tutor,\n'
    expect(readRoster(comma)).toMatchObject({ rows: wanted, faults: [], ignored: [] })
    const semicolon =
      '\ufeffGroup;Given name;Surname;Email address;Role;Birthday\r\nRed;Ann;Example;ann@example.org;;1\r\n\r\n;"Ben ""B""";Example;;TA;2\r\n'
    expect(readRoster(semicolon)).toMatchObject({
      rows: [wanted[0], { ...wanted[1], line: 4 }],
      faults: [],
      ignored: ['Birthday'],
    })
  })

  it.each([
    ['', 1, '', /empty/],
    ['name,email\n', 1, '', /nobody/],
    ['who,mail\nAnn,a@example.org', 1, 'who', /one of them must be `name`/],
    ['name,email,mail\nAnn,a@example.org,b', 1, 'mail', /say the same/],
    ['name,email\nAnn,a@example.org\n,b@example.org', 3, 'name', /missing/],
    ['name,email\nAnn,not an address', 2, 'email', /not an e-mail address/],
    ['name,email\nAnn,a@example.org\nBen', 3, 'email', /one value, the first line has 2/],
    ['name,email\nAnn,a@example.org,3', 2, 'after email', /3 values/],
    ['name,role\nAnn,captain', 2, 'role', /no role/],
    ['name,role,group\nAnn,observer,Red', 2, 'group', /Only students/],
    ['name,email\nAnn,a@example.org\nBen,A@example.org', 3, 'email', /in line 2 already/],
    ['name\nAnn\nann', 3, 'name', /in line 2 already/],
    ['name,email\n"Ann\nExample",a@example.org\nBen,nothing', 4, 'email', /not an e-mail/],
    ['name,email\nAnn,"a@example.org\n', 2, 'email', /never closed/],
    ['name,email\nA "b" c,x', 2, 'name', /middle of a value/],
    ['name\nAnn\u0007', 2, 'name', /cannot be shown/],
  ])('%j is refused naming line %d and column %j', (csv, line, column, message) => {
    const { faults } = readRoster(csv)
    expect(faults).toHaveLength(1)
    if (column !== '') expect(faults[0].column).toBe(column)
    expect([faults[0].line, faults[0].message]).toEqual([line, expect.stringMatching(message)])
  })

  it('with values over several lines still names the line of the file', () => {
    const { rows } = readRoster('name,group\n"Ann\nExample",Red\nBen,Red\n')
    expect(rows.map(({ line, name }) => [line, name])).toEqual([
      [2, 'Ann Example'],
      [4, 'Ben'],
    ])
  })

  it('whatever it is, is read or refused in words, never thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'name,em\n"; \t\r@aé'), maxLength: 60 }), (csv) => {
        const { rows, faults } = readRoster(csv)
        expect(rows.length + faults.length).toBeGreaterThan(0)
        for (const { line, message } of faults) expect([line > 0, message !== '']).toEqual([true, true])
      }),
      { numRuns: 500 },
    )
  })
})
