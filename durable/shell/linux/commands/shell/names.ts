import { complain } from '../../bash/faults.ts'
import { remember } from '../../bash/memory.ts'
import { quoteWord } from '../../bash/quote.ts'
import { PATHED } from '../../bash/tools.ts'
import { builtinOptions } from '../../bash/usage.ts'
import { absolute, isExecutable } from '../../files.ts'
import { type Command, type Io, instant, type Run } from '../../io.ts'
import { isReal } from '../../not-simulated.ts'
import { pathOf } from '../about.ts'
import { functionText } from './variables.ts'

// What a word means: alias, type, command, hash, history.

export const alias: Command = {
  name: 'alias',
  summary: 'short names for commands',
  usage: 'alias [-p] [NAME[=VALUE]]...',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('alias', args, 'p', 'alias [-p] [name[=value] ... ]', io)
    if (!options) return 2
    const { aliases } = io.session
    const show = (name: string) => io.out(`alias ${name}=${quoteWord(aliases.get(name) ?? '', true)}\n`)
    if (options.rest.length === 0) for (const name of [...aliases.keys()].sort()) show(name)
    let status = 0
    for (const arg of options.rest) {
      const cut = arg.indexOf('=')
      if (cut > 0) {
        remember(arg.slice(0, cut), arg.length, io)
        aliases.set(arg.slice(0, cut), arg.slice(cut + 1))
      } else if (aliases.has(arg)) show(arg)
      else {
        complain(io, `alias: ${arg}: not found`)
        status = 1
      }
    }
    return status
  }),
}

export const unalias: Command = {
  name: 'unalias',
  summary: 'forgets short names',
  usage: 'unalias [-a] NAME...',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('unalias', args, 'a', 'unalias [-a] name [name ...]', io)
    if (!options) return 2
    if (options.flags.has('a')) io.session.aliases.clear()
    else if (options.rest.length === 0) {
      io.err('unalias: usage: unalias [-a] name [name ...]\n')
      return 2
    }
    let status = 0
    for (const name of options.rest) {
      if (io.session.aliases.delete(name)) continue
      complain(io, `unalias: ${name}: not found`)
      status = 1
    }
    return status
  }),
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'time',
  'for',
  'in',
  'until',
  'while',
  'do',
  'done',
  'case',
  'esac',
  'coproc',
  'select',
  'function',
  '{',
  '}',
  '[[',
  ']]',
  '!',
])

type Meaning = { readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file'; readonly text: string }

/** What a word would run, in the order of looking. */
export function meanings(name: string, io: Io, functions = true): Meaning[] {
  const { session, tools } = io
  const found: Meaning[] = []
  const alias = session.aliases.get(name)
  if (alias !== undefined && functions) found.push({ kind: 'alias', text: alias })
  if (KEYWORDS.has(name)) found.push({ kind: 'keyword', text: name })
  const body = session.functions.get(name)
  if (body !== undefined && functions) found.push({ kind: 'function', text: body })
  const command = tools.commands.get(name)
  if (command?.builtin) found.push({ kind: 'builtin', text: name })
  const path = fileOf(name, io)
  if (path !== undefined) found.push({ kind: 'file', text: path })
  return found
}

function fileOf(name: string, io: Io): string | undefined {
  const { session, tools } = io
  if (name.includes('/')) {
    const bare = name.replace(/^\/(usr\/|usr\/local\/)?s?bin\/(?=[^/]+$)/, '')
    return tools.commands.has(bare) && bare !== name ? name : isExecutable(io, absolute(name, session.cwd)) ? name : undefined
  }
  const command = tools.commands.get(name)
  if (command ? !command.builtin || PATHED.has(name) : isReal(name)) return pathOf(name)
  for (const folder of (session.variables.get('PATH') ?? '').split(':'))
    if (folder !== '' && isExecutable(io, absolute(`${folder}/${name}`, session.cwd))) return `${folder}/${name}`
  return undefined
}

function describe(name: string, { kind, text }: Meaning, io: Io): void {
  switch (kind) {
    case 'alias':
      return io.out(`${name} is aliased to \`${text}'\n`)
    case 'keyword':
      return io.out(`${name} is a shell keyword\n`)
    case 'function':
      return io.out(`${name} is a function\n${functionText(name, text)}`)
    case 'builtin':
      return io.out(`${name} is a shell builtin\n`)
    case 'file':
      return io.out(`${name} is ${text}\n`)
    default:
      kind satisfies never
  }
}

export const typeCommand: Command = {
  name: 'type',
  summary: 'what a word would run',
  usage: 'type [-afptP] NAME...',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('type', args, 'afptP', 'type [-afptP] name [name ...]', io)
    if (!options) return 2
    const { flags, rest } = options
    let status = 0
    for (const name of rest) {
      const all = meanings(name, io, !flags.has('f'))
      const wanted = flags.has('P') || flags.has('p') ? all.filter(({ kind }) => kind === 'file') : all
      const shown = flags.has('a') ? wanted : wanted.slice(0, 1)
      if (flags.has('p') && all[0] && all[0].kind !== 'file') continue
      if (shown.length === 0) {
        if (!flags.has('t') && !flags.has('p') && !flags.has('P')) complain(io, `type: ${name}: not found`)
        status = 1
      }
      for (const one of shown) {
        if (flags.has('t')) io.out(`${one.kind}\n`)
        else if (flags.has('p') || flags.has('P')) io.out(`${one.text}\n`)
        else describe(name, one, io)
      }
    }
    return status
  }),
}

export const commandCommand: Command = {
  name: 'command',
  summary: 'runs a command past functions; -v says what it is',
  usage: 'command [-pVv] COMMAND [ARGUMENT]...',
  builtin: true,
  *run(args, io): Run {
    const options = builtinOptions('command', args, 'pvV', 'command [-pVv] command [arg ...]', io)
    if (!options) return 2
    const { flags, rest } = options
    if (!flags.has('v') && !flags.has('V')) return rest.length === 0 ? 0 : yield* io.tools.launch(rest, io)
    let status = 1
    for (const name of rest) {
      const [first] = meanings(name, io)
      if (first !== undefined) status = 0
      if (first === undefined) {
        if (flags.has('V')) complain(io, `command: ${name}: not found`)
      } else if (flags.has('V')) describe(name, first, io)
      else
        io.out(
          first.kind === 'alias'
            ? `alias ${name}=${quoteWord(first.text, true)}\n`
            : first.kind === 'file'
              ? `${first.text}\n`
              : `${name}\n`,
        )
    }
    return status
  },
}

export const builtinCommand: Command = {
  name: 'builtin',
  summary: 'runs a builtin past functions',
  usage: 'builtin [NAME [ARGUMENT]...]',
  builtin: true,
  *run(args, io): Run {
    const options = builtinOptions('builtin', args, '', 'builtin [shell-builtin [arg ...]]', io)
    if (!options) return 2
    const [name] = options.rest
    if (name === undefined) return 0
    if (io.tools.commands.get(name)?.builtin) return yield* io.tools.launch(options.rest, io)
    complain(io, `builtin: ${name}: not a shell builtin`)
    return 1
  },
}

export const hash: Command = {
  name: 'hash',
  summary: 'remembers where commands are',
  usage: 'hash [-lr] [NAME]...',
  builtin: true,
  run: instant((args, io) => {
    const options = builtinOptions('hash', args, 'lrdt', 'hash [-lr] [-p pathname] [-dt] [name ...]', io)
    if (!options) return 2
    let status = 0
    for (const name of options.rest) {
      if (meanings(name, io).length > 0) continue
      complain(io, `hash: ${name}: not found`)
      status = 1
    }
    if (args.length === 0) io.err('hash: hash table empty\n')
    return status
  }),
}

export const history: Command = {
  name: 'history',
  summary: 'the lines typed so far',
  usage: 'history [-c] [N]',
  builtin: true,
  run: instant((args, io) => {
    const { session } = io
    const options = builtinOptions(
      'history',
      args,
      'c',
      'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]',
      io,
    )
    if (!options) return 2
    if (options.flags.has('c')) {
      session.history = []
      return 0
    }
    const [count] = options.rest
    if (count !== undefined && !/^\d{1,6}$/.test(count)) {
      complain(io, `history: ${count}: numeric argument required`)
      return 1
    }
    const first = count === undefined ? 0 : Math.max(0, session.history.length - Number(count))
    for (const [i, line] of session.history.entries()) if (i >= first) io.out(`${String(i + 1).padStart(5)}  ${line}\n`)
    return 0
  }),
}
