// npm run check [NAME ...]: everything that can be said without running the product. Names pick steps by their beginning.
import { mkdirSync } from 'node:fs'
import { runSteps, type Step } from './steps.ts'
import { typeSteps } from './worlds-to-type.ts'

const steps: Step[] = [
  { name: 'format and lint', command: ['biome', 'check', '--reporter=concise', '.'] },
  { name: 'layers', command: ['node', 'scripts/check-layers.ts'] },
  { name: 'purity', command: ['node', 'scripts/check-purity.ts'] },
  { name: 'sizes', command: ['node', 'scripts/check-sizes.ts'] },
  { name: 'seed coverage', command: ['node', 'scripts/check-seed-coverage.ts'] },
  ...typeSteps,
  { name: 'deploy dry run', command: ['wrangler', 'deploy', '--dry-run', '--outdir', 'dist/dry-run'] },
]

// wrangler refuses to look at a Worker whose assets folder is not there yet.
mkdirSync('dist/web', { recursive: true })

const wanted = process.argv.slice(2)
const chosen = wanted.length === 0 ? steps : steps.filter(({ name }) => wanted.some((begin) => name.startsWith(begin)))
process.exit((await runSteps(chosen)) ? 0 : 1)
