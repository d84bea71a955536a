import { complain } from '../bash/faults.ts'
import { builtinOptions } from '../bash/usage.ts'
import { absolute, isDirectory } from '../files.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'

export const pwd: Command = {
  name: 'pwd',
  summary: 'the working directory',
  usage: 'pwd [-LP]',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('pwd', args, 'LP', 'pwd [-LP]', io)
    if (!options) return 2
    io.out(`${options.flags.has('P') ? physical(io.session.cwd, io) : io.session.cwd}\n`)
    return 0
  }),
}

export const cd: Command = {
  name: 'cd',
  summary: 'changes the working directory',
  usage: 'cd [-LP] [DIRECTORY | -]',
  builtin: true,
  run: instant((args, io) => {
    const { session } = io
    const options = builtinOptions('cd', args, 'LPe@', 'cd [-L|[-P [-e]] [-@]] [dir]', io)
    if (!options) return 2
    const { flags, rest } = options
    if (flags.has('@')) {
      io.err(notSimulated('cd: option -@'))
      return 1
    }
    if (rest.length > 1) {
      complain(io, 'cd: too many arguments')
      return 1
    }
    const [given] = rest
    const wanted = given === '-' ? 'OLDPWD' : 'HOME'
    const name = given === undefined || given === '-' ? session.variables.get(wanted) : given
    if (name === undefined) {
      complain(io, `cd: ${wanted} not set`)
      return 1
    }
    const found = name === '' ? { path: session.cwd, shown: false } : place(name, io)
    if (!isDirectory(io, found.path)) {
      complain(io, `cd: ${name}: ${io.kernel.stat(found.path) === undefined ? 'No such file or directory' : 'Not a directory'}`)
      return 1
    }
    session.variables.set('OLDPWD', session.cwd)
    session.cwd = flags.has('P') ? physical(found.path, io) : found.path
    if (given === '-' || found.shown) io.out(`${session.cwd}\n`)
    return 0
  }),
}

/** Where a name leads: CDPATH first, for names that do not begin with a dot or a slash. */
function place(name: string, io: Io): { readonly path: string; readonly shown: boolean } {
  const { session } = io
  const folders = /^\.{0,2}(\/|$)/.test(name) ? [] : (session.variables.get('CDPATH') ?? '').split(':')
  for (const folder of folders) {
    if (folder === '') continue
    const path = absolute(`${folder}/${name}`, session.cwd)
    if (isDirectory(io, path)) return { path, shown: true }
  }
  return { path: absolute(name, session.cwd), shown: false }
}

/** A path with every link in it followed. */
export function physical(path: string, io: Io): string {
  let done = ''
  let parts = path.split('/').filter((part) => part !== '')
  for (let links = 0; parts.length > 0 && links < 40; ) {
    const [part = '', ...rest] = parts
    const stat = io.kernel.stat(`${done}/${part}`, false)
    parts = rest
    if (stat?.kind !== 'link') done = part === '..' ? done.slice(0, Math.max(0, done.lastIndexOf('/'))) : `${done}/${part}`
    else {
      links++
      const target = stat.target ?? ''
      if (target.startsWith('/')) done = ''
      parts = [...target.split('/').filter((each) => each !== '' && each !== '.'), ...rest]
    }
  }
  return done === '' ? '/' : done
}
