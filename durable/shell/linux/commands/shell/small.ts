import { complain } from '../../bash/faults.ts'
import { refuseOption } from '../../bash/usage.ts'
import { type Command, type Io, instant, type Run } from '../../io.ts'
import { wrongOption } from '../../options.ts'

// Small things of the shell: umask, times, env.

export const times: Command = {
  name: 'times',
  summary: 'processor time used: none in a lab',
  usage: 'times',
  builtin: true,
  run: instant((args, io) => {
    if (args[0]?.startsWith('-')) return refuseOption('times', args[0].slice(0, 2), 'times', io)
    io.out('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n')
    return 0
  }),
}

export const umask: Command = {
  name: 'umask',
  summary: 'permissions that new files do not get',
  usage: 'umask [-S]',
  builtin: true,
  run: instant((args, io) => {
    const [first] = args
    if (first === undefined) io.out('0022\n')
    else if (first === '-S') io.out('u=rwx,g=rx,o=rx\n')
    else if (first.startsWith('-')) return refuseOption('umask', first.slice(0, 2), 'umask [-p] [-S] [mode]', io)
    else if (!/^0*22$/.test(first)) {
      complain(io, 'umask: another mask than 022 is real, but not simulated here yet')
      return 1
    }
    return 0
  }),
}

/** The exported variables, or a command with others. */
export const env: Command = {
  name: 'env',
  summary: 'the exported variables, or a command with some of its own',
  run: runEnv,
}

function* runEnv(args: readonly string[], io: Io): Run {
  const changed = new Map(io.session.variables)
  const exported = new Set(io.session.exported)
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--help') {
      io.out('Usage: env [-i] [-u NAME]... [NAME=VALUE]... [COMMAND [ARGUMENT]...]\n')
      return 0
    }
    if (arg === '-i' || arg === '-' || arg === '--ignore-environment') exported.clear()
    else if (arg === '-u') exported.delete(args[++at] ?? '')
    else if (arg.startsWith('--unset=')) exported.delete(arg.slice(8))
    else if (arg.startsWith('-')) return wrongOption('env', arg, io, 125)
    else {
      const cut = arg.indexOf('=')
      if (cut < 1) break
      changed.set(arg.slice(0, cut), arg.slice(cut + 1))
      exported.add(arg.slice(0, cut))
    }
  }
  const words = args.slice(at)
  if (words.length === 0) {
    if (exported.size > 0) io.out(`PWD=${io.session.cwd}\n`)
    for (const name of exported) if (changed.has(name)) io.out(`${name}=${changed.get(name)}\n`)
    return 0
  }
  if (!io.tools.knows(words[0] ?? '', io)) {
    io.err(`env: ‘${words[0]}’: No such file or directory\n`)
    return 127
  }
  const variables = new Map([...changed].filter(([name]) => exported.has(name) || !io.session.exported.has(name)))
  const status = yield* io.tools.launch(words, { ...io, session: { ...io.session, variables, exported } })
  return status
}

export const printenv: Command = {
  name: 'printenv',
  summary: 'the values of exported variables',
  run: instant((args, io) => {
    if (args[0] === '--help') {
      io.out('Usage: printenv [NAME]...\n')
      return 0
    }
    if (args[0]?.startsWith('-')) return wrongOption('printenv', args[0], io, 2)
    const { session } = io
    const value = (name: string) =>
      name === 'PWD' ? session.cwd : session.exported.has(name) ? session.variables.get(name) : undefined
    if (args.length === 0) {
      for (const name of ['PWD', ...session.exported]) if (value(name) !== undefined) io.out(`${name}=${value(name)}\n`)
      return 0
    }
    for (const name of args) if (value(name) !== undefined) io.out(`${value(name)}\n`)
    return args.every((name) => value(name) !== undefined) ? 0 : 1
  }),
}
