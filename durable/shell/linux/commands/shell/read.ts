import { complain } from '../../bash/faults.ts'
import { refuseOption } from '../../bash/usage.ts'
import { isName, setArray, setElement, setScalar } from '../../bash/variables.ts'
import { type Command, type Got, INTERRUPTED, type Io, type Run } from '../../io.ts'

// read, mapfile, getopts.

const READ_USAGE =
  'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]'

export const read: Command = {
  name: 'read',
  summary: 'a line of input into variables',
  usage: 'read [-rs] [-a ARRAY] [-d DELIMITER] [-n COUNT] [-p PROMPT] [-t SECONDS] [-u FD] [NAME]...',
  builtin: true,
  run: runRead,
}

type Settings = {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly names: readonly string[]
}

function settingsOf(args: readonly string[], io: Io): Settings | undefined {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--') {
      at++
      break
    }
    if (!/^-./.test(arg)) break
    for (let i = 1; i < arg.length; i++) {
      const letter = arg.charAt(i)
      if ('ers'.includes(letter)) flags.add(letter)
      else if ('adinNptu'.includes(letter)) {
        const value = i + 1 < arg.length ? arg.slice(i + 1) : args[++at]
        if (value === undefined) {
          refuseOption('read', `-${letter}`, READ_USAGE, io, 'option requires an argument')
          return undefined
        }
        values.set(letter, value)
        break
      } else {
        refuseOption('read', `-${letter}`, READ_USAGE, io)
        return undefined
      }
    }
  }
  return { flags, values, names: args.slice(at) }
}

function* runRead(args: readonly string[], io: Io): Run {
  const settings = settingsOf(args, io)
  if (!settings) return 2
  const { values, names } = settings
  const wrong = names.find((name) => !isName(name.replace(/\[.*\]$/s, '')))
  if (wrong !== undefined) {
    complain(io, `read: \`${wrong}': not a valid identifier`)
    return 1
  }
  const fd = values.get('u')
  const channel = fd === undefined || fd === '0' ? undefined : io.channels.get(Number(fd))
  if (fd !== undefined && fd !== '0' && channel?.kind !== 'in') {
    complain(io, `read: ${fd}: invalid file descriptor: Bad file descriptor`)
    return 1
  }
  const input = channel?.kind === 'in' ? channel.input : io.input
  if (input.terminal && values.has('p')) io.err(values.get('p') ?? '')
  const seconds = values.get('t')
  if (seconds !== undefined && input.terminal && Number(seconds) >= 0) {
    const got = yield { any: [{ read: true }, { until: io.kernel.clock().now + Math.round(Number(seconds) * 1_000_000) }] }
    if (got.kind === 'interrupt') return INTERRUPTED
    if (got.kind === 'one' && got.got.kind === 'line')
      return store(settings, got.got.line.replace(/\n$/, ''), got.got.line.endsWith('\n'), io)
    store(settings, '', true, io)
    return got.kind === 'one' && got.got.kind === 'elapsed' ? 142 : 1
  }
  const limit = Number(values.get('N') ?? values.get('n') ?? Number.POSITIVE_INFINITY)
  const delimiter = values.has('N') ? undefined : (values.get('d') ?? '\n').charAt(0) || '\0'
  const raw = settings.flags.has('r')
  let text = ''
  for (;;) {
    const got: Got = yield* input.read()
    if (got.kind === 'interrupt') {
      io.work.interrupted = true
      return INTERRUPTED
    }
    if (got.kind !== 'line') return store(settings, text, false, io)
    const { taken, rest, ended } = take(text, got.line, delimiter, limit, raw)
    text = taken
    if (rest !== '') input.unread(rest)
    if (ended) return store(settings, text, true, io)
  }
}

/** Characters up to the delimiter or the limit; without -r a backslash keeps its character from meaning anything. */
function take(
  before: string,
  line: string,
  delimiter: string | undefined,
  limit: number,
  raw: boolean,
): { readonly taken: string; readonly rest: string; readonly ended: boolean } {
  let taken = before
  for (let at = 0; at < line.length; at++) {
    const c = line.charAt(at)
    if (!raw && c === '\\') {
      const next = line.charAt(++at)
      if (next !== '\n') taken += `\\${next}`
      continue
    }
    if (c === delimiter) return { taken, rest: line.slice(at + 1), ended: true }
    taken += c
    if (taken.length >= limit) return { taken, rest: line.slice(at + 1), ended: true }
  }
  return { taken, rest: '', ended: false }
}

function store({ flags, values, names }: Settings, text: string, whole: boolean, io: Io): number {
  const raw = flags.has('r')
  const ifs = io.session.variables.get('IFS') ?? ' \t\n'
  const array = values.get('a')
  const plain = (piece: string) => (raw ? piece : piece.replace(/\\(.)/gs, '$1'))
  if (array !== undefined) {
    setArray(array, splitRead(text, ifs, Number.POSITIVE_INFINITY, raw).map(plain), io)
  } else if (names.length === 0) setScalar('REPLY', plain(text), io)
  else {
    const pieces = values.has('N') ? [text] : splitRead(text, ifs, names.length, raw)
    for (const [i, name] of names.entries()) {
      const element = /^(\w+)\[(.*)\]$/s.exec(name)
      const value = plain(pieces[i] ?? '')
      if (element) setElement(element[1] ?? '', element[2] ?? '', value, io)
      else setScalar(name, value, io)
    }
  }
  return whole ? 0 : 1
}

/** Fields by IFS; the last one takes the rest of the line, without blanks at its end. */
function splitRead(text: string, ifs: string, most: number, raw: boolean): string[] {
  const blank = (c: string) => c !== '' && ifs.includes(c) && ' \t\n'.includes(c)
  const fields: string[] = []
  let at = 0
  const skip = () => {
    while (at < text.length && blank(text.charAt(at))) at++
  }
  skip()
  while (at < text.length) {
    if (fields.length === most - 1) {
      let rest = text.slice(at)
      while (rest !== '' && blank(rest.charAt(rest.length - 1))) rest = rest.slice(0, -1)
      // One delimiter at the very end of the last field is none of it.
      if (ifs.includes(rest.charAt(rest.length - 1)) && ![...rest.slice(0, -1)].some((c) => ifs.includes(c)))
        rest = rest.slice(0, -1)
      fields.push(rest)
      return fields
    }
    let end = at
    while (end < text.length && !ifs.includes(text.charAt(end))) end += !raw && text.charAt(end) === '\\' ? 2 : 1
    fields.push(text.slice(at, end))
    at = end
    skip()
    if (at < text.length && ifs.includes(text.charAt(at)) && !blank(text.charAt(at))) {
      at++
      skip()
    }
  }
  return fields
}

const MAPFILE_USAGE = 'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]'
const GETOPTS_USAGE = 'getopts optstring name [arg ...]'

export const mapfile: Command = {
  name: 'mapfile',
  aliases: ['readarray'],
  summary: 'lines of input into an array',
  usage: 'mapfile [-t] [-n COUNT] [-s COUNT] [ARRAY]',
  builtin: true,
  *run(args, io): Run {
    let [trim, most, skip] = [false, Number.POSITIVE_INFINITY, 0]
    let at = 0
    for (; /^-./.test(args[at] ?? ''); at++) {
      const arg = args[at] ?? ''
      if (arg === '-t') trim = true
      else if (arg === '-n') most = Number(args[++at] ?? '0') || Number.POSITIVE_INFINITY
      else if (arg === '-s') skip = Number(args[++at] ?? '0')
      else return refuseOption('mapfile', arg.slice(0, 2), MAPFILE_USAGE, io)
    }
    const name = args[at] ?? 'MAPFILE'
    const lines: string[] = []
    while (lines.length < most + skip) {
      const got = yield* io.input.read()
      if (got.kind === 'interrupt') return INTERRUPTED
      if (got.kind !== 'line') break
      io.work.step()
      lines.push(trim ? got.line.replace(/\n$/, '') : got.line)
    }
    setArray(name, lines.slice(skip), io)
    return 0
  },
}

export const getopts: Command = {
  name: 'getopts',
  summary: 'the options of a script, one by one',
  usage: 'getopts OPTSTRING NAME [ARGUMENT]...',
  builtin: true,
  *run(args, io): Run {
    yield* []
    const [letters, name, ...given] = args[0] === '--' ? args.slice(1) : args
    if (letters?.startsWith('-')) return refuseOption('getopts', letters.slice(0, 2), GETOPTS_USAGE, io)
    if (letters === undefined || name === undefined) {
      io.err(`getopts: usage: ${GETOPTS_USAGE}\n`)
      return 2
    }
    return nextOption(letters, name, given.length > 0 ? given : io.session.positional, io)
  },
}

function nextOption(letters: string, name: string, words: readonly string[], io: Io): number {
  const { variables } = io.session
  const silent = letters.startsWith(':')
  // Where in a word of several letters: kept beside OPTIND, as bash keeps it inside.
  const [place, within] = (variables.get('OPTPOS') ?? '').split(':')
  const index = Number(variables.get('OPTIND') ?? '1')
  const at = place === String(index) ? Number(within) : 1
  const word = words[index - 1]
  const done = (next: number, position: number) => {
    variables.set('OPTIND', String(next))
    if (position > 1) variables.set('OPTPOS', `${next}:${position}`)
    else variables.delete('OPTPOS')
  }
  if (word === undefined || !/^-./.test(word) || word === '--') {
    if (word === '--') done(index + 1, 1)
    setScalar(name, '?', io)
    variables.delete('OPTARG')
    return 1
  }
  const letter = word.charAt(at)
  const known = letter === ':' ? -1 : letters.indexOf(letter)
  const last = at + 1 >= word.length
  const fail = (mark: string, message: string) => {
    setScalar(name, silent ? mark : '?', io)
    if (silent) variables.set('OPTARG', letter)
    else {
      variables.delete('OPTARG')
      io.err(`${io.session.zero}: ${message} -- ${letter}\n`)
    }
    return 0
  }
  if (known < 0) {
    done(last ? index + 1 : index, last ? 1 : at + 1)
    return fail('?', 'illegal option')
  }
  if (letters.charAt(known + 1) !== ':') {
    done(last ? index + 1 : index, last ? 1 : at + 1)
    setScalar(name, letter, io)
    variables.delete('OPTARG')
    return 0
  }
  const value = last ? words[index] : word.slice(at + 1)
  done(Math.min(last ? index + 2 : index + 1, words.length + 1), 1)
  if (value === undefined) return fail(':', 'option requires an argument')
  setScalar(name, letter, io)
  variables.set('OPTARG', value)
  return 0
}
