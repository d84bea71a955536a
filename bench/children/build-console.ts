// Builds the console if it is missing or old. In a process of its own, because building talks.
import { buildWeb } from '../../scripts/web-bundle.ts'

await buildWeb({ ifStale: true })
console.log('true')
