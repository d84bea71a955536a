// Conditions and loops.
import type {
  ArithmeticCommand,
  ArithmeticExpression,
  ArithmeticFor,
  Case,
  CompoundList,
  For,
  If,
  Select,
  Statement,
  TestCommand,
  While,
} from 'unbash'
import type { Io, Run, Steps } from '../io.ts'
import { compileGlob } from '../regex/glob.ts'
import { evaluateTest } from './conditions.ts'
import { complain, ShellFault } from './faults.ts'
import { runList } from './run.ts'
import { arithmetic, isName, setScalar } from './variables.ts'
import { expandPattern, expandTemplate, expandWord, expandWords } from './words.ts'

/** A list that is only asked for its status: `set -e` does not look. */
function* condition(list: readonly Statement[], io: Io): Run {
  io.session.scope.tested++
  try {
    return yield* runList(list, io)
  } finally {
    io.session.scope.tested--
  }
}

export function* runIf(node: If, io: Io): Run {
  for (const { clause, then } of [node, ...node.elif]) {
    const status = yield* condition(clause.commands, io)
    if (io.session.scope.flow !== undefined) return status
    if (status === 0) return yield* runList(then.commands, io)
  }
  return node.else ? yield* runList(node.else.commands, io) : 0
}

/** Runs a body once; false: the loop is left. */
function* round(body: CompoundList, io: Io): Steps<boolean> {
  const { session } = io
  const { scope } = session
  io.work.step()
  scope.loops++
  try {
    session.status = yield* runList(body.commands, io)
  } finally {
    scope.loops--
  }
  const { flow } = scope
  if (flow === undefined) return true
  if (flow.kind !== 'break' && flow.kind !== 'continue') return false
  if (--flow.levels > 0) return false
  scope.flow = undefined
  return flow.kind === 'continue'
}

export function* runFor(node: For, io: Io): Run {
  const { session } = io
  const name = node.name.text
  if (!isName(name)) {
    complain(io, `\`${name}': not a valid identifier`)
    return 1
  }
  const words = node.wordlist === undefined ? [...session.positional] : yield* expandWords(node.wordlist, io)
  session.status = 0
  for (const word of words) {
    if (session.options.has('xtrace'))
      io.err(`+ for ${name} in ${node.wordlist === undefined ? '"$@"' : node.wordlist.map((each) => each.text).join(' ')}\n`)
    setScalar(name, word, io)
    if (!(yield* round(node.body, io))) break
  }
  return session.status
}

/** A menu on standard error, an answer from standard input, again and again until there is no more. */
export function* runSelect(node: Select, io: Io): Run {
  const { session } = io
  const words = node.wordlist === undefined ? [...session.positional] : yield* expandWords(node.wordlist, io)
  if (words.length === 0) return 0
  const menu = words.map((word, i) => `${String(i + 1).padStart(String(words.length).length)}) ${word}\n`).join('')
  io.err(menu)
  session.status = 0
  for (;;) {
    io.err(session.variables.get('PS3') ?? '#? ')
    const got = yield* io.input.read()
    if (got.kind === 'interrupt') {
      io.work.interrupted = true
      return 130
    }
    if (got.kind !== 'line') {
      io.err('\n')
      return 1
    }
    const reply = got.line.replace(/\n$/, '').trim()
    setScalar('REPLY', reply, io)
    if (reply === '') {
      io.err(menu)
      continue
    }
    setScalar(node.name.text, (/^\d{1,6}$/.test(reply) ? words[Number(reply) - 1] : undefined) ?? '', io)
    if (!(yield* round(node.body, io))) return session.status
  }
}

export function* runWhile(node: While, io: Io): Run {
  const { session } = io
  let status = 0
  for (;;) {
    const tested = yield* condition(node.clause.commands, io)
    if (session.scope.flow !== undefined) return session.status
    if ((tested === 0) !== (node.kind === 'while')) break
    const more = yield* round(node.body, io)
    status = session.status
    if (!more) break
  }
  return status
}

export function* runCount(node: ArithmeticFor, io: Io): Run {
  const { session } = io
  const value = function* (expression: ArithmeticExpression | undefined, missing: bigint): Steps<bigint> {
    return expression === undefined ? missing : arithmetic(yield* expandTemplate(textOf(expression), io), io)
  }
  yield* value(node.initialize, 0n)
  session.status = 0
  while ((yield* value(node.test, 1n)) !== 0n) {
    if (!(yield* round(node.body, io))) break
    yield* value(node.update, 0n)
  }
  return session.status
}

/** An expression of the tree as text again. */
function textOf(node: ArithmeticExpression): string {
  switch (node.type) {
    case 'ArithmeticBinary':
      return `${textOf(node.left)}${node.operator}${textOf(node.right)}`
    case 'ArithmeticUnary':
      return node.prefix ? `${node.operator} ${textOf(node.operand)}` : `${textOf(node.operand)}${node.operator}`
    case 'ArithmeticTernary':
      return `${textOf(node.test)}?${textOf(node.consequent)}:${textOf(node.alternate)}`
    case 'ArithmeticGroup':
      return `(${textOf(node.expression)})`
    case 'ArithmeticWord':
      return node.value
    case 'ArithmeticCommandExpansion':
      return node.text
    default:
      node satisfies never
      return ''
  }
}

export function* runCase(node: Case, io: Io): Run {
  const { session } = io
  const word = yield* expandWord(node.word, io)
  const ignoreCase = session.options.has('nocasematch')
  let status = 0
  let through = false
  for (const item of node.items) {
    if (!through) {
      let matched = false
      for (const each of item.pattern) {
        io.work.step()
        matched ||= compileGlob(yield* expandPattern(each, io), { ignoreCase, spend: io.work.spend }).matches(word)
      }
      if (!matched) continue
    }
    session.status = 0
    status = yield* runList(item.body.commands, io)
    if (item.terminator === ';;' || item.terminator === undefined || session.scope.flow !== undefined) return status
    through = item.terminator === ';&'
  }
  return status
}

export function* runTest(node: TestCommand, io: Io): Run {
  io.session.scope.at = { source: io.source, position: node.pos }
  if (io.session.options.has('xtrace')) io.err(`+ ${io.source.slice(node.pos, node.end)}\n`)
  try {
    return (yield* evaluateTest(node.expression, io)) ? 0 : 1
  } catch (fault) {
    // A wrong pattern is told by the status alone.
    if (fault instanceof ShellFault && fault.status === 2) return 2
    throw fault
  }
}

export function* runArithmetic(node: ArithmeticCommand, io: Io): Run {
  io.session.scope.at = { source: io.source, position: node.pos }
  const text = yield* expandTemplate(node.body, io)
  if (io.session.options.has('xtrace')) io.err(`+ (( ${text} ))\n`)
  try {
    return arithmetic(text, io) === 0n ? 1 : 0
  } catch (fault) {
    if (!(fault instanceof ShellFault) || fault.fatal) throw fault
    complain(io, `((: ${fault.message}`)
    return 1
  }
}
