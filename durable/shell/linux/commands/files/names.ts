import { allowed } from '../../files.ts'
import { type Command, type Io, instant } from '../../io.ts'
import { parseOptions } from '../../options.ts'
import { physical } from '../directory.ts'
import { baseName, full, gnuFault, gnuOptions } from './trees.ts'

// basename, dirname, readlink, realpath.

export const basename: Command = {
  name: 'basename',
  summary: 'the last part of a path',
  run: instant((args, io) => {
    const options = gnuOptions('basename', args, { flags: 'a', values: 's', real: 'z', strict: true }, io)
    if (typeof options === 'number') return options
    const many = options.flags.has('a') || options.values.has('s')
    const { operands } = options
    if (!many && operands.length > 2) return gnuFault('basename', `extra operand ‘${operands[2]}’`, io)
    const suffix = many ? options.values.get('s') : operands[1]
    for (const path of many ? operands : operands.slice(0, 1)) {
      const name = baseName(path)
      const cut = suffix !== undefined && suffix !== '' && name !== suffix && name.endsWith(suffix)
      io.out(`${cut ? name.slice(0, -suffix.length) : name}\n`)
    }
    return 0
  }),
}

export const dirname: Command = {
  name: 'dirname',
  summary: 'a path without its last part',
  run: instant((args, io) => {
    const options = gnuOptions('dirname', args, { real: 'z' }, io)
    if (typeof options === 'number') return options
    for (const path of options.operands) {
      const bare = path.replace(/\/+$/, '')
      const cut = bare.lastIndexOf('/')
      io.out(`${bare === '' && path !== '' ? '/' : cut < 0 ? '.' : bare.slice(0, cut).replace(/\/+$/, '') || '/'}\n`)
    }
    return 0
  }),
}

export const readlink: Command = {
  name: 'readlink',
  summary: 'where a link leads',
  completions: ['-f'],
  run: instant((args, io) => {
    const options = gnuOptions('readlink', args, { flags: 'fnqsev', real: 'mz', long: { canonicalize: 'f' } }, io)
    if (typeof options === 'number') return options
    let status = 0
    for (const name of options.operands) {
      const path = options.flags.has('f') || options.flags.has('e') ? real(name, options.flags.has('e'), io) : undefined
      const text = path ?? (options.flags.has('f') ? undefined : io.kernel.stat(full(name, io), false)?.target)
      if (text === undefined) status = 1
      else io.out(options.flags.has('n') ? text : `${text}\n`)
    }
    return status
  }),
}

/** The path with links followed, if all but its last part is there. */
function real(name: string, whole: boolean, io: Io): string | undefined {
  const path = physical(full(name, io), io)
  const parent = path.slice(0, Math.max(1, path.lastIndexOf('/')))
  const there = io.kernel.stat(whole ? path : parent)
  return there === undefined || (!whole && there.kind !== 'directory') ? undefined : path
}

export const realpath: Command = {
  name: 'realpath',
  summary: 'a path with every link followed',
  run: instant((args, io) => {
    const options = gnuOptions('realpath', args, { flags: 'eqs', real: 'LPmz' }, io)
    if (typeof options === 'number') return options
    let status = 0
    for (const name of options.operands) {
      const path = real(name, options.flags.has('e'), io)
      if (path !== undefined) io.out(`${path}\n`)
      else {
        io.err(`realpath: ${name}: No such file or directory\n`)
        status = 1
      }
    }
    return status
  }),
}

export const file: Command = {
  name: 'file',
  summary: 'what kind of file it is',
  run: instant((args, io) => {
    const options = parseOptions('file', args, { flags: 'b', real: 'iLkz' }, io)
    if (typeof options === 'number') return options
    if (options.operands.length === 0) {
      io.err('Usage: file [-b] FILE...\n')
      return 1
    }
    const width = Math.max(...options.operands.map((name) => name.length)) + 1
    for (const name of options.operands)
      io.out(options.flags.has('b') ? `${kindOf(name, io)}\n` : `${`${name}:`.padEnd(width)} ${kindOf(name, io)}\n`)
    return 0
  }),
}

function kindOf(name: string, io: Io): string {
  const path = full(name, io)
  const found = io.kernel.stat(path, false)
  if (found === undefined) return `cannot open \`${name}' (No such file or directory)`
  if (found.kind === 'link') return `symbolic link to ${found.target}`
  if (found.kind === 'directory') return 'directory'
  if (!allowed(found, 4, io)) return 'regular file, no read permission'
  const text = io.kernel.readFile(path) ?? ''
  if (text === '') return 'empty'
  if (/^(\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4)/.test(text)) return 'pcap capture file'
  if (/^#!\s*\S*sh\b/.test(text)) return 'Bourne-Again shell script, ASCII text executable'
  if (/[\0-\x08\x0e-\x1a]/.test(text)) return 'data'
  return /[^\0-\x7f]/.test(text) ? 'Unicode text, UTF-8 text' : 'ASCII text'
}
