// What commands may ask of their shell: other commands, text to be run.

import { absolute, isExecutable } from '../files.ts'
import { type Command, type Io, type Need, notSimulated, type Run, type Tools } from '../io.ts'
import { isReal } from '../not-simulated.ts'
import { homeDirectory } from '../prompt.ts'
import { freshSession } from '../session.ts'
import { who } from './faults.ts'
import { faultText, type Grammar, lineOf, parseText } from './grammar.ts'
import { endShell, runList, runScript } from './run.ts'
import { callFunction } from './simple.ts'

/** Real commands live in these; a path into one of them is the command itself. */
const FOLDERS = /^\/(usr\/|usr\/local\/)?s?bin\/(?=[^/]+$)/

/** For these `--help` is a word like any other, or they answer it themselves. */
const PLAIN: ReadonlySet<string> = new Set([':', '[', 'echo', 'false', 'ip', 'test', 'true'])

type Names = { readonly name: string; readonly missing: string }

export function startTools(options: Names, commands: ReadonlyMap<string, Command>, grammar: Grammar): Tools {
  const tools: Tools = {
    name: options.name,
    commands,
    grammar,
    launch: (words, io) => launch(options, words, io),
    *call(words, io) {
      const [name = '', ...args] = words
      const body = io.session.functions.get(name)
      if (body !== undefined) return yield* callFunction(name, body, args, io)
      return yield* launch(options, words, io)
    },
    *evaluate(text, io) {
      const parsed = grammar.parse(text)
      if (parsed.ok) return yield* runScript(parsed.script, { ...io, source: text, base: io })
      io.session.status = 2
      refuseSyntax(text, parsed.fault, io)
      return 2
    },
    script: runScript,
    shell: (text, name, args, io, inline = false) => runShell(text, name, args, io, inline),
    knows: (name, io) => knows(name, io),
  }
  return tools
}

function refuseSyntax(text: string, fault: Parameters<typeof faultText>[0], io: Io): void {
  const { session } = io
  if (session.script === undefined) {
    io.err(`${io.tools.name}: ${faultText(fault)}\n`)
    return
  }
  const quote = fault.kind === 'incomplete' && /^["'`]$/.test(fault.what)
  const line = fault.kind === 'syntax' || quote ? lineOf(text, fault.at) : text.split('\n').length + (text.endsWith('\n') ? 0 : 1)
  const begin = `${session.script}: ${session.scope.inline ? '-c: ' : ''}line ${line}:`
  io.err(`${begin} ${faultText(fault)}\n`)
  if (fault.kind === 'syntax') io.err(`${begin} \`${text.split('\n')[line - 1] ?? ''}'\n`)
}

/** Characters that are parsed again, line by line, to find what stands before a mistake. */
const MOST_PARSED = 1_048_576

/** How much of a text is whole commands, as a shell that reads line by line finds them before a mistake. */
function soundPrefix(text: string): number {
  let [begin, end, parsed] = [0, 0, 0]
  for (const line of text.split('\n')) {
    end += line.length + 1
    parsed += end - begin
    if (parsed > MOST_PARSED) break
    const found = parseText(text.slice(begin, end))
    if (found.ok) begin = Math.min(end, text.length)
    else if (found.fault.kind === 'syntax') break
  }
  return begin
}

/** A shell of its own: only what is exported comes along. */
function* runShell(text: string, name: string, args: readonly string[], io: Io, inline = false): Run {
  const session = freshSession(io.session, name, args, name)
  session.scope.inline = inline
  session.scope.begun = io.kernel.clock().now
  const inner: Io = { ...io, session, source: text, base: undefined }
  session.scope.at = { source: text, position: 0 }
  io.work.enter()
  try {
    const parsed = io.tools.grammar.parse(text)
    if (parsed.ok) yield* runList(parsed.script.commands, inner)
    else {
      // What stands on lines before the mistake has run by then.
      const { fault } = parsed
      const before = io.tools.grammar.parse(text.slice(0, soundPrefix(text)))
      yield* runList(before.script.commands, inner)
      if (session.scope.flow === undefined) {
        refuseSyntax(text, fault, inner)
        session.status = 2
      }
    }
    return yield* endShell(session, inner)
  } finally {
    io.work.leave()
  }
}

function launch(options: Names, words: readonly string[], io: Io): Run {
  const [given = '', ...args] = words
  const name = given.replace(FOLDERS, '')
  const command = io.tools.commands.get(name)
  if (command && (name === given || !command.builtin || PATHED.has(name))) {
    if (command.usage !== undefined && args.length === 1 && args[0] === '--help' && !PLAIN.has(name))
      return answer(io, `Usage: ${command.usage.replace(/\n/g, '\n       ')}\n`)
    return command.builtin ? command.run(args, io) : outside(command.run(args, io), io)
  }
  if (given.includes('/')) return runFile(options, given, args, io)
  const found = given === '' ? undefined : onPath(given, io)
  if (found !== undefined) return runFile(options, found, args, io)
  if (isReal(name)) return refuse(io, notSimulated(name), 127)
  const nowhere = (io.session.variables.get('PATH') ?? '') === '' && given !== ''
  return refuse(io, `${who(io)}: ${given}: ${nowhere ? 'No such file or directory' : options.missing}\n`, 127)
}

/** A program: not the shell itself, so that it can be stopped. */
function* outside(run: Run, io: Io): Run {
  io.work.outside++
  try {
    return yield* run
  } finally {
    io.work.outside--
  }
}

function knows(name: string, io: Io): boolean {
  const bare = name.replace(FOLDERS, '')
  if (name.includes('/') && bare === name) return io.kernel.stat(absolute(name, io.session.cwd))?.kind === 'file'
  return io.tools.commands.has(bare) || isReal(bare) || onPath(name, io) !== undefined
}

/** Built-ins that are files too. */
export const PATHED: ReadonlySet<string> = new Set(['[', 'echo', 'false', 'kill', 'printf', 'pwd', 'test', 'true'])

/** A script that stands in a folder of PATH. */
function onPath(name: string, io: Io): string | undefined {
  for (const folder of (io.session.variables.get('PATH') ?? '').split(':')) {
    const path = absolute(folder === '' ? `./${name}` : `${folder}/${name}`, io.session.cwd)
    if (isExecutable(io, path)) return path
  }
  return undefined
}

/** A file that is run: a script, told by its first line. */
function runFile(options: Names, given: string, args: readonly string[], io: Io): Run {
  const path = absolute(homeDirectory(given, io.session), io.session.cwd)
  const stat = io.kernel.stat(path)
  if (stat === undefined) return refuse(io, `${who(io)}: ${given}: No such file or directory\n`, 127)
  if (stat.kind === 'directory') return refuse(io, `${who(io)}: ${given}: Is a directory\n`, 126)
  if (!isExecutable(io, path)) return refuse(io, `${who(io)}: ${given}: Permission denied\n`, 126)
  const text = io.kernel.readFile(path) ?? ''
  const [first = ''] = text.split('\n')
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(first)
  if (interpreter === null) return runShell(text, given, args, io)
  const file = (interpreter[1] ?? '').replace(FOLDERS, '')
  const program = file === 'env' ? (interpreter[2] ?? '') : file
  if (program === 'bash' || program === 'sh' || program === 'dash' || program === 'ash') {
    const set = file !== 'env' && interpreter[2]?.startsWith('-') ? `set ${interpreter[2]}\n` : undefined
    return set === undefined ? runShell(text, given, args, io) : runShell(text.replace(first, set.trimEnd()), given, args, io)
  }
  if (io.tools.commands.has(program)) {
    const extra = file !== 'env' && interpreter[2] ? [interpreter[2]] : []
    return launch(options, [program, ...extra, given, ...args], io)
  }
  if (isReal(program)) return refuse(io, notSimulated(program), 127)
  return refuse(io, `${who(io)}: ${given}: ${interpreter[1]}: bad interpreter: No such file or directory\n`, 126)
}

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
