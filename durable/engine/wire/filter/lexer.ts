// From the text of a filter to words, strings and signs, each with its place.

/** What is wrong with a filter, and where: `length` characters from `at`. */
export type Fault = { readonly ok: false; readonly at: number; readonly length: number; readonly message: string }

export type Token = {
  /** `char` is one octet in single quotes, `slice` the inside of square brackets, `op` a sign. */
  readonly kind: 'word' | 'string' | 'char' | 'slice' | 'op' | 'end'
  /** What it says: of a string the octets it stands for, one character each. */
  readonly text: string
  readonly at: number
  readonly length: number
}

export const MAX_TEXT = 4096

export const fault = (at: number, length: number, message: string): Fault => ({ ok: false, at, length, message })
export const faultAt = (token: Token, message: string): Fault => fault(token.at, token.length, message)

const SIGNS = [
  '===',
  '!==',
  '==',
  '!=',
  '~=',
  '>=',
  '<=',
  '&&',
  '||',
  '^^',
  '..',
  '>',
  '<',
  '!',
  '&',
  '~',
  '(',
  ')',
  '{',
  '}',
  ',',
  '#',
]
const ARITHMETIC = '+*%'

const isWordPart = (c: number): boolean =>
  (c >= 0x30 && c <= 0x3a) || (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || (c >= 0x2d && c <= 0x2f)

/** An address is a word, with its points, colons, strokes and slash; two points are a sign between two words. */
function wordEnd(text: string, at: number): number {
  let i = at
  while (i < text.length && isWordPart(text.charCodeAt(i)) && !(text[i] === '.' && text[i + 1] === '.')) i++
  return i
}

const ESCAPES: { readonly [letter: string]: string } = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** UTF-8, one character an octet; half a surrogate pair becomes U+FFFD. */
export function utf8(text: string): string {
  let out = ''
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0
    const c = point >= 0xd800 && point < 0xe000 ? 0xfffd : point
    if (c < 0x80) out += char
    else if (c < 0x800) out += String.fromCharCode(0xc0 | (c >> 6), 0x80 | (c & 63))
    else if (c < 0x10000) out += String.fromCharCode(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63))
    else out += String.fromCharCode(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63))
  }
  return out
}

function escaped(text: string, at: number): { readonly value: string; readonly next: number } | undefined {
  const known = ESCAPES[text[at]]
  if (known !== undefined) return { value: known, next: at + 1 }
  const digits = /^(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3})/.exec(text.slice(at, at + 3))?.[0]
  if (digits === undefined) return undefined
  const code = digits[0] === 'x' ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 8)
  return { value: String.fromCharCode(code & 255), next: at + digits.length }
}

/** From the quotation mark at `at`. In a raw string (`r"…"`) a backslash is a backslash. */
function quoted(text: string, start: number, at: number, raw: boolean): Token | Fault {
  const mark = text[at]
  let value = ''
  let i = at + 1
  let plain = i
  while (i < text.length && text[i] !== mark) {
    if (raw || text[i] !== '\\') {
      i++
      continue
    }
    const found = escaped(text, i + 1)
    if (found === undefined)
      return fault(i, Math.min(2, text.length - i), 'this escape is not known: use \\\\, \\", \\n, \\r, \\t or \\x41')
    value += utf8(text.slice(plain, i)) + found.value
    i = plain = found.next
  }
  if (i >= text.length) return fault(start, text.length - start, 'the string does not end: a quotation mark is missing')
  value += utf8(text.slice(plain, i))
  const token = { kind: mark === '"' ? ('string' as const) : ('char' as const), text: value, at: start, length: i + 1 - start }
  return token.kind === 'char' && value.length !== 1
    ? faultAt(token, 'single quotes hold one character; use double quotes')
    : token
}

function next(text: string, at: number): Token | Fault {
  const c = text[at]
  if (c === '"' || c === "'") return quoted(text, at, at, false)
  if (c === 'r' && text[at + 1] === '"') return quoted(text, at, at + 1, true)
  if (c === '[') {
    const end = text.indexOf(']', at)
    if (end < 0) return fault(at, text.length - at, 'the closing ] is missing')
    return { kind: 'slice', text: text.slice(at + 1, end), at, length: end + 1 - at }
  }
  const sign = SIGNS.find((one) => text.startsWith(one, at))
  if (sign !== undefined) return { kind: 'op', text: sign, at, length: sign.length }
  const end = wordEnd(text, at)
  if (end > at) return { kind: 'word', text: text.slice(at, end), at, length: end - at }
  if (c === '=') return fault(at, 1, 'a single = is not known: use == to compare')
  if (c === '|') return fault(at, 1, 'a single | is not known: use || for or')
  if (ARITHMETIC.includes(c)) return fault(at, 1, `arithmetic with ${c} is not supported here`)
  return fault(at, 1, `“${c}” was not expected here`)
}

const isSpace = (c: string): boolean => c === ' ' || c === '\t' || c === '\n' || c === '\r'

/** Ends with a token of kind `end`. */
export function tokensOf(text: string): readonly Token[] | Fault {
  if (text.length > MAX_TEXT) return fault(MAX_TEXT, text.length - MAX_TEXT, `a filter has at most ${MAX_TEXT} characters`)
  const tokens: Token[] = []
  let i = 0
  while (i < text.length) {
    if (isSpace(text[i])) {
      i++
      continue
    }
    const token = next(text, i)
    if ('ok' in token) return token
    tokens.push(token)
    i += token.length
  }
  tokens.push({ kind: 'end', text: '', at: text.length, length: 0 })
  return tokens
}
