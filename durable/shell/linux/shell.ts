import type { Shell, Wait, Wake } from '../../engine/machine/console.ts'
import { complete } from './complete.ts'
import { runList } from './execute.ts'
import { isDirectory, openFile } from './files.ts'
import { type Command, type Got, INTERRUPTED, type Io, type Need, notSimulated, type Run, type Tools } from './io.ts'
import { isReal } from './not-simulated.ts'
import { parse } from './parser.ts'
import { loadSession, saveSession } from './session.ts'
import type { Fault } from './syntax.ts'

export type ShellOptions = {
  /** What the shell calls itself in messages: `-bash`. */
  readonly name: string
  readonly path: string
  readonly commands: readonly Command[]
  /** What follows a name that is no command. */
  readonly missing: string
  prompt(user: string, host: string, directory: string): string
}

/** Real commands live in these; a path into one of them is the command itself. */
const FOLDERS = /^\/(usr\/|usr\/local\/)?s?bin\//

export function createShell(options: ShellOptions): Shell {
  const commands = new Map<string, Command>()
  for (const command of options.commands)
    for (const name of [command.name, ...(command.aliases ?? [])]) commands.set(name, command)
  const tools: Tools = { commands, launch: (words, io) => launch(options, words, io) }
  return {
    *run(line, context) {
      const { kernel, memory } = context
      const identity = kernel.identity()
      const session = loadSession(memory, identity, options.path)
      if (line.trim() !== '') session.history.push(line)
      const print = (text: string) => context.print(text)
      const root = identity.user === 'root'
      const io: Io = { kernel, session, root, piped: false, terminal: true, tools, out: print, err: print }
      const parsed = parse(line)
      if (parsed.ok) session.status = yield* drive(runList(parsed.list, io, options.name))
      else {
        print(faultText(parsed.fault, options.name))
        session.status = 2
      }
      // Only at the end: a line that is run again after a sleep of the lab must find what it found the first time.
      saveSession(session, memory)
      return session.status
    },
    prompt({ kernel, memory }) {
      const identity = kernel.identity()
      const { cwd, home } = loadSession(memory, identity, options.path)
      const directory = cwd === home ? '~' : cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd
      return options.prompt(identity.user, identity.hostname.split('.')[0] ?? '', directory)
    },
    complete: (line, { kernel, memory }) =>
      complete(line, kernel, loadSession(memory, kernel.identity(), options.path), commands),
    incomplete(line) {
      const parsed = parse(line)
      return !parsed.ok && parsed.fault.kind === 'incomplete'
    },
  }
}

/** Nobody types into a running command here: its standard input is at its end. */
function* drive(run: Run): Generator<Wait, number, Wake> {
  try {
    let result = run.next()
    while (!result.done) {
      const need: Need = result.value
      const got: Got = 'read' in need ? { kind: 'end' } : yield need
      result = run.next(got)
    }
    return result.value
  } finally {
    run.return(INTERRUPTED)
  }
}

function launch(options: ShellOptions, words: readonly string[], io: Io): Run {
  const [given = '', ...args] = words
  const name = given.replace(FOLDERS, '')
  const command = io.tools.commands.get(name)
  if (command?.usage !== undefined && args.length === 1 && args[0] === '--help' && !PLAIN.has(name))
    return answer(io, `Usage: ${command.usage.replace(/\n/g, '\n       ')}\n`)
  if (command) return command.run(args, io)
  return refuse(io, ...absent(options, given, name, io))
}

/** For these `--help` is a word like any other, or they answer it themselves. */
const PLAIN: ReadonlySet<string> = new Set([':', 'echo', 'false', 'ip', 'true'])

function* answer(io: Io, text: string): Run {
  yield* [] as Need[]
  io.out(text)
  return 0
}

function* refuse(io: Io, text: string, status: number): Run {
  yield* [] as Need[]
  io.err(text)
  return status
}

function absent(options: ShellOptions, given: string, name: string, io: Io): [string, number] {
  if (isReal(name)) return [notSimulated(name), 127]
  if (!given.includes('/')) return [`${options.name}: ${given}: ${options.missing}\n`, 127]
  const file = openFile(io, given)
  if ('text' in file) return [`${options.name}: ${given}: Permission denied\n`, 126]
  if (isDirectory(io, given)) return [`${options.name}: ${given}: Is a directory\n`, 126]
  return [`${options.name}: ${given}: No such file or directory\n`, 127]
}

function faultText(fault: Fault, name: string): string {
  switch (fault.kind) {
    case 'incomplete':
      return `${name}: unexpected end of input while looking for the rest of ${fault.what}\n`
    case 'syntax':
      return `${name}: syntax error near unexpected token \`${fault.near}'\n`
    case 'not-simulated':
      return `${name}: ${notSimulated(fault.what)}`
    default:
      fault satisfies never
      return ''
  }
}
