import type { Context, MiddlewareHandler } from 'hono'
import { LIMITS } from '../../durable/protocol.ts'
import { findCaller } from '../auth/allow.ts'
import { readSessionCookie } from '../auth/cookie.ts'
import { sha256 } from '../auth/tokens.ts'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { Problem, tooLarge } from '../problem.ts'
import { seal, unseal } from './sealed.ts'

// `Idempotency-Key` on any POST below /v1: whoever had no answer asks again with the same key, and it happens once. The first
// answer is kept for a day and given again, with the header `Idempotent-Replayed`.

const HEADER = 'idempotency-key'
const KEPT_MS = 24 * 3600_000
/** A request that has not ended after so long is dead, and the key is free again. */
const DEAD_MS = 5 * 60_000
/** Keys of one organisation. */
const MOST = 20_000
const MOST_ANSWER = 512 * 1024
const KEPT_HEADERS = ['content-type', 'location', 'cache-control']

/** What would be otherwise another time: too much asked, no longer signed in, not yet ready, a fault of ours. */
const passing = (status: number) => status >= 500 || [401, 403, 408, 409, 425, 429].includes(status)

export const idempotency: MiddlewareHandler<AppEnv> = async (c, next) => {
  const key = c.req.header(HEADER)
  if (c.req.method !== 'POST' || key === undefined) return next()
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new Problem(400, 'invalid-request', 'An idempotency key has 1 to 200 visible characters.', { field: HEADER })
  const found = await findCaller(c)
  // The route says who may come in.
  if (found === null) return next()
  const credential = c.req.header('authorization') ?? readSessionCookie(c) ?? ''
  const secret = `${credential}\n${key}`
  const { answers } = tenantDb(openDatabase(c.env.DB), found.actor.organisationId)
  if ((await answers.count(Date.now())) >= MOST)
    throw new Problem(429, 'too-many', 'There were too many idempotency keys today.', {}, { 'retry-after': '3600' })
  const id = await sha256(`idempotency\n${secret}`)
  const requestHash = await hashOf(c)
  const createdAt = Date.now()
  const known = await answers.claim({ id, requestHash, createdAt, expiresAt: createdAt + KEPT_MS })
  if (known !== undefined) {
    if (known.requestHash !== requestHash)
      throw new Problem(422, 'idempotency-key-reused', 'This idempotency key was used for another request.', { field: HEADER })
    if (known.status !== null && known.answer !== null) {
      const { headers, body } = await unseal(secret, new Uint8Array(known.answer))
      const empty = known.status === 204 || known.status === 304
      return new Response(empty ? null : body, {
        status: known.status,
        headers: [...headers.map(([a, b]): [string, string] => [a, b]), ['idempotent-replayed', 'true']],
      })
    }
    if (createdAt - known.createdAt < DEAD_MS || !(await answers.takeOver(known, createdAt)))
      throw new Problem(409, 'in-progress', 'The first request with this key has not ended.', {}, { 'retry-after': '1' })
  }
  try {
    await next()
  } catch (error) {
    await answers.release(id)
    throw error
  }
  const { status } = c.res
  const text = passing(status) ? undefined : await bodyOf(c.res)
  if (text === undefined) await answers.release(id)
  else {
    const headers = KEPT_HEADERS.flatMap((name) =>
      c.res.headers.has(name) ? [[name, c.res.headers.get(name) ?? ''] as const] : [],
    )
    await answers.keep(id, status, await seal(secret, { headers, body: text }))
  }
}

/** The body is read here, and put back for the route to read. */
async function hashOf(c: Context<AppEnv>): Promise<string> {
  const reader = c.req.raw.body?.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    parts.push(next.value)
    length += next.value.length
    if (length > LIMITS.importFile) throw tooLarge(LIMITS.importFile, 'body')
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  c.req.raw = new Request(c.req.raw, { body: whole })
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
  const { pathname, search } = new URL(c.req.url)
  return sha256(`${pathname}${search}\n${c.req.header('content-type') ?? ''}\n${digest.join()}`)
}

async function bodyOf(answer: Response): Promise<string | undefined> {
  const type = answer.headers.get('content-type') ?? ''
  if (answer.body !== null && !/json|text|xml/.test(type)) return undefined
  const text = await answer.clone().text()
  return text.length > MOST_ANSWER ? undefined : text
}
