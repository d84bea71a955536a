import type { Env } from '../env.ts'
import { platformResolve } from './resolve.ts'
import { admit, type Rules, readTarget, type Target } from './target.ts'

// The one place that calls addresses which people have typed in: webhooks and learning platforms.

export type Outbound = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Record<string, string>
  readonly body?: string
  /** Bytes that are read of the answer. */
  readonly mostBytes?: number
  readonly timeoutMs?: number
}
export type Outcome =
  | { readonly ok: true; readonly status: number; readonly headers: Headers; readonly text: string; readonly cut: boolean }
  /** refused: it was not called, and never will be while it says so. Everything else may be better next time. */
  | { readonly ok: false; readonly why: 'refused' | 'unresolved' | 'timeout' | 'network' | 'redirect'; readonly message: string }

const MOST_SENT = 1024 * 1024
const MOST_READ = 64 * 1024
const TIMEOUT = 10_000

export const rulesOf = (env: Pick<Env, 'OUTBOUND_LOOPBACK'>, resolve = platformResolve): Rules => ({
  loopback: env.OUTBOUND_LOOPBACK === 'allow',
  resolve,
})

/** Whether somebody may register this address; where its name leads is asked at each call. */
export const checkTarget = (env: Pick<Env, 'OUTBOUND_LOOPBACK'>, url: string): Target => readTarget(url, rulesOf(env))

/** Never throws. No redirect is followed, no cookie is kept, and of the answer only so much is read as was asked for. */
export async function callOut(
  env: Pick<Env, 'OUTBOUND_LOOPBACK'>,
  to: string,
  { method = 'GET', headers = {}, body, mostBytes = MOST_READ, timeoutMs = TIMEOUT }: Outbound = {},
  rules: Rules = rulesOf(env),
): Promise<Outcome> {
  if (body !== undefined && body.length > MOST_SENT) return { ok: false, why: 'refused', message: 'There is too much to send.' }
  const target = await admit(to, rules)
  if (!target.ok) return { ok: false, why: target.later ? 'unresolved' : 'refused', message: target.message }
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await fetch(target.url, { method, headers, body, redirect: 'manual', signal })
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel()
      return { ok: false, why: 'redirect', message: `It answered ${answer.status}, and redirects are not followed.` }
    }
    return { ok: true, status: answer.status, headers: answer.headers, ...(await readSome(answer, mostBytes)) }
  } catch (error) {
    if (signal.aborted) return { ok: false, why: 'timeout', message: `No answer within ${timeoutMs / 1000} seconds.` }
    return { ok: false, why: 'network', message: `No connection: ${(error as Error).message}`.slice(0, 200) }
  }
}

async function readSome(answer: Response, most: number): Promise<{ text: string; cut: boolean }> {
  const decoder = new TextDecoder()
  const reader = answer.body?.getReader()
  let text = ''
  let left = most
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    const bytes: Uint8Array = next.value
    text += decoder.decode(bytes.subarray(0, left), { stream: true })
    left -= bytes.length
    if (left < 0) {
      await reader?.cancel()
      return { text, cut: true }
    }
  }
  return { text: text + decoder.decode(), cut: false }
}
