// node scripts/run.mjs scripts/access.ts: writes docs/access.md anew.
import { writeFileSync } from 'node:fs'
import { accessPage } from './access-page.ts'

writeFileSync('docs/access.md', accessPage())
