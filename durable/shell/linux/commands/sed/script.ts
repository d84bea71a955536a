// Scripts of sed (POSIX.1-2017 sed, with GNU's additions) as a list of commands; jumps and ends of blocks are places in that list.
import { compile, type Matcher } from '../../matcher.ts'

export class SedFault extends Error {}

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'last' }
  /** Undefined: the expression that was used last. */
  | { readonly kind: 'match'; readonly matcher: Matcher | undefined }

export type End = Address | { readonly kind: 'more'; readonly count: number } | { readonly kind: 'multiple'; readonly of: number }

export type Piece = { readonly text: string } | { readonly group: number } | { readonly change: 'U' | 'L' | 'u' | 'l' | 'E' }

export type SedCommand = {
  readonly name: string
  readonly from: Address | undefined
  readonly to: End | undefined
  readonly negated: boolean
  /** Of `s`. */
  readonly matcher?: Matcher | undefined
  readonly pieces?: readonly Piece[]
  readonly all?: boolean
  readonly print?: boolean
  readonly number?: number
  /** Of `y`, and the text of `a`, `i`, `c`, the file of `r`, the label of `b`, `t`, `T`. */
  readonly text?: string
  readonly map?: ReadonlyMap<string, string>
  /** Where `{` goes on when it does not apply, where a jump leads; the end of the script when it has no label. */
  target?: number
}

export type Script = { readonly commands: readonly SedCommand[]; readonly asksLast: boolean; readonly silent: boolean }

/** `spend` is told what matching takes, in steps of the line's budget. */
export function parseScript(text: string, extended: boolean, spend: (steps: number) => void): Script {
  return new Reader(text, extended, spend).all()
}

class Reader {
  private at = 0
  private last = false
  private readonly commands: SedCommand[] = []
  private readonly open: number[] = []
  private readonly labels = new Map<string, number>()
  private readonly text: string
  private readonly extended: boolean
  private readonly spend: (steps: number) => void

  constructor(text: string, extended: boolean, spend: (steps: number) => void) {
    this.text = text
    this.extended = extended
    this.spend = spend
  }

  private fault(what: string, at = this.at): SedFault {
    return new SedFault(`-e expression #1, char ${at}: ${what}`)
  }

  private skip(chars: string): void {
    while (this.at < this.text.length && chars.includes(this.text.charAt(this.at))) this.at++
  }

  all(): Script {
    const silent = this.text.startsWith('#n\n') || this.text === '#n'
    for (;;) {
      this.skip(' \t\n;')
      if (this.at >= this.text.length) break
      this.one()
    }
    if (this.open.length > 0) throw this.fault("unmatched `{'", 0)
    for (const command of this.commands) {
      if (!'btT'.includes(command.name)) continue
      const label = command.text ?? ''
      const target = label === '' ? this.commands.length : this.labels.get(label)
      if (target === undefined)
        throw new SedFault(`-e expression #1, char ${this.text.length}: can't find label for jump to \`${label}'`)
      command.target = target
    }
    return { commands: this.commands, asksLast: this.last, silent }
  }

  private one(): void {
    const from = this.address()
    let to: End | undefined
    if (from) {
      this.skip(' \t')
      if (this.text.charAt(this.at) === ',') {
        this.at++
        this.skip(' \t')
        to = this.end()
      }
    }
    this.skip(' \t')
    let negated = false
    while (this.text.charAt(this.at) === '!') {
      negated = true
      this.at++
      this.skip(' \t')
    }
    const name = this.text.charAt(this.at++)
    const base = { name, from, to, negated }
    switch (name) {
      case '':
        throw this.fault('missing command', this.text.length)
      case '#':
        if (from) throw this.fault("comments don't accept any addresses")
        while (this.at < this.text.length && this.text.charAt(this.at) !== '\n') this.at++
        return
      case ':': {
        if (from) throw this.fault(": doesn't want any addresses")
        const label = this.word()
        if (label === '') throw this.fault('":" lacks a label')
        this.labels.set(label, this.commands.length)
        return
      }
      case '{':
        this.open.push(this.commands.length)
        this.commands.push(base)
        return
      case '}': {
        const begin = this.open.pop()
        if (begin === undefined) throw this.fault("unexpected `}'")
        if (from) throw this.fault("} doesn't want any addresses")
        ;(this.commands[begin] as SedCommand).target = this.commands.length
        break
      }
      case 's':
        this.commands.push({ ...base, ...this.substitution() })
        break
      case 'y':
        this.commands.push({ ...base, map: this.transliteration() })
        break
      case 'a':
      case 'i':
      case 'c':
        this.commands.push({ ...base, text: this.lines() })
        return
      case 'r':
      case 'R':
      case 'w':
      case 'W': {
        this.skip(' \t')
        const end = this.text.indexOf('\n', this.at)
        const file = this.text.slice(this.at, end < 0 ? undefined : end)
        if (file === '') throw this.fault('missing filename in r/R/w/W commands')
        if (name !== 'r') throw new SedFault(`the command ${name} is real, but not simulated here yet`)
        this.at = end < 0 ? this.text.length : end
        this.commands.push({ ...base, text: file })
        return
      }
      case 'b':
      case 't':
      case 'T':
        this.commands.push({ ...base, text: this.word() })
        break
      case 'q':
      case 'Q': {
        if (to) throw this.fault('command only uses one address')
        this.skip(' \t')
        const code = /^\d{1,3}/.exec(this.text.slice(this.at, this.at + 3))?.[0] ?? ''
        this.at += code.length
        this.commands.push({ ...base, number: Number(code) })
        break
      }
      case '=':
      case 'd':
      case 'D':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
        this.commands.push(base)
        break
      case 'l':
      case 'e':
      case 'F':
      case 'v':
        throw new SedFault(`the command ${name} is real, but not simulated here yet`)
      default:
        throw this.fault(`unknown command: \`${name}'`)
    }
    this.finish()
  }

  /** After a command there is a semicolon, a brace or the end of the line. */
  private finish(): void {
    this.skip(' \t')
    const c = this.text.charAt(this.at)
    if (c === '' || c === '\n' || c === ';' || c === '}' || c === '#') return
    throw this.fault('extra characters after command', this.at + 1)
  }

  private word(): string {
    this.skip(' \t')
    const found = /^[^;\n}]*/.exec(this.text.slice(this.at))?.[0] ?? ''
    this.at += found.length
    return found.trim()
  }

  private address(): Address | undefined {
    const c = this.text.charAt(this.at)
    if (/\d/.test(c)) {
      const line = this.number()
      if (this.text.charAt(this.at) !== '~') return { kind: 'line', line }
      this.at++
      return { kind: 'step', first: line, step: this.number() }
    }
    if (c === '$') {
      this.at++
      this.last = true
      return { kind: 'last' }
    }
    if (c !== '/' && c !== '\\') return undefined
    this.at += c === '/' ? 1 : 2
    const pattern = this.upTo(c === '/' ? '/' : this.text.charAt(this.at - 1), true)
    if (pattern === undefined) throw this.fault('unterminated address regex', this.text.length)
    const ignoreCase = this.text.charAt(this.at) === 'I'
    if (ignoreCase) this.at++
    return { kind: 'match', matcher: pattern === '' ? undefined : this.compiled(pattern, ignoreCase) }
  }

  private end(): End {
    const c = this.text.charAt(this.at)
    if (c === '+' || c === '~') {
      this.at++
      const number = this.number()
      return c === '+' ? { kind: 'more', count: number } : { kind: 'multiple', of: number }
    }
    const address = this.address()
    if (address === undefined) throw this.fault("unexpected `,'")
    return address
  }

  private number(): number {
    const digits = /^\d{1,9}/.exec(this.text.slice(this.at, this.at + 9))?.[0] ?? ''
    this.at += digits.length
    return Number(digits)
  }

  /** Text up to a delimiter; with `regex`, one in brackets is no delimiter. Undefined: there is none. */
  private upTo(delimiter: string, regex: boolean): string | undefined {
    let found = ''
    for (let bracket = false; this.at < this.text.length; this.at++) {
      const c = this.text.charAt(this.at)
      if (c === '\\') {
        const next = this.text.charAt(++this.at)
        found += next === delimiter && !bracket ? next : next === 'n' && regex ? '\n' : c + next
        continue
      }
      if (c === delimiter && !bracket) {
        this.at++
        return found
      }
      if (c === '\n' && regex && delimiter === '/') return undefined
      if (regex && c === '[' && !bracket && /^\[\^?\]?[^\]]*\]/.test(this.text.slice(this.at))) {
        const open = /^\[\^?\]?/.exec(this.text.slice(this.at))?.[0] ?? '['
        found += open
        this.at += open.length - 1
        bracket = true
        continue
      }
      if (c === ']') bracket = false
      found += c
    }
    return undefined
  }

  private compiled(pattern: string, ignoreCase: boolean): Matcher {
    const { extended, spend } = this
    const compiled = compile(pattern.replace(/\\t/g, '\t'), { extended, fixed: false, ignoreCase, spend })
    if (!compiled.ok) throw this.fault(compiled.error)
    return compiled.matcher
  }

  private substitution(): Pick<SedCommand, 'matcher' | 'pieces' | 'all' | 'print' | 'number'> {
    const delimiter = this.text.charAt(this.at++)
    const pattern = delimiter === '' || delimiter === '\n' || delimiter === '\\' ? undefined : this.upTo(delimiter, true)
    const replacement = pattern === undefined ? undefined : this.upTo(delimiter, false)
    if (pattern === undefined || replacement === undefined) throw this.fault("unterminated `s' command", this.text.length)
    let [all, print, ignoreCase, number] = [false, false, false, 1]
    for (;;) {
      const c = this.text.charAt(this.at)
      if (c === 'g') all = true
      else if (c === 'p') print = true
      else if (c === 'i' || c === 'I') ignoreCase = true
      else if (/[1-9]/.test(c)) {
        number = this.number()
        continue
      } else if (c === 'w' || c === 'e' || c === 'm' || c === 'M')
        throw new SedFault(`the flag ${c} of s is real, but not simulated here yet`)
      else if (c === '' || ' \t\n;}#'.includes(c)) break
      else throw this.fault("unknown option to `s'", this.at + 1)
      this.at++
    }
    const matcher = pattern === '' ? undefined : this.compiled(pattern, ignoreCase)
    const pieces = piecesOf(replacement)
    const most = Math.max(0, ...pieces.map((piece) => ('group' in piece ? piece.group : 0)))
    if (matcher && most > matcher.groups) throw this.fault(`invalid reference \\${most} on \`s' command's RHS`)
    return { matcher, pieces, all, print, number }
  }

  private transliteration(): ReadonlyMap<string, string> {
    const delimiter = this.text.charAt(this.at++)
    const from = delimiter === '' ? undefined : this.upTo(delimiter, false)
    const to = from === undefined ? undefined : this.upTo(delimiter, false)
    if (from === undefined || to === undefined) throw this.fault("unterminated `y' command", this.text.length)
    const [a, b] = [from, to].map((text) => [...text.replace(/\\n/g, '\n').replace(/\\\\/g, '\\')]) as [string[], string[]]
    if (a.length !== b.length) throw this.fault("strings for `y' command are different lengths")
    return new Map(a.map((c, i) => [c, b[i] ?? c]))
  }

  /** The text of `a`, `i` and `c`: behind a backslash and a line feed, or on the same line. */
  private lines(): string {
    this.skip(' \t')
    if (this.text.startsWith('\\\n', this.at)) this.at += 2
    else if (this.text.startsWith('\\', this.at)) {
      this.at++
      this.skip(' \t')
    } else if (this.at >= this.text.length || this.text.charAt(this.at) === '\n')
      throw this.fault("expected \\ after `a', `c' or `i'")
    let found = ''
    for (; this.at < this.text.length; this.at++) {
      const c = this.text.charAt(this.at)
      if (c === '\n') break
      if (c === '\\' && this.at + 1 < this.text.length) found += this.text.charAt(++this.at)
      else found += c
    }
    return `${found}\n`
  }
}

function piecesOf(replacement: string): Piece[] {
  const pieces: Piece[] = []
  let text = ''
  const flush = () => {
    if (text !== '') pieces.push({ text })
    text = ''
  }
  for (let at = 0; at < replacement.length; at++) {
    const c = replacement.charAt(at)
    if (c === '&') {
      flush()
      pieces.push({ group: 0 })
    } else if (c === '\\' && at + 1 < replacement.length) {
      const next = replacement.charAt(++at)
      if (/\d/.test(next)) {
        flush()
        pieces.push({ group: Number(next) })
      } else if ('ULulE'.includes(next)) {
        flush()
        pieces.push({ change: next as 'U' })
      } else text += next === 'n' ? '\n' : next === 't' ? '\t' : next
    } else text += c
  }
  flush()
  return pieces
}
