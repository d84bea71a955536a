import { absolute } from '../files.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { readAll, sources } from '../text-input.ts'
import { countOf, shortCount } from './head.ts'

export const tail: Command = { name: 'tail', summary: 'the last lines', completions: ['-n', '-f'], run: runTail }

/** How often `-f` looks, and how often at most. */
const LOOK = 1_000_000
const MOST_LOOKS = 3_600

function* runTail(args: readonly string[], io: Io): Run {
  const long = { 'lines=': 'n', 'bytes=': 'c', follow: 'f', quiet: 'q', verbose: 'v' }
  const options = parseOptions(
    'tail',
    shortCount(args),
    { flags: 'qvfF', values: 'ncs', real: 'z', long, realLong: ['pid', 'retry'] },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const bytes = values.get('c')
  const given = bytes ?? values.get('n') ?? '10'
  const fromStart = given.startsWith('+')
  const count = countOf(given.replace(/^[+-]/, ''))
  if (count === undefined) {
    io.err(`tail: invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ‘${given}’\n`)
    return 1
  }
  const { list, failed } = sources('tail', operands, io, (name, fault) => `cannot open '${name}' for reading: ${fault}`)
  const titled = (operands.length > 1 || flags.has('v')) && !flags.has('q')
  for (const [i, source] of list.entries()) {
    const name = source.name === '(standard input)' ? 'standard input' : source.name
    if (titled) io.out(`${i > 0 ? '\n' : ''}==> ${name} <==\n`)
    const lines = yield* readAll([source])
    if (bytes === undefined) {
      const shown = fromStart ? lines.slice(Math.max(0, count - 1)) : count === 0 ? [] : lines.slice(-count)
      for (const line of shown) io.out(line)
    } else {
      const text = lines.join('')
      io.out(fromStart ? text.slice(Math.max(0, count - 1)) : count === 0 ? '' : text.slice(-count))
    }
  }
  const follows = flags.has('f') || flags.has('F')
  if (!follows || operands.length === 0 || (failed && list.length === 0 && !flags.has('F'))) return failed ? 1 : 0
  return yield* follow(operands, titled, io)
}

/** Shows what is added to files, until Ctrl-C. */
function* follow(names: readonly string[], titled: boolean, io: Io): Run {
  const read = (name: string) => io.kernel.readFile(absolute(name, io.session.cwd)) ?? ''
  const shown = new Map(names.map((name) => [name, read(name).length]))
  let last = names.at(-1)
  for (let look = 0; look < MOST_LOOKS; look++) {
    const got = yield { sleep: LOOK, endless: true }
    if (got.kind === 'interrupt') return INTERRUPTED
    for (const name of names) {
      const text = read(name)
      const before = shown.get(name) ?? 0
      shown.set(name, text.length)
      if (text.length === before) continue
      if (text.length < before) io.err(`tail: ${name}: file truncated\n`)
      if (titled && last !== name) io.out(`\n==> ${name} <==\n`)
      last = name
      io.out(text.slice(text.length < before ? 0 : before))
    }
  }
  io.err(`tail: looked ${MOST_LOOKS} times, which is this lab's budget\n`)
  return 1
}
