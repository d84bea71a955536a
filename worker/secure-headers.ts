import type { MiddlewareHandler } from 'hono'

const headers: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

export const secureHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  // An upgrade's answer is handed through as it is: touching its headers would lose the socket.
  if (c.res.status === 101) return
  for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'private, no-store')
  if (new URL(c.req.url).protocol === 'https:') c.res.headers.set('strict-transport-security', 'max-age=31536000')
}
