import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { Problem } from '../problem.ts'

const NAME = 'switchroom_session'

export const readSessionCookie = (c: Context): string | undefined => getCookie(c, NAME)

const attributes = (c: Context) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: new URL(c.req.url).protocol === 'https:' }) as const

export const writeSessionCookie = (c: Context, token: string, seconds: number) =>
  setCookie(c, NAME, token, { ...attributes(c), maxAge: seconds })

export const clearSessionCookie = (c: Context) => deleteCookie(c, NAME, attributes(c))

/** A browser sends the cookie along with other sites' requests in some cases; the Origin tells whose page asked. */
export function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get('origin')
  if (origin !== null) return origin === new URL(request.url).origin
  return request.headers.get('sec-fetch-site') === 'same-origin'
}

export function refuseForeignOrigin(request: Request): void {
  if (!isSameOrigin(request)) throw new Problem(403, 'foreign-origin', 'A page of another site may not do this.')
}
