import type { Command, Io, Run } from '../io.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { sources } from '../text-input.ts'

export const head: Command = { name: 'head', summary: 'the first lines', completions: ['-n'], run: runHead }

/** `-5` is an old way to write `-n 5`. */
export const shortCount = (args: readonly string[]): string[] =>
  args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg))

function* runHead(args: readonly string[], io: Io): Run {
  const options = parseOptions('head', shortCount(args), { flags: 'qv', values: 'n', real: 'cz', long: { 'lines=': 'n' } }, io)
  if (typeof options === 'number') return options
  const given = options.values.get('n')
  const count = wholeNumber(given ?? '10', 0, 1e9)
  if (count === undefined) {
    io.err(`head: invalid number of lines: '${given}'\n`)
    return 1
  }
  const { list, failed } = sources('head', options.operands, io)
  const titled = (list.length > 1 || options.flags.has('v')) && !options.flags.has('q')
  for (const [i, source] of list.entries()) {
    if (titled) io.out(`${i > 0 ? '\n' : ''}==> ${source.name} <==\n`)
    for (let n = 0; n < count; n++) {
      const line = yield* source.next()
      if (line === undefined) break
      io.out(line)
    }
  }
  return failed ? 1 : 0
}
