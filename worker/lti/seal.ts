// Secrets at rest: AES-256-GCM under a key that is derived from a secret of the Worker, bound to what it is for.

const bytes = (text: string) => new TextEncoder().encode(text)
const toText = (data: Uint8Array) => btoa(String.fromCharCode(...data))
const fromText = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

async function keyOf(secret: string, purpose: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', bytes(secret), 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes(purpose) }
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** `about` must be the same to open it: a sealed text that is copied to another row opens nothing. */
export async function seal(secret: string, purpose: string, about: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const how = { name: 'AES-GCM', iv, additionalData: bytes(about) }
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, await keyOf(secret, purpose), bytes(text)))
  return `v1.${toText(iv)}.${toText(sealed)}`
}

/** Throws when the secret is another one, or the text was changed. */
export async function open(secret: string, purpose: string, about: string, sealed: string): Promise<string> {
  const [version, iv, data] = sealed.split('.')
  if (version !== 'v1' || iv === undefined || data === undefined) throw new Error('sealed in an unknown way')
  const how = { name: 'AES-GCM', iv: fromText(iv), additionalData: bytes(about) }
  return new TextDecoder().decode(await crypto.subtle.decrypt(how, await keyOf(secret, purpose), fromText(data)))
}
