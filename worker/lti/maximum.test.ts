import { expect, it } from 'vitest'
import { catalogue } from '../../labs/index.ts'
import { maximumOf } from './maximum.ts'

const definition = catalogue.find(({ slug }) => slug === 'dhcp-by-hand')?.yaml ?? ''
const rubric = (subnet: string) =>
  `checks: [{ id: lease, title: Leased, points: 4, check: has-lease, machine: client, subnet: '${subnet}' }]`

it('a column has the points of the lab, or of the rubric, also of one with values of the variant', () => {
  expect(maximumOf({ definition, rubric: null })).toBe(20)
  expect(maximumOf({ definition, rubric: rubric('10.0.0.0/8') })).toBe(4)
  expect(maximumOf({ definition, rubric: rubric('{{net}}') })).toBe(4)
  expect(maximumOf({ definition, rubric: rubric('{{nets}}') })).toBe(0)
  expect(maximumOf({ definition: 'no lab', rubric: null })).toBe(0)
})
