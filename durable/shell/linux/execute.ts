import { expandWord, expandWords, type Substitute } from './expand.ts'
import { absolute, errorText, isDirectory, openFile, splitLines } from './files.ts'
import { type Got, INTERRUPTED, type Io, type Need, type Run } from './io.ts'
import { runPipeline } from './pipeline.ts'
import { forkSession } from './session.ts'
import type { List, Pipeline, Redirect, Simple } from './syntax.ts'

/** Runs a parsed line. Ctrl-C that killed a command ends the rest of the line too. */
export function* runList(list: List, io: Io, shellName: string): Run {
  let skip: '&&' | '||' | undefined
  for (const { pipeline, next } of list) {
    const { status } = io.session
    const skipped = (skip === '&&' && status !== 0) || (skip === '||' && status === 0)
    if (!skipped) {
      const ended = yield* runOne(pipeline, io, shellName)
      if (ended === INTERRUPTED) return (io.session.status = INTERRUPTED)
      io.session.status = pipeline.negated ? (ended === 0 ? 1 : 0) : ended
    }
    skip = next === ';' ? undefined : next
  }
  return io.session.status
}

function runOne(pipeline: Pipeline, io: Io, shellName: string): Run {
  const { commands } = pipeline
  const only = commands.length === 1 ? commands[0] : undefined
  if (only) return runSimple(only, io, shellName)
  return runPipeline(
    commands.map((command, i) => (out) => {
      const session = forkSession(io.session)
      const last = out === undefined
      const piped = i > 0 || io.piped
      return runSimple(command, last ? { ...io, session, piped } : { ...io, session, piped, terminal: false, out }, shellName)
    }),
  )
}

function* runSimple(command: Simple, io: Io, shellName: string): Run {
  const { session } = io
  let substituted: number | undefined
  const substitute: Substitute = function* (list, out) {
    substituted = yield* runList(list, { ...io, session: forkSession(session), terminal: false, out }, shellName)
    return substituted
  }
  const words = yield* expandWords(command.words, session, substitute)
  const values: [string, string][] = []
  for (const { name, value } of command.assignments) values.push([name, yield* expandWord(value, session, substitute)])
  const targets: string[] = []
  for (const redirect of command.redirects) {
    targets.push(redirect.kind === 'file' ? yield* expandWord(redirect.target, session, substitute) : '')
  }
  const opened = redirected(command.redirects, targets, io)
  if ('fault' in opened) {
    io.err(`${shellName}: ${opened.fault}\n`)
    return 1
  }
  const before = new Map(session.variables)
  for (const [name, value] of values) session.variables.set(name, value)
  try {
    if (words.length === 0) return substituted ?? 0
    const run = io.tools.launch(words, opened.io)
    return yield* opened.input === undefined ? run : feed(run, opened.input)
  } finally {
    // Assignments before a command hold for that command only.
    if (words.length > 0) for (const [name] of values) restore(session.variables, before, name)
    for (const flush of opened.flush) flush()
  }
}

function restore(variables: Map<string, string>, before: ReadonlyMap<string, string>, name: string): void {
  const value = before.get(name)
  if (value === undefined) variables.delete(name)
  else variables.set(name, value)
}

/** Runs a command with its standard input from a file. */
function* feed(run: Run, lines: readonly string[]): Run {
  let at = 0
  try {
    let result = run.next()
    while (!result.done) {
      const need: Need = result.value
      const line = lines[at]
      let got: Got
      if (!('read' in need)) got = yield need
      else if (line === undefined) got = { kind: 'end' }
      else {
        at++
        got = { kind: 'line', line }
      }
      result = run.next(got)
    }
    return result.value
  } finally {
    run.return(INTERRUPTED)
  }
}

type Redirected =
  | { readonly io: Io; readonly input: readonly string[] | undefined; readonly flush: readonly (() => void)[] }
  | { readonly fault: string }

/** Opens what a command is redirected to, from left to right. Files are written when the command ends. */
function redirected(redirects: readonly Redirect[], targets: readonly string[], io: Io): Redirected {
  let [out, err, terminal, piped] = [io.out, io.err, io.terminal, io.piped]
  let input: readonly string[] | undefined
  const flush: (() => void)[] = []
  for (const [i, redirect] of redirects.entries()) {
    if (redirect.kind === 'duplicate') {
      if (redirect.fd === 2 && redirect.from === 1) err = out
      else if (redirect.fd === 1 && redirect.from === 2) [out, terminal] = [err, false]
      continue
    }
    const target = targets[i] ?? ''
    const path = absolute(target, io.session.cwd)
    if (redirect.operator === '<') {
      const file = openFile(io, target)
      if ('fault' in file) return { fault: `${target}: ${file.fault}` }
      input = splitLines(file.text)
      piped = true
      continue
    }
    const sink = openSink(io, path, redirect.operator === '>>')
    if ('fault' in sink) return { fault: `${target}: ${sink.fault}` }
    flush.push(sink.flush)
    if (redirect.fd === 2) err = sink.write
    else [out, terminal] = [sink.write, false]
  }
  return { io: { ...io, out, err, terminal, piped }, input, flush }
}

type Sink = { readonly write: (text: string) => void; readonly flush: () => void } | { readonly fault: string }

function openSink(io: Io, path: string, append: boolean): Sink {
  if (path === '/dev/null') return { write: () => {}, flush: () => {} }
  if (path === '/' || (io.kernel.readFile(path) === undefined && isDirectory(io, path))) return { fault: 'Is a directory' }
  const before = append ? (io.kernel.readFile(path) ?? '') : ''
  const outcome = io.kernel.writeFile(path, before)
  if (!outcome.ok) return { fault: errorText(outcome.error) }
  let text = ''
  return {
    write: (piece) => {
      text += piece
    },
    flush: () => {
      if (text !== '') io.kernel.writeFile(path, before + text)
      text = ''
    },
  }
}
