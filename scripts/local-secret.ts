import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A secret of an instance on this computer: it stays with its databases, and ends with a server that keeps none. */
export function localSecret(dataDir: string | undefined, name: string): string {
  const fresh = randomBytes(32).toString('base64url')
  if (dataDir === undefined) return fresh
  const path = join(dataDir, `${name}.secret`)
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(path, fresh, { mode: 0o600 })
  return fresh
}
