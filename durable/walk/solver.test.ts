import { expect, it } from 'vitest'
import { catalogue } from '../../labs/index.ts'
import { Solver } from './solver.ts'

const yaml = catalogue.find(({ slug }) => slug === 'one-way-traffic')?.yaml ?? ''
const script = 'guest> ping -c 1 -W 1 {{office}}\n'
const solved = (rubric: string, seed = 7) => {
  const made = Solver.of(yaml, script, rubric)
  if (!made.ok) throw new Error('the lab is wrong')
  return made.solver.solve(seed)
}
const rubric = (pattern: string) => `total: 3
checks:
  - { id: typed, title: The office was asked, points: 3, check: command-used, machine: guest, pattern: '${pattern}' }
`

it('proves a rubric with the values of each variant, as students are graded by it', () => {
  for (const seed of [7, 8, 9])
    expect(solved(rubric('ping*{{office}}'), seed)).toMatchObject({ outcome: 'solved', points: 3, of: 3 })
  expect(solved(rubric('ping*{{pc}}'))).toMatchObject({ outcome: 'unsolved', points: 0 })
})

it('says which line of a rubric stands for nothing', () => {
  expect(solved(rubric('{{offices}}'))).toMatchObject({
    outcome: 'wrong',
    missed: [expect.stringMatching(/^line 3: .*no value is named offices/)],
  })
})
