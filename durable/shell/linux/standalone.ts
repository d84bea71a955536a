// A command of this folder at another system's console, without a shell around it.
import type { Wait, Wake } from '../../engine/machine/console.ts'
import type { Kernel } from '../../engine/machine/kernel.ts'
import { textInput } from './bash/channels.ts'
import { drive } from './bash/drive.ts'
import { Grammar } from './bash/grammar.ts'
import { launched } from './bash/simple.ts'
import { startTools } from './bash/tools.ts'
import { Work } from './bash/work.ts'
import type { Command, Io } from './io.ts'
import { loadSession } from './session.ts'

type Place = { readonly kernel: Kernel; readonly cwd: string; readonly write: (text: string) => void }

/** Runs it with nothing to read; `write` gets what it prints. Ends with its exit status, 130 after Ctrl-C. */
export function runAlone(command: Command, args: readonly string[], place: Place): Generator<Wait, number, Wake> {
  const work = new Work(place.kernel, 0)
  const kernel = place.kernel
  const session = loadSession({}, kernel.identity(), '', command.name)
  session.cwd = place.cwd
  const io: Io = {
    kernel,
    session,
    root: false,
    piped: true,
    terminal: false,
    tools: startTools({ name: command.name, missing: '' }, new Map(), new Grammar()),
    input: textInput(''),
    channels: new Map(),
    place: { out: 'held', err: 'held' },
    pipe: undefined,
    base: undefined,
    source: '',
    work,
    out: place.write,
    err: place.write,
  }
  return drive(launched(command.run(args, io), io), io, true)
}
