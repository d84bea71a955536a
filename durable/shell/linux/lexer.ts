// Words and operators of the shell's command language (POSIX.1-2017, Shell Command Language, 2.2 to 2.6).
import { type List, notYet, type Part, unfinished, type Word } from './syntax.ts'

export type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly text: string }
  | { readonly kind: 'operator'; readonly text: string }
  /** `<`, `>`, `>>`, `>&`, `&>` with the number in front of it. */
  | { readonly kind: 'redirect'; readonly text: string; readonly fd: number | null }
  | { readonly kind: 'end' }

/** Reads a list up to its closing parenthesis: the parser, handed in because words contain command lines. */
export type Nested = (cursor: Cursor) => List
export type Cursor = { readonly source: string; at: number; readonly depth: number; readonly nested: Nested }

const OPERATORS = ['&&', '||', '|&', ';;', '|', ';', '&', '(', ')', '\n']
const REDIRECTS = ['<<<', '<<', '<>', '<&', '>>', '>&', '>|', '>', '<', '&>>', '&>']
const BLANK = ' \t\r'
const META = ' \t\r\n|&;()<>'
const DEEPEST = 24

export function nextToken(cursor: Cursor): Token {
  const { source } = cursor
  skipBlanks(cursor)
  if (cursor.at >= source.length) return { kind: 'end' }
  const digits = /^\d+(?=[<>])/.exec(source.slice(cursor.at, cursor.at + 4))?.[0] ?? ''
  const redirect = REDIRECTS.find((text) => source.startsWith(text, cursor.at + digits.length))
  if (redirect !== undefined) {
    cursor.at += digits.length + redirect.length
    return { kind: 'redirect', text: redirect, fd: digits === '' ? null : Number(digits) }
  }
  const operator = OPERATORS.find((text) => source.startsWith(text, cursor.at))
  if (operator !== undefined) {
    cursor.at += operator.length
    return { kind: 'operator', text: operator }
  }
  const from = cursor.at
  const word = readWord(cursor)
  return { kind: 'word', word, text: source.slice(from, cursor.at) }
}

function skipBlanks(cursor: Cursor): void {
  const { source } = cursor
  for (;;) {
    while (cursor.at < source.length && BLANK.includes(source.charAt(cursor.at))) cursor.at++
    if (source.startsWith('\\\n', cursor.at)) cursor.at += 2
    else break
  }
  if (source.charAt(cursor.at) !== '#') return
  while (cursor.at < source.length && source.charAt(cursor.at) !== '\n') cursor.at++
}

function readWord(cursor: Cursor): Word {
  const { source } = cursor
  const parts: Part[] = []
  const text = (piece: string, quoted: boolean) => {
    const last = parts.at(-1)
    if (last?.kind === 'text' && last.quoted === quoted) parts[parts.length - 1] = { ...last, text: last.text + piece }
    else parts.push({ kind: 'text', text: piece, quoted })
  }
  while (cursor.at < source.length && !META.includes(source.charAt(cursor.at))) {
    const c = source.charAt(cursor.at)
    if (c === "'") {
      const end = source.indexOf("'", cursor.at + 1)
      if (end < 0) throw unfinished("`''")
      text(source.slice(cursor.at + 1, end), true)
      cursor.at = end + 1
    } else if (c === '"') readDouble(cursor, parts, text)
    else if (c === '\\') {
      if (cursor.at + 1 >= source.length) throw unfinished('\\')
      const next = source.charAt(cursor.at + 1)
      if (next !== '\n') text(next, true)
      cursor.at += 2
    } else if (c === '$') readDollar(cursor, parts, text, false)
    else if (c === '`') throw notYet('a command in backquotes (write $( ) instead)')
    else {
      text(c, false)
      cursor.at++
    }
  }
  return parts
}

type AddText = (piece: string, quoted: boolean) => void

function readDouble(cursor: Cursor, parts: Part[], text: AddText): void {
  const { source } = cursor
  text('', true)
  cursor.at++
  for (;;) {
    if (cursor.at >= source.length) throw unfinished('`"')
    const c = source.charAt(cursor.at)
    if (c === '"') break
    if (c === '$') readDollar(cursor, parts, text, true)
    else if (c === '`') throw notYet('a command in backquotes (write $( ) instead)')
    else if (c === '\\' && cursor.at + 1 < source.length && '$`"\\\n'.includes(source.charAt(cursor.at + 1))) {
      const next = source.charAt(cursor.at + 1)
      if (next !== '\n') text(next, true)
      cursor.at += 2
    } else {
      text(c, true)
      cursor.at++
    }
  }
  cursor.at++
}

function readDollar(cursor: Cursor, parts: Part[], text: AddText, quoted: boolean): void {
  const { source } = cursor
  const next = source.charAt(cursor.at + 1)
  if (next === '(') {
    if (source.startsWith('$((', cursor.at)) throw notYet('arithmetic in $(( ))')
    if (cursor.depth >= DEEPEST) throw notYet('nesting $( ) so deep')
    const inner: Cursor = { source, at: cursor.at + 2, depth: cursor.depth + 1, nested: cursor.nested }
    const list = cursor.nested(inner)
    cursor.at = inner.at
    parts.push({ kind: 'command', list, quoted })
    return
  }
  if (next === '{') {
    const end = source.indexOf('}', cursor.at)
    if (end < 0) throw unfinished('${')
    const name = source.slice(cursor.at + 2, end)
    if (!/^([A-Za-z_]\w*|[?$#0-9@*])$/.test(name)) throw notYet(`\${${name}}`)
    cursor.at = end + 1
    parts.push({ kind: 'variable', name, quoted })
    return
  }
  if ((next === "'" || next === '"') && !quoted) throw notYet(`$${next}${next}`)
  const name = /^([A-Za-z_]\w*|[?$#0-9@*!-])/.exec(source.slice(cursor.at + 1, cursor.at + 200))?.[0]
  if (name === undefined) {
    text('$', quoted)
    cursor.at++
    return
  }
  cursor.at += 1 + name.length
  parts.push({ kind: 'variable', name, quoted })
}
