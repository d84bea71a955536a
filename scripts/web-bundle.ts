import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const page = 'dist/web/index.html'
const sources = ['web', 'durable/protocol.ts', 'durable/engine/wire', 'vite.config.ts', 'package-lock.json']

/** Builds the console; with `ifStale`, only when a source is newer than the last build. */
export async function buildWeb({ ifStale = false } = {}): Promise<void> {
  if (ifStale && existsSync(page) && Math.max(...sources.map(newest)) < statSync(page).mtimeMs) return
  console.log('Building the console ...')
  // React goes by this variable, and whoever builds for a test has another value in it.
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    // The page of the API is one large chunk that nobody else loads; that is no reason to warn at every start.
    const output = { chunkSizeWarningLimit: 2_000 }
    await build({ configFile: 'vite.config.ts', mode: 'production', logLevel: 'warn', build: output })
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

function newest(path: string): number {
  if (!existsSync(path)) return 0
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}
