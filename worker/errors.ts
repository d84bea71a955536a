import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { whatFailed, whereFailed } from '../durable/what-failed.ts'
import { randomId } from './auth/tokens.ts'
import { log } from './log.ts'
import { Problem } from './problem.ts'

/** The one place where anything thrown becomes an answer. */
export function onError(error: Error, c: Context): Response {
  if (error instanceof Problem) return error.toResponse()
  if (error instanceof HTTPException) {
    const code = /malformed json/i.test(error.message) ? 'malformed-json' : 'bad-request'
    const detail = code === 'malformed-json' ? 'The body is not JSON.' : error.message
    return new Problem(error.status as 400, code, detail, code === 'malformed-json' ? { field: 'body' } : {}).toResponse()
  }
  const errorId = randomId()
  const { method } = c.req
  log.error('unhandled', {
    errorId,
    method,
    path: withoutSecrets(c.req.path),
    message: whatFailed(error),
    stack: whereFailed(error),
  })
  const detail = 'The service failed. The fault has been logged under this error id.'
  return new Problem(500, 'internal-error', detail, { errorId }).toResponse()
}

/** A sign-in link is a secret until it is used. */
const withoutSecrets = (path: string) => path.replace(/^\/auth\/link\/.+/, '/auth/link/…')

export const notFound = (): Response => new Problem(404, 'not-found', 'There is nothing at this address.').toResponse()
