// `[[ ]]`, and the tests that it shares with `[`.
import type { TestExpression } from 'unbash'
import type { FileStat } from '../../../engine/machine/views.ts'
import { absolute } from '../files.ts'
import type { Io, Steps } from '../io.ts'
import { compile } from '../matcher.ts'
import { compileGlob } from '../regex/glob.ts'
import { ShellFault } from './faults.ts'
import { arithmetic, arrayOf, setArray } from './variables.ts'
import { expandPattern, expandRegex, expandTemplate, expandWord } from './words.ts'

export function* evaluateTest(node: TestExpression, io: Io): Steps<boolean> {
  io.work.step()
  switch (node.type) {
    case 'TestGroup':
      return yield* evaluateTest(node.expression, io)
    case 'TestNot':
      return (yield* evaluateTest(node.operand, io)) === (node.negations.length % 2 === 0)
    case 'TestLogical':
      for (const operand of node.operands) {
        if ((yield* evaluateTest(operand, io)) === (node.operator === '||')) return node.operator === '||'
      }
      return node.operator === '&&'
    case 'TestUnary':
      return unary(node.operator, yield* expandWord(node.operand, io), io)
    case 'TestBinary': {
      const left = yield* expandWord(node.left, io)
      const ignoreCase = io.session.options.has('nocasematch')
      switch (node.operator) {
        case '=':
        case '==':
        case '!=': {
          const glob = compileGlob(yield* expandPattern(node.right, io), { ignoreCase, spend: io.work.spend })
          return glob.matches(left) === (node.operator !== '!=')
        }
        case '=~':
          return matches(left, yield* expandRegex(node.right, io), ignoreCase, io)
        case '-eq':
        case '-ne':
        case '-lt':
        case '-le':
        case '-gt':
        case '-ge': {
          const [a, b] = [yield* expandTemplate(left, io), yield* expandTemplate(yield* expandWord(node.right, io), io)]
          return compared(node.operator, arithmetic(a, io), arithmetic(b, io))
        }
        default:
          return binary(node.operator, left, yield* expandWord(node.right, io), io) === true
      }
    }
    default:
      node satisfies never
      return false
  }
}

function matches(text: string, pattern: string, ignoreCase: boolean, io: Io): boolean {
  const compiled = compile(pattern, { extended: true, fixed: false, ignoreCase, spend: io.work.spend })
  if (!compiled.ok) throw new ShellFault(`[[: invalid regular expression \`${pattern}': ${compiled.error}`, 2)
  const spans = compiled.matcher.exec(text)
  setArray(
    'BASH_REMATCH',
    (spans ?? []).map((span) => (span ? text.slice(span.from, span.to) : '')),
    io,
  )
  return spans !== undefined
}

export function compared(operator: string, a: bigint, b: bigint): boolean {
  switch (operator) {
    case '-eq':
      return a === b
    case '-ne':
      return a !== b
    case '-lt':
      return a < b
    case '-le':
      return a <= b
    case '-gt':
      return a > b
    default:
      return a >= b
  }
}

export const UNARY: ReadonlySet<string> = new Set([...'abcdefghknoprstuvwxzGLNORS'].map((letter) => `-${letter}`))
export const BINARY: ReadonlySet<string> = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
])

export function unary(operator: string, text: string, io: Io): boolean {
  switch (operator) {
    case '-n':
      return text !== ''
    case '-z':
      return text === ''
    case '-v':
      return isSet(text, io)
    case '-o':
      return io.session.options.has(text)
    case '-t':
      return text === '0' ? !io.piped : text === '1' ? io.terminal : text === '2' && io.place.err === 'terminal'
    case '-R':
      return false
    default:
      return ofFile(operator, statOf(text, io, operator !== '-L' && operator !== '-h'), io)
  }
}

function isSet(text: string, io: Io): boolean {
  const found = /^(\w+)\[(.*)\]$/s.exec(text)
  const array = arrayOf(found?.[1] ?? text, io.session)
  if (!array) return false
  if (!found) return array.items.has('0') || (array.keyed && array.items.size > 0)
  return found[2] === '@' || found[2] === '*' ? array.items.size > 0 : array.items.has(found[2] ?? '')
}

const DEVICES: ReadonlySet<string> = new Set(['/dev/null', '/dev/tty', '/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/zero'])

function statOf(text: string, io: Io, follow: boolean): FileStat | 'device' | undefined {
  if (text === '') return undefined
  const path = absolute(text, io.session.cwd)
  return DEVICES.has(path) ? 'device' : io.kernel.stat(path, follow)
}

function ofFile(operator: string, stat: FileStat | 'device' | undefined, io: Io): boolean {
  if (stat === undefined) return false
  if (stat === 'device') return ['-e', '-a', '-c', '-r', '-w'].includes(operator)
  const root = io.root || io.session.user === 'root'
  const may = (bit: number) => root || (stat.mode & (stat.owner === io.session.user ? bit << 6 : bit)) !== 0
  switch (operator) {
    case '-e':
    case '-a':
    case '-N':
      return true
    case '-f':
      return stat.kind === 'file'
    case '-d':
      return stat.kind === 'directory'
    case '-L':
    case '-h':
      return stat.kind === 'link'
    case '-s':
      return stat.size > 0 || stat.kind === 'directory'
    case '-r':
      return may(4)
    case '-w':
      return may(2)
    case '-x':
      return stat.kind === 'directory' || (stat.mode & 0o111) !== 0
    case '-O':
    case '-G':
      return stat.owner === io.session.user
    default:
      return false
  }
}

/** Undefined: no such operator. */
export function binary(operator: string, a: string, b: string, io: Io): boolean | undefined {
  switch (operator) {
    case '=':
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '>':
      return a > b
    case '-nt':
    case '-ot':
    case '-ef': {
      const [one, other] = [io.kernel.stat(absolute(a, io.session.cwd)), io.kernel.stat(absolute(b, io.session.cwd))]
      if (operator === '-ef') return one !== undefined && absolute(a, io.session.cwd) === absolute(b, io.session.cwd)
      const [first, second] = operator === '-nt' ? [one, other] : [other, one]
      return first !== undefined && (second === undefined || first.changed > second.changed)
    }
    default:
      return undefined
  }
}
