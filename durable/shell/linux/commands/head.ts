import type { Command, Io, Run } from '../io.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { readAll, sources } from '../text-input.ts'

export const head: Command = { name: 'head', summary: 'the first lines', completions: ['-n', '-c'], run: runHead }

/** `-5` is an old way to write `-n 5`. */
export const shortCount = (args: readonly string[]): string[] =>
  args.map((arg, i) => (/^-\d+$/.test(arg) && !/^-[nc]$/.test(args[i - 1] ?? '') ? `-n${arg.slice(1)}` : arg))

const UNITS: { readonly [letter: string]: number } = { b: 512, K: 1024, k: 1024, M: 1_048_576 }

/** A count with an optional unit; undefined: it is none. */
export function countOf(text: string): number | undefined {
  const found = /^(\d{1,12})([bkKM]?)$/.exec(text)
  return found ? wholeNumber(String(Number(found[1]) * (UNITS[found[2] ?? ''] ?? 1)), 0, 1e12) : undefined
}

function* runHead(args: readonly string[], io: Io): Run {
  const long = { 'lines=': 'n', 'bytes=': 'c', quiet: 'q', verbose: 'v' }
  const options = parseOptions('head', shortCount(args), { flags: 'qv', values: 'nc', real: 'z', long }, io)
  if (typeof options === 'number') return options
  const { flags, values } = options
  const bytes = values.get('c')
  const given = bytes ?? values.get('n') ?? '10'
  const allBut = given.startsWith('-')
  const count = countOf(given.replace(/^[-+]/, ''))
  if (count === undefined) {
    io.err(`head: invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ‘${given}’\n`)
    return 1
  }
  const { list, failed } = sources('head', options.operands, io, (name, fault) => `cannot open '${name}' for reading: ${fault}`)
  const titled = (options.operands.length > 1 || flags.has('v')) && !flags.has('q')
  for (const [i, source] of list.entries()) {
    const name = source.name === '(standard input)' ? 'standard input' : source.name
    if (titled) io.out(`${i > 0 ? '\n' : ''}==> ${name} <==\n`)
    if (allBut) {
      const lines = yield* readAll([source])
      io.out(
        bytes === undefined
          ? lines.slice(0, Math.max(0, lines.length - count)).join('')
          : lines.join('').slice(0, -count || undefined),
      )
      continue
    }
    for (let left = count; left > 0; ) {
      const line = yield* source.next()
      if (line === undefined) break
      io.out(bytes === undefined ? line : line.slice(0, left))
      left -= bytes === undefined ? 1 : line.length
    }
  }
  return failed ? 1 : 0
}
