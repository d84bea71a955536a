// Regular expressions for grep, in time linear in the text: all states are followed at once (Thompson 1968), no
// backtracking. Basic and extended syntax of POSIX.1-2017 chapter 9, without back-references and intervals.

export type MatcherOptions = { readonly extended: boolean; readonly fixed: boolean; readonly ignoreCase: boolean }
export type Compiled = { readonly ok: true; readonly matcher: Matcher } | { readonly ok: false; readonly error: string }
export type Span = { readonly from: number; readonly to: number }

type Test = (c: string) => boolean
type Inst =
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'split'; a: number; b: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'begin' }
  | { readonly kind: 'end' }
  | { readonly kind: 'match' }

type Node =
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'begin' | 'end' | 'empty' }
  | { readonly kind: 'all'; readonly items: readonly Node[] }
  | { readonly kind: 'any'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly least: 0 | 1; readonly many: boolean }

export class Matcher {
  private readonly program: readonly Inst[]

  constructor(program: readonly Inst[]) {
    this.program = program
  }

  /** The leftmost, then longest match at or after `from`. */
  find(text: string, from = 0): Span | undefined {
    let states = new Map<number, number>()
    let found: Span | undefined
    for (let at = from; at <= text.length; at++) {
      if (!found) this.follow(states, 0, at, at, text.length)
      const next = new Map<number, number>()
      for (const [state, begun] of states) {
        if (found && begun > found.from) continue
        const inst = this.program[state] as Inst
        if (inst.kind === 'match') {
          if (!found || begun < found.from || at > found.to) found = { from: begun, to: at }
        } else if (inst.kind === 'test' && at < text.length && inst.test(text.charAt(at))) {
          this.follow(next, state + 1, begun, at + 1, text.length)
        }
      }
      states = next
      if (found && states.size === 0) break
    }
    return found
  }

  /** Adds what is reached without reading, keeping the earliest beginning. */
  private follow(states: Map<number, number>, first: number, begun: number, at: number, end: number): void {
    const todo = [first]
    for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
      const known = states.get(state)
      if (known !== undefined && known <= begun) continue
      states.set(state, begun)
      const inst = this.program[state] as Inst
      if (inst.kind === 'jump') todo.push(inst.to)
      else if (inst.kind === 'split') todo.push(inst.b, inst.a)
      else if (inst.kind === 'begin' ? at === 0 : inst.kind === 'end' && at === end) todo.push(state + 1)
    }
  }
}

export function compile(pattern: string, options: MatcherOptions): Compiled {
  const fold = options.ignoreCase ? caseless : same
  if (pattern.length > LONGEST) return { ok: false, error: 'Regular expression too big' }
  const program: Inst[] = []
  try {
    const node: Node = options.fixed
      ? { kind: 'all', items: [...pattern].map((c) => literal(c, fold)) }
      : new PatternParser(pattern, options.extended, fold).parse()
    emit(node, program)
  } catch (fault) {
    if (fault instanceof PatternFault) return { ok: false, error: fault.message }
    throw fault
  }
  program.push({ kind: 'match' })
  return { ok: true, matcher: new Matcher(program) }
}

const LONGEST = 1000
const DEEPEST = 50
class PatternFault extends Error {}

type Fold = (test: Test) => Test
const same: Fold = (test) => test
const caseless: Fold = (test) => (c) => test(c) || test(c.toLowerCase()) || test(c.toUpperCase())
const literal = (c: string, fold: Fold): Node => ({ kind: 'test', test: fold((other) => other === c) })

function emit(node: Node, program: Inst[]): void {
  switch (node.kind) {
    case 'test':
    case 'begin':
    case 'end':
      program.push(node.kind === 'test' ? { kind: 'test', test: node.test } : { kind: node.kind })
      return
    case 'empty':
      return
    case 'all':
      for (const item of node.items) emit(item, program)
      return
    case 'any': {
      const jumps: { kind: 'jump'; to: number }[] = []
      for (const [i, option] of node.options.entries()) {
        const last = i === node.options.length - 1
        const split = { kind: 'split' as const, a: program.length + 1, b: 0 }
        if (!last) program.push(split)
        emit(option, program)
        if (last) break
        const jump = { kind: 'jump' as const, to: 0 }
        jumps.push(jump)
        program.push(jump)
        split.b = program.length
      }
      for (const jump of jumps) jump.to = program.length
      return
    }
    case 'repeat': {
      const begin = program.length
      const split = { kind: 'split' as const, a: begin + 1, b: 0 }
      if (node.least === 0) program.push(split)
      emit(node.item, program)
      if (node.many && node.least === 0) program.push({ kind: 'jump', to: begin })
      else if (node.many) program.push({ kind: 'split', a: begin, b: program.length + 1 })
      split.b = program.length
      return
    }
    default:
      node satisfies never
  }
}

class PatternParser {
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
    if (this.at < this.text.length) throw new PatternFault('Unmatched ) or \\)')
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
      let item = this.atom(items.length === 0)
      for (let c = this.repeat(); c !== undefined; c = this.repeat()) {
        item = { kind: 'repeat', item, least: c === '+' ? 1 : 0, many: c !== '?' }
      }
      items.push(item)
    }
    return items.length === 0 ? { kind: 'empty' } : { kind: 'all', items }
  }

  private repeat(): string | undefined {
    if (this.text.charAt(this.at) === '*') {
      this.at++
      return '*'
    }
    for (const c of '+?') {
      if (this.operator(c)) {
        this.skip()
        return c
      }
    }
    if (this.operator('{')) throw new PatternFault('intervals {n,m} are real, but not simulated here yet')
    return undefined
  }

  private atom(first: boolean): Node {
    const { text } = this
    if (this.operator('(')) {
      this.skip()
      const node = this.alternatives()
      if (!this.operator(')')) throw new PatternFault('Unmatched ( or \\(')
      this.skip()
      return node
    }
    const c = text.charAt(this.at++)
    const last = this.at >= text.length || this.operator('|') || (this.operator(')') && this.depth > 1)
    if (c === '.') return { kind: 'test', test: () => true }
    if (c === '[') return this.bracket()
    if (c === '^' && (this.extended || first)) return { kind: 'begin' }
    if (c === '$' && (this.extended || last)) return { kind: 'end' }
    if (c !== '\\') return literal(c, this.fold)
    const escaped = text.charAt(this.at++)
    if (escaped === '') throw new PatternFault('Trailing backslash')
    if (escaped === 'w' || escaped === 'W') return { kind: 'test', test: (o) => isWord(o) === (escaped === 'w') }
    if (escaped === 's' || escaped === 'S') return { kind: 'test', test: (o) => ' \t\r\n\v\f'.includes(o) === (escaped === 's') }
    if (/[1-9bB<>`']/.test(escaped)) throw new PatternFault(`\\${escaped} is real, but not simulated here yet`)
    return literal(escaped, this.fold)
  }

  private bracket(): Node {
    const { text } = this
    const negated = text.charAt(this.at) === '^'
    if (negated) this.at++
    const tests: Test[] = []
    for (let first = true; ; first = false) {
      const c = text.charAt(this.at)
      if (c === '') throw new PatternFault('Unmatched [, [^, [:, [., or [=')
      if (c === ']' && !first) break
      const named = /^\[:([a-z]+):\]/.exec(text.slice(this.at, this.at + 12))
      if (named) {
        const test = classes.get(named[1] ?? '')
        if (!test) throw new PatternFault('Invalid character class name')
        tests.push(this.fold(test))
        this.at += named[0].length
        continue
      }
      const to = text.charAt(this.at + 1) === '-' ? text.charAt(this.at + 2) : ''
      if (to !== '' && to !== ']') {
        if (to < c) throw new PatternFault('Invalid range end')
        tests.push(this.fold((o) => o >= c && o <= to))
        this.at += 3
      } else {
        tests.push(this.fold((o) => o === c))
        this.at++
      }
    }
    this.at++
    return { kind: 'test', test: (o) => tests.some((test) => test(o)) !== negated }
  }
}

const between = (c: string, from: string, to: string): boolean => c >= from && c <= to
const isDigit: Test = (c) => between(c, '0', '9')
const isAlpha: Test = (c) => between(c, 'a', 'z') || between(c, 'A', 'Z')
const isWord: Test = (c) => isAlpha(c) || isDigit(c) || c === '_'
const classes = new Map<string, Test>([
  ['alpha', isAlpha],
  ['digit', isDigit],
  ['alnum', (c) => isAlpha(c) || isDigit(c)],
  ['upper', (c) => between(c, 'A', 'Z')],
  ['lower', (c) => between(c, 'a', 'z')],
  ['space', (c) => ' \t\r\n\v\f'.includes(c)],
  ['blank', (c) => c === ' ' || c === '\t'],
  ['punct', (c) => between(c, '!', '~') && !isAlpha(c) && !isDigit(c)],
  ['xdigit', (c) => isDigit(c) || between(c, 'a', 'f') || between(c, 'A', 'F')],
])
