// What can be said of HTTP from one segment: its first line. And SSH, by its port.
import { ascii } from '../../bytes.ts'
import { type Field, field, P, protocol, type Read } from '../field.ts'

const METHODS = ['GET ', 'HEAD ', 'POST ', 'PUT ', 'DELETE ', 'OPTIONS ', 'PATCH ', 'CONNECT ', 'TRACE ', 'HTTP/1.']
/** A first line longer than this is not read. */
const LINE_LIMIT = 2048

function begins(b: Uint8Array, at: number, end: number, word: string): boolean {
  if (at + word.length > end) return false
  for (let i = 0; i < word.length; i++) if (b[at + i] !== word.charCodeAt(i)) return false
  return true
}

const NONE: readonly string[] = []

/** The three parts of the first line of an HTTP/1 message, or nothing when it is something else. */
function firstLine(b: Uint8Array, at: number, end: number): readonly string[] {
  if (!METHODS.some((word) => begins(b, at, end, word))) return NONE
  const last = Math.min(end, at + LINE_LIMIT)
  let i = at
  while (i < last && b[i] !== 13 && b[i] !== 10) i++
  if (i === last) return NONE
  const line = ascii(b, at, i)
  const first = line.indexOf(' ')
  const second = line.indexOf(' ', first + 1)
  if (first < 0) return NONE
  return [
    line.slice(0, first),
    line.slice(first + 1, second < 0 ? line.length : second),
    second < 0 ? '' : line.slice(second + 1),
  ]
}

export function startsHttp(b: Uint8Array, at: number, end: number): boolean {
  const [first, , third] = firstLine(b, at, end)
  return first !== undefined && (first.startsWith('HTTP/1.') || third.startsWith('HTTP/1.'))
}

/** A part of the line of a request (or response), made a value. */
const part =
  (request: boolean, take: (parts: readonly string[]) => string | number | undefined): Read =>
  (b, { at, end }, out) => {
    const parts = firstLine(b, at, end)
    if (parts.length === 0 || parts[0].startsWith('HTTP/1.') === request) return
    const value = take(parts)
    if (value !== undefined) out.push(value)
  }

const code = (text: string): number | undefined => (/^\d{3}$/.test(text) ? Number(text) : undefined)

export const http: readonly Field[] = [
  protocol('http', P.http),
  field(
    'http.request',
    'boolean',
    P.http,
    part(true, () => 1),
  ),
  field(
    'http.response',
    'boolean',
    P.http,
    part(false, () => 1),
  ),
  field(
    'http.request.method',
    'string',
    P.http,
    part(true, ([method]) => method),
  ),
  field(
    'http.request.uri',
    'string',
    P.http,
    part(true, ([, uri]) => uri),
  ),
  field(
    'http.request.version',
    'string',
    P.http,
    part(true, ([, , version]) => version),
  ),
  field(
    'http.response.version',
    'string',
    P.http,
    part(false, ([version]) => version),
  ),
  field(
    'http.response.code',
    'uint16',
    P.http,
    part(false, ([, text]) => code(text)),
  ),
  field(
    'http.response.phrase',
    'string',
    P.http,
    part(false, ([, , phrase]) => phrase),
  ),
  protocol('ssh', P.ssh),
]
