import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { LIMITS } from '../durable/protocol.ts'
import { Problem, tooLarge } from './problem.ts'

const limitTo = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw tooLarge(maxSize, 'body')
    },
  })
const small = limitTo(LIMITS.body)

/** A JSON body of moderate size. Asking for the media type also keeps other sites' forms out. */
export const jsonBody: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json(;|$)/i.test(type.trim())) {
    throw new Problem(415, 'unsupported-media-type', 'Send JSON: `content-type: application/json`.', { field: 'content-type' })
  }
  return small(c, next)
}

export const fileBody = limitTo(LIMITS.importFile)
