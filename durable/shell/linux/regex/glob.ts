// Patterns of names (`*`, `?`, `[...]`, and the extended `@(a|b)` ones; `!(...)` only by itself), as bash's manual describes them.

import { caseless, type Fold, literal, readBracket, same } from './posix.ts'
import { compileNode, type Inst, type Node, PatternFault, reversed } from './program.ts'

const ANY: Node = { kind: 'test', test: () => true }
/** States followed for one step of the budget, as a power of two. */
const STATES_A_STEP = 8
const OPERATORS: { readonly [mark: string]: readonly [number, number] } = {
  '?': [0, 1],
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '@': [1, 1],
}

/** A pattern in which `\` takes the meaning from the character behind it. */
export function globNode(pattern: string, ignoreCase = false): Node {
  return new GlobParser(pattern, ignoreCase ? caseless : same).parse()
}

export type Glob = {
  matches(text: string): boolean
  /** Ends of what is matched from the beginning, shortest first. */
  prefixes(text: string, from?: number): number[]
}

export type GlobOptions = {
  readonly ignoreCase?: boolean
  /** Text and pattern are read from their ends. */
  readonly backwards?: boolean
  /** Told what a match takes, in steps of a line's budget; throws when that is used up. */
  readonly spend?: (steps: number) => void
}

/** A pattern that is wrong, or not simulated, matches nothing but itself. */
export function compileGlob(pattern: string, options: GlobOptions = {}): Glob {
  if (isNegation(pattern)) {
    const inner = compileGlob(`@${pattern.slice(1)}`, options)
    return {
      matches: (text) => !inner.matches(text),
      prefixes(text, from = 0) {
        const others = new Set(inner.prefixes(text, from))
        const found: number[] = []
        for (let end = from; end <= text.length; end++) if (!others.has(end)) found.push(end)
        return found
      },
    }
  }
  let program: Inst[]
  try {
    const node = globNode(pattern, options.ignoreCase)
    program = compileNode(options.backwards ? reversed(node) : node)
  } catch (fault) {
    if (!(fault instanceof PatternFault)) throw fault
    return { matches: (text) => text === pattern, prefixes: () => [] }
  }
  return {
    matches: (text) => ends(program, text, 0, true, options.spend).length > 0,
    prefixes: (text, from = 0) => ends(program, text, from, false, options.spend),
  }
}

/** The whole pattern is one `!( )`; inside of another one it is not simulated. */
function isNegation(pattern: string): boolean {
  if (!pattern.startsWith('!(') || !pattern.endsWith(')')) return false
  let depth = 0
  for (let at = 1; at < pattern.length; at++) {
    const c = pattern.charAt(at)
    if (c === '\\') at++
    else if (c === '(') depth++
    else if (c === ')' && --depth === 0) return at === pattern.length - 1
  }
  return false
}

/** Where a match that begins at `from` may end; with `whole`, only whether it ends with the text. */
function ends(
  program: readonly Inst[],
  text: string,
  from: number,
  whole: boolean,
  spend: ((steps: number) => void) | undefined,
): number[] {
  const found: number[] = []
  let followed = 0
  let states = new Set<number>()
  follow(program, states, 0)
  for (let at = from; states.size > 0; at++) {
    followed += states.size
    const next = new Set<number>()
    for (const state of states) {
      const inst = program[state] as Inst
      if (inst.kind === 'match') {
        if (!whole || at === text.length) found.push(at)
      } else if (inst.kind === 'test' && at < text.length && inst.test(text.charAt(at))) follow(program, next, state + 1)
    }
    states = next
  }
  spend?.(followed >> STATES_A_STEP)
  return found
}

function follow(program: readonly Inst[], states: Set<number>, first: number): void {
  const todo = [first]
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    if (states.has(state)) continue
    states.add(state)
    const inst = program[state] as Inst
    if (inst.kind === 'jump') todo.push(inst.to)
    else if (inst.kind === 'split') todo.push(inst.b, inst.a)
    else if (inst.kind === 'save') todo.push(state + 1)
  }
}

class GlobParser {
  private readonly text: string
  private readonly fold: Fold
  private at = 0

  constructor(text: string, fold: Fold) {
    this.text = text
    this.fold = fold
  }

  parse(): Node {
    return { kind: 'all', items: this.items('') }
  }

  private items(stop: string): Node[] {
    const items: Node[] = []
    while (this.at < this.text.length && !stop.includes(this.text.charAt(this.at))) items.push(this.item())
    return items
  }

  private item(): Node {
    const c = this.text.charAt(this.at)
    if (this.text.charAt(this.at + 1) === '(' && '?*+@!'.includes(c)) return this.extended(c)
    this.at++
    if (c === '*') return { kind: 'repeat', item: ANY, least: 0, most: Number.POSITIVE_INFINITY }
    if (c === '?') return ANY
    if (c === '[') {
      try {
        const read = readBracket(this.text.replaceAll('\\]', ']'), this.at, this.fold, '!^')
        this.at = read.end
        return { kind: 'test', test: read.test }
      } catch (fault) {
        if (fault instanceof PatternFault) return literal('[', this.fold)
        throw fault
      }
    }
    if (c === '\\' && this.at < this.text.length) return literal(this.text.charAt(this.at++), this.fold)
    return literal(c, this.fold)
  }

  private extended(mark: string): Node {
    if (mark === '!') throw new PatternFault('!( ) is not simulated')
    const begin = this.at
    this.at += 2
    const options: Node[] = []
    for (;;) {
      options.push({ kind: 'all', items: this.items('|)') })
      const c = this.text.charAt(this.at++)
      if (c === '|') continue
      if (c === ')') break
      // Never closed: the characters are themselves.
      this.at = begin + 1
      return mark === '*'
        ? { kind: 'repeat', item: ANY, least: 0, most: Number.POSITIVE_INFINITY }
        : mark === '?'
          ? ANY
          : literal(mark, this.fold)
    }
    const [least, most] = OPERATORS[mark] ?? [1, 1]
    return { kind: 'repeat', item: { kind: 'any', options }, least, most }
  }
}
