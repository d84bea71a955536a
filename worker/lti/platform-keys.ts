import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import type { Env } from '../env.ts'
import { callOut } from '../outbound/outbound.ts'

/** A key set is kept so long; a key that is not in it is looked for sooner, but not more often than this, whether or not there was an answer. */
const KEEP_MS = 10 * 60_000
const AGAIN_MS = 5_000
/** Platforms whose keys one isolate holds. */
const MOST = 200
const MOST_BYTES = 200_000

/** Why the keys of a platform could not be read. */
export class KeysUnreachable extends Error {}

const kept = new Map<string, JWTVerifyGetKey>()

/** The keys of a platform, by `kid`. Read over the outbound guard and kept for a while. */
export function platformKeys(env: Env, jwksUrl: string): JWTVerifyGetKey {
  const found = kept.get(jwksUrl)
  if (found !== undefined) return found
  // Anybody can send messages: a platform that is out of order is not asked with each of them.
  let failed: { readonly at: number; readonly why: KeysUnreachable } | undefined
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: KEEP_MS,
    cooldownDuration: AGAIN_MS,
    [customFetch]: async (url) => {
      if (failed !== undefined && Date.now() - failed.at < AGAIN_MS) throw failed.why
      const fail = (message: string): never => {
        failed = { at: Date.now(), why: new KeysUnreachable(message) }
        throw failed.why
      }
      const answer = await callOut(env, url, { headers: { accept: 'application/json' }, mostBytes: MOST_BYTES, timeoutMs: 8_000 })
      if (!answer.ok) return fail(answer.message)
      if (answer.status !== 200) return fail(`It answered ${answer.status}.`)
      if (answer.cut) return fail(`It is longer than ${MOST_BYTES} bytes.`)
      return new Response(answer.text)
    },
  })
  const [oldest] = kept.keys()
  if (kept.size >= MOST && oldest !== undefined) kept.delete(oldest)
  kept.set(jwksUrl, keys)
  return keys
}

/** So that corrected settings count at once. */
export const forgetKeys = (jwksUrl: string): void => void kept.delete(jwksUrl)
