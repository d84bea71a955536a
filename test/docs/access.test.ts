import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { accessPage } from '../../scripts/access-page.ts'

it('docs/access.md is what the table says', () => {
  expect(readFileSync('docs/access.md', 'utf8')).toBe(accessPage())
})
