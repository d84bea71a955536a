import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { Problem } from '../problem.ts'

const NAME = 'switchroom_session'
/** Of whoever came by a launch and sees our pages in a frame of the platform. The later sign-in counts: each ends the other. */
const FRAMED = 'switchroom_frame_session'

export const readSessionCookie = (c: Context): string | undefined => getCookie(c, FRAMED) ?? getCookie(c, NAME)

const attributes = (c: Context) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: new URL(c.req.url).protocol === 'https:' }) as const

/** Goes along in frames, but only in those of the site that the launch came from (CHIPS). Needs https, or this computer. */
export const framedAttributes = { path: '/', httpOnly: true, sameSite: 'None', secure: true, partitioned: true } as const

export function writeSessionCookie(c: Context, token: string, seconds: number): void {
  if (getCookie(c, FRAMED) !== undefined) deleteCookie(c, FRAMED, framedAttributes)
  setCookie(c, NAME, token, { ...attributes(c), maxAge: seconds })
}

export const writeFramedCookie = (c: Context, token: string, seconds: number): void =>
  setCookie(c, FRAMED, token, { ...framedAttributes, maxAge: seconds })

export function clearSessionCookie(c: Context): void {
  if (getCookie(c, FRAMED) !== undefined) deleteCookie(c, FRAMED, framedAttributes)
  deleteCookie(c, NAME, attributes(c))
}

/** A browser sends the cookie along with other sites' requests in some cases; the Origin tells whose page asked. */
export function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get('origin')
  // A form of a page that sends no referrer has no origin either; then the browser's own word counts, which no page can set.
  if (origin !== null && origin !== 'null') return origin === new URL(request.url).origin
  return request.headers.get('sec-fetch-site') === 'same-origin'
}

export function refuseForeignOrigin(request: Request): void {
  if (!isSameOrigin(request)) throw new Problem(403, 'foreign-origin', 'A page of another site may not do this.')
}
