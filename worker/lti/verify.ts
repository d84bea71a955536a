import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { Env } from '../env.ts'
import { KeysUnreachable, platformKeys } from './platform-keys.ts'
import { refuse } from './refusal.ts'

/** Clocks may differ by so much. */
const LEEWAY_S = 30
/** A message says when it was made; an old one is not taken even if it says that it is good for years. */
const OLDEST_S = 3_600

/** The message of a platform, if the platform has signed it for us and it is of now. */
export async function verifyMessage(env: Env, idToken: string, platform: LtiPlatform): Promise<JWTPayload> {
  const found = [
    ['Issuer', platform.issuer],
    ['Client ID', platform.clientId],
  ] as const
  try {
    const { payload } = await jwtVerify(idToken, platformKeys(env, platform.jwksUrl), {
      algorithms: ['RS256'],
      issuer: platform.issuer,
      audience: platform.clientId,
      clockTolerance: LEEWAY_S,
      maxTokenAge: OLDEST_S,
      requiredClaims: ['exp', 'iat', 'nonce'],
    })
    // OpenID Connect Core 3.1.3.7: with several audiences there must be an authorised party, and it must be us.
    const several = Array.isArray(payload.aud) && payload.aud.length > 1
    if (several ? payload['azp'] !== platform.clientId : payload['azp'] !== undefined && payload['azp'] !== platform.clientId)
      throw refuse.wrongAudience([['Authorised party (azp)', String(payload['azp'])], ...found])
    return payload
  } catch (error) {
    throw inWords(error, platform)
  }
}

function inWords(error: unknown, platform: LtiPlatform): unknown {
  const keySet = [['Key set URL', platform.jwksUrl]] as const
  if (error instanceof errors.JWTExpired) {
    return error.claim === 'iat' ? refuse.expired() : refuse.expired([['Valid until', when(error.payload.exp)]])
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason, payload } = error
    if (reason === 'missing') return refuse.badClaim(claim, 'is missing.')
    if (claim === 'aud') return refuse.wrongAudience([['Audience (aud)', [payload.aud].flat().join(', ')]])
    if (claim === 'iss') return refuse.unknownPlatform([['Issuer', String(payload.iss)]])
    if (claim === 'iat' || claim === 'nbf') return refuse.early([['Made at', when(payload.iat)]])
    return refuse.badClaim(claim, 'is not valid.')
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return refuse.unsigned()
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return refuse.unknownKey(keySet)
  if (error instanceof errors.JWSSignatureVerificationFailed) return refuse.wrongSignature(keySet)
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return refuse.wrongSignature()
  if (error instanceof KeysUnreachable) return refuse.keysUnreachable([...keySet, ['Because', error.message]])
  // The key set could not be read, or a key in it is none.
  if (error instanceof errors.JOSEError) return refuse.keysUnreachable([...keySet, ['Because', error.message]])
  if (error instanceof TypeError) return refuse.wrongSignature(keySet)
  return error
}

const when = (seconds: unknown) =>
  typeof seconds === 'number' && Math.abs(seconds) < 8e12 ? new Date(seconds * 1000).toISOString() : undefined
