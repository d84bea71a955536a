// From a request to what answers it (RFC 9110): status, fields, and which octets of which body.
import { type Body, errorPage, type Resource, textBody } from './http-content.ts'
import { type HttpHeader, hasToken, headerOf, headText, type RequestHead, rangeOf, reasonOf } from './http-message.ts'

export type Answer = {
  readonly status: number
  readonly head: string
  readonly body: Body | undefined
  readonly from: number
  readonly to: number
  /** The connection is closed behind it. */
  readonly close: boolean
}

export type Site = {
  /** The value of the Server field. */
  readonly server: string
  /** The value of the Date field at the moment. */
  readonly date: () => string
  readonly find: (path: string) => Resource | undefined
}

const KNOWN = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', 'TRACE'])
const ALLOW = 'GET, HEAD, OPTIONS'

/** The path of a target: without a query, of an absolute form without its origin, and with its escapes read. */
export function pathOf(target: string): string | undefined {
  const [, path] = /^(?:http:\/\/[^/?#]*)?([^?#]*)/i.exec(target) ?? []
  const whole = path === '' || path === undefined ? '/' : path
  if (whole[0] !== '/' || /%(?![0-9a-f]{2})/i.test(whole)) return undefined
  return whole.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** The answer to a head that is no request, or came too late. */
export function refusal(site: Site, status: number): Answer {
  const body = textBody(errorPage(status, reasonOf(status), site.server), 'text/html; charset=utf-8')
  return whole(site, status, body, [], true, false)
}

export function answerTo(site: Site, request: RequestHead): Answer {
  const close = closes(request)
  const error = (status: number, more: readonly HttpHeader[] = []) =>
    whole(
      site,
      status,
      textBody(errorPage(status, reasonOf(status), site.server), 'text/html; charset=utf-8'),
      more,
      close,
      request.method === 'HEAD',
    )
  if (!KNOWN.has(request.method)) return error(501)
  if (request.method === 'OPTIONS') return whole(site, 204, undefined, [['Allow', ALLOW]], close, false)
  const path = pathOf(request.target)
  if (path === undefined) return error(400)
  const found = site.find(path)
  if (found === undefined) return error(404)
  if (request.method !== 'GET' && request.method !== 'HEAD') return error(405, [['Allow', ALLOW]])
  if ('redirect' in found) return error(301, [['Location', found.redirect]])
  const known = headerOf(request.headers, 'if-none-match') ?? ''
  if (known === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === found.tag))
    return whole(site, 304, undefined, [['ETag', found.tag]], close, false)
  return ranged(site, request, found, close)
}

function ranged(site: Site, request: RequestHead, body: Body, close: boolean): Answer {
  const fields: HttpHeader[] = [
    ['ETag', body.tag],
    ['Accept-Ranges', 'bytes'],
  ]
  const head = request.method === 'HEAD'
  const condition = headerOf(request.headers, 'if-range')
  const wanted = condition === undefined || condition === body.tag ? headerOf(request.headers, 'range') : undefined
  const range = head ? undefined : rangeOf(wanted, body.length)
  if (range === undefined) return whole(site, 200, body, fields, close, head)
  if (range === 'none') {
    const page = textBody(errorPage(416, reasonOf(416), site.server), 'text/html; charset=utf-8')
    return whole(site, 416, page, [['Content-Range', `bytes */${body.length}`]], close, false)
  }
  const { from, to } = range
  fields.push(['Content-Range', `bytes ${from}-${to - 1}/${body.length}`])
  return { status: 206, head: text(site, 206, body.type, to - from, fields, close), body, from, to, close }
}

function whole(
  site: Site,
  status: number,
  body: Body | undefined,
  more: readonly HttpHeader[],
  close: boolean,
  headOnly: boolean,
): Answer {
  const length = status === 204 || status === 304 ? undefined : (body?.length ?? 0)
  return {
    status,
    head: text(site, status, body?.type, length, more, close),
    body: headOnly ? undefined : body,
    from: 0,
    to: headOnly ? 0 : (body?.length ?? 0),
    close,
  }
}

function text(
  site: Site,
  status: number,
  type: string | undefined,
  length: number | undefined,
  more: readonly HttpHeader[],
  close: boolean,
): string {
  return headText(`HTTP/1.1 ${status} ${reasonOf(status)}`, [
    ['Server', site.server],
    ['Date', site.date()],
    ...(type === undefined ? [] : [['Content-Type', type] as const]),
    ...(length === undefined ? [] : [['Content-Length', String(length)] as const]),
    ...more,
    ['Connection', close ? 'close' : 'keep-alive'],
  ])
}

/** RFC 9112 section 9.3: version 1.1 goes on unless somebody says close, version 1.0 only when asked to. */
function closes(request: RequestHead): boolean {
  const connection = headerOf(request.headers, 'connection')
  const hasBody =
    headerOf(request.headers, 'transfer-encoding') !== undefined || Number(headerOf(request.headers, 'content-length') ?? 0) > 0
  // A body that nobody reads would be taken for the next request.
  if (hasBody || hasToken(connection, 'close')) return true
  return request.minor === 0 && !hasToken(connection, 'keep-alive')
}
