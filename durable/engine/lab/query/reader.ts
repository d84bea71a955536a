// Reads words, strings, times and filters from the text of a query, one after the other.
import type { Fault } from '../../wire/filter/index.ts'
import { parseDuration, UNIT_NAMES } from './duration.ts'

export const fault = (at: number, length: number, message: string): Fault => ({ ok: false, at, length, message })
export const failed = <T extends object | string | number>(made: T | Fault): made is Fault =>
  typeof made === 'object' && 'ok' in made

const isSpace = (c: string | undefined): boolean => c === ' ' || c === '\t' || c === '\n' || c === '\r'
const isWordPart = (c: string | undefined): boolean => c !== undefined && (/[A-Za-z0-9_.:/*?-]/.test(c) || c > '\u00a0')

export class Reader {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  private skip(): void {
    while (isSpace(this.text[this.at])) this.at++
  }

  private wordEnd(from: number): number {
    let i = from
    while (i < this.text.length && isWordPart(this.text[i])) i++
    return i
  }

  get done(): boolean {
    this.skip()
    return this.at >= this.text.length
  }

  /** The word that comes next, without moving on; empty before a sign, a string or the end. */
  word(): string {
    this.skip()
    return this.text.slice(this.at, this.wordEnd(this.at))
  }

  accept(...words: readonly string[]): string | undefined {
    const next = this.word()
    if (!words.includes(next) || next === '') return undefined
    this.at += next.length
    return next
  }

  sign(...signs: readonly string[]): string | undefined {
    this.skip()
    const found = signs.find((one) => this.text.startsWith(one, this.at))
    if (found !== undefined) this.at += found.length
    return found
  }

  /** An error about what comes next. */
  here(message: string): Fault {
    this.skip()
    const length = Math.max(this.wordEnd(this.at) - this.at, this.at < this.text.length ? 1 : 0)
    return fault(this.at, length, message)
  }

  /** A text in quotation marks; \" and \\ stand for themselves. */
  string(): string | Fault {
    this.skip()
    const start = this.at
    if (this.text[start] !== '"') return this.here('a text in quotation marks is expected here')
    let value = ''
    let i = start + 1
    while (i < this.text.length && this.text[i] !== '"') {
      if (this.text[i] === '\\' && (this.text[i + 1] === '"' || this.text[i + 1] === '\\')) i++
      value += this.text[i]
      i++
    }
    if (i >= this.text.length) return fault(start, this.text.length - start, 'the text does not end: a quotation mark is missing')
    this.at = i + 1
    return value
  }

  /** A name: a word, or any text in quotation marks. */
  name(what: string): string | Fault {
    this.skip()
    if (this.text[this.at] === '"') return this.string()
    const word = this.word()
    if (word === '') return this.here(`${what} is expected here`)
    this.at += word.length
    return word
  }

  /** A whole number. */
  number(): number | Fault {
    const word = this.word()
    if (!/^-?\d{1,9}$/.test(word)) return this.here('a whole number is expected here')
    this.at += word.length
    return Number(word)
  }

  /** `5s`, or `5 s`. */
  duration(): number | Fault {
    this.skip()
    const start = this.at
    const first = this.word()
    let end = start + first.length
    if (/^[\d.]+$/.test(first)) {
      while (isSpace(this.text[end])) end++
      end = this.wordEnd(end)
    }
    const found = parseDuration(this.text.slice(start, end))
    if (found === undefined) return fault(start, end - start, `a time is expected here, such as 5s or 1.5min (${UNIT_NAMES})`)
    this.at = end
    return found
  }

  /** What stands in the brackets after `packet`, as it is: brackets and strings within are passed over. */
  filter(): { readonly text: string; readonly at: number } | Fault {
    const open = this.at - 1
    let depth = 1
    let quote = ''
    let raw = false
    for (let i = this.at; i < this.text.length; i++) {
      const c = this.text[i]
      if (quote !== '') {
        if (c === '\\' && !raw) i++
        else if (c === quote) quote = ''
      } else if (c === '"' || c === "'") {
        quote = c
        raw = c === '"' && this.text[i - 1] === 'r' && !isWordPart(this.text[i - 2])
      } else if (c === '(') depth++
      else if (c === ')' && --depth === 0) {
        const found = { text: this.text.slice(this.at, i), at: this.at }
        this.at = i + 1
        return found
      }
    }
    return fault(open, 1, 'this ( is not closed')
  }
}
