import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose'
import { randomId } from '../auth/tokens.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiKeyRow } from '../db/tenant/lti-keys.ts'
import type { Env } from '../env.ts'
import { refuse } from './refusal.ts'
import { open, seal } from './seal.ts'

const PURPOSE = 'switchroom lti private keys v1'
const ALGORITHM = 'RS256'
/** Platforms keep our key set for a while: a key should have been in it for so long before anything is signed with it. */
export const READY_MS = 24 * 3600 * 1000

export function keySecret(env: Env): string {
  if (!env.LTI_KEY_SECRET) throw refuse.notOffered()
  return env.LTI_KEY_SECRET
}

type NewKey = Omit<LtiKeyRow, 'organisationId' | 'state'>

async function makeKey(secret: string, organisationId: string): Promise<NewKey> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true })
  const id = randomId()
  const { kty, n, e } = await exportJWK(publicKey)
  const text = JSON.stringify(await exportJWK(privateKey))
  return {
    id,
    publicJwk: { kty, n, e, kid: id, alg: ALGORITHM, use: 'sig' },
    sealedKey: await seal(secret, PURPOSE, `${organisationId}/${id}`, text),
    createdAt: Date.now(),
  }
}

/** The organisation's keys; made when first asked for. */
export async function ensureKeys(env: Env, tenant: TenantDb): Promise<LtiKeyRow[]> {
  const found = await tenant.ltiKeys.list()
  if (found.some(({ state }) => state === 'current') && found.some(({ state }) => state === 'next')) return found
  const secret = keySecret(env)
  const [current, next] = await Promise.all([makeKey(secret, tenant.organisationId), makeKey(secret, tenant.organisationId)])
  await tenant.ltiKeys.insertFirst(current, next)
  return tenant.ltiKeys.list()
}

/** The next key signs from now on, the present one is still published, the one before goes. False: somebody else did it. */
export async function rotateKeys(env: Env, tenant: TenantDb): Promise<boolean> {
  const keys = await ensureKeys(env, tenant)
  const of = (state: LtiKeyRow['state']) => keys.find((key) => key.state === state)
  const [current, next] = [of('current'), of('next')]
  if (current === undefined || next === undefined) return false
  return tenant.ltiKeys.rotate(current.id, next.id, await makeKey(keySecret(env), tenant.organisationId))
}

/** What platforms check our signatures with. */
export const keySet = (keys: readonly LtiKeyRow[]) => ({ keys: keys.map(({ publicJwk }) => publicJwk) })

/** Signs with the organisation's current key. */
export async function signWithCurrent(env: Env, tenant: TenantDb, payload: JWTPayload, seconds: number): Promise<string> {
  const key = (await ensureKeys(env, tenant)).find(({ state }) => state === 'current')
  if (key === undefined) throw new Error('an organisation without a current key')
  const text = await open(keySecret(env), PURPOSE, `${tenant.organisationId}/${key.id}`, key.sealedKey)
  const privateKey = await importJWK(JSON.parse(text), ALGORITHM)
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT(payload)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: key.id })
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .setJti(crypto.randomUUID())
    .sign(privateKey)
}
