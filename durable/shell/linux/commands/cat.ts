import type { Command, Io, Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { sources } from '../text-input.ts'

export const cat: Command = { name: 'cat', summary: 'prints files', run: runCat }

function* runCat(args: readonly string[], io: Io): Run {
  const options = parseOptions('cat', args, { flags: 'nu', real: 'AbeEstTv' }, io)
  if (typeof options === 'number') return options
  const { list, failed } = sources('cat', options.operands, io)
  let number = 0
  for (const source of list) {
    for (let line = yield* source.next(); line !== undefined; line = yield* source.next()) {
      io.out(options.flags.has('n') ? `${String(++number).padStart(6)}\t${line}` : line)
    }
  }
  return failed ? 1 : 0
}
