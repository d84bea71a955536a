/**
 * The seed of a holder's lab: drawn from the assignment's secret, so that nobody can tell it and it is always the same.
 * `draw` counts up when what was drawn before cannot be solved.
 */
export async function seedOf(secret: string, holder: string, draw = 0): Promise<number> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const key = await crypto.subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new DataView(await crypto.subtle.sign('HMAC', key, bytes(draw === 0 ? holder : `${holder}#${draw}`))).getUint32(0)
}

/** Whose lab it is when all have the same. */
export const EVERYBODY = 'everybody'
