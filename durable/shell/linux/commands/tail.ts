import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { readAll, sources } from '../text-input.ts'
import { shortCount } from './head.ts'

export const tail: Command = { name: 'tail', summary: 'the last lines', completions: ['-n'], run: runTail }

function* runTail(args: readonly string[], io: Io): Run {
  const options = parseOptions('tail', shortCount(args), { flags: 'q', values: 'n', real: 'cfFvzs', long: { 'lines=': 'n' } }, io)
  if (typeof options === 'number') return options
  const given = options.values.get('n') ?? '10'
  const fromStart = given.startsWith('+')
  const count = wholeNumber(given.replace(/^[+-]/, ''), 0, 1e9)
  if (count === undefined) {
    io.err(`tail: invalid number of lines: '${given}'\n`)
    return 1
  }
  if (options.operands.length > 1) {
    io.err(notSimulated('tail of several files'))
    return 1
  }
  const { list, failed } = sources('tail', options.operands, io)
  const lines = yield* readAll(list)
  const shown = fromStart ? lines.slice(Math.max(0, count - 1)) : count === 0 ? [] : lines.slice(-count)
  for (const line of shown) io.out(line)
  return failed ? 1 : 0
}
