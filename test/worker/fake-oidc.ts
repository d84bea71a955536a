const encoder = new TextEncoder()
const base64 = (data: Uint8Array | string) =>
  btoa(String.fromCharCode(...(typeof data === 'string' ? encoder.encode(data) : data)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

export type Claims = { sub: string; email: string; name: string; email_verified: boolean }

/** An OpenID Connect provider that signs with a key of its own and holds to PKCE and the nonce, as real ones do. */
export async function fakeOidc(issuer: string) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
  const pair = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const jwk = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
  const codes = new Map<string, { claims: Claims; query: URLSearchParams }>()
  const state = { signWrong: false, asked: [] as string[] }

  async function idToken(claims: Claims, audience: string, nonce: string | null): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const head = base64(JSON.stringify({ alg: 'RS256', kid: 'k1', typ: 'JWT' }))
    const payload = { iss: issuer, aud: audience, iat: now, exp: now + 300, ...(nonce !== null && { nonce }), ...claims }
    const text = `${head}.${base64(JSON.stringify(payload))}`
    const signed = new Uint8Array(await crypto.subtle.sign(algorithm.name, pair.privateKey, encoder.encode(text)))
    if (state.signWrong) signed[0] ^= 1
    return `${text}.${base64(signed)}`
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    state.asked.push(pathname)
    if (pathname === '/.well-known/openid-configuration') {
      return Response.json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
        subject_types_supported: ['public'],
        response_types_supported: ['code'],
      })
    }
    if (pathname === '/jwks') return Response.json({ keys: [{ ...jwk, kid: 'k1', alg: 'RS256', use: 'sig' }] })
    if (pathname === '/token') {
      const form = new URLSearchParams(await request.text())
      const found = codes.get(form.get('code') ?? '')
      codes.delete(form.get('code') ?? '')
      const verifier = form.get('code_verifier') ?? ''
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(verifier)))
      if (found === undefined || base64(digest) !== found.query.get('code_challenge')) {
        return Response.json({ error: 'invalid_grant' }, { status: 400 })
      }
      const audience = found.query.get('client_id') ?? ''
      const id_token = await idToken(found.claims, audience, found.query.get('nonce'))
      return Response.json({
        access_token: 'at-secret',
        refresh_token: 'rt-secret',
        token_type: 'Bearer',
        expires_in: 300,
        id_token,
      })
    }
    return new Response('not found', { status: 404 })
  }

  /** What the browser does there: signs in as somebody and is sent back with a code. */
  function approve(url: string, claims: Claims): string {
    const query = new URL(url).searchParams
    const code = crypto.randomUUID()
    codes.set(code, { claims, query })
    const to = new URL(query.get('redirect_uri') ?? '')
    to.searchParams.set('code', code)
    to.searchParams.set('state', query.get('state') ?? '')
    return to.href
  }
  return { answer, approve, state }
}
