// The commands that are cmd.exe's own.
import type { Kernel } from '../../../engine/machine/kernel.ts'
import { matchesWildcard } from '../../../engine/machine/wildcard.ts'
import { civil, formatDate, localMicros } from '../calendar.ts'
import { resolvePath } from '../path.ts'
import { done, type Gen } from '../program.ts'
import { wordsOf } from './line.ts'
import type { CmdIo } from './run.ts'

type Own = (tail: string, io: CmdIo) => Gen<number>

/** Real commands that only batch files have much use for, and a few more. */
export const NOT_SIMULATED: ReadonlySet<string> = new Set(
  'assoc break call color date for ftype goto if mklink path pause popd prompt pushd setlocal endlocal shift start time verify vol'.split(
    ' ',
  ),
)

const NO_FILE = 'The system cannot find the file specified.'
const NO_PATH = 'The system cannot find the path specified.'
const SYNTAX = 'The syntax of the command is incorrect.'
const DENIED = 'Access is denied.'

const unquoted = (text: string): string => text.trim().replaceAll('"', '')
const at = (io: CmdIo, name: string): string => resolvePath(io.state.cwd, name)
const isFolder = (kernel: Kernel, path: string): boolean => /^[A-Z]:\\?$/i.test(path) || kernel.stat(path)?.kind === 'directory'

function* fail(io: CmdIo, text: string): Gen<number> {
  yield* io.fault(text)
  return 1
}

/** What `ver` says, and the first line of a new console. */
export const versionLine = (kernel: Kernel): string => `Microsoft Windows [Version 10.0.${kernel.identity().build}.1]`

const echo: Own = function* (tail, io) {
  const word = tail.trim().toLowerCase()
  if (tail === '' || (/^\s/.test(tail) && word === '')) yield* io.line(`ECHO is ${io.state.echo ? 'on' : 'off'}.`)
  else if (/^\s/.test(tail) && (word === 'on' || word === 'off')) io.state.echo = word === 'on'
  else yield* io.line(tail.slice(1))
  return io.state.errorLevel
}

const ver: Own = function* (_, io) {
  yield* io.line('')
  yield* io.line(versionLine(io.kernel))
  return 0
}

const cd: Own = function* (tail, io) {
  const to = unquoted(tail.replace(/^\s*\/d\b/i, ''))
  if (to === '') {
    yield* io.line(io.state.cwd)
    return 0
  }
  if (/^[a-z]:$/i.test(to)) {
    if (!/^c:$/i.test(to)) return yield* fail(io, 'The system cannot find the drive specified.')
    yield* io.line(io.state.cwd)
    return 0
  }
  const path = at(io, to)
  if (!isFolder(io.kernel, path)) return yield* fail(io, NO_PATH)
  io.state.cwd = path
  return 0
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')

const dir: Own = function* (tail, io) {
  const words = wordsOf(tail)
  const options = words.flatMap((word) => word.toLowerCase().match(/\/[a-z-]+(:[a-z]*)?/g) ?? [])
  const unknown = options.find((one) => one !== '/b' && one !== '/w' && one !== '/a')
  if (unknown !== undefined) return yield* fail(io, `dir ${unknown}: this option is real, but it is not simulated here yet.`)
  const { kernel } = io
  const [given = ''] = words.filter((word) => !word.startsWith('/'))
  const path = given === '' ? io.state.cwd : at(io, given)
  const whole = isFolder(kernel, path)
  const folder = whole ? path : path.slice(0, Math.max(3, path.lastIndexOf('\\')))
  const wanted = whole ? '*' : path.slice(path.lastIndexOf('\\') + 1)
  const all = kernel.listFiles(folder)
  if (all === undefined) return yield* fail(io, NO_PATH)
  const fits = (name: string): boolean => wanted === '*.*' || matchesWildcard(wanted, name)
  const found = all.filter(({ name }) => fits(name))
  if (options.includes('/b')) {
    for (const { name } of found) yield* io.line(name)
    return found.length > 0 ? 0 : yield* fail(io, 'File Not Found')
  }
  yield* io.line(' Volume in drive C has no label.')
  yield* io.line(` Volume Serial Number is ${serialOf(kernel)}`)
  yield* io.line('')
  yield* io.line(` Directory of ${folder}`)
  yield* io.line('')
  if (found.length === 0) return yield* fail(io, 'File Not Found')
  const rows = [...(whole && folder.length > 3 ? ['.', '..'].map((name) => ({ name, directory: true, size: 0 })) : []), ...found]
  for (const { name, directory, size } of rows) {
    const changed = kernel.stat(name === '.' || name === '..' ? folder : `${folder}\\${name}`)?.changed ?? 0
    const when = formatDate(
      civil(localMicros(kernel.clock(), changed > 0 ? changed : kernel.identity().bootedAt)),
      'MM/dd/yyyy  hh:mm tt',
    )
    yield* io.line(`${when}    ${directory ? '<DIR>         ' : grouped(size).padStart(14)} ${name}`)
  }
  const files = found.filter(({ directory }) => !directory)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const { used, limit } = kernel.diskUse()
  yield* io.line(`${grouped(files.length).padStart(16)} File(s) ${grouped(bytes).padStart(14)} bytes`)
  yield* io.line(`${grouped(rows.length - files.length).padStart(16)} Dir(s)  ${grouped(limit - used).padStart(14)} bytes free`)
  return 0
}

/** Eight digits that belong to the computer: out of its name. */
function serialOf(kernel: Kernel): string {
  let hash = 0x811c9dc5
  for (const c of kernel.identity().hostname) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193)
  const digits = (hash >>> 0).toString(16).toUpperCase().padStart(8, '0')
  return `${digits.slice(0, 4)}-${digits.slice(4)}`
}

const type: Own = function* (tail, io) {
  const names = wordsOf(tail)
  if (names.length === 0) return yield* fail(io, SYNTAX)
  let status = 0
  for (const name of names) {
    const text = io.kernel.readFile(at(io, name))
    if (text === undefined) {
      status = yield* fail(io, isFolder(io.kernel, at(io, name)) ? DENIED : NO_FILE)
      continue
    }
    for (const line of text.replace(/\r?\n$/, '').split(/\r?\n/)) yield* io.line(line)
  }
  return status
}

const MOST_VARIABLES = 200

const set: Own = function* (tail, io) {
  const text = tail.trim().replace(/^"(.*)"$/, '$1')
  if (/^\/[ap]\b/i.test(text))
    return yield* fail(io, `set ${text.slice(0, 2)}: this option is real, but it is not simulated here yet.`)
  const equals = text.indexOf('=')
  if (equals < 0) {
    const found = Object.values(io.state.env)
      .filter(({ name }) => name.toLowerCase().startsWith(text.toLowerCase()))
      .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    for (const { name, value } of found) yield* io.line(`${name}=${value}`)
    return found.length > 0 || text === '' ? io.state.errorLevel : yield* fail(io, `Environment variable ${text} not defined`)
  }
  if (equals === 0) return yield* fail(io, SYNTAX)
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)]
  if (value === '') delete io.state.env[name.toLowerCase()]
  else if (Object.keys(io.state.env).length < MOST_VARIABLES) io.state.env[name.toLowerCase()] = { name, value }
  // At the prompt, as in a .bat file, it leaves the level alone.
  return io.state.errorLevel
}

const forEachName = (act: (path: string, io: CmdIo) => string | undefined): Own =>
  function* (tail, io) {
    const names = wordsOf(tail).filter((word) => !/^\/[a-z]$/i.test(word))
    if (names.length === 0) return yield* fail(io, SYNTAX)
    let status = 0
    for (const name of names) {
      const wrong = act(at(io, name), io)
      if (wrong !== undefined) status = yield* fail(io, wrong)
    }
    return status
  }

const md = forEachName((path, { kernel }) => {
  if (kernel.stat(path)) return `A subdirectory or file ${path} already exists.`
  return kernel.makeDirectory(path).ok ? undefined : NO_PATH
})

const rd = forEachName((path, { kernel }) => {
  if (!isFolder(kernel, path)) return kernel.stat(path) ? 'The directory name is invalid.' : NO_FILE
  return kernel.removeFile(path).ok ? undefined : 'The directory is not empty.'
})

const del = forEachName((path, { kernel }) => {
  if (!kernel.stat(path) || isFolder(kernel, path)) return `Could Not Find ${path}`
  return kernel.removeFile(path).ok ? undefined : DENIED
})

const copyOrMove = (verb: 'copied' | 'moved'): Own =>
  function* (tail, io) {
    const [from, to = '.', ...more] = wordsOf(tail).filter((word) => !/^\/-?[a-z]$/i.test(word))
    if (from === undefined || more.length > 0) return yield* fail(io, SYNTAX)
    const { kernel } = io
    const source = at(io, from)
    const text = kernel.readFile(source)
    if (text === undefined) return yield* fail(io, NO_FILE)
    const given = at(io, to)
    const target = isFolder(kernel, given) ? `${given}\\${source.slice(source.lastIndexOf('\\') + 1)}` : given
    if (target.toLowerCase() === source.toLowerCase()) {
      if (verb === 'copied') yield* io.fault('The file cannot be copied onto itself.')
      yield* io.line(`        0 file(s) ${verb}.`)
      return 1
    }
    const done = verb === 'copied' ? kernel.writeFile(target, text) : kernel.renameFile(source, target)
    if (!done.ok) return yield* fail(io, NO_PATH)
    yield* io.line(`        1 file(s) ${verb}.`)
    return 0
  }

const ren: Own = function* (tail, io) {
  const [from, to, ...more] = wordsOf(tail)
  if (from === undefined || to === undefined || more.length > 0 || to.includes('\\')) return yield* fail(io, SYNTAX)
  const source = at(io, from)
  if (!io.kernel.stat(source)) return yield* fail(io, NO_FILE)
  const target = `${source.slice(0, source.lastIndexOf('\\'))}\\${to}`
  if (io.kernel.stat(target)) return yield* fail(io, 'A duplicate file name exists, or the file\ncannot be found.')
  return io.kernel.renameFile(source, target).ok ? 0 : yield* fail(io, DENIED)
}

const exit: Own = function* (tail, io) {
  const [code] = wordsOf(tail).filter((word) => !/^\/b$/i.test(word))
  io.state.left = true
  return code === undefined ? io.state.errorLevel : Number.parseInt(code, 10) || 0
}

const nothing: Own = function* (_, io) {
  yield* done()
  return io.state.errorLevel
}

const cls: Own = function* (_, io) {
  yield* done()
  io.print('\x1b[2J\x1b[3J\x1b[H')
  return io.state.errorLevel
}

const help: Own = function* (_, io) {
  yield* io.line('Commands of its own that cmd.exe has here:')
  yield* io.line(`  ${[...commands.keys()].sort().join(' ')}`)
  return 0
}

export const commands: ReadonlyMap<string, Own> = new Map([
  ['echo', echo],
  ['ver', ver],
  ['cd', cd],
  ['chdir', cd],
  ['dir', dir],
  ['type', type],
  ['set', set],
  ['md', md],
  ['mkdir', md],
  ['rd', rd],
  ['rmdir', rd],
  ['del', del],
  ['erase', del],
  ['copy', copyOrMove('copied')],
  ['move', copyOrMove('moved')],
  ['ren', ren],
  ['rename', ren],
  ['exit', exit],
  ['rem', nothing],
  ['title', nothing],
  ['cls', cls],
  ['help', help],
])
