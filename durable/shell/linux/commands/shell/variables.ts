import { complain, ShellFault } from '../../bash/faults.ts'
import { remember } from '../../bash/memory.ts'
import { quoteValue } from '../../bash/quote.ts'
import { builtinOptions } from '../../bash/usage.ts'
import { arithmetic, entries, isName, setElement, setScalar, subscript, unsetVariable } from '../../bash/variables.ts'
import { type Command, type Io, instant } from '../../io.ts'
import { functionVariable, type Hidden, type Session } from '../../session.ts'

// declare, local, readonly, export, unset, let, shift.

const USAGE = 'declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]'

export const declareCommand: Command = {
  name: 'declare',
  aliases: ['typeset'],
  summary: 'gives variables values and attributes',
  usage: 'declare [-aAfFgilprux] [NAME[=VALUE]]...',
  builtin: true,
  run: instant((args, io) => declare('declare', args, io)),
}

export const local: Command = {
  name: 'local',
  summary: 'a variable of the function under way',
  usage: 'local [-aAirx] NAME[=VALUE]...',
  builtin: true,
  run: instant((args, io) => {
    if (args[0] === '--help' || io.session.scope.frames.length > 0) return declare('local', args, io)
    const options = builtinOptions('local', args, 'aAgilnprtux', 'local [option] name[=value] ...', io)
    if (options) complain(io, 'local: can only be used in a function')
    return options ? 1 : 2
  }),
}

export const readonly: Command = {
  name: 'readonly',
  summary: 'variables that keep their values',
  usage: 'readonly [-ap] [NAME[=VALUE]]...',
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const options = builtinOptions('readonly', args, 'aAfp', 'readonly [-aAf] [name[=value] ...] or readonly -p', io)
    if (!options) return 2
    if (options.rest.length === 0) {
      for (const name of [...io.session.locked].sort()) io.out(declaration(name, io.session))
      return 0
    }
    return declare('readonly', ['-r', ...options.rest], io)
  }),
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'variables that commands get',
  usage: 'export [-np] [NAME[=VALUE]]...',
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const options = builtinOptions('export', args, 'fnp', 'export [-fn] [name[=value] ...] or export -p', io)
    if (!options) return 2
    const { session } = io
    if (options.flags.has('f')) {
      for (const name of options.rest) {
        if (!session.functions.has(name)) {
          complain(io, `export: ${name}: not a function`)
          return 1
        }
        if (options.flags.has('n')) session.exported.delete(functionVariable(name))
        else session.exported.add(functionVariable(name))
      }
      return 0
    }
    if (options.rest.length === 0) {
      for (const name of [...session.exported].filter(isName).sort())
        io.out(session.variables.has(name) ? declaration(name, session) : `declare -x ${name}\n`)
      return 0
    }
    let status = 0
    for (const arg of options.rest) {
      const name = arg.replace(/\+?=.*$/s, '')
      if (!isName(name)) {
        complain(io, `export: \`${arg}': not a valid identifier`)
        status = 1
      } else {
        remember(name, name.length, io)
        assignArgument(arg, name, io)
        if (options.flags.has('n')) session.exported.delete(name)
        else session.exported.add(name)
      }
    }
    return status
  }),
}

function declare(command: string, args: readonly string[], io: Io): number {
  const { session } = io
  const plus = args.filter((arg) => /^\+[aAfFgilnrtux]+$/.test(arg)).join('')
  const options = builtinOptions(
    command,
    args.filter((arg) => !/^\+[aAfFgilnrtux]+$/.test(arg)),
    'aAfFgiIlnprtux',
    USAGE,
    io,
  )
  if (!options) return 2
  const { flags, rest } = options
  if (flags.has('n')) {
    complain(io, `${command}: -n: a reference to another variable is real, but not simulated here yet`)
    return 1
  }
  if (flags.has('f') || flags.has('F')) return showFunctions(flags.has('F'), rest, io)
  if (flags.has('p') || (rest.length === 0 && plus === '')) return showVariables(command, rest, flags, io)
  let status = 0
  for (const arg of rest) {
    const name = arg.replace(/(\[.*?\])?\+?=.*$/s, '').replace(/\[.*$/s, '')
    if (!isName(name)) {
      complain(io, `${command}: \`${arg}': not a valid identifier`)
      status = 1
      continue
    }
    if (session.locked.has(name) && (arg.includes('=') || plus.includes('r'))) {
      complain(io, `${command === 'readonly' ? '' : `${command}: `}${name}: readonly variable`)
      status = 1
      continue
    }
    const frame = session.scope.frames.at(-1)
    if (frame && !flags.has('g') && command !== 'readonly') hide(name, frame, session)
    if (flags.has('A') || flags.has('a')) makeArray(name, flags.has('A'), session)
    if (flags.size > 0) remember(name, flags.size * name.length, io)
    if (flags.has('i')) session.whole.add(name)
    if (plus.includes('i')) session.whole.delete(name)
    assignArgument(arg, name, io, flags.has('u') ? 'u' : flags.has('l') ? 'l' : '')
    if (flags.has('x')) session.exported.add(name)
    if (plus.includes('x')) session.exported.delete(name)
    if (flags.has('r')) session.locked.add(name)
  }
  return status
}

/** A local hides what was there; it comes back when the function ends. */
function hide(name: string, frame: Map<string, Hidden>, session: Session): void {
  if (frame.has(name)) return
  frame.set(name, {
    value: session.variables.get(name),
    array: session.arrays.get(name),
    exported: session.exported.has(name),
  })
  session.variables.delete(name)
  session.arrays.delete(name)
}

function makeArray(name: string, keyed: boolean, session: Session): void {
  if (session.arrays.has(name)) return
  const value = session.variables.get(name)
  session.variables.delete(name)
  session.arrays.set(name, { keyed, items: new Map(value === undefined ? [] : [['0', value]]) })
}

function assignArgument(arg: string, name: string, io: Io, letters = ''): void {
  const found = /^\w+(?:\[(.*?)\])?(\+?)=(.*)$/s.exec(arg)
  if (!found) return
  const [, index, append, given = ''] = found
  const value = letters === 'u' ? given.toUpperCase() : letters === 'l' ? given.toLowerCase() : given
  if (index !== undefined) setElement(name, index, value, io, append === '+')
  else setScalar(name, append === '+' ? (io.session.variables.get(name) ?? '') + value : value, io)
}

function showFunctions(namesOnly: boolean, names: readonly string[], io: Io): number {
  const { functions } = io.session
  let status = 0
  for (const name of names.length > 0 ? names : [...functions.keys()].sort()) {
    const body = functions.get(name)
    if (body === undefined) status = 1
    else io.out(namesOnly ? `${names.length > 0 ? '' : 'declare -f '}${name}\n` : functionText(name, body))
  }
  return status
}

export const functionText = (name: string, body: string): string => `${name} () \n${body}\n`

function showVariables(command: string, names: readonly string[], flags: ReadonlySet<string>, io: Io): number {
  const { session } = io
  if (names.length === 0) {
    const wanted = (name: string) =>
      (!flags.has('x') || session.exported.has(name)) &&
      (!flags.has('r') || session.locked.has(name)) &&
      (!flags.has('a') || session.arrays.get(name)?.keyed === false) &&
      (!flags.has('A') || session.arrays.get(name)?.keyed === true)
    const all = [...new Set([...session.variables.keys(), ...session.arrays.keys()])].sort().filter(wanted)
    for (const name of all) io.out(declaration(name, session))
    return 0
  }
  let status = 0
  for (const name of names) {
    if (session.variables.has(name) || session.arrays.has(name)) io.out(declaration(name, session))
    else {
      complain(io, `${command}: ${name}: not found`)
      status = 1
    }
  }
  return status
}

/** `declare -x NAME="value"`. */
export function declaration(name: string, session: Session): string {
  const array = session.arrays.get(name)
  const letters = [
    array ? (array.keyed ? 'A' : 'a') : '',
    session.whole.has(name) ? 'i' : '',
    session.locked.has(name) ? 'r' : '',
    session.exported.has(name) ? 'x' : '',
  ].join('')
  const head = `declare -${letters === '' ? '-' : letters} ${name}`
  if (!array) return `${head}=${quoteValue(session.variables.get(name) ?? '')}\n`
  const items = entries(array).map(([key, value]) => `[${key}]=${quoteValue(value)}`)
  return `${head}=(${items.join(' ')}${array.keyed && items.length > 0 ? ' ' : ''})\n`
}

export const unset: Command = {
  name: 'unset',
  summary: 'forgets variables and functions',
  usage: 'unset [-fv] [NAME]...',
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const options = builtinOptions('unset', args, 'fvn', 'unset [-f] [-v] [-n] [name ...]', io)
    if (!options) return 2
    const { session } = io
    let status = 0
    for (const arg of options.rest) {
      const element = /^(\w+)\[(.+)\]$/s.exec(arg)
      if (options.flags.has('f')) session.functions.delete(arg)
      else if (element) {
        const [, name = '', index = ''] = element
        if (index === '@' || index === '*') unsetVariable(name, io)
        else session.arrays.get(name)?.items.delete(subscript(index, name, io))
      } else if (!isName(arg)) {
        if (options.flags.has('v')) {
          complain(io, `unset: \`${arg}': not a valid identifier`)
          status = 1
        } else session.functions.delete(arg)
      } else if (session.locked.has(arg)) {
        complain(io, `unset: ${arg}: cannot unset: readonly variable`)
        status = 1
      } else if (session.variables.has(arg) || session.arrays.has(arg)) unsetVariable(arg, io)
      else if (!options.flags.has('v')) session.functions.delete(arg)
    }
    return status
  }),
}

export const letCommand: Command = {
  name: 'let',
  summary: 'arithmetic',
  usage: 'let EXPRESSION...',
  builtin: true,
  run: instant((args, io) => {
    if (args.length === 0) {
      complain(io, 'let: expression expected')
      return 1
    }
    let value = 0n
    for (const arg of args) {
      try {
        value = arithmetic(arg, io)
      } catch (fault) {
        if (!(fault instanceof ShellFault)) throw fault
        complain(io, `let: ${fault.message}`)
        return 1
      }
    }
    return value === 0n ? 1 : 0
  }),
}

export const shift: Command = {
  name: 'shift',
  summary: 'drops positional parameters',
  usage: 'shift [N]',
  builtin: true,
  special: true,
  run: instant((args, io) => {
    const [given = '1'] = args
    if (!/^\d{1,9}$/.test(given)) {
      complain(
        io,
        /^-\d+$/.test(given) ? `shift: ${given}: shift count out of range` : `shift: ${given}: numeric argument required`,
      )
      return 1
    }
    const count = Number(given)
    if (count > io.session.positional.length) return 1
    io.session.positional = io.session.positional.slice(count)
    return 0
  }),
}
