// Windows 11 brings curl.exe: the same tool as on Linux, at another console.
import type { Wake } from '../../engine/machine/console.ts'
import { curl as tool } from '../linux/commands/curl.ts'
import type { Io, Need } from '../linux/io.ts'
import { INTERRUPTED } from '../linux/io.ts'
import { type Gen, Interrupted, type Program, type ProgramIo } from './program.ts'

export const curl: Program = {
  name: 'curl',
  synopsis: 'Transfers a URL (curl.exe; the word curl alone is Invoke-WebRequest).',
  options: tool.completions ?? [],
  refuses: [],
  *run(args, io) {
    const lines = new Lines()
    const running = tool.run(args, lines.io(io))
    let next = running.next()
    while (!next.done) {
      yield* lines.flush(io)
      // Nothing is piped into it.
      const got = isRead(next.value) ? ({ kind: 'end' } as const) : ((yield next.value) as Wake)
      next = running.next(got)
    }
    yield* lines.flush(io, true)
    if (next.value === INTERRUPTED) throw new Interrupted('^C')
    return next.value
  },
}

const isRead = (need: Need): need is { readonly read: true } => 'read' in need

/** Text as a tool writes it, handed on in whole lines. */
class Lines {
  private text = ''

  io(io: ProgramIo): Io {
    const write = (text: string): void => {
      this.text += text
    }
    const session = { cwd: io.path('.') } as Io['session']
    const tools = { commands: new Map() } as unknown as Io['tools']
    return { kernel: io.kernel, session, tools, root: false, piped: false, terminal: false, out: write, err: write }
  }

  *flush(io: ProgramIo, all = false): Gen {
    const lines = this.text.split('\n')
    const rest = lines.pop() ?? ''
    this.text = all ? '' : rest
    if (all && rest !== '') lines.push(rest)
    for (const line of lines) yield* io.line(line)
  }
}
