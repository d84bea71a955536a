import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiLaunchRow } from '../db/tenant/lti-contexts.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { Env } from '../env.ts'
import { signWithCurrent } from './keys.ts'
import { CLAIM, CUSTOM_ASSIGNMENT, VERSION } from './names.ts'

// Deep Linking 2.0: which assignments a teacher has chosen, as links that the platform puts into the course.

export type Chosen = {
  readonly id: string
  readonly title: string
  readonly of: number
  readonly opensAt: number | null
  readonly dueAt: number | null
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

function itemOf(
  { id, title, of, opensAt, dueAt }: Chosen,
  launchUrl: string,
  settings: NonNullable<LtiLaunchRow['deepLinking']>,
) {
  const dates = {
    ...(opensAt !== null && { startDateTime: iso(opensAt) }),
    ...(dueAt !== null && { endDateTime: iso(dueAt) }),
  }
  return {
    type: 'ltiResourceLink',
    title,
    url: launchUrl,
    custom: { [CUSTOM_ASSIGNMENT]: id },
    ...(settings.acceptLineItem && {
      lineItem: { scoreMaximum: of > 0 ? of : 1, label: title, resourceId: id, tag: 'switchroom' },
    }),
    ...(dueAt !== null && { submission: dates }),
  }
}

/** The signed message, in the answer to one deep-linking launch. */
export function deepLinkAnswer(
  env: Env,
  tenant: TenantDb,
  platform: LtiPlatform,
  launch: LtiLaunchRow,
  chosen: readonly Chosen[],
  launchUrl: string,
): Promise<string> {
  const settings = launch.deepLinking
  if (settings === null) throw new Error('not a deep-linking launch')
  const claims = {
    iss: platform.clientId,
    aud: platform.issuer,
    azp: platform.issuer,
    nonce: crypto.randomUUID(),
    [CLAIM.deploymentId]: launch.deploymentId,
    [CLAIM.messageType]: 'LtiDeepLinkingResponse',
    [CLAIM.version]: VERSION,
    ...(settings.data !== null && { [CLAIM.data]: settings.data }),
    [CLAIM.contentItems]: chosen.map((one) => itemOf(one, launchUrl, settings)),
  }
  return signWithCurrent(env, tenant, claims, 300)
}
