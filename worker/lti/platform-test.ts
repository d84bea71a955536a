import { z } from 'zod'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { Env } from '../env.ts'
import { callOut } from '../outbound/outbound.ts'
import { SCOPE } from './names.ts'
import { forgetKeys } from './platform-keys.ts'
import { PlatformFault, parse, tokenFor } from './platform-service.ts'

export type Step = { readonly step: 'keys' | 'token'; readonly ok: boolean; readonly message: string }

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })) })

async function tryKeys(env: Env, platform: LtiPlatform): Promise<Step> {
  const no = (message: string): Step => ({ step: 'keys', ok: false, message })
  const answer = await callOut(env, platform.jwksUrl, { headers: { accept: 'application/json' }, mostBytes: 200_000 })
  if (!answer.ok) return no(`The key set URL: ${answer.message}`)
  if (answer.status !== 200) return no(`The key set URL answered ${answer.status}.`)
  const read = keySet.safeParse(parse(answer.text))
  if (!read.success) return no('What is at the key set URL is not a key set.')
  const usable = read.data.keys.filter(({ kty }) => kty === 'RSA').length
  if (usable === 0) return no('The key set holds no RSA key.')
  return { step: 'keys', ok: true, message: `The key set can be read: ${usable} ${usable === 1 ? 'key' : 'keys'}.` }
}

async function tryToken(env: Env, tenant: TenantDb, platform: LtiPlatform): Promise<Step> {
  let last = ''
  // A platform refuses scopes that the tool was not given; one that it has is enough to show that it knows us.
  for (const scope of [SCOPE.score, SCOPE.roster, SCOPE.lineItemRead]) {
    try {
      await tokenFor({ env, tenant, platform, scopes: [scope] }, { fresh: true })
      return { step: 'token', ok: true, message: 'The platform accepts our signature and gives access to its services.' }
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error
      last = error.message
      if (!last.includes('invalid_scope')) break
    }
  }
  return { step: 'token', ok: false, message: last }
}

/** What can be tried without a person: whether each side accepts the keys of the other. */
export async function testPlatform(env: Env, tenant: TenantDb, platform: LtiPlatform): Promise<Step[]> {
  forgetKeys(platform.jwksUrl)
  return Promise.all([tryKeys(env, platform), tryToken(env, tenant, platform)])
}
