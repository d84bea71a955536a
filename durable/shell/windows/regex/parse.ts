// A user's pattern, read into a small tree. It never reaches the platform's engine, whose matching time can be exponential.

export type CharTest = (code: number) => boolean
export type Tree =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'word' | 'not-word' }
  | { readonly kind: 'sequence'; readonly items: readonly Tree[] }
  | { readonly kind: 'choice'; readonly options: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly item: Tree; readonly min: number; readonly max: number; readonly greedy: boolean }
  | { readonly kind: 'group'; readonly item: Tree; readonly index: number | undefined }

export class PatternError extends Error {}

const MOST_COPIES = 255
const DEEPEST = 60

export type Parsed = { readonly tree: Tree; readonly groups: number; readonly names: ReadonlyMap<string, number> }

export function parsePattern(pattern: string, ignoreCase: boolean): Parsed {
  const reader = new PatternReader(pattern, ignoreCase)
  const tree = reader.choice(0)
  if (!reader.done()) throw new PatternError(`parsing "${pattern}" - Too many )'s.`)
  return { tree, groups: reader.groups, names: reader.names }
}

const digit: CharTest = (c) => c >= 48 && c <= 57
export const word: CharTest = (c) => digit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c > 127
const space: CharTest = (c) => c === 32 || (c >= 9 && c <= 13) || c === 160
const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c)
const classes: Record<string, CharTest> = { d: digit, D: not(digit), w: word, W: not(word), s: space, S: not(space) }
const controls: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, v: 11, e: 27, a: 7, '0': 0 }

class PatternReader {
  groups = 0
  readonly names = new Map<string, number>()
  private at = 0
  private readonly text: string
  private readonly fold: boolean

  constructor(text: string, fold: boolean) {
    this.text = text
    this.fold = fold
  }

  done(): boolean {
    return this.at >= this.text.length
  }

  choice(depth: number): Tree {
    if (depth > DEEPEST) throw new PatternError('groups nested this deeply are not supported here')
    const options = [this.sequence(depth)]
    while (this.take('|')) options.push(this.sequence(depth))
    return options.length === 1 ? options[0] : { kind: 'choice', options }
  }

  private sequence(depth: number): Tree {
    const items: Tree[] = []
    while (!this.done() && this.text[this.at] !== '|' && this.text[this.at] !== ')') items.push(this.repeat(depth))
    return { kind: 'sequence', items }
  }

  private repeat(depth: number): Tree {
    const item = this.atom(depth)
    const range = this.quantifier()
    if (range === undefined) return item
    const greedy = !this.take('?')
    if (this.quantifier() !== undefined) throw new PatternError(`parsing "${this.text}" - Nested quantifier.`)
    return { kind: 'repeat', item, min: range[0], max: range[1], greedy }
  }

  private quantifier(): [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.take('?')) return [0, 1]
    const m = /^\{(\d{1,6})(,(\d{1,6})?)?\}/.exec(this.text.slice(this.at, this.at + 20))
    if (m === null) return undefined
    this.at += m[0].length
    const min = Number(m[1])
    const max = m[2] === undefined ? min : m[3] === undefined ? Number.POSITIVE_INFINITY : Number(m[3])
    if (max < min) throw new PatternError(`parsing "${this.text}" - Illegal {x,y} with x > y.`)
    if (min > MOST_COPIES || (max !== Number.POSITIVE_INFINITY && max > MOST_COPIES)) {
      throw new PatternError(`repetitions above ${MOST_COPIES} are not supported here`)
    }
    return [min, max]
  }

  private atom(depth: number): Tree {
    const c = this.text[this.at++]
    switch (c) {
      case '^':
        return { kind: 'assert', what: 'start' }
      case '$':
        return { kind: 'assert', what: 'end' }
      case '.':
        return { kind: 'char', test: (code) => code !== 10 }
      case '[':
        return { kind: 'char', test: this.set() }
      case '(':
        return this.group(depth)
      case '*':
      case '+':
      case '?':
        throw new PatternError(`parsing "${this.text}" - Quantifier {x,y} following nothing.`)
      case '\\':
        return this.escape()
      default:
        return { kind: 'char', test: this.same(c.charCodeAt(0)) }
    }
  }

  private group(depth: number): Tree {
    let index: number | undefined
    if (this.take('?')) {
      const named = /^[<']([A-Za-z_]\w*)[>']/.exec(this.text.slice(this.at, this.at + 80))
      if (named !== null) {
        this.at += named[0].length
        index = ++this.groups
        this.names.set(named[1], index)
      } else if (!this.take(':')) throw new PatternError('lookaround and inline options are not supported here')
    } else index = ++this.groups
    const item = this.choice(depth + 1)
    if (!this.take(')')) throw new PatternError(`parsing "${this.text}" - Not enough )'s.`)
    return { kind: 'group', item, index }
  }

  private escape(): Tree {
    const c = this.text[this.at++]
    if (c === undefined) throw new PatternError(`parsing "${this.text}" - Illegal \\ at end of pattern.`)
    if (c === 'b') return { kind: 'assert', what: 'word' }
    if (c === 'B') return { kind: 'assert', what: 'not-word' }
    if (c === 'A') return { kind: 'assert', what: 'start' }
    if (c === 'z' || c === 'Z') return { kind: 'assert', what: 'end' }
    if (classes[c] !== undefined) return { kind: 'char', test: classes[c] }
    if (/[1-9k]/.test(c)) throw new PatternError('backreferences are not supported here')
    if (/[pPG]/.test(c)) throw new PatternError(`\\${c} is not supported here`)
    return { kind: 'char', test: this.same(this.code(c)) }
  }

  /** The character that an escape letter stands for. */
  private code(c: string): number {
    if (c === 'x' || c === 'u') {
      const length = c === 'x' ? 2 : 4
      const hex = this.text.slice(this.at, this.at + length)
      if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < length) {
        throw new PatternError(`parsing "${this.text}" - Insufficient hexadecimal digits.`)
      }
      this.at += length
      return Number.parseInt(hex, 16)
    }
    return controls[c] ?? c.charCodeAt(0)
  }

  private set(): CharTest {
    const negate = this.take('^')
    const tests: CharTest[] = []
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      if (this.done()) throw new PatternError(`parsing "${this.text}" - Unterminated [] set.`)
      const low = this.setItem()
      if (typeof low === 'function') {
        tests.push(low)
        continue
      }
      if (this.text[this.at] === '-' && this.at + 1 < this.text.length && this.text[this.at + 1] !== ']') {
        this.at++
        const high = this.setItem()
        if (typeof high === 'function' || high < low)
          throw new PatternError(`parsing "${this.text}" - [x-y] range in reverse order.`)
        tests.push(this.range(low, high))
      } else tests.push(this.same(low))
    }
    this.at++
    const any: CharTest = (c) => tests.some((test) => test(c))
    return negate ? not(any) : any
  }

  private setItem(): number | CharTest {
    const c = this.text[this.at++]
    if (c !== '\\') return c.charCodeAt(0)
    const e = this.text[this.at++]
    if (e === undefined) throw new PatternError(`parsing "${this.text}" - Unterminated [] set.`)
    return classes[e] ?? (e === 'b' ? 8 : this.code(e))
  }

  private same(code: number): CharTest {
    if (!this.fold) return (c) => c === code
    const folded = foldCode(code)
    return (c) => foldCode(c) === folded
  }

  private range(low: number, high: number): CharTest {
    const inside: CharTest = (c) => c >= low && c <= high
    if (!this.fold) return inside
    return (c) => inside(c) || inside(foldCode(c)) || inside(String.fromCharCode(c).toUpperCase().charCodeAt(0))
  }

  private take(c: string): boolean {
    if (this.text[this.at] !== c) return false
    this.at++
    return true
  }
}

const foldCode = (code: number): number =>
  code < 128 ? (code >= 65 && code <= 90 ? code + 32 : code) : String.fromCharCode(code).toLowerCase().charCodeAt(0)
