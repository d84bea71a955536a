import { columns } from '../format.ts'
import { type Command, type Io, instant } from '../io.ts'
import { isReal } from '../not-simulated.ts'
import { parseOptions } from '../options.ts'

// What there is: which, type, help.

const SBIN = new Set(['ip', 'arp', 'route', 'ifconfig', 'dhclient', 'reboot', 'shutdown', 'sysctl'])

export const pathOf = (name: string): string => `/usr/${SBIN.has(name) ? 'sbin' : 'bin'}/${name}`

export const which: Command = {
  name: 'which',
  summary: 'where a command is',
  run: instant((args, io) => {
    const options = parseOptions('which', args, { real: 'as' }, io)
    if (typeof options === 'number') return options
    let status = options.operands.length === 0 ? 1 : 0
    for (const name of options.operands) {
      const command = io.tools.commands.get(name)
      if ((command && !onlyBuiltin(command)) || (!command && isReal(name))) io.out(`${pathOf(name)}\n`)
      else status = 1
    }
    return status
  }),
}

/** Shell built-ins that are no file too. */
const onlyBuiltin = (command: Command): boolean =>
  command.builtin === true && !['echo', 'printf', 'pwd', 'true', 'false'].includes(command.name)

export const typeCommand: Command = {
  name: 'type',
  summary: 'what a word would run',
  builtin: true,
  run: instant((args, io) => {
    const options = parseOptions('type', args, { real: 'afptP' }, io)
    if (typeof options === 'number') return options
    let status = 0
    for (const name of options.operands) {
      const command = io.tools.commands.get(name)
      if (command?.builtin) io.out(`${name} is a shell builtin\n`)
      else if (command || isReal(name)) io.out(`${name} is ${pathOf(name)}\n`)
      else {
        io.err(`-bash: type: ${name}: not found\n`)
        status = 1
      }
    }
    return status
  }),
}

export const help: Command = {
  name: 'help',
  summary: 'this list',
  usage: 'help',
  builtin: true,
  run: instant(runHelp),
}

function runHelp(_args: readonly string[], io: Io): number {
  const list = [...new Set(io.tools.commands.values())].sort((a, b) => (a.name < b.name ? -1 : 1))
  io.out('These commands are simulated here:\n')
  for (const line of columns(
    list.map((command) => [`  ${command.name}`, command.summary]),
    2,
  ))
    io.out(`${line}\n`)
  io.out('Pipes, && || ; quotes, variables, $(command), > >> < 2>&1 work. Options that are not simulated say so.\n')
  return 0
}
