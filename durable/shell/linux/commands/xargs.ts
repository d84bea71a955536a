import { textInput } from '../bash/channels.ts'
import { launched } from '../bash/simple.ts'
import { type Command, INTERRUPTED, type Io, type Run, type Steps } from '../io.ts'

export const xargs: Command = {
  name: 'xargs',
  summary: 'a command with what is read as its arguments',
  usage: 'xargs [-0rt] [-d C] [-I TEXT] [-L N] [-n N] [COMMAND [ARGUMENT]...]',
  run: runXargs,
}

type Settings = {
  zero: boolean
  delimiter: string | undefined
  replace: string | undefined
  most: number
  lines: number
  quiet: boolean
  trace: boolean
}

function* runXargs(args: readonly string[], io: Io): Run {
  const settings: Settings = {
    zero: false,
    delimiter: undefined,
    replace: undefined,
    most: Number.POSITIVE_INFINITY,
    lines: 0,
    quiet: false,
    trace: false,
  }
  let at = 0
  for (; at < args.length && /^-./.test(args[at] ?? ''); at++) {
    const arg = args[at] ?? ''
    const letter = arg.charAt(1)
    const value = () => (arg.length > 2 ? arg.slice(2) : (args[++at] ?? ''))
    if (arg === '--null' || arg === '-0') settings.zero = true
    else if (arg === '-r' || arg === '--no-run-if-empty') settings.quiet = true
    else if (arg === '-t') settings.trace = true
    else if (arg.startsWith('--')) return wrong(`unrecognized option '${arg}'`, io)
    else if (letter === 'I') settings.replace = value()
    else if (letter === 'd') settings.delimiter = value().replace('\\n', '\n').replace('\\t', '\t')
    else if (letter === 'n' || letter === 'L' || letter === 'P') {
      const text = value()
      if (!/^\d{1,6}$/.test(text) || (text === '0' && letter !== 'P'))
        return wrong(`invalid number "${text}" for -${letter} option`, io)
      if (letter === 'n') settings.most = Number(text)
      else if (letter === 'L') settings.lines = Number(text)
    } else return wrong(`invalid option -- '${letter}'`, io)
  }
  const command = at < args.length ? args.slice(at) : ['echo']
  const groups = yield* collect(settings, io)
  if (typeof groups === 'string') {
    io.err(`xargs: ${groups}\n`)
    return 1
  }
  if (groups.length === 0 && !settings.quiet && settings.replace === undefined) groups.push([])
  let status = 0
  for (const group of groups) {
    const { replace } = settings
    const words = replace === undefined ? [...command, ...group] : command.map((word) => word.replaceAll(replace, group[0] ?? ''))
    if (settings.trace) io.err(`${words.join(' ')}\n`)
    const inner: Io = { ...io, input: textInput(''), piped: true }
    const ended = yield* launched(io.tools.launch(words, inner), inner)
    if (ended === INTERRUPTED && io.work.interrupted) return ended
    if (ended === 127 || ended === 126) return ended
    if (ended === 255) return 124
    if (ended !== 0) status = 123
  }
  return status
}

function wrong(text: string, io: Io): number {
  io.err(`xargs: ${text}\n`)
  return 1
}

/** The arguments of each run; a text when quotes do not match. */
function* collect(settings: Settings, io: Io): Steps<string[][] | string> {
  const groups: string[][] = []
  let group: string[] = []
  let lines = 0
  let text = ''
  const add = (word: string) => {
    group.push(word)
    if (group.length >= settings.most) flush()
  }
  const flush = () => {
    if (group.length > 0) groups.push(group)
    group = []
    lines = 0
  }
  for (;;) {
    const got = yield { read: true }
    if (got.kind !== 'line') break
    io.work.step()
    if (settings.zero || settings.delimiter !== undefined) {
      text += got.line
      continue
    }
    const line = got.line.replace(/\n$/, '')
    if (settings.replace !== undefined) {
      if (line.trim() !== '') groups.push([line.trimStart()])
      continue
    }
    const words = wordsOf(line)
    if (typeof words === 'string') return words
    for (const word of words) add(word)
    if (words.length > 0 && settings.lines > 0 && ++lines >= settings.lines) flush()
  }
  const separator = settings.zero ? '\0' : settings.delimiter
  if (separator !== undefined && text !== '') {
    const items = text.split(separator)
    if (items.at(-1) === '') items.pop()
    for (const item of items) settings.replace === undefined ? add(item) : groups.push([item])
  }
  flush()
  return groups
}

function wordsOf(line: string): string[] | string {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; at++) {
    const c = line.charAt(at)
    if (c === ' ' || c === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (c === "'" || c === '"') {
      const end = line.indexOf(c, at + 1)
      if (end < 0)
        return `unmatched ${c === "'" ? 'single' : 'double'} quote; by default quotes are special to xargs unless you use the -0 option`
      word = (word ?? '') + line.slice(at + 1, end)
      at = end
    } else word = (word ?? '') + (c === '\\' ? line.charAt(++at) : c)
  }
  if (word !== undefined) words.push(word)
  return words
}
