// Answers can hold secrets (a new key, a sign-in link), and they are kept so that they can be given again. They are kept under a
// key that is made of the credential and the idempotency key of whoever asked, neither of which is kept.

export type Kept = { readonly headers: readonly (readonly [string, string])[]; readonly body: string }

const encoder = new TextEncoder()

async function keyOf(secret: string): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey'])
  const derived = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: encoder.encode('switchroom answer') }
  return crypto.subtle.deriveKey(derived, raw, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

export async function seal(secret: string, kept: Kept): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(secret), encoder.encode(JSON.stringify(kept)))
  const whole = new Uint8Array(iv.length + sealed.byteLength)
  whole.set(iv)
  whole.set(new Uint8Array(sealed), iv.length)
  return whole
}

export async function unseal(secret: string, sealed: Uint8Array): Promise<Kept> {
  const [iv, rest] = [sealed.slice(0, 12), sealed.slice(12)]
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await keyOf(secret), rest)
  return JSON.parse(new TextDecoder().decode(plain)) as Kept
}
