import { absolute, errorText } from '../files.ts'
import type { Command, Io, Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { sources } from '../text-input.ts'

export const tee: Command = { name: 'tee', summary: 'copies its input to files too', completions: ['-a'], run: runTee }

function* runTee(args: readonly string[], io: Io): Run {
  const options = parseOptions('tee', args, { flags: 'a', real: 'ip', long: { append: 'a' } }, io)
  if (typeof options === 'number') return options
  const { list, failed } = sources('tee', [], io)
  let text = ''
  for (const source of list) {
    for (let line = yield* source.next(); line !== undefined; line = yield* source.next()) {
      text += line
      io.out(line)
    }
  }
  let status = failed ? 1 : 0
  for (const name of options.operands) {
    const path = absolute(name, io.session.cwd)
    if (path === '/dev/null') continue
    const before = options.flags.has('a') ? (io.kernel.readFile(path) ?? '') : ''
    const outcome = io.kernel.writeFile(path, before + text)
    if (outcome.ok) continue
    io.err(`tee: ${name}: ${errorText(outcome.error)}\n`)
    status = 1
  }
  return status
}
