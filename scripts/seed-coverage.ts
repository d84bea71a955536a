// node scripts/run.mjs scripts/seed-coverage.ts: writes docs/seed-coverage.md out of docs/seed-coverage.yaml.
import { readFileSync, writeFileSync } from 'node:fs'
import { seedCoverage, seedCoveragePage } from './checks/seed-coverage.ts'

writeFileSync('docs/seed-coverage.md', seedCoveragePage(seedCoverage(readFileSync('docs/seed-coverage.yaml', 'utf8'))))
console.log('docs/seed-coverage.md is written')
