import { absolute, openFile } from '../files.ts'
import type { Command, Got, Io, Need, Run } from '../io.ts'
import { type Compiled, compile, type Matcher, type Span } from '../matcher.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { chomp, type Source, sources } from '../text-input.ts'
import { below } from './files/trees.ts'

export const grep: Command = {
  name: 'grep',
  summary: 'lines that match a pattern',
  completions: ['-i', '-v', '-n', '-c', '-E', '-o', '-A', '-B', '-F', '-q'],
  run: runGrep,
}

type Settings = {
  readonly matcher: Matcher
  readonly flags: ReadonlySet<string>
  readonly after: number
  readonly before: number
  readonly most: number
  readonly named: boolean
}

const LONG = {
  'ignore-case': 'i',
  'invert-match': 'v',
  'line-number': 'n',
  count: 'c',
  'extended-regexp': 'E',
  'only-matching': 'o',
  'fixed-strings': 'F',
  quiet: 'q',
  silent: 'q',
  'no-messages': 's',
  'word-regexp': 'w',
  'line-regexp': 'x',
  recursive: 'r',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  'with-filename': 'H',
  'no-filename': 'h',
  'max-count=': 'm',
  'after-context=': 'A',
  'before-context=': 'B',
  'context=': 'C',
  // Lines are never held back here, and there are no colours: nothing is to be done for these.
  'line-buffered': 'a',
  text: 'a',
  color: 'a',
  'color=': '_',
  colour: 'a',
  'colour=': '_',
}

function* runGrep(args: readonly string[], io: Io): Run {
  const { words, patterns } = takePatterns(args)
  const options = parseOptions(
    'grep',
    words,
    {
      flags: 'ivncEoFqhsGwxlLrRHa',
      values: 'ABCmf',
      real: 'PbzZUTdD',
      long: LONG,
      realLong: ['include', 'exclude', 'perl-regexp'],
      status: 2,
    },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, values } = options
  const operands = [...options.operands]
  const file = values.has('f') ? openFile(io, values.get('f') ?? '') : undefined
  if (file !== undefined && 'fault' in file) {
    io.err(`grep: ${values.get('f')}: ${file.fault}\n`)
    return 2
  }
  if (file !== undefined) patterns.push(file.text.replace(/\n$/, ''))
  if (patterns.length === 0) {
    const first = operands.shift()
    if (first === undefined) {
      io.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
      return 2
    }
    patterns.push(first)
  }
  const compiled = compileAll(
    patterns.flatMap((one) => one.split('\n')),
    flags,
    io,
  )
  if (!compiled.ok) {
    io.err(`grep: ${compiled.error}\n`)
    return 2
  }
  const context = (letter: string) => wholeNumber(values.get(letter) ?? values.get('C') ?? '0', 0, 1e6)
  const [after, before] = [context('A'), context('B')]
  if (after === undefined || before === undefined) {
    io.err(`grep: ${values.get(after === undefined ? 'A' : 'B') ?? values.get('C')}: invalid context length argument\n`)
    return 2
  }
  const most = values.has('m') ? wholeNumber(values.get('m'), 0, 1e9) : Number.POSITIVE_INFINITY
  if (most === undefined) {
    io.err('grep: invalid max count\n')
    return 2
  }
  const deep = flags.has('r') || flags.has('R')
  const names = deep ? filesBelow(operands.length === 0 ? ['.'] : operands, operands.length === 0, io) : operands
  const { list, failed } =
    names.length === 0 && deep ? { list: [], failed: false } : sources('grep', names, flags.has('s') ? quiet(io) : io)
  const named = (names.length > 1 || deep || flags.has('H')) && !flags.has('h')
  let found = false
  for (const source of list) {
    if (yield* search(source, { matcher: compiled.matcher, flags, after, before, most, named }, io)) found = true
    if (found && flags.has('q')) return 0
  }
  return failed ? 2 : found ? 0 : 1
}

const quiet = (io: Io): Io => ({ ...io, err: () => {} })

/** `-e PATTERN` may come several times. */
function takePatterns(args: readonly string[]): { readonly words: string[]; readonly patterns: string[] } {
  const words: string[] = []
  const patterns: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const found = /^-([ivncEoFqhsGwxlLrRHa]*)e(.*)$/s.exec(arg)
    if (arg === '--') {
      words.push(...args.slice(i))
      break
    }
    if (found) {
      if (found[1] !== '') words.push(`-${found[1]}`)
      const value = found[2] === '' ? args[++i] : found[2]
      if (value === undefined) words.push('-e')
      else patterns.push(value)
    } else if (arg.startsWith('--regexp=')) patterns.push(arg.slice(9))
    else words.push(arg)
  }
  return { words, patterns }
}

/** One expression for all patterns; `-w` and `-x` bound it. */
function compileAll(patterns: readonly string[], flags: ReadonlySet<string>, io: Io): Compiled {
  const { spend } = io.work
  const [only = ''] = patterns
  const [fixed, extended, ignoreCase] = [flags.has('F'), flags.has('E'), flags.has('i')]
  if (patterns.length === 1 && !flags.has('w') && !flags.has('x')) return compile(only, { extended, fixed, ignoreCase, spend })
  const plain = fixed ? patterns.map((one) => one.replace(/[.[\]*^$\\]/g, '\\$&')) : patterns
  const [open, close, or] = extended && !fixed ? ['(', ')', '|'] : ['\\(', '\\)', '\\|']
  let text = plain.length === 1 ? (plain[0] ?? '') : plain.map((one) => open + one + close).join(or)
  if (flags.has('x')) text = `^${open}${text}${close}$`
  else if (flags.has('w')) text = `\\b${open}${text}${close}\\b`
  return compile(text, { extended: extended && !fixed, fixed: false, ignoreCase, spend })
}

function filesBelow(names: readonly string[], bare: boolean, io: Io): string[] {
  return names.flatMap((name) => {
    const path = absolute(name, io.session.cwd)
    const files = [...below(path, name, io)].filter((one) => one.stat.kind === 'file').map((one) => one.name)
    if (io.kernel.stat(path) === undefined) return [name]
    return bare ? files.map((one) => one.replace(/^\.\//, '')) : files
  })
}

function* search(source: Source, settings: Settings, io: Io): Generator<Need, boolean, Got> {
  const { matcher, flags, after, before } = settings
  const [lists, lacks] = [flags.has('l'), flags.has('L')]
  const silent = flags.has('c') || lists || lacks
  let [number, count, open, last] = [0, 0, 0, 0]
  let held: [number, string][] = []
  const print = (at: number, line: string, mark: ':' | '-') => {
    const prefix = `${settings.named ? source.name + mark : ''}${flags.has('n') ? at + mark : ''}`
    io.out(`${prefix}${line}\n`)
  }
  const printLine = (at: number, line: string, mark: ':' | '-') => {
    if (after + before > 0 && last > 0 && at > last + 1) io.out('--\n')
    last = at
    print(at, line, mark)
  }
  while (count < settings.most || open > 0) {
    const raw = yield* source.next()
    if (raw === undefined) break
    number++
    const line = chomp(raw)
    const span = matcher.find(line)
    if ((span !== undefined) !== flags.has('v') && count < settings.most) {
      count++
      if (flags.has('q')) return true
      if (lists || lacks) break
      if (silent) continue
      if (flags.has('o')) {
        for (const piece of pieces(matcher, line, flags.has('v') ? undefined : span)) print(number, piece, ':')
        continue
      }
      for (const [at, text] of held) printLine(at, text, '-')
      held = []
      printLine(number, line, ':')
      open = after
    } else if (open > 0 && !silent && !flags.has('o')) {
      open--
      printLine(number, line, '-')
    } else if (before > 0) {
      held.push([number, line])
      if (held.length > before) held.shift()
    }
  }
  if (lists ? count > 0 : lacks && count === 0) io.out(`${source.name}\n`)
  else if (flags.has('c') && !lists && !lacks) io.out(`${settings.named ? `${source.name}:` : ''}${count}\n`)
  return lacks ? count === 0 : count > 0
}

/** The matched parts of a line, the empty ones left out. */
function pieces(matcher: Matcher, line: string, first: Span | undefined): string[] {
  const found: string[] = []
  for (let span = first; span !== undefined && span.from < line.length; ) {
    if (span.to > span.from) found.push(line.slice(span.from, span.to))
    span = matcher.find(line, Math.max(span.to, span.from + 1))
  }
  return found
}
