import { decodeJwt } from 'jose'
import { sha256 } from '../auth/tokens.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiLoginRow } from '../db/tenant/lti-logins.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { Env } from '../env.ts'
import { type Launch, readLaunch } from './claims.ts'
import { refuse } from './refusal.ts'
import { verifyMessage } from './verify.ts'

/** What the platform's form has brought, and what the browser has kept. */
export type Answer = {
  readonly idToken: string
  readonly state: string
  /** From the cookie or the platform's storage; absent: the browser has kept nothing. */
  readonly browser: string | undefined
}
export type Checked =
  | { readonly ok: true; readonly platform: LtiPlatform; readonly launch: Launch }
  /** All is well but that the browser has not shown that it began this; nothing is used up. */
  | { readonly ok: false; readonly platform: LtiPlatform; readonly login: LtiLoginRow }

/** Checks a launch from beginning to end; refusals are thrown. Of two with the same state, one gets through. */
export async function checkLaunch(env: Env, tenant: TenantDb, answer: Answer, origin: string): Promise<Checked> {
  const { idToken, state, browser } = answer
  const stateHash = await sha256(state)
  const login = await tenant.ltiLogins.find(stateHash)
  if (login === undefined) throw refuse.unknownState()
  const platform = await tenant.ltiPlatforms.find(login.platformId)
  if (platform === undefined) throw refuse.unknownPlatform()
  const claimed = issuerOf(idToken)
  if (claimed !== undefined && claimed !== platform.issuer) throw refuse.unknownPlatform([['Issuer', claimed]])

  const launch = readLaunch(await verifyMessage(env, idToken, platform))
  if (!platform.deploymentIds.includes(launch.deploymentId))
    throw refuse.wrongDeployment([
      ['Platform', platform.name],
      ['Deployment ID', launch.deploymentId],
    ])
  if (launch.targetLinkUri !== null && originOf(launch.targetLinkUri) !== origin)
    throw refuse.wrongTarget([['Address', launch.targetLinkUri]])

  if (login.usedAt !== null) throw refuse.replayed()
  if (login.expiresAt <= Date.now()) throw refuse.unknownState()
  // A good message that answers another question: somebody has kept it.
  if ((await sha256(launch.nonce)) !== login.nonceHash) throw refuse.replayed()
  if (browser === undefined || (await sha256(browser)) !== login.browserHash) return { ok: false, platform, login }
  if (!(await tenant.ltiLogins.use(stateHash, Date.now()))) throw refuse.replayed()
  return { ok: true, platform, launch }
}

function issuerOf(idToken: string): string | undefined {
  try {
    return decodeJwt(idToken).iss
  } catch {
    return undefined
  }
}

function originOf(address: string): string | undefined {
  try {
    return new URL(address).origin
  } catch {
    return undefined
  }
}
