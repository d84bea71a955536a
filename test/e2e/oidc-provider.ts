import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const base64 = (data: string | Buffer) => Buffer.from(data).toString('base64url')

/** An OpenID Connect provider on this machine, with a page on which somebody says who they are. */
export async function startProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, { email: string; query: URLSearchParams }>()
  let issuer = ''
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    if (url.pathname === '/.well-known/openid-configuration') {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
      })
    }
    if (url.pathname === '/jwks') {
      return json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] })
    }
    if (url.pathname === '/authorize') {
      const email = url.searchParams.get('email')
      if (email === null) {
        const hidden = [...url.searchParams]
          .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
          .join('')
        const form = `<form>${hidden}<label>School account <input name="email"></label><button>Continue</button></form>`
        response.writeHead(200, { 'content-type': 'text/html' }).end(form)
        return
      }
      const code = randomUUID()
      codes.set(code, { email, query: url.searchParams })
      const to = new URL(url.searchParams.get('redirect_uri') ?? '')
      to.searchParams.set('code', code)
      to.searchParams.set('state', url.searchParams.get('state') ?? '')
      response.writeHead(302, { location: to.href }).end()
      return
    }
    if (url.pathname !== '/token') return json({ error: 'not_found' }, 404)
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      const form = new URLSearchParams(text)
      const found = codes.get(form.get('code') ?? '')
      codes.delete(form.get('code') ?? '')
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      if (found === undefined || challenge !== found.query.get('code_challenge')) return json({ error: 'invalid_grant' }, 400)
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        iss: issuer,
        aud: found.query.get('client_id'),
        iat: now,
        exp: now + 300,
        nonce: found.query.get('nonce') ?? undefined,
        sub: `sub-${found.email}`,
        email: found.email,
        email_verified: true,
        name: 'Petra Provider',
      }
      const signed = `${base64(JSON.stringify({ alg: 'RS256', kid: 'k1', typ: 'JWT' }))}.${base64(JSON.stringify(claims))}`
      const id_token = `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}`
      json({ access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { issuer, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}
