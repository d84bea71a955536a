import { expect, test } from 'vitest'
import { firstApart } from './bytes-apart.ts'

test('the first run of bytes that differ', () => {
  expect(firstApart('00112233', '00112233')).toBeNull()
  expect(firstApart('00112233', '00aabb33')).toEqual({ from: 1, to: 3 })
  expect(firstApart('001122', '0011')).toEqual({ from: 2, to: 3 })
  expect(firstApart('00112233', '01112234')).toEqual({ from: 0, to: 1 })
})
