import { PATHED } from '../bash/tools.ts'
import { columns } from '../format.ts'
import { type Command, type Io, instant } from '../io.ts'
import { isReal } from '../not-simulated.ts'
import { parseOptions } from '../options.ts'

// What there is: which, help.

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
const onlyBuiltin = (command: Command): boolean => command.builtin === true && !PATHED.has(command.name)

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
  io.out('The language is that of bash. Options that are not simulated say so.\n')
  return 0
}
