import { NotSimulated, ParseError } from '../errors.ts'

/** Where the parser stands in the line. */
export type Cursor = { readonly text: string; at: number; depth: number }

const DEEPEST = 80

/** Runs `parse` one level deeper; nesting is bounded, so that no input can exhaust the stack. */
export function deeper<T>(c: Cursor, parse: () => T): T {
  if (++c.depth > DEEPEST) throw new NotSimulated(`expressions nested more than ${DEEPEST} levels deep are not simulated here`)
  const value = parse()
  c.depth--
  return value
}

export const ended = (c: Cursor): boolean => c.at >= c.text.length
export const peek = (c: Cursor, ahead = 0): string => c.text[c.at + ahead] ?? ''
export const rest = (c: Cursor, length: number): string => c.text.slice(c.at, c.at + length)

export function take(c: Cursor, what: string): boolean {
  if (!c.text.startsWith(what, c.at)) return false
  c.at += what.length
  return true
}

/** Spaces, comments and continued lines; newlines too when asked. */
export function skip(c: Cursor, newlines = false): void {
  for (;;) {
    const char = peek(c)
    if (char === ' ' || char === '\t' || char === '\u00a0' || char === '\r') c.at++
    else if (char === '\n' && newlines) c.at++
    else if (char === '`' && peek(c, 1) === '\n') c.at += 2
    else if (char === '#') {
      const end = c.text.indexOf('\n', c.at)
      c.at = end < 0 ? c.text.length : end
    } else if (char === '<' && peek(c, 1) === '#') {
      const end = c.text.indexOf('#>', c.at + 2)
      if (end < 0)
        throw new ParseError(
          "The terminator '#>' is missing from the multiline comment.",
          'MissingTerminatorMultiLineComment',
          c.at,
          c.at + 2,
          true,
        )
      c.at = end + 2
    } else return
  }
}

/** Whether a bare word or a parameter ends before this character. */
export const isBoundary = (char: string): boolean => char === '' || ' \t\r\n;|&(){},\'"<>\u00a0'.includes(char)

export function unexpected(c: Cursor): ParseError {
  if (ended(c)) return new ParseError('The command is unfinished.', 'IncompleteParse', c.at, c.at + 1, true)
  let end = c.at + 1
  while (end < c.text.length && !isBoundary(c.text[end])) end++
  const token = c.text.slice(c.at, end)
  return new ParseError(`Unexpected token '${token}' in expression or statement.`, 'UnexpectedToken', c.at, end)
}

/** Expects a closing mark. */
export function close(c: Cursor, mark: string, message: string, id: string): void {
  skip(c, true)
  if (take(c, mark)) return
  if (ended(c)) throw new ParseError(message, id, c.at, c.at + 1, true)
  throw unexpected(c)
}
