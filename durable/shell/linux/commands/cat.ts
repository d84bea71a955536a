import type { Command, Io, Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { sources } from '../text-input.ts'

export const cat: Command = { name: 'cat', summary: 'prints files', completions: ['-n', '-A'], run: runCat }

function* runCat(args: readonly string[], io: Io): Run {
  const options = parseOptions(
    'cat',
    args,
    {
      flags: 'nubsAEeTtv',
      long: { number: 'n', 'number-nonblank': 'b', 'squeeze-blank': 's', 'show-all': 'A', 'show-ends': 'E', 'show-tabs': 'T' },
    },
    io,
  )
  if (typeof options === 'number') return options
  const { flags } = options
  const shows = (...letters: string[]) => letters.some((letter) => flags.has(letter))
  const [ends, tabs, controls] = [shows('A', 'E', 'e'), shows('A', 'T', 't'), shows('A', 'v', 'e', 't')]
  const { list, failed } = sources('cat', options.operands, io)
  let [number, blank] = [0, false]
  for (const source of list) {
    for (let line = yield* source.next(); line !== undefined; line = yield* source.next()) {
      const empty = line === '\n'
      if (flags.has('s') && empty && blank) continue
      blank = empty
      let text = line
      if (controls)
        text = text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (c) =>
          c === '\x7f' ? '^?' : `^${String.fromCharCode(c.charCodeAt(0) + 64)}`,
        )
      if (tabs) text = text.replaceAll('\t', '^I')
      if (ends) text = text.replace(/\n$/, '$\n')
      const counts = flags.has('b') ? !empty : flags.has('n')
      io.out(counts ? `${String(++number).padStart(6)}\t${text}` : text)
    }
  }
  return failed ? 1 : 0
}
