import { absolute, openPlace, saveFile } from '../files.ts'
import type { Command, Io, Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { sources } from '../text-input.ts'

export const tee: Command = { name: 'tee', summary: 'copies its input to files too', completions: ['-a'], run: runTee }

function* runTee(args: readonly string[], io: Io): Run {
  const options = parseOptions('tee', args, { flags: 'ai', real: 'p', long: { append: 'a' } }, io)
  if (typeof options === 'number') return options
  const { list, failed } = sources('tee', [], io)
  let status = failed ? 1 : 0
  const writers: ((text: string) => void)[] = []
  for (const name of options.operands) {
    const path = absolute(name, io.session.cwd)
    const fault = saveFile(io, path, '', options.flags.has('a'))
    if (fault !== undefined) {
      io.err(`tee: ${name}: ${fault}\n`)
      status = 1
    } else if (path !== '/dev/null') writers.push(openPlace({ file: path }, io))
  }
  for (const source of list) {
    for (let line = yield* source.next(); line !== undefined; line = yield* source.next()) {
      io.out(line)
      for (const write of writers) write(line)
    }
  }
  return status
}
