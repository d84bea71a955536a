import type { Command, Io, Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { chomp, sources } from '../text-input.ts'

export const uniq: Command = { name: 'uniq', summary: 'drops lines that repeat', completions: ['-c', '-d', '-u'], run: runUniq }

function* runUniq(args: readonly string[], io: Io): Run {
  const options = parseOptions('uniq', args, { flags: 'cdui', real: 'Dfswz' }, io)
  if (typeof options === 'number') return options
  const { flags, operands } = options
  const { list, failed } = sources('uniq', operands.slice(0, 1), io)
  const same = (a: string, b: string) => a === b || (flags.has('i') && a.toLowerCase() === b.toLowerCase())
  let [held, count]: [string | undefined, number] = [undefined, 0]
  const flush = () => {
    if (held === undefined || (flags.has('d') && count < 2) || (flags.has('u') && count > 1)) return
    io.out(`${flags.has('c') ? `${String(count).padStart(7)} ` : ''}${held}\n`)
  }
  for (const source of list) {
    for (let raw = yield* source.next(); raw !== undefined; raw = yield* source.next()) {
      const line = chomp(raw)
      if (held !== undefined && same(held, line)) {
        count++
        continue
      }
      flush()
      ;[held, count] = [line, 1]
    }
  }
  flush()
  return failed ? 1 : 0
}
