import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Source text by path; paths are relative to the repository and use forward slashes. */
export type Sources = ReadonlyMap<string, string>

const skipped = new Set(['node_modules', 'dist', '.git', '.data', '.wrangler', 'coverage'])

export function readSources(root: string): Sources {
  const sources = new Map<string, string>()
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (/\.tsx?$/.test(entry.name)) sources.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  walk('')
  return sources
}

export const isTest = (path: string) => /\.test\.tsx?$/.test(path)

/** Prints the faults and ends the process: 0 when there are none. */
export function report(what: string, faults: readonly string[]): never {
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) console.error(`${what}: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`)
  process.exit(faults.length > 0 ? 1 : 0)
}
