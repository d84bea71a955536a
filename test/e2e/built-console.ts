import { buildWeb } from '../../scripts/web-bundle.ts'

/** Builds the console if need be, as for a deployment: the test runner's NODE_ENV would bring in React's development version. */
export async function buildConsole(): Promise<void> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await buildWeb({ ifStale: true })
  } finally {
    process.env['NODE_ENV'] = before
  }
}
