// iptables, iptables-save and iptables-restore (iptables 1.8, the nf_tables variant).
import { BUILT_IN, newTable, type Table, type TableName } from '../../../engine/ip/netfilter/rule.ts'
import { openFile, splitLines } from '../files.ts'
import { type Command, type Io, instant, notSimulated, type Run } from '../io.ts'
import { linuxOf } from '../ip/kernel-links.ts'
import { act } from '../iptables/act.ts'
import { calendarDate } from '../iptables/date.ts'
import { RuleFault } from '../iptables/parse.ts'
import { commands, listing, saved } from '../iptables/text.ts'
import { VERSION } from '../iptables/words.ts'

const TABLES = Object.keys(BUILT_IN) as TableName[]
const COMMANDS: { readonly [option: string]: string } = {
  '--append': 'A',
  '--check': 'C',
  '--delete': 'D',
  '--insert': 'I',
  '--replace': 'R',
  '--list': 'L',
  '--list-rules': 'S',
  '--flush': 'F',
  '--zero': 'Z',
  '--new-chain': 'N',
  '--new': 'N',
  '--delete-chain': 'X',
  '--policy': 'P',
  '--rename-chain': 'E',
}
/** Which commands name a chain, and which may. */
const NEEDS_CHAIN = 'ACDIRNPE'

export const iptables: Command = {
  name: 'iptables',
  summary: 'packet filter and NAT',
  usage: [
    'iptables [-t table] {-A|-C|-D} chain rule-specification',
    'iptables [-t table] -I chain [rulenum] rule-specification',
    'iptables [-t table] -R chain rulenum rule-specification',
    'iptables [-t table] -D chain rulenum',
    'iptables [-t table] {-S|-L|-F|-Z} [chain] [options]',
    'iptables [-t table] {-N|-X} chain  iptables [-t table] -P chain target  iptables [-t table] -E old new',
  ].join('\n'),
  completions: [
    '-L',
    '-S',
    '-A',
    '-I',
    '-D',
    '-F',
    '-P',
    '-t',
    '-n',
    '-v',
    '--line-numbers',
    'nat',
    'INPUT',
    'FORWARD',
    'OUTPUT',
  ],
  run: instant(runIptables),
}

function runIptables(args: readonly string[], io: Io): number {
  const bad = (text: string, status = 2) => {
    io.err(`iptables ${VERSION}: ${text}\nTry \`iptables -h' or 'iptables --help' for more information.\n`)
    return status
  }
  if (args.length === 1 && (args[0] === '-V' || args[0] === '--version')) {
    io.out(`iptables ${VERSION}\n`)
    return 0
  }
  let table: TableName = 'filter'
  let letter = ''
  let chain = ''
  const rest: string[] = []
  const style = { verbose: false, numbers: false, exact: false, numeric: false }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const short = /^-[ACDILNPRSFZXE]/.test(word) && !word.startsWith('--') ? word.charAt(1) : undefined
    if (word === '-t' || word === '--table') {
      const name = args[++i] ?? ''
      if (!TABLES.includes(name as TableName)) {
        io.err(`iptables ${VERSION}: table '${name}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.\n`)
        return 3
      }
      table = name as TableName
    } else if (COMMANDS[word] !== undefined || short !== undefined) {
      const next = COMMANDS[word] ?? short ?? ''
      if (letter !== '' && !(next === 'Z' && (letter === 'L' || letter === 'S')) && next !== letter)
        return bad(`Cannot use -${next} with -${letter}\n`)
      if (letter === '') letter = next
      // `-Lnv` and such: letters behind a listing are options.
      if (short && word.length > 2)
        for (const one of word.slice(2)) if (!listOption(one, style)) return bad(`unknown option "${word}"`)
      const value = args[i + 1]
      if (value !== undefined && !value.startsWith('-') && value !== '!') chain = args[++i] ?? ''
      else if (NEEDS_CHAIN.includes(next)) return bad(`option "-${next}" requires an argument`)
    } else if (letter !== '' && 'LSFZ'.includes(letter) && /^-[nvx]+$/.test(word))
      for (const one of word.slice(1)) listOption(one, style)
    else if (/^-[nvx]{1,3}$/.test(word) && (letter === '' || 'LS'.includes(letter)))
      for (const one of word.slice(1)) listOption(one, style)
    else if (word === '--line-numbers') style.numbers = true
    else if (word === '--numeric') style.numeric = true
    else if (word === '--verbose') style.verbose = true
    else if (word === '--exact') style.exact = true
    else if (/^(-w|--wait)\d*$/.test(word)) {
      if (/^\d+$/.test(args[i + 1] ?? '')) i++
    } else if (word === '-4' || word === '--ipv4') continue
    else if (word === '-6' || word === '--ipv6') {
      io.err(notSimulated('iptables -6'))
      return 1
    } else rest.push(word)
  }
  if (letter === '') {
    const [first] = rest
    return bad(
      first?.startsWith('-')
        ? `unknown option "${first}"`
        : first === undefined
          ? 'no command specified'
          : `Bad argument \`${first}'`,
    )
  }
  if (!io.root) {
    io.err(`iptables ${VERSION}: Could not fetch rule set generation id: Permission denied (you must be root)\n`)
    return 4
  }
  const linux = linuxOf(io)
  const current = linux.tables().find((one) => one.name === table) ?? newTable(table)
  if (letter === 'L' || letter === 'S') {
    if (rest.length > 0 && !/^\d+$/.test(rest[0] ?? '')) return bad(`unknown option "${rest[0]}"`)
    if (chain !== '' && !current.chains.some((one) => one.name === chain)) {
      io.err('iptables: No chain/target/match by that name.\n')
      return 1
    }
    const only = chain === '' ? undefined : chain
    io.out(letter === 'L' ? listing(current, only, style) : commands(current, only, style.verbose))
    return 0
  }
  return change(io, current, { letter, chain, rest })
}

function listOption(letter: string, style: { verbose: boolean; numeric: boolean; exact: boolean }): boolean {
  if (letter === 'n') style.numeric = true
  else if (letter === 'v') style.verbose = true
  else if (letter === 'x') style.exact = true
  else return false
  return true
}

function change(io: Io, table: Table, what: Parameters<typeof act>[1]): number {
  try {
    act(table, what)
  } catch (error) {
    return tell(io, error)
  }
  if (what.letter === 'C') return 0
  const outcome = linuxOf(io).replaceTable(table)
  if (outcome.ok) return 0
  io.err(`iptables: ${outcome.detail ?? 'Memory allocation problem.'}\n`)
  return 4
}

function tell(io: Io, error: unknown): number {
  if (!(error instanceof RuleFault)) throw error
  io.err(
    error.hint
      ? `iptables ${VERSION}: ${error.message}\nTry \`iptables -h' or 'iptables --help' for more information.\n`
      : `${error.message}\n`,
  )
  return error.status
}

export const iptablesSave: Command = {
  name: 'iptables-save',
  summary: 'prints the tables of the packet filter as commands',
  usage: 'iptables-save [-c] [-t table]',
  completions: ['-t', '-c'],
  run: instant((args, io) => {
    let only: string | undefined
    let counters = false
    for (let i = 0; i < args.length; i++) {
      const word = args[i] ?? ''
      if (word === '-t' || word === '--table') only = args[++i]
      else if (word === '-c' || word === '--counters') counters = true
      else {
        io.err(word.startsWith('-') ? `Unknown option "${word}"\n` : 'Unknown arguments found on commandline\n')
        return 1
      }
    }
    if (only !== undefined && !TABLES.includes(only as TableName)) {
      io.err(`Table \`${only}' does not exist\n`)
      return 1
    }
    if (!io.root) {
      io.err(`iptables-save ${VERSION}: Could not fetch rule set generation id: Permission denied (you must be root)\n`)
      return 4
    }
    const tables = linuxOf(io).tables()
    const order = ['mangle', 'raw', 'filter', 'nat']
    const date = calendarDate(io.kernel.clock())
    for (const table of tables.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)))
      if (only === undefined || table.name === only) io.out(saved(table, date, counters, VERSION))
    return 0
  }),
}

export const iptablesRestore: Command = {
  name: 'iptables-restore',
  summary: 'reads tables of the packet filter from standard input or a file',
  usage: 'iptables-restore [-n] [-c] [FILE]',
  completions: ['-n', '-c'],
  run: runRestore,
}

function* runRestore(args: readonly string[], io: Io): Run {
  const lines: string[] = []
  let keep = false
  let file: string | undefined
  for (const word of args) {
    if (word === '-n' || word === '--noflush') keep = true
    else if (word === '-c' || word === '--counters') continue
    else if (word.startsWith('-')) {
      io.err(`iptables-restore: unrecognized option '${word}'\n`)
      return 1
    } else file = word
  }
  if (!io.root) {
    io.err(`iptables-restore ${VERSION}: Could not fetch rule set generation id: Permission denied (you must be root)\n`)
    return 4
  }
  if (file !== undefined) {
    const opened = openFile(io, file)
    if ('fault' in opened) {
      io.err(`Can't open ${file}: ${opened.fault}\n`)
      return 1
    }
    lines.push(...splitLines(opened.text))
  } else
    for (;;) {
      const got = yield { read: true }
      if (got.kind !== 'line') break
      lines.push(got.line)
    }
  return restore(io, lines, keep)
}

/** Each table takes effect with its COMMIT, whole or not at all. */
function restore(io: Io, lines: readonly string[], keep: boolean): number {
  const linux = linuxOf(io)
  let table: Table | undefined
  const fail = (at: number, text: string) => {
    io.err(
      `iptables-restore ${VERSION}: ${text}\nError occurred at line: ${at + 1}\nTry \`iptables-restore -h' or 'iptables-restore --help' for more information.\n`,
    )
    return 2
  }
  for (const [at, raw] of lines.entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('*')) {
      const name = line.slice(1) as TableName
      if (!TABLES.includes(name)) return fail(at, `unknown table '${name}'`)
      table = (keep ? linux.tables().find((one) => one.name === name) : undefined) ?? newTable(name)
    } else if (table === undefined) return fail(at, `no table given: ${line}`)
    else if (line === 'COMMIT') {
      const outcome = linux.replaceTable(table)
      if (!outcome.ok) return fail(at, outcome.detail ?? 'COMMIT failed')
      table = undefined
    } else {
      try {
        if (line.startsWith(':')) declare(table, line)
        else {
          const words = split(line.replace(/^\[(\d+):(\d+)\] (.*)$/, '$3 -c $1 $2'))
          const [option = '', chain = '', ...rest] = words
          act(table, { letter: COMMANDS[option] ?? option.charAt(1), chain, rest })
        }
      } catch (error) {
        if (!(error instanceof RuleFault)) throw error
        return fail(at, error.message)
      }
    }
  }
  if (table === undefined) return 0
  io.err(`iptables-restore: COMMIT expected at line ${lines.length + 1}\n`)
  return 1
}

function declare(table: Table, line: string): void {
  const [, name, policy, packets, bytes] = /^:(\S+)\s+(ACCEPT|DROP|-)(?:\s+\[(\d+):(\d+)\])?$/.exec(line) ?? []
  if (name === undefined) throw new RuleFault(`invalid chain line: ${line}`)
  const known = table.chains.find((one) => one.name === name)
  if (known === undefined) table.chains.push({ name, policy: null, packets: 0, bytes: 0, rules: [] })
  else {
    if (policy !== '-') known.policy = policy as 'ACCEPT'
    ;[known.packets, known.bytes] = [Number(packets ?? 0), Number(bytes ?? 0)]
  }
}

/** Words of a saved line: quotes hold them together. */
function split(line: string): string[] {
  const words: string[] = []
  for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g))
    words.push(match[1] === undefined ? (match[2] ?? '') : match[1].replace(/\\(.)/g, '$1'))
  return words
}
