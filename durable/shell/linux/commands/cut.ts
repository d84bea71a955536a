import type { Command, Io, Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { chomp, sources } from '../text-input.ts'

export const cut: Command = {
  name: 'cut',
  summary: 'fields (-d -f) or characters (-c) of lines',
  completions: ['-d', '-f', '-c'],
  run: runCut,
}

function* runCut(args: readonly string[], io: Io): Run {
  const options = parseOptions(
    'cut',
    args,
    { flags: 's', values: 'dfc', real: 'bnz', realLong: ['complement', 'output-delimiter'] },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const fail = (text: string) => {
    io.err(`cut: ${text}\nTry 'cut --help' for more information.\n`)
    return 1
  }
  const fields = values.get('f')
  const characters = values.get('c')
  if (fields === undefined && characters === undefined) return fail('you must specify a list of bytes, characters, or fields')
  if (fields !== undefined && characters !== undefined) return fail('only one list may be specified')
  const delimiter = values.get('d') ?? '\t'
  if (delimiter.length > 1) return fail('the delimiter must be a single character')
  const text = fields ?? characters ?? ''
  const ranges = readRanges(text)
  if (!ranges) return fail(`invalid ${fields === undefined ? 'byte or character position' : 'field value'} '${text}'`)
  const chosen = (position: number) => ranges.some(([from, to]) => position >= from && position <= to)
  const { list, failed } = sources('cut', operands, io)
  for (const source of list) {
    for (let raw = yield* source.next(); raw !== undefined; raw = yield* source.next()) {
      const line = chomp(raw)
      if (fields === undefined) io.out(`${[...line].filter((_, i) => chosen(i + 1)).join('')}\n`)
      else if (delimiter !== '' && line.includes(delimiter)) {
        io.out(
          `${line
            .split(delimiter)
            .filter((_, i) => chosen(i + 1))
            .join(delimiter)}\n`,
        )
      } else if (!flags.has('s')) io.out(`${line}\n`)
    }
  }
  return failed ? 1 : 0
}

/** `1`, `2-3`, `4-`, `-2`, joined by commas. */
function readRanges(text: string): [number, number][] | undefined {
  const ranges: [number, number][] = []
  for (const piece of text.split(',')) {
    const found = /^(\d{0,6})(-?)(\d{0,6})$/.exec(piece)
    if (!found || (found[1] === '' && found[3] === '')) return undefined
    const [, from = '', dash = '', to = ''] = found
    if (dash === '' && to !== '') return undefined
    const first = from === '' ? 1 : Number(from)
    if (first < 1) return undefined
    ranges.push([first, dash === '' ? first : to === '' ? Number.MAX_SAFE_INTEGER : Number(to)])
  }
  return ranges
}
