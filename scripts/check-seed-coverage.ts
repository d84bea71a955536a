import { existsSync, readFileSync } from 'node:fs'
import { findSeedFaults } from './checks/seed-coverage.ts'
import { report } from './checks/source-files.ts'

const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)
report('seed coverage', findSeedFaults(read('docs/seed-coverage.yaml') ?? '', read('docs/seed-coverage.md'), read))
