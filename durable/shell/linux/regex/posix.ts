// Basic and extended regular expressions of POSIX.1-2017 chapter 9, with GNU's additions (\w \s \b \< \>, \+ \? \| in basic
// ones). Back-references need backtracking and are refused.
import { isWord, type Node, PatternFault, type Test } from './program.ts'

export type Fold = (test: Test) => Test
export const same: Fold = (test) => test
export const caseless: Fold = (test) => (c) => test(c) || test(c.toLowerCase()) || test(c.toUpperCase())
export const literal = (c: string, fold: Fold): Node => ({ kind: 'test', test: fold((other) => other === c) })

const DEEPEST = 50
const MOST_TIMES = 32_767

export class PosixParser {
  groups = 0
  private readonly text: string
  private readonly extended: boolean
  private readonly fold: Fold
  private at = 0
  private depth = 0

  constructor(text: string, extended: boolean, fold: Fold) {
    this.text = text
    this.extended = extended
    this.fold = fold
  }

  parse(): Node {
    const node = this.alternatives()
    if (this.at < this.text.length) throw new PatternFault(this.extended ? 'Unmatched ) or \\)' : 'Unmatched ) or \\)')
    return node
  }

  /** Whether an operator stands here: bare in extended syntax, behind a backslash in basic. */
  private operator(c: string): boolean {
    return this.extended ? this.text.charAt(this.at) === c : this.text.startsWith(`\\${c}`, this.at)
  }

  private skip(): void {
    this.at += this.extended ? 1 : 2
  }

  private alternatives(): Node {
    if (++this.depth > DEEPEST) throw new PatternFault('Regular expression too big')
    const options = [this.sequence()]
    while (this.operator('|')) {
      this.skip()
      options.push(this.sequence())
    }
    this.depth--
    return options.length === 1 ? (options[0] as Node) : { kind: 'any', options }
  }

  private sequence(): Node {
    const items: Node[] = []
    while (this.at < this.text.length && !this.operator('|') && !(this.operator(')') && this.depth > 1)) {
      // `*` first in a basic expression is itself; in an extended one GNU takes it for nothing repeated.
      let item = this.atom(items.length === 0)
      for (let times = this.repeat(); times !== undefined; times = this.repeat()) {
        item = { kind: 'repeat', item, least: times[0], most: times[1] }
      }
      items.push(item)
    }
    return items.length === 0 ? { kind: 'empty' } : items.length === 1 ? (items[0] as Node) : { kind: 'all', items }
  }

  private repeat(): readonly [number, number] | undefined {
    if (this.text.charAt(this.at) === '*') {
      this.at++
      return [0, Number.POSITIVE_INFINITY]
    }
    if (this.operator('+')) {
      this.skip()
      return [1, Number.POSITIVE_INFINITY]
    }
    if (this.operator('?')) {
      this.skip()
      return [0, 1]
    }
    if (!this.operator('{')) return undefined
    const close = this.extended ? '}' : '\\}'
    const from = this.at + (this.extended ? 1 : 2)
    const end = this.text.indexOf(close, from)
    const found = end < 0 ? null : /^(\d{0,5})(,?)(\d{0,5})$/.exec(this.text.slice(from, end))
    if (!found || (found[1] === '' && found[2] === '')) {
      if (this.extended) return undefined
      throw new PatternFault(end < 0 ? 'Unmatched \\{' : 'Invalid content of \\{\\}')
    }
    const least = Number(found[1] || 0)
    const most = found[2] === '' ? least : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3])
    if (most < least) throw new PatternFault('Invalid content of \\{\\}')
    if (least > MOST_TIMES || (most !== Number.POSITIVE_INFINITY && most > MOST_TIMES))
      throw new PatternFault('Regular expression too big')
    this.at = end + close.length
    return [least, most]
  }

  private atom(first: boolean): Node {
    const { text } = this
    if (this.operator('(')) {
      this.skip()
      const number = ++this.groups
      const item = this.alternatives()
      if (!this.operator(')')) throw new PatternFault('Unmatched ( or \\(')
      this.skip()
      return { kind: 'group', item, number }
    }
    const c = text.charAt(this.at++)
    const last = this.at >= text.length || this.operator('|') || (this.operator(')') && this.depth > 1)
    if (c === '.') return { kind: 'test', test: () => true }
    if (c === '[') return this.bracket()
    if (c === '^' && (this.extended || first)) return { kind: 'assert', what: 'begin' }
    if (c === '$' && (this.extended || last)) return { kind: 'assert', what: 'end' }
    if (c !== '\\') return literal(c, this.fold)
    return this.escaped(text.charAt(this.at++))
  }

  private escaped(c: string): Node {
    switch (c) {
      case '':
        throw new PatternFault('Trailing backslash')
      case 'w':
      case 'W':
        return { kind: 'test', test: (o) => isWord(o) === (c === 'w') }
      case 's':
      case 'S':
        return { kind: 'test', test: (o) => isSpace(o) === (c === 's') }
      case 'b':
        return { kind: 'assert', what: 'word-edge' }
      case 'B':
        return { kind: 'assert', what: 'no-word-edge' }
      case '<':
        return { kind: 'assert', what: 'word-begin' }
      case '>':
        return { kind: 'assert', what: 'word-end' }
      case '`':
        return { kind: 'assert', what: 'begin' }
      case "'":
        return { kind: 'assert', what: 'end' }
      case 'n':
        return literal('\n', same)
      case 't':
        return literal('\t', same)
      default:
        if (c >= '1' && c <= '9') throw new PatternFault('back-references are real, but not simulated here')
        return literal(c, this.fold)
    }
  }

  private bracket(): Node {
    const read = readBracket(this.text, this.at, this.fold, '^')
    this.at = read.end
    return { kind: 'test', test: read.test }
  }
}

/** A bracket expression whose `[` stands before `at`; a mark right behind it turns its meaning round. */
export function readBracket(
  text: string,
  begin: number,
  fold: Fold,
  marks: string,
): { readonly test: Test; readonly end: number } {
  let at = begin
  const negated = text.charAt(at) !== '' && marks.includes(text.charAt(at))
  if (negated) at++
  const tests: Test[] = []
  for (let first = true; ; first = false) {
    const c = text.charAt(at)
    if (c === '') throw new PatternFault('Unmatched [, [^, [:, [., or [=')
    if (c === ']' && !first) break
    const named = /^\[:([a-z]+):\]/.exec(text.slice(at, at + 12))
    if (named) {
      const test = classes.get(named[1] ?? '')
      if (!test) throw new PatternFault('Invalid character class name')
      tests.push(fold(test))
      at += named[0].length
      continue
    }
    const to = text.charAt(at + 1) === '-' ? text.charAt(at + 2) : ''
    if (to !== '' && to !== ']') {
      if (to < c) throw new PatternFault('Invalid range end')
      tests.push(fold((o) => o >= c && o <= to))
      at += 3
    } else {
      tests.push(fold((o) => o === c))
      at++
    }
  }
  return { test: (o) => tests.some((test) => test(o)) !== negated, end: at + 1 }
}

const between = (c: string, from: string, to: string): boolean => c >= from && c <= to
const isDigit: Test = (c) => between(c, '0', '9')
const isAlpha: Test = (c) => between(c, 'a', 'z') || between(c, 'A', 'Z')
const isSpace: Test = (c) => ' \t\r\n\v\f'.includes(c)

export const classes: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['alpha', isAlpha],
  ['digit', isDigit],
  ['alnum', (c) => isAlpha(c) || isDigit(c)],
  ['upper', (c) => between(c, 'A', 'Z')],
  ['lower', (c) => between(c, 'a', 'z')],
  ['space', isSpace],
  ['blank', (c) => c === ' ' || c === '\t'],
  ['cntrl', (c) => c < ' ' || c === '\x7f'],
  ['print', (c) => between(c, ' ', '~')],
  ['graph', (c) => between(c, '!', '~')],
  ['punct', (c) => between(c, '!', '~') && !isAlpha(c) && !isDigit(c)],
  ['xdigit', (c) => isDigit(c) || between(c, 'a', 'f') || between(c, 'A', 'F')],
])
