import type { Command, Io, Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { readAll, sources } from '../text-input.ts'

export const wc: Command = { name: 'wc', summary: 'counts lines, words and bytes', completions: ['-l', '-w', '-c'], run: runWc }

function* runWc(args: readonly string[], io: Io): Run {
  const options = parseOptions(
    'wc',
    args,
    { flags: 'lwcmL', long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm', 'max-line-length': 'L' } },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  const { list, failed } = sources('wc', operands, io)
  const rows: { counts: number[]; name: string }[] = []
  for (const source of list) {
    const text = (yield* readAll([source])).join('')
    const counts = [
      text.split('\n').length - 1,
      text.split(/[ \t\n\r\v\f]+/).filter((word) => word !== '').length,
      [...text].length,
      byteLength(text),
      Math.max(0, ...text.split('\n').map((line) => [...line.replaceAll('\t', '        ')].length)),
    ]
    rows.push({ counts, name: source.name === '(standard input)' ? '' : source.name })
  }
  if (rows.length > 1)
    rows.push({
      counts: [0, 1, 2, 3, 4].map((i) =>
        rows.reduce((sum, row) => (i === 4 ? Math.max(sum, row.counts[i] ?? 0) : sum + (row.counts[i] ?? 0)), 0),
      ),
      name: 'total',
    })
  const wanted = [0, 1, 2, 3, 4].filter((i) => (flags.size === 0 ? i < 2 || i === 3 : flags.has('lwmcL'.charAt(i))))
  const widest = Math.max(0, ...rows.flatMap((row) => wanted.map((i) => String(row.counts[i]).length)))
  const width = wanted.length === 1 && rows.length === 1 ? 0 : operands.length === 0 ? 7 : widest
  for (const { counts, name } of rows) {
    const cells = wanted.map((i) => String(counts[i]).padStart(width))
    io.out(`${cells.join(' ')}${name === '' ? '' : ` ${name}`}\n`)
  }
  return failed ? 1 : 0
}

/** Length in UTF-8. */
function byteLength(text: string): number {
  let length = 0
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
