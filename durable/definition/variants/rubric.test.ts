import { expect, it } from 'vitest'
import { catalogue } from '../../../labs/index.ts'
import { reviewLab } from '../review.ts'

const yaml = catalogue.find(({ slug }) => slug === 'dhcp-by-hand')?.yaml ?? ''
const rubric = (subnet: string) => `total: 4
checks:
  - { id: lease, title: 'client has a lease in ${subnet}', points: 4, check: has-lease, machine: client, subnet: '${subnet}' }
`

it('a rubric with values of the variant is reviewed as students are graded by it', () => {
  expect(reviewLab(yaml, rubric('{{net}}'), 30)).toMatchObject({ faults: [], points: 4 })
  expect(reviewLab(yaml, rubric('{{server}}'), null).faults).toEqual([
    expect.objectContaining({ in: 'rubric', line: 3, path: 'checks[0].subnet' }),
  ])
  expect(reviewLab(yaml, rubric('{{nets}}'), null).faults).toEqual([
    expect.objectContaining({ in: 'rubric', line: 3, reason: expect.stringContaining('no value is named nets') }),
    expect.objectContaining({ in: 'rubric', line: 3 }),
  ])
})
