import type { Command, Got, Io, Need, Run } from '../io.ts'
import { compile, type Matcher, type Span } from '../matcher.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { chomp, type Source, sources } from '../text-input.ts'

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
  readonly named: boolean
}

const REAL_LONG = [
  'color',
  'colour',
  'recursive',
  'include',
  'exclude',
  'perl-regexp',
  'word-regexp',
  'line-regexp',
  'files-with-matches',
  'max-count',
]

function* runGrep(args: readonly string[], io: Io): Run {
  const long = {
    'ignore-case': 'i',
    'invert-match': 'v',
    'line-number': 'n',
    count: 'c',
    'extended-regexp': 'E',
    'only-matching': 'o',
    'fixed-strings': 'F',
    quiet: 'q',
  }
  const options = parseOptions(
    'grep',
    args,
    { flags: 'ivncEoFqhsG', values: 'ABCe', real: 'PwxlLrRmHabzZUTdDf', long, realLong: REAL_LONG, status: 2 },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, values } = options
  const operands = [...options.operands]
  const pattern = values.get('e') ?? operands.shift()
  if (pattern === undefined) {
    io.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
    return 2
  }
  const compiled = compile(pattern, { extended: flags.has('E'), fixed: flags.has('F'), ignoreCase: flags.has('i') })
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
  const { list, failed } = sources('grep', operands, io)
  const settings: Settings = { matcher: compiled.matcher, flags, after, before, named: operands.length > 1 && !flags.has('h') }
  let found = false
  for (const source of list) {
    if (yield* search(source, settings, io)) found = true
    if (found && flags.has('q')) return 0
  }
  return failed ? 2 : found ? 0 : 1
}

function* search(source: Source, settings: Settings, io: Io): Generator<Need, boolean, Got> {
  const { matcher, flags, after, before } = settings
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
  for (let raw = yield* source.next(); raw !== undefined; raw = yield* source.next()) {
    number++
    const line = chomp(raw)
    const span = matcher.find(line)
    if ((span !== undefined) !== flags.has('v')) {
      count++
      if (flags.has('q')) return true
      if (flags.has('c')) continue
      if (flags.has('o')) {
        for (const piece of pieces(matcher, line, flags.has('v') ? undefined : span)) print(number, piece, ':')
        continue
      }
      for (const [at, text] of held) printLine(at, text, '-')
      held = []
      printLine(number, line, ':')
      open = after
    } else if (open > 0 && !flags.has('c') && !flags.has('o')) {
      open--
      printLine(number, line, '-')
    } else if (before > 0) {
      held.push([number, line])
      if (held.length > before) held.shift()
    }
  }
  if (flags.has('c')) io.out(`${settings.named ? `${source.name}:` : ''}${count}\n`)
  return count > 0
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
