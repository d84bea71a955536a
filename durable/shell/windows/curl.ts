// Windows 11 brings curl.exe: the same tool as on Linux, at another console.
import type { Kernel } from '../../engine/machine/kernel.ts'
import { curl as tool } from '../linux/commands/curl.ts'
import { INTERRUPTED } from '../linux/io.ts'
import { runAlone } from '../linux/standalone.ts'
import { type Gen, Interrupted, type Program, type ProgramIo } from './program.ts'

export const curl: Program = {
  name: 'curl',
  synopsis: 'Transfers a URL (curl.exe; the word curl alone is Invoke-WebRequest).',
  options: tool.completions ?? [],
  refuses: [],
  *run(args, io) {
    const lines = new Lines()
    const write = (text: string) => lines.write(text)
    const running = runAlone(tool, args, { kernel: withDrives(io.kernel), cwd: io.path('.'), write })
    let next = running.next()
    while (!next.done) {
      yield* lines.flush(io)
      next = running.next(yield next.value)
    }
    yield* lines.flush(io, true)
    if (next.value === INTERRUPTED) throw new Interrupted('^C')
    return next.value
  },
}

/** A path of Linux, with a drive somewhere in it, is a path from there on. */
function withDrives(kernel: Kernel): Kernel {
  const path = (given: string) => given.replace(/^.*\/(?=[A-Za-z]:)/s, '')
  return {
    ...kernel,
    readFile: (given) => kernel.readFile(path(given)),
    stat: (given, follow) => kernel.stat(path(given), follow),
    writeFile: (given, text) => kernel.writeFile(path(given), text),
    appendFile: (given, text) => kernel.appendFile(path(given), text),
  }
}

/** Text as a tool writes it, handed on in whole lines. */
class Lines {
  private text = ''

  write(text: string): void {
    this.text += text
  }

  *flush(io: ProgramIo, all = false): Gen {
    const lines = this.text.split('\n')
    const rest = lines.pop() ?? ''
    this.text = all ? '' : rest
    if (all && rest !== '') lines.push(rest)
    for (const line of lines) yield* io.line(line)
  }
}
