/** 256 random bits in the letters of URLs. */
export function randomToken(prefix = ''): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const text = btoa(String.fromCharCode(...bytes))
  return prefix + text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/** A public name for a row: 100 random bits, lower case, no letters that are read for digits. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => letters[byte & 31]).join('')
}

/** How a token is kept: it cannot be turned back, and a leaked database opens nothing. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
