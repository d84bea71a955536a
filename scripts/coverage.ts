// node scripts/run.mjs scripts/coverage.ts: writes docs/coverage.md out of the registries of the shells.
import { writeFileSync } from 'node:fs'
import { coveragePage } from './coverage-page.ts'

writeFileSync('docs/coverage.md', coveragePage())
console.log('docs/coverage.md is written')
