import { complain } from '../../bash/faults.ts'
import { setArray } from '../../bash/variables.ts'
import { absolute, isDirectory } from '../../files.ts'
import { type Command, type Io, instant } from '../../io.ts'

// pushd, popd, dirs: the stack lies in DIRSTACK, as it does in bash.

const stack = (io: Io): string[] => {
  const kept = io.session.arrays.get('DIRSTACK')
  return kept ? [...kept.items.values()] : []
}

function keep(io: Io, folders: readonly string[]): void {
  if (folders.length === 0) io.session.arrays.delete('DIRSTACK')
  else setArray('DIRSTACK', folders, io)
}

function show(io: Io, lines = false): void {
  const { home, cwd } = io.session
  const short = (path: string) => (path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path)
  const all = [cwd, ...stack(io)].map(short)
  io.out(lines ? all.map((each) => `${each}\n`).join('') : `${all.join(' ')}\n`)
}

function go(name: string, path: string, given: string, io: Io): boolean {
  if (!isDirectory(io, path)) {
    complain(io, `${name}: ${given}: ${io.kernel.stat(path) ? 'Not a directory' : 'No such file or directory'}`)
    return false
  }
  io.session.variables.set('OLDPWD', io.session.cwd)
  io.session.cwd = path
  return true
}

function usage(name: string, given: string, text: string, io: Io): number {
  complain(io, `${name}: ${given}: invalid ${/^-\d/.test(given) ? 'number' : 'option'}`)
  io.err(`${name}: usage: ${text}\n`)
  return 2
}

export const pushd: Command = {
  name: 'pushd',
  summary: 'goes to a directory and remembers this one',
  usage: 'pushd [DIRECTORY]',
  builtin: true,
  run: instant((args, io) => {
    const [given] = args[0] === '--' ? args.slice(1) : args
    const before = stack(io)
    if (given !== undefined && /^-./.test(given))
      return usage('pushd', given.startsWith('--') ? '--' : given.slice(0, 2), 'pushd [-n] [+N | -N | dir]', io)
    if (given === undefined && before.length === 0) {
      complain(io, 'pushd: no other directory')
      return 1
    }
    const old = io.session.cwd
    const path = given === undefined ? (before[0] ?? '') : absolute(given, old)
    if (!go('pushd', path, given ?? path, io)) return 1
    keep(io, given === undefined ? [old, ...before.slice(1)] : [old, ...before])
    show(io)
    return 0
  }),
}

export const popd: Command = {
  name: 'popd',
  summary: 'goes back to the directory remembered last',
  usage: 'popd',
  builtin: true,
  run: instant((args, io) => {
    if (args[0] !== undefined)
      return usage('popd', args[0].startsWith('--') ? '--' : args[0].slice(0, 2), 'popd [-n] [+N | -N]', io)
    const [first, ...rest] = stack(io)
    if (first === undefined) {
      complain(io, 'popd: directory stack empty')
      return 1
    }
    if (!go('popd', first, first, io)) return 1
    keep(io, rest)
    show(io)
    return 0
  }),
}

export const dirs: Command = {
  name: 'dirs',
  summary: 'the directories remembered',
  usage: 'dirs [-cp]',
  builtin: true,
  run: instant((args, io) => {
    const wrong = args.find((arg) => !/^-[cpl]$/.test(arg))
    if (wrong !== undefined) return usage('dirs', wrong.startsWith('--') ? '--' : wrong.slice(0, 2), 'dirs [-clpv] [+N] [-N]', io)
    if (args.includes('-c')) keep(io, [])
    else show(io, args.includes('-p'))
    return 0
  }),
}
