import { createPublicKey } from 'node:crypto'

// Keys of the tests' platform. Made by the runtime, used by jsonwebtoken.

/** An RSA key in a JSON Web Key Set. */
export type Jwk = {
  readonly kty: string
  readonly n: string
  readonly e: string
  readonly kid: string
  readonly alg?: string
  readonly use?: string
}
export type PlatformKey = { readonly kid: string; readonly privatePem: string; readonly publicPem: string; readonly jwk: Jwk }

const pem = (kind: string, data: ArrayBuffer) =>
  `-----BEGIN ${kind}-----\n${(
    Buffer.from(data)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${kind}-----\n`

export async function newPlatformKey(kid: string): Promise<PlatformKey> {
  const how = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
  const made = await crypto.subtle.generateKey(how, true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('not a pair')
  const { n = '', e = '' } = (await crypto.subtle.exportKey('jwk', made.publicKey)) as { n?: string; e?: string }
  return {
    kid,
    privatePem: pem('PRIVATE KEY', (await crypto.subtle.exportKey('pkcs8', made.privateKey)) as ArrayBuffer),
    publicPem: pem('PUBLIC KEY', (await crypto.subtle.exportKey('spki', made.publicKey)) as ArrayBuffer),
    jwk: { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' },
  }
}

export const pemOfJwk = (jwk: Jwk): string =>
  createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
