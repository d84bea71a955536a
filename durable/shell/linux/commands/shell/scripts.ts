import { complain } from '../../bash/faults.ts'
import { faultText } from '../../bash/grammar.ts'
import { refuseOption } from '../../bash/usage.ts'
import { absolute, openFile } from '../../files.ts'
import { type Command, type Got, type Io, notSimulated, type Run, type Steps } from '../../io.ts'

// Files of commands: `.` runs one here, `bash` in a shell of its own.

export const source: Command = {
  name: 'source',
  aliases: ['.'],
  summary: 'runs a file in this shell',
  usage: 'source FILE [ARGUMENT]...',
  builtin: true,
  special: true,
  run: runSource,
}

const SOURCE_USAGE = 'source filename [arguments]'
const EXEC_USAGE = 'exec [-cl] [-a name] [command [argument ...]] [redirection ...]'

function* runSource(args: readonly string[], io: Io): Run {
  const words = args[0] === '--' ? args.slice(1) : args
  const [given, ...rest] = words
  if (given === undefined) {
    complain(io, 'source: filename argument required')
    io.err(`source: usage: ${SOURCE_USAGE}\n`)
    return 2
  }
  if (given.startsWith('-') && args[0] !== '--') {
    return refuseOption('source', given.slice(0, 2), SOURCE_USAGE, io)
  }
  const file = openFile(io, found(given, io))
  if ('fault' in file) {
    complain(io, file.fault === 'Is a directory' ? `source: ${given}: is a directory` : `${given}: ${file.fault}`)
    return 1
  }
  const { session, work } = io
  const { scope, positional } = session
  work.enter()
  scope.sourcing++
  if (rest.length > 0) session.positional = [...rest]
  try {
    const parsed = io.tools.grammar.parse(file.text)
    if (!parsed.ok) {
      complain(io, `${given}: ${faultText(parsed.fault)}`)
      return 1
    }
    session.status = 0
    const status = yield* io.tools.evaluate(file.text, io)
    if (scope.flow?.kind === 'return') {
      scope.flow = undefined
      return session.status
    }
    return status
  } finally {
    scope.sourcing--
    if (rest.length > 0) session.positional = positional
    work.leave()
  }
}

/** A name without a slash is looked for in PATH, then here. */
function found(given: string, io: Io): string {
  if (given.includes('/')) return given
  for (const folder of (io.session.variables.get('PATH') ?? '').split(':')) {
    const path = absolute(`${folder}/${given}`, io.session.cwd)
    if (folder !== '' && io.kernel.stat(path)?.kind === 'file') return path
  }
  return given
}

export const bashCommand: Command = {
  name: 'bash',
  aliases: ['sh', 'dash'],
  summary: 'runs a script',
  usage: 'bash [-c TEXT | FILE] [ARGUMENT]...',
  run: runBash,
}

function* runBash(args: readonly string[], io: Io): Run {
  let at = 0
  let text: string | undefined
  const set: string[] = []
  for (; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--') {
      at++
      break
    }
    if (arg === '--version') {
      io.out('GNU bash, version 5.2.21(1)-release (x86_64-pc-linux-gnu)\n')
      return 0
    }
    if (arg === '--norc' || arg === '--noprofile' || arg === '--login') continue
    if (arg.startsWith('--')) {
      io.err(`bash: ${arg}: invalid option\n`)
      return 2
    }
    if (!/^[-+]./.test(arg)) break
    if (arg === '-o' || arg === '+o') {
      set.push(arg, args[++at] ?? '')
      continue
    }
    const letters = arg.slice(1).replace(/[cil]/g, '')
    const wrong = /[^abefhkmnptuvxBCEHPTs]/.exec(letters)?.[0]
    if (wrong !== undefined) {
      io.err(`bash: -${wrong}: invalid option\n`)
      return 2
    }
    if (arg.includes('c')) text = ''
    if (letters.replace('s', '') !== '') set.push(arg.charAt(0) + letters.replace('s', ''))
  }
  const rest = args.slice(at)
  const options = set.length === 0 ? '' : `set ${set.join(' ')};`
  if (text !== undefined) {
    const [command, name = 'bash', ...words] = rest
    if (command === undefined) {
      io.err('bash: -c: option requires an argument\n')
      return 2
    }
    return yield* io.tools.shell(options + command, name, words, io, true)
  }
  const [file, ...words] = rest
  if (file === undefined) {
    if (!io.piped) {
      io.err(notSimulated('bash: a second interactive shell'))
      return 1
    }
    return yield* io.tools.shell(options + (yield* everything(io)), 'bash', [], { ...io })
  }
  const opened = openFile(io, file)
  if ('fault' in opened) {
    io.err(`bash: ${file}: ${opened.fault}\n`)
    return opened.fault === 'No such file or directory' ? 127 : 126
  }
  return yield* io.tools.shell(options + opened.text, file, words, io)
}

/** A script that comes through a pipe is read whole. */
function* everything(io: Io): Steps<string> {
  const lines: string[] = []
  for (;;) {
    const got: Got = yield* io.input.read()
    if (got.kind !== 'line') return lines.join('')
    lines.push(got.line)
  }
}

export const exec: Command = {
  name: 'exec',
  summary: 'runs a command in place of the shell',
  usage: 'exec [COMMAND [ARGUMENT]...]',
  builtin: true,
  special: true,
  *run(args, io): Run {
    const words = args[0] === '--' ? args.slice(1) : args
    if (words[0]?.startsWith('-')) return refuseOption('exec', words[0].slice(0, 2), EXEC_USAGE, io)
    const [name = ''] = words
    if (words.length === 0) return 0
    if (!io.tools.knows(name, io)) {
      complain(io, `exec: ${name}: ${name.includes('/') ? 'cannot execute: No such file or directory' : 'not found'}`)
      io.session.status = 127
      if (io.session.script !== undefined || io.session.scope.sub) io.session.scope.flow = { kind: 'exit' }
      return 127
    }
    const status = yield* io.tools.launch(words, io)
    io.session.status = status
    io.session.scope.flow = { kind: 'exit' }
    return status
  },
}
