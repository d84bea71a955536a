import { type Command, instant, notSimulated, type Run } from '../io.ts'
import { parseOptions } from '../options.ts'

/** The exported variables as `NAME=value` lines. */
export const env: Command = {
  name: 'env',
  aliases: ['printenv'],
  summary: 'the exported variables',
  usage: 'env',
  run: instant((args, io) => {
    if (args.length > 0) {
      io.err(notSimulated(`env ${args.join(' ')}`))
      return 1
    }
    const { session } = io
    io.out(`PWD=${session.cwd}\n`)
    for (const [name, value] of session.variables) if (session.exported.has(name)) io.out(`${name}=${value}\n`)
    return 0
  }),
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'sets and exports variables',
  usage: 'export [-p] [NAME[=VALUE]]...',
  builtin: true,
  run: instant((args, io) => {
    const { session } = io
    let status = 0
    if (args.length === 0 || args[0] === '-p') {
      for (const name of [...session.exported].sort()) io.out(`declare -x ${name}="${session.variables.get(name) ?? ''}"\n`)
      return 0
    }
    for (const arg of args) {
      if (arg.startsWith('-')) {
        io.err(notSimulated(`export: option ${arg}`))
        return 2
      }
      const equals = arg.indexOf('=')
      const name = equals < 0 ? arg : arg.slice(0, equals)
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        io.err(`-bash: export: \`${arg}': not a valid identifier\n`)
        status = 1
        continue
      }
      if (equals >= 0) session.variables.set(name, arg.slice(equals + 1))
      session.exported.add(name)
    }
    return status
  }),
}

export const unset: Command = {
  name: 'unset',
  summary: 'forgets variables',
  usage: 'unset [NAME]...',
  builtin: true,
  run: instant((args, io) => {
    const option = args.find((arg) => arg.startsWith('-'))
    if (option !== undefined) {
      io.err(/^-[fnv]$/.test(option) ? notSimulated(`unset: option ${option}`) : `-bash: unset: ${option}: invalid option\n`)
      return 2
    }
    for (const name of args) {
      io.session.variables.delete(name)
      io.session.exported.delete(name)
    }
    return 0
  }),
}

export const history: Command = {
  name: 'history',
  summary: 'the lines typed so far',
  usage: 'history [-c | N]',
  builtin: true,
  run: instant((args, io) => {
    const { session } = io
    if (args[0] === '-c') {
      session.history = []
      return 0
    }
    const [count] = args
    if (count !== undefined && !/^\d{1,6}$/.test(count)) {
      io.err(
        count.startsWith('-')
          ? notSimulated(`history: option ${count}`)
          : `-bash: history: ${count}: numeric argument required\n`,
      )
      return 1
    }
    const first = count === undefined ? 0 : Math.max(0, session.history.length - Number(count))
    for (const [i, line] of session.history.entries()) if (i >= first) io.out(`${String(i + 1).padStart(5)}  ${line}\n`)
    return 0
  }),
}

const silent = (name: string, status: number): Command => ({
  name,
  summary: `does nothing, status ${status}`,
  usage: name,
  builtin: true,
  run: instant(() => status),
})

export const trueCommand = silent('true', 0)
export const falseCommand = silent('false', 1)
export const colon = silent(':', 0)

/** Erases the screen and what was scrolled away, as ncurses' clear does. */
export const clear: Command = {
  name: 'clear',
  summary: 'clears the screen',
  run: instant((args, io) => {
    const options = parseOptions('clear', args, { real: 'TVx' }, io)
    if (typeof options === 'number') return options
    if (io.terminal) io.out('\u001b[H\u001b[2J\u001b[3J')
    return 0
  }),
}

export const exit: Command = {
  name: 'exit',
  aliases: ['logout'],
  summary: 'the console of a lab machine stays open',
  usage: 'exit [STATUS]',
  builtin: true,
  *run(args, io): Run {
    yield* []
    io.err(notSimulated('exit (this console stays open)'))
    return Number(/^\d{1,3}$/.exec(args[0] ?? '')?.[0] ?? '0')
  },
}
