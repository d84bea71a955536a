// The files that `source` names: a pattern in the last part of a path.
import { compileGlob } from '../regex/glob.ts'
import type { Reader } from './file.ts'

/** Names that start with a dot, and those that a packager left, are no configuration. */
const CONFIGURATION = /^[a-zA-Z0-9_-]+$/

export function globFiles(reader: Reader, pattern: string, from: string): string[] {
  const whole = pattern.startsWith('/') ? pattern : `${from.slice(0, from.lastIndexOf('/'))}/${pattern}`
  const cut = whole.lastIndexOf('/')
  const [directory, last] = [whole.slice(0, cut), whole.slice(cut + 1)]
  if (!/[*?[]/.test(last)) return [whole]
  const names = (reader.listFiles(directory) ?? []).filter((file) => !file.directory && CONFIGURATION.test(file.name))
  const glob = compileGlob(last)
  return names
    .map(({ name }) => name)
    .filter((name) => glob.matches(name))
    .sort()
    .map((name) => `${directory}/${name}`)
}
