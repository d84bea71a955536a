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
  // Whoever names the pages that may frame an answer has said it already, in the words that replaced the older header.
  const framed = c.res.headers.get('content-security-policy')?.match(/frame-ancestors ([^;]+)/)?.[1] !== "'none'"
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'x-frame-options' && framed && c.res.headers.has('content-security-policy')) continue
    if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'private, no-store')
  if (new URL(c.req.url).protocol === 'https:') c.res.headers.set('strict-transport-security', 'max-age=31536000')
}
