import type { Db } from '../db/database.ts'
import type { Env } from '../env.ts'
import type { OidcProvider } from './oidc-config.ts'
import type { Prover } from './prover.ts'
import { randomToken, sha256 } from './tokens.ts'

let ofThisIsolate: string | undefined

/**
 * What the auth library signs its cookies with between going to a provider and coming back. Wherever the Worker runs it must
 * be the same then, so it is drawn from what is configured; nothing else depends on it.
 */
async function signingSecret(env: Env): Promise<string> {
  ofThisIsolate ??= randomToken()
  return sha256(`switchroom proof ${env.AUTH_SECRET ?? env.OIDC_PROVIDERS ?? ofThisIsolate}`)
}

/** Loads the auth library, which nothing else on the way of a request does. */
export async function openProver(env: Env, db: Db, origin: string, provider?: OidcProvider): Promise<Prover> {
  const { openProver: open } = await import('./prover.ts')
  return open(db, { origin, secret: await signingSecret(env), provider })
}
