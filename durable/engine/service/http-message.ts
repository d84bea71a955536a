// The heads of HTTP/1.1 messages (RFC 9112), as a server and a client read and write them. Text is one character an octet.
export type HttpHeader = readonly [name: string, value: string]

export type RequestHead = {
  readonly method: string
  readonly target: string
  /** The minor version: 0 or 1. */
  readonly minor: number
  readonly headers: readonly HttpHeader[]
}

export type ResponseHead = {
  readonly status: number
  readonly reason: string
  readonly minor: number
  readonly headers: readonly HttpHeader[]
}

/** No head may be longer, and have more fields: what servers usually allow. */
export const HEAD_LIMIT = 8192
const MAX_HEADERS = 100

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const REQUEST = /^(\S+) (\S+) HTTP\/(\d)\.(\d)$/
const STATUS = /^HTTP\/1\.(\d) (\d{3})(?: ([\t -~\x80-\xff]*))?$/

/** Where the head of a message ends, behind its empty line, or -1 while it has not come whole. A bare LF ends a line too (section 2.2). */
export function headEnd(text: string): number {
  const crlf = text.indexOf('\r\n\r\n')
  const lf = text.indexOf('\n\n')
  if (lf >= 0 && (crlf < 0 || lf < crlf)) return lf + 2
  return crlf < 0 ? -1 : crlf + 4
}

const linesOf = (head: string): string[] => {
  const lines = head.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop()
  // Section 2.2: empty lines before a request are passed over.
  while (lines.length > 0 && lines[0] === '') lines.shift()
  return lines
}

function headersOf(lines: readonly string[]): HttpHeader[] | undefined {
  if (lines.length > MAX_HEADERS) return undefined
  const found: HttpHeader[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    // No white space before the colon, and no folded lines (sections 5.1 and 5.2).
    if (colon < 1 || !TOKEN.test(name)) return undefined
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) < 32 && value[i] !== '\t') return undefined
    found.push([name, value])
  }
  return found
}

/** A request, or the status that answers what is none. */
export function parseRequest(head: string): RequestHead | 400 | 505 {
  const [first, ...rest] = linesOf(head)
  const [, method, target, major, minor] = REQUEST.exec(first ?? '') ?? []
  if (method === undefined || !TOKEN.test(method)) return 400
  if (major !== '1') return 505
  const headers = headersOf(rest)
  if (headers === undefined) return 400
  const request = { method, target: target as string, minor: minor === '0' ? 0 : 1, headers }
  // Section 3.2: a request of version 1.1 names its host, once.
  const hosts = headers.filter(([name]) => name.toLowerCase() === 'host')
  return (request.minor === 1 && hosts.length === 0) || hosts.length > 1 ? 400 : request
}

export function parseResponse(head: string): ResponseHead | undefined {
  const [first, ...rest] = linesOf(head)
  const [, minor, status, reason] = STATUS.exec(first ?? '') ?? []
  const headers = headersOf(rest)
  if (status === undefined || headers === undefined) return undefined
  return { status: Number(status), reason: reason ?? '', minor: minor === '0' ? 0 : 1, headers }
}

export function headerOf(headers: readonly HttpHeader[], name: string): string | undefined {
  const lower = name.toLowerCase()
  return headers.find(([known]) => known.toLowerCase() === lower)?.[1]
}

/** Whether a field with a list, such as Connection, has a word in it. */
export const hasToken = (value: string | undefined, token: string): boolean =>
  (value ?? '').split(',').some((word) => word.trim().toLowerCase() === token)

/** Octets that a length field names; undefined when it is none. */
export function lengthOf(value: string): number | undefined {
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

export const headText = (first: string, headers: readonly HttpHeader[]): string =>
  `${first}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`

const REASONS: { readonly [status: number]: string } = {
  200: 'OK',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  416: 'Range Not Satisfiable',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  505: 'HTTP Version Not Supported',
}

export const reasonOf = (status: number): string => REASONS[status] ?? 'Unknown'

/** One range of octets (RFC 9110 section 14.1.2): from and to behind the last, `'none'` when there is nothing to send, undefined when the field is to be passed over. */
export function rangeOf(
  value: string | undefined,
  length: number,
): { readonly from: number; readonly to: number } | 'none' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(value?.replace(/[ \t]/g, '') ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') return Number(last) === 0 || length === 0 ? 'none' : { from: Math.max(0, length - Number(last)), to: length }
  if (last !== '' && Number(last) < Number(first)) return undefined
  if (Number(first) >= length) return 'none'
  return { from: Number(first), to: last === '' ? length : Math.min(length, Number(last) + 1) }
}
