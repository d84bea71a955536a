// The signature of what we send to webhooks: HMAC-SHA256 over `TIME.BODY`, in hexadecimal, in a header of the form
// `t=TIME,v1=…`, with one `v1` for each secret that is in force. The time is in seconds; who receives it refuses what is old.

export const SIGNATURE_HEADER = 'switchroom-signature'

export async function sign(secrets: readonly string[], seconds: number, body: string): Promise<string> {
  const signed = await Promise.all(secrets.map((secret) => hmac(secret, `${seconds}.${body}`)))
  return [`t=${seconds}`, ...signed.map((one) => `v1=${one}`)].join(',')
}

async function hmac(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
