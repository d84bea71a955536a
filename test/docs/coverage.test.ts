import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { coveragePage } from '../../scripts/coverage-page.ts'

it('docs/coverage.md is what the registries say (node scripts/run.mjs scripts/coverage.ts writes it anew)', () => {
  expect(readFileSync('docs/coverage.md', 'utf8')).toBe(coveragePage())
})
