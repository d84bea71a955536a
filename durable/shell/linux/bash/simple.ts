// Simple commands: words, assignments, redirections, and what the first word names.
import type { Assignment, CommandArgument, Command as CommandSyntax, Function as FunctionSyntax, Redirection, Word } from 'unbash'
import { type Got, INTERRUPTED, type Io, type Need, type Run, type Steps } from '../io.ts'
import { assign, assignArray, assignmentText } from './assign.ts'
import { isFull } from './channels.ts'
import { complain, who } from './faults.ts'
import { remember } from './memory.ts'
import { quoteWord } from './quote.ts'
import { redirected } from './redirect.ts'
import { expandWords } from './words.ts'
import { PAUSE_BUDGET } from './work.ts'

const DECLARATIONS: ReadonlySet<string> = new Set(['declare', 'typeset', 'local', 'export', 'readonly'])

export function* runSimple(syntax: CommandSyntax, io: Io): Run {
  const { session } = io
  const { scope } = session
  scope.at = { source: io.source, position: syntax.pos }
  const node = unalias(syntax, io)
  if (node === undefined) return yield* io.tools.evaluate(aliasText(syntax, io), io)
  scope.substituted = undefined
  const name = node.name ? yield* expandWords([node.name], io) : []
  const declares = DECLARATIONS.has(name[0] ?? '')
  const arrays: Assignment[] = []
  const words = [...name, ...(yield* argumentsOf(node, declares, arrays, io))]
  const assignments = node.prefix.filter((each) => each.type === 'Assignment')
  const inner = yield* redirected(redirectsOf(node), io)
  if (inner === undefined) return 1
  if (words.length === 0) {
    for (const assignment of assignments) yield* assign(assignment, io)
    if (assignments.length > 0 && session.options.has('xtrace'))
      trace(
        assignments.map((each) => each.text),
        io,
      )
    return scope.substituted ?? 0
  }
  if (words[0] === 'exec' && words.length === 1) return open(io, inner)
  const restore = yield* lend(assignments, io)
  if (session.options.has('xtrace'))
    trace(
      words.map((word) => quoteWord(word)),
      io,
    )
  try {
    const lead = words[0] === 'readonly' || words.includes('-r') ? arrays : []
    for (const array of lead) yield* assignArray(array, io)
    const status = yield* launched(io.tools.call(words, inner), inner)
    if (status === 0 && lead.length === 0) for (const array of arrays) yield* assignArray(array, io)
    return status
  } finally {
    restore()
  }
}

/** Redirections of `exec` alone hold for the rest of the shell. */
function open(io: Io, inner: Io): number {
  const { out, err, input, piped, terminal, place, pipe, channels } = inner
  for (let each: Io | undefined = io; each; each = each.base)
    Object.assign(each, { out, err, input, piped, terminal, place, pipe, channels })
  return 0
}

function* argumentsOf(node: CommandSyntax, declares: boolean, arrays: Assignment[], io: Io): Steps<string[]> {
  const words: string[] = []
  for (const each of node.suffix) {
    if (each.type === 'Word') words.push(...(yield* expandWords([each], io)))
    else if (each.type !== 'Assignment') continue
    else if (declares && each.value.type === 'ArrayValue') {
      arrays.push(each)
      words.push(each.name)
    } else words.push(yield* assignmentText(each, io))
  }
  return words
}

const redirectsOf = (node: CommandSyntax): Redirection[] =>
  [...node.prefix, ...node.suffix].filter((each) => each.type !== 'Assignment' && each.type !== 'Word')

/** Assignments before a command hold for that command, and are exported to it. Answers how they are taken back. */
function* lend(assignments: readonly Assignment[], io: Io): Steps<() => void> {
  const { session } = io
  const before = assignments.map(({ name }) => ({
    name,
    value: session.variables.get(name),
    array: session.arrays.get(name),
    exported: session.exported.has(name),
  }))
  for (const assignment of assignments) {
    yield* assign(assignment, io)
    session.exported.add(assignment.name)
  }
  return () => {
    for (const { name, value, array, exported } of before.reverse()) {
      if (value === undefined) session.variables.delete(name)
      else session.variables.set(name, value)
      if (array) session.arrays.set(name, array)
      else session.arrays.delete(name)
      if (!exported) session.exported.delete(name)
    }
  }
}

/** Meets what a command itself asks for: lines of its input, pauses; and lets others run when its output is not taken away. */
export function* launched(run: Run, io: Io): Run {
  try {
    let result = run.next()
    while (!result.done) {
      const need = result.value
      let got: Got
      try {
        got = yield* meet(need, io)
      } catch (fault) {
        // What is thrown into a wait is for whoever waits.
        result = run.throw(fault)
        continue
      }
      if (got.kind === 'interrupt') io.work.interrupted = true
      result = got.kind === 'interrupt' && 'read' in need ? run.return(INTERRUPTED) : run.next(got)
    }
    while (io.pipe && isFull(io.pipe)) {
      const got = yield { pipe: io.pipe, full: true }
      if (got.kind === 'interrupt') return INTERRUPTED
    }
    return result.value
  } finally {
    run.return(INTERRUPTED)
  }
}

function* meet(need: Need, io: Io): Steps<Got> {
  const { work } = io
  if ('pass' in need) {
    work.step(8)
    if (work.concurrent > 0) yield io.pipe && isFull(io.pipe) ? { pipe: io.pipe, full: true } : need
    return { kind: 'look' }
  }
  if (!('read' in need) || io.input.terminal) work.flush()
  if ('read' in need) return yield* io.input.read()
  if (!('sleep' in need)) return yield need
  const endless = need.endless === true || work.paused > PAUSE_BUDGET
  work.paused += need.sleep
  const rest = work.concurrent > 0 ? { until: io.kernel.clock().now + Math.max(0, need.sleep) } : { sleep: need.sleep }
  return yield endless ? { ...rest, endless } : rest
}

function trace(words: readonly string[], io: Io): void {
  io.err(`${io.session.variables.get('PS4') ?? '+ '}${words.join(' ')}\n`)
}

/** The text of a function's body is what a shell remembers of it. */
export function define(node: FunctionSyntax, io: Io): number {
  const name = node.name.text
  if (name.length > 100 || /[$`"'\\]/.test(name)) {
    complain(io, `\`${name}': not a valid identifier`)
    return 1
  }
  if (io.session.functions.size >= 200 && !io.session.functions.has(name)) {
    complain(io, `${name}: a shell here has at most 200 functions`)
    return 1
  }
  const body = io.source.slice(node.body.pos, node.body.end)
  remember(name, name.length + body.length, io)
  io.session.functions.set(name, body)
  return 0
}

/** Runs a function: its own positional parameters, its locals, `return`. */
export function* callFunction(name: string, body: string, args: readonly string[], io: Io): Run {
  const { session, work } = io
  const { scope } = session
  const parsed = io.tools.grammar.parse(body)
  if (!parsed.ok) {
    io.err(`${who(io)}: ${name}: error importing function definition\n`)
    return 1
  }
  work.enter()
  const { positional } = session
  const { loops } = scope
  session.positional = [...args]
  scope.loops = 0
  scope.frames.push(new Map())
  try {
    scope.names.push(name)
    session.status = yield* io.tools.script(parsed.script, { ...io, source: body, base: io })
    if (scope.flow?.kind === 'return') scope.flow = undefined
    return session.status
  } finally {
    scope.names.pop()
    for (const [local, hidden] of scope.frames.pop() ?? []) {
      session.variables.delete(local)
      session.arrays.delete(local)
      session.exported.delete(local)
      if (hidden.value !== undefined) session.variables.set(local, hidden.value)
      if (hidden.array) session.arrays.set(local, hidden.array)
      if (hidden.exported) session.exported.add(local)
    }
    session.positional = positional
    scope.loops = loops
    work.leave()
  }
}

/**
 * A command whose first word is an alias, with the alias in its place; undefined when that is more than a simple command. An
 * alias is not looked for in its own text.
 */
function unalias(node: CommandSyntax, io: Io): CommandSyntax | undefined {
  let current = node
  const seen = new Set<string>()
  for (;;) {
    const word: Word | undefined = current.name
    if (word === undefined || word.parts !== undefined || seen.has(word.text)) return current
    const alias = io.session.aliases.get(word.text)
    if (alias === undefined || io.session.script !== undefined) return current
    seen.add(word.text)
    const parsed = io.tools.grammar.parse(alias)
    const [only] = parsed.script.commands
    if (!parsed.ok || parsed.script.commands.length !== 1 || only?.background || only?.command.type !== 'Command')
      return undefined
    const found: CommandSyntax = only.command
    const suffix: readonly (CommandArgument | Redirection)[] = [...found.suffix, ...current.suffix]
    current = { ...current, name: found.name, prefix: [...found.prefix, ...current.prefix], suffix }
  }
}

/** The line with the alias in it, for one that is a pipeline or a list. */
function aliasText(node: CommandSyntax, io: Io): string {
  const alias = io.session.aliases.get(node.name?.text ?? '') ?? ''
  const before = io.source.slice(node.pos, node.name?.pos ?? node.pos)
  return `${before}${alias} ${io.source.slice(node.name?.end ?? node.pos, node.end)}`
}
