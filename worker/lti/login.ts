import { randomToken, sha256 } from '../auth/tokens.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import { refuse } from './refusal.ts'

/** From the platform's first request to its signed answer. */
const LOGIN_MS = 10 * 60_000
/** How long it is remembered that a sign-in was used. */
const REMEMBER_MS = 24 * 3600_000

/** What is read of a request to begin; the rest of it is the platform's own. */
const FIELDS = [
  'iss',
  'login_hint',
  'target_link_uri',
  'lti_message_hint',
  'client_id',
  'lti_deployment_id',
  'lti_storage_target',
] as const

export type Begun = {
  readonly platform: LtiPlatform
  /** Where the platform signs the person in. */
  readonly authUrl: string
  readonly state: string
  /** What the browser keeps, as a proof that the answer comes back to where the question was asked. */
  readonly browser: string
  readonly storageTarget: string | null
}

/** A sign-in that a platform begins (OpenID Connect Core 4, third-party initiated login; LTI 1.3 5.1.1.1). */
export async function beginLogin(tenant: TenantDb, given: Record<string, unknown>, launchUrl: string): Promise<Begun> {
  const request: Record<string, string> = {}
  for (const field of FIELDS) {
    const value = given[field]
    if (typeof value === 'string' && value !== '') request[field] = value.slice(0, 4_000)
  }
  for (const field of ['iss', 'login_hint', 'target_link_uri'] as const)
    if (request[field] === undefined) throw refuse.badLogin(field)
  const { iss, client_id: clientId, lti_deployment_id: deploymentId, lti_storage_target: storageTarget } = request
  const platform = await findPlatform(tenant, iss, clientId, deploymentId)

  const [state, nonce, browser] = [randomToken(), randomToken(), randomToken()]
  const now = Date.now()
  const [stateHash, nonceHash, browserHash] = await Promise.all([sha256(state), sha256(nonce), sha256(browser)])
  const row = { stateHash, platformId: platform.id, nonceHash, browserHash, storageTarget: storageTarget ?? null, request }
  await tenant.ltiLogins.insert({ ...row, createdAt: now, expiresAt: now + LOGIN_MS }, now - REMEMBER_MS)

  const authUrl = new URL(platform.authUrl)
  const answer: Record<string, string | undefined> = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: platform.clientId,
    redirect_uri: launchUrl,
    login_hint: request['login_hint'],
    lti_message_hint: request['lti_message_hint'],
    state,
    nonce,
  }
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) authUrl.searchParams.set(name, value)
  return { platform, authUrl: authUrl.href, state, browser, storageTarget: row.storageTarget }
}

async function findPlatform(
  tenant: TenantDb,
  issuer: string,
  clientId: string | undefined,
  deploymentId: string | undefined,
): Promise<LtiPlatform> {
  const found = await tenant.ltiPlatforms.byIssuer(issuer, clientId)
  // Without a client id, one issuer with several clients is told apart by the deployment.
  const [platform, ...more] = found.length > 1 ? found.filter((one) => one.deploymentIds.includes(deploymentId ?? '')) : found
  if (platform === undefined || more.length > 0)
    throw refuse.unknownPlatform([
      ['Issuer', issuer],
      ['Client ID', clientId],
    ])
  return platform
}
