// Names of files that match a pattern (bash manual, 3.5.8).
import { absolute } from '../files.ts'
import type { Io } from '../io.ts'
import { compileGlob } from '../regex/glob.ts'

const MOST = 2_000

/** Characters that make a word a pattern when they are not quoted. */
export const isPattern = (text: string): boolean => /[*?[]|[@+!]\(/.test(text)

/** The names, sorted; none when nothing matches. `pattern` has a backslash before what is meant literally. */
export function matchPaths(pattern: string, io: Io): string[] {
  const rooted = pattern.startsWith('/')
  const parts = pattern.split('/').filter((part, i) => part !== '' || i > 0)
  let found = [rooted ? '/' : '']
  for (const [i, part] of parts.entries()) {
    if (part === '') {
      // A slash at the end asks for folders.
      found = found.filter((path) => isFolder(path, io)).map((path) => (path.endsWith('/') ? path : `${path}/`))
      continue
    }
    const next: string[] = []
    for (const folder of found) {
      next.push(...step(folder, part, i < parts.length - 1, io))
      if (next.length > MOST) break
    }
    found = next
    if (found.length === 0) return []
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

function step(folder: string, part: string, more: boolean, io: Io): string[] {
  const join = (name: string) => (folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`)
  io.work.step()
  if (!isPattern(part)) {
    const name = part.replace(/\\(.)/gs, '$1')
    const path = join(name)
    return io.kernel.stat(absolute(path, io.session.cwd)) === undefined ? [] : [path]
  }
  const entries = io.kernel.listFiles(absolute(folder === '' ? '.' : folder, io.session.cwd)) ?? []
  const glob = compileGlob(part, { ignoreCase: io.session.options.has('nocaseglob'), spend: io.work.spend })
  const hidden = part.startsWith('.') || io.session.options.has('dotglob')
  return entries
    .filter((entry) => (hidden || !entry.name.startsWith('.')) && (!more || entry.directory) && glob.matches(entry.name))
    .map((entry) => join(entry.name))
}

const isFolder = (path: string, io: Io): boolean =>
  io.kernel.stat(absolute(path === '' ? '.' : path, io.session.cwd))?.kind === 'directory'
