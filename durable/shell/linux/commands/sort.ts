import type { Command, Io, Run } from '../io.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { chomp, readAll, sources } from '../text-input.ts'

export const sort: Command = { name: 'sort', summary: 'sorts lines', completions: ['-r', '-n', '-u', '-k'], run: runSort }

function* runSort(args: readonly string[], io: Io): Run {
  const options = parseOptions('sort', args, { flags: 'rnuf', values: 'k', real: 'bdghiMRVcCmoSstTz', status: 2 }, io)
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const key = wholeNumber(values.get('k') ?? '1', 1, 1000)
  if (key === undefined) {
    io.err(`sort: the key ${values.get('k')} is real, but not simulated here yet\n`)
    return 2
  }
  const { list, failed } = sources('sort', operands, io, (name, fault) => `cannot read: ${name}: ${fault}`)
  const sign = flags.has('r') ? -1 : 1
  const keyed = (yield* readAll(list)).map((raw) => {
    const line = chomp(raw)
    const field = values.has('k')
      ? line
          .trimStart()
          .split(/[ \t]+/)
          .slice(key - 1)
          .join(' ')
      : line
    return {
      line,
      field: flags.has('f') ? field.toUpperCase() : field,
      number: Number(/^\s*-?\d+(\.\d+)?/.exec(field)?.[0] ?? '0'),
    }
  })
  type Keyed = (typeof keyed)[number]
  const byKey = (a: Keyed, b: Keyed) => (flags.has('n') ? a.number - b.number : compare(a.field, b.field))
  keyed.sort((a, b) => sign * (byKey(a, b) || (flags.has('u') ? 0 : compare(a.line, b.line))))
  const shown = flags.has('u') ? keyed.filter((each, i) => i === 0 || byKey(each, keyed[i - 1] as Keyed) !== 0) : keyed
  for (const { line } of shown) io.out(`${line}\n`)
  return failed ? 2 : 0
}

/** By code unit, as in the C locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
