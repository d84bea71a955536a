/** What a person types, before the lab gets it: plain text and a place in it. */
export type Line = { readonly text: string; readonly at: number }

export type Edit =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'left' | 'right' | 'word-left' | 'word-right' | 'home' | 'end' }
  | { readonly kind: 'backspace' | 'delete' | 'kill-end' | 'kill-start' | 'kill-word' | 'clear' }
  | { readonly kind: 'set'; readonly text: string }

export const emptyLine: Line = { text: '', at: 0 }

const wordLeft = ({ text, at }: Line) => {
  let to = at
  while (to > 0 && text[to - 1] === ' ') to -= 1
  while (to > 0 && text[to - 1] !== ' ') to -= 1
  return to
}

const wordRight = ({ text, at }: Line) => {
  let to = at
  while (to < text.length && text[to] === ' ') to += 1
  while (to < text.length && text[to] !== ' ') to += 1
  return to
}

const remove = (text: string, from: number, to: number): Line => ({ text: text.slice(0, from) + text.slice(to), at: from })

export function edit(line: Line, change: Edit): Line {
  const { text, at } = line
  switch (change.kind) {
    case 'insert':
      return { text: text.slice(0, at) + change.text + text.slice(at), at: at + change.text.length }
    case 'set':
      return { text: change.text, at: change.text.length }
    case 'left':
      return { text, at: Math.max(0, at - 1) }
    case 'right':
      return { text, at: Math.min(text.length, at + 1) }
    case 'word-left':
      return { text, at: wordLeft(line) }
    case 'word-right':
      return { text, at: wordRight(line) }
    case 'home':
      return { text, at: 0 }
    case 'end':
      return { text, at: text.length }
    case 'backspace':
      return at === 0 ? line : remove(text, at - 1, at)
    case 'delete':
      return at === text.length ? line : remove(text, at, at + 1)
    case 'kill-end':
      return { text: text.slice(0, at), at }
    case 'kill-start':
      return remove(text, 0, at)
    case 'kill-word':
      return remove(text, wordLeft(line), at)
    case 'clear':
      return emptyLine
    default:
      change satisfies never
      return line
  }
}

/** Steps through earlier lines; what was being typed is kept below the newest. */
export class HistoryWalk {
  #place = 0
  #unfinished = ''

  up(history: readonly string[], current: string): string | null {
    if (this.#place >= history.length) return null
    if (this.#place === 0) this.#unfinished = current
    this.#place += 1
    return history[history.length - this.#place]
  }

  down(history: readonly string[]): string | null {
    if (this.#place === 0) return null
    this.#place -= 1
    return this.#place === 0 ? this.#unfinished : history[history.length - this.#place]
  }

  end(): void {
    this.#place = 0
  }
}

export function commonPrefix(words: readonly string[]): string {
  if (words.length === 0) return ''
  let length = words[0].length
  for (const word of words) {
    let same = 0
    while (same < length && same < word.length && word[same].toLowerCase() === words[0][same].toLowerCase()) same += 1
    length = same
  }
  return words[0].slice(0, length)
}
