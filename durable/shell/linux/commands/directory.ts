import { absolute, isDirectory } from '../files.ts'
import { type Command, instant, notSimulated } from '../io.ts'

export const pwd: Command = {
  name: 'pwd',
  summary: 'the working directory',
  usage: 'pwd [-LP]',
  builtin: true,
  run: instant((args, io) => {
    const option = args.find((arg) => /^-./.test(arg))
    if (option !== undefined && !/^-[LP]$/.test(option)) {
      io.err(`-bash: pwd: ${option}: invalid option\n`)
      return 2
    }
    io.out(`${io.session.cwd}\n`)
    return 0
  }),
}

export const cd: Command = {
  name: 'cd',
  summary: 'changes the working directory',
  usage: 'cd [DIRECTORY | -]',
  builtin: true,
  run: instant((args, io) => {
    const { session } = io
    if (args.length > 1) {
      io.err('-bash: cd: too many arguments\n')
      return 1
    }
    if (/^-./.test(args[0] ?? '')) {
      const real = /^-[LPe@]+$/.test(args[0] ?? '')
      io.err(real ? notSimulated(`cd: option ${args[0]}`) : `-bash: cd: ${args[0]}: invalid option\n`)
      return 2
    }
    const back = args[0] === '-'
    const name = back ? session.variables.get('OLDPWD') : (args[0] ?? session.variables.get('HOME') ?? session.home)
    if (name === undefined) {
      io.err('-bash: cd: OLDPWD not set\n')
      return 1
    }
    const path = absolute(name, session.cwd)
    if (!isDirectory(io, path)) {
      io.err(`-bash: cd: ${name}: ${io.kernel.readFile(path) === undefined ? 'No such file or directory' : 'Not a directory'}\n`)
      return 1
    }
    session.variables.set('OLDPWD', session.cwd)
    session.cwd = path
    if (back) io.out(`${path}\n`)
    return 0
  }),
}
