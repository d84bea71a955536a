import { createPublicKey } from 'node:crypto'

// Keys of the tests' platform. Made by the runtime, used by jsonwebtoken.

export type PlatformKey = {
  readonly kid: string
  readonly privatePem: string
  readonly publicPem: string
  readonly jwk: JsonWebKey
}

const pem = (kind: string, data: ArrayBuffer) =>
  `-----BEGIN ${kind}-----\n${(
    Buffer.from(data)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${kind}-----\n`

export async function newPlatformKey(kid: string): Promise<PlatformKey> {
  const how = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
  const pair = (await crypto.subtle.generateKey(how, true, ['sign', 'verify'])) as CryptoKeyPair
  const { kty, n, e } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
  return {
    kid,
    privatePem: pem('PRIVATE KEY', (await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer),
    publicPem: pem('PUBLIC KEY', (await crypto.subtle.exportKey('spki', pair.publicKey)) as ArrayBuffer),
    jwk: { kty, n, e, kid, alg: 'RS256', use: 'sig' } as JsonWebKey,
  }
}

export const pemOfJwk = (jwk: JsonWebKey): string =>
  createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
